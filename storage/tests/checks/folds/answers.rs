//! The check of the current rows compares every table with what the writes answered: also rows that have no ledger of
//! their own.

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fSessionStateCommitRow, SessionState};
use selene_contracts::ph1_link::{LinkStatus, Ph1LinkRepo as _, Ph1linkInviteOpenActivateCommitRow};
use selene_contracts::ph1_onb::{
    Ph1OnbRepo as _, Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow,
};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::ph1_position::{CompanyState, Ph1PositionRepo as _, Ph1positionCompanyStateCommitRow};
use selene_contracts::ph2_access::{AccessLifecycle, Ph2AccessRepo as _, Ph2accessLifecycleCommitRow};
use selene_contracts::shared::SessionId;
use selene_storage::FoldFaultKind::{Differs, Missing, Unfounded};
use selene_storage::{FoldFaultKind, FoldReport};

use crate::common::journeys::{Journey, STEPS, campaign, inviter, staffed_workplace};
use crate::common::{context, populate, profile, simulated};
use crate::world::World;

/// A workplace with Ada's onboarding at its end, Bea's at her photo, and a campaign that asked one person; beside it, people
/// with a session that was closed and a device that a later write bound.
fn busy() -> World {
    let world = World::new();
    let store = world.open();
    populate(&store);
    staffed_workplace(&store, "t");
    for (number, name, steps) in [(7, "ada", STEPS.len()), (8, "bea", 5)] {
        let mut journey = Journey::new(name, "t", number);
        for step in 0..steps {
            journey.take(&store, step).unwrap();
        }
    }
    let campaign = store.ph1onb_backfill_start_draft_row(&simulated(50), campaign("t")).unwrap().value;
    let notify = Ph1onbBackfillNotifyCommitRow {
        campaign_id: campaign.campaign_id,
        tenant_id: "t".into(),
        recipient_user_id: inviter("t").into(),
        idempotency_key: "notify".into(),
    };
    store.ph1onb_backfill_notify_commit_row(&simulated(60), notify).unwrap();
    let close = Ph1fSessionStateCommitRow {
        session_id: SessionId::new(2),
        session_state: SessionState::Closed,
        idempotency_key: "close".into(),
    };
    store.ph1f_session_state_commit_row(&context(5), close).unwrap();
    store.ph1persona_profile_commit_row(&context(5), profile("t", "profile")).unwrap();
    world
}

/// What the check finds after some tampering.
fn found(sql: &str) -> Vec<String> {
    let world = busy();
    world.tamper(sql);
    let report: FoldReport = world.open().verify_folds().unwrap();
    report.faults.iter().map(ToString::to_string).collect()
}

/// Exactly one fault is found, whatever the row's key is.
#[track_caller]
fn assert_one(sql: &str, table: &str, field: &str, kind: FoldFaultKind) {
    let found = found(sql);
    assert_eq!(found.len(), 1, "{sql}: {found:?}");
    let (place, ending) = (&found[0], format!("): {field} {kind}"));
    assert!(place.starts_with(&format!("{table} (")) && place.ends_with(&ending), "{sql}: {found:?}");
}

#[test]
fn an_untouched_store_is_intact() {
    let report = busy().open().verify_folds().unwrap();
    assert!(report.is_intact(), "{report:?}");
}

#[test]
fn a_changed_row_without_a_ledger_of_its_own_is_named() {
    for (table, change, condition, field) in [
        ("identities", "status = 'DISABLED'", "user_id = 'bob'", "status"),
        ("identities", "speaker_id = 'forged'", "user_id = 'bob'", "speaker_id"),
        ("devices", "user_id = 'bob'", "device_id = 'ada-phone'", "user_id"),
        ("devices", "tenant_id = 'u'", "device_id = 'phone-t'", "tenant_id"),
        ("devices", "last_seen_at = -1", "device_id = 'ada-phone'", "last_seen_at"),
        ("sessions", "session_state = 'OPEN'", "session_id = 2", "session_state"),
        ("sessions", "closed_at = 1", "session_id = 2", "closed_at"),
        ("sessions", "last_activity_at = 1", "session_id = 1", "last_activity_at"),
        ("tenant_companies", "company_state = 'CLOSED'", "true", "company_state"),
        ("tenant_companies", "legal_name = 'Forged'", "true", "legal_name"),
        ("links", "inviter_user_id = 'bob'", "link_status = 'CONSUMED'", "inviter_user_id"),
        ("links", "tenant_id = NULL", "link_status = 'CONSUMED'", "tenant_id"),
        ("links", "link_status = 'REVOKED'", "link_status = 'ACTIVATED'", "link_status"),
        ("links", "link_status = 'ACTIVATED'", "link_status = 'CONSUMED'", "link_status"),
        ("links", "link_status = 'CONSUMED'", "link_status = 'ACTIVATED'", "link_status"),
        ("onboarding_sessions", "status = 'TERMS_ACCEPTED'", "status = 'VERIFICATION_PENDING'", "status"),
        ("onboarding_sessions", "terms_status = 'DECLINED'", "status = 'COMPLETE'", "terms_status"),
        ("onboarding_sessions", "verification_status = NULL", "status = 'COMPLETE'", "verification_status"),
        (
            "onboarding_sessions",
            "primary_device_confirmed = 1",
            "status = 'VERIFICATION_PENDING'",
            "primary_device_confirmed",
        ),
        (
            "onboarding_sessions",
            "required_verification_gates = '[]'",
            "status = 'COMPLETE'",
            "required_verification_gates",
        ),
        ("onboarding_sessions", "terms_version_id = 'terms-2'", "status = 'COMPLETE'", "terms_version_id"),
        (
            "onboarding_sessions",
            "primary_device_proof_type = 'BIOMETRIC'",
            "status = 'COMPLETE'",
            "primary_device_proof_type",
        ),
        ("onboarding_backfill_campaigns", "position_id = 'chief'", "true", "position_id"),
        ("onboarding_backfill_campaigns", "state = 'CANCELED'", "true", "state"),
        ("onboarding_backfill_campaigns", "total_target_count = 9", "true", "total_target_count"),
        ("onboarding_backfill_campaigns", "passed_over_count = 9", "true", "passed_over_count"),
        ("onboarding_sessions", "prefilled_context = NULL", "status = 'COMPLETE'", "prefilled_context"),
        (
            "onboarding_backfill_targets",
            "target_status = 'EXEMPTED'",
            "target_status = 'REQUESTED'",
            "target_status",
        ),
    ] {
        assert_one(&format!("UPDATE {table} SET {change} WHERE {condition}"), table, field, Differs);
    }
}

#[test]
fn a_changed_prefilled_context_of_a_link_is_named_there_and_at_its_session() {
    let faults = found("UPDATE links SET prefilled_context = '{}' WHERE link_status = 'ACTIVATED'");
    assert_eq!(faults.len(), 2, "{faults:?}");
    for (fault, table) in faults.iter().zip(["onboarding_sessions", "links"]) {
        assert!(fault.starts_with(table) && fault.contains(": prefilled_context "), "{faults:?}");
    }
}

#[test]
fn a_completed_target_a_reason_and_a_blocked_link_follow_from_what_was_answered() {
    let done = || {
        let world = World::new();
        let store = world.open();
        staffed_workplace(&store, "t");
        let mut journey = Journey::new("ada", "t", 7);
        journey.take(&store, 0).unwrap();
        // She is at home before the campaign starts, and so its target.
        crate::common::journeys::person(&store, "t", &journey.user());
        let campaign = store.ph1onb_backfill_start_draft_row(&simulated(50), campaign("t")).unwrap().value;
        for step in 1..STEPS.len() {
            journey.take(&store, step).unwrap();
        }
        let notify = Ph1onbBackfillNotifyCommitRow {
            campaign_id: campaign.campaign_id.clone(),
            tenant_id: "t".into(),
            recipient_user_id: inviter("t").into(),
            idempotency_key: "notify".into(),
        };
        store.ph1onb_backfill_notify_commit_row(&simulated(60), notify).unwrap();
        let finish = Ph1onbBackfillCompleteCommitRow {
            campaign_id: campaign.campaign_id,
            tenant_id: "t".into(),
            idempotency_key: "finish".into(),
        };
        let over = store.ph1onb_backfill_complete_commit_row(&simulated(20_000), finish).unwrap().value;
        assert_eq!((over.completed_target_count, over.total_target_count), (1, 2));
        let mut other = Journey::new("bea", "t", 8);
        for step in 0..2 {
            other.take(&store, step).unwrap();
        }
        let from_another_device = Ph1linkInviteOpenActivateCommitRow {
            token_id: other.token_id.clone().unwrap(),
            device_fingerprint: "another".into(),
            idempotency_key: "another".into(),
        };
        let blocked =
            store.ph1link_invite_open_activate_commit_row(&simulated(20_000), from_another_device).unwrap();
        assert_eq!(blocked.value.link_status, LinkStatus::Blocked);
        drop(store);
        world
    };
    let report = done().open().verify_folds().unwrap();
    assert!(report.is_intact(), "{report:?}");
    for (change, field) in [
        (
            "UPDATE onboarding_backfill_targets SET target_status = 'REQUESTED' WHERE target_status = 'COMPLETED'",
            "target_status",
        ),
        (
            "UPDATE onboarding_backfill_targets SET target_status = 'COMPLETED' WHERE target_status = 'REQUESTED'",
            "target_status",
        ),
        (
            "UPDATE onboarding_backfill_campaigns SET completion_reason_code = 'ONB_BACKFILL_NO_TARGETS'",
            "completion_reason_code",
        ),
        ("UPDATE links SET link_status = 'ACTIVATED' WHERE link_status = 'BLOCKED'", "link_status"),
    ] {
        let world = done();
        world.tamper(change);
        let faults = world.open().verify_folds().unwrap().faults;
        assert_eq!(
            faults.iter().map(|fault| fault.field).collect::<Vec<_>>(),
            [field],
            "{change}: {faults:?}"
        );
    }
}

#[test]
fn a_record_under_the_event_of_another_key_is_named() {
    let digest = World::bytes(&[0; 32]);
    let change = format!(
        "UPDATE idempotency_records SET scope_digest = {digest} WHERE capability = 'PH1F_SESSION_STATE_COMMIT_ROW'"
    );
    assert_one(&change, "idempotency_records", "scope_digest", Differs);
}

#[test]
fn a_row_that_no_write_made_is_named() {
    for (table, field, values) in [
        ("devices", "device_id", "'forged', 'bob', 'phone', 1, NULL, NULL, 1"),
        ("sessions", "session_id", "-1, 'bob', 'bob-tablet', 'OPEN', 1, 1, NULL, 1"),
        ("tenant_companies", "company_id", "'t', 'forged', 'Forged', 'ACTIVE', 1, 1, 1"),
        ("links", "token_id", "'forged', 'draft', 'FRIEND', 'SENT', 'bob', NULL, NULL, NULL, NULL, 1, 1, 1"),
        ("access_instances", "access_instance_id", "'forged', 't', 'bob', 'chief', 'ACTIVE', 1, 1, 1"),
    ] {
        assert_one(&format!("INSERT INTO {table} VALUES ({values})"), table, field, Unfounded);
    }
}

#[test]
fn a_row_that_is_gone_is_named() {
    for (table, condition, field) in [
        ("identities", "user_id = 'bob'", "user_id"),
        ("devices", "device_id = 'bob-tablet'", "device_id"),
        ("sessions", "session_id = 1", "session_id"),
        ("tenant_companies", "true", "company_id"),
        ("links", "link_status = 'ACTIVATED'", "token_id"),
        ("access_instances", "true", "access_instance_id"),
        ("onboarding_sessions", "status = 'VERIFICATION_PENDING'", "onboarding_session_id"),
    ] {
        assert_one(&format!("DELETE FROM {table} WHERE {condition}"), table, field, Missing);
    }
    let faults = found("DELETE FROM onboarding_backfill_targets WHERE target_status = 'REQUESTED'");
    assert_eq!(faults.len(), 2, "the target, and the number of them: {faults:?}");
}

#[test]
fn the_newest_answer_is_the_one_that_counts() {
    let world = busy();
    let store = world.open();
    let suspend = Ph1positionCompanyStateCommitRow {
        tenant_id: "t".into(),
        company_id: "clinic".into(),
        company_state: CompanyState::Suspended,
        idempotency_key: "suspend".into(),
    };
    store.ph1position_company_state_commit_row(&simulated(90), suspend).unwrap();
    let activate = Ph2accessLifecycleCommitRow {
        tenant_id: "t".into(),
        user_id: "newcomer-ada".into(),
        access_lifecycle: AccessLifecycle::Suspended,
        idempotency_key: "suspend".into(),
    };
    store.ph2access_lifecycle_commit_row(&simulated(20_000), activate).unwrap();
    drop(store);
    assert!(world.open().verify_folds().unwrap().is_intact());
    world.tamper("UPDATE tenant_companies SET company_state = 'ACTIVE'");
    world.tamper("UPDATE access_instances SET access_lifecycle = 'ACTIVE', role_template_id = 'chief'");
    let report = world.open().verify_folds().unwrap();
    let fields: Vec<&str> = report.faults.iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["company_state", "role_template_id", "access_lifecycle"], "{report:?}");
}
