//! Campaigns: who is asked, by whom, and when it is over.

use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, Ph1OnbReasonCode, Ph1OnbRepo,
    Ph1onbBackfillStartDraftRow,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::{AuditEventRecord, RolloutScope};
use selene_contracts::{Disposition, StorageError};

use super::office::Office;
use super::steps::{campaign, finish, notify};
use crate::harness::{Backend, Harness};
use crate::workplace::field;

/// An office with a schema that concerns current people too.
fn changed<H: Harness>(harness: &H) -> Office<H::Store> {
    let office = Office::new(harness);
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", fields, RolloutScope::CurrentAndNew);
    office
}

fn running(office: &Office<impl Backend>) -> CampaignId {
    let started = office.store().ph1onb_backfill_start_draft_row(&office.call(), campaign("v1", "k"));
    started.expect("the campaign starts").value.campaign_id
}

fn notified(
    office: &Office<impl Backend>,
    campaign_id: &CampaignId,
    who: &str,
    key: &str,
) -> BackfillTargetStatus {
    let input = notify(campaign_id, who, key);
    let notified = office.store().ph1onb_backfill_notify_commit_row(&office.call(), input);
    notified.expect("the target is notified").value.target_status
}

/// The newest event of the office's tenant.
pub(super) fn last_event(office: &Office<impl Backend>) -> AuditEventRecord {
    let events = office.world.events().into_iter();
    let events = events.filter(|event| event.tenant_id == Some("tenant_a".into()));
    events.max_by_key(|event| event.chain_sequence).expect("there is an event")
}

pub(super) fn new_hires_only_is_refused(harness: &impl Harness) {
    let office = changed(harness);
    let mut input = campaign("v1", "k");
    input.rollout_scope = RolloutScope::NewHiresOnly;
    office.refuses(Ph1OnbReasonCode::OnbBackfillScopeInvalid, |store, call| {
        store.ph1onb_backfill_start_draft_row(call, input)
    });
    // A version that was activated for new hires only concerns nobody else, whatever the call says.
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v2", fields, RolloutScope::NewHiresOnly);
    office.refuses(Ph1OnbReasonCode::OnbBackfillScopeInvalid, |store, call| {
        store.ph1onb_backfill_start_draft_row(call, campaign("v2", "k"))
    });
    // Neither does one that is not in force, or not any more.
    office.schema_draft("tenant_a", "v3", Vec::new());
    for version in ["v3", "v1"] {
        office.refuses(Ph1OnbReasonCode::OnbStateInvalid, |store, call| {
            store.ph1onb_backfill_start_draft_row(call, campaign(version, "k"))
        });
    }
    // What it was activated for stays, also when another version has taken its place.
    office.schema("tenant_a", "v4", Vec::new(), RolloutScope::CurrentAndNew);
    office.refuses(Ph1OnbReasonCode::OnbBackfillScopeInvalid, |store, call| {
        store.ph1onb_backfill_start_draft_row(call, campaign("v2", "k"))
    });
}

/// ACTIVE people whose home is the tenant, as they are at the start, and nobody who is inserted later.
pub(super) fn targets_are_the_people_of_the_tenant_at_the_start(harness: &impl Harness) {
    let mut office = changed(harness);
    let started =
        office.store().ph1onb_backfill_start_draft_row(&office.call(), campaign("v1", "k")).unwrap().value;
    assert_eq!((started.state, started.pending_target_count), (BackfillCampaignState::Running, 3));
    office.person("late", Some("tenant_a"), IdentityStatus::Active);
    office.world.reopen();
    for (who, is_target) in [
        ("boss", true),
        ("mia", true),
        ("tom", true),
        ("old", false),
        ("ann", false),
        ("rival", false),
        ("late", false),
        ("nobody", false),
    ] {
        let input = notify(&started.campaign_id, who, "k");
        let answer = office.store().ph1onb_backfill_notify_commit_row(&office.call(), input);
        assert_eq!(answer.is_ok(), is_target, "{who}");
    }
    let over =
        office.store().ph1onb_backfill_complete_commit_row(&office.call(), finish(&started.campaign_id, "k"));
    assert_eq!(over.unwrap().value.total_target_count, 3);
    // The next campaign sees who is there then.
    let next = office.store().ph1onb_backfill_start_draft_row(&office.call(), campaign("v1", "k2")).unwrap();
    assert_eq!(next.value.pending_target_count, 4);
    assert_ne!(next.value.campaign_id, started.campaign_id);
}

pub(super) fn two_stores_choose_the_same(harness: &impl Harness) {
    let play = || {
        let office = changed(harness);
        let campaign_id = running(&office);
        notified(&office, &campaign_id, "mia", "k");
        office.world.events()
    };
    assert_eq!(play(), play(), "down to the hash of the last event");
}

pub(super) fn notify_and_complete_are_replayed(harness: &impl Harness) {
    let mut office = changed(harness);
    let campaign_id = running(&office);
    let again = office.store().ph1onb_backfill_start_draft_row(&office.call(), campaign("v1", "k")).unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!(again.value.campaign_id, campaign_id);

    let early = office.call();
    for (index, who) in ["boss", "mia", "tom"].into_iter().enumerate() {
        // Somebody still waits, so it is not over.
        office.refuses(Ph1OnbReasonCode::OnbBackfillNotTerminal, |store, call| {
            store.ph1onb_backfill_complete_commit_row(call, finish(&campaign_id, "k"))
        });
        assert_eq!(notified(&office, &campaign_id, who, "k"), BackfillTargetStatus::Requested, "{index}");
        let before = office.world.events();
        assert_eq!(notified(&office, &campaign_id, who, "k"), BackfillTargetStatus::Requested);
        assert_eq!(office.world.events(), before, "a replay emits nothing");
        assert_eq!(notified(&office, &campaign_id, who, "k2"), BackfillTargetStatus::Reminded);
    }
    office.refuses(Ph1OnbReasonCode::OnbContractValidationFailed, |store, _| {
        store.ph1onb_backfill_complete_commit_row(&early, finish(&campaign_id, "k"))
    });
    office.world.reopen();
    let complete = |key: &str| {
        office.store().ph1onb_backfill_complete_commit_row(&office.call(), finish(&campaign_id, key)).unwrap()
    };
    let first = complete("k");
    assert!(first.is_applied());
    assert_eq!(first.value.state, BackfillCampaignState::Completed);
    assert_eq!((first.value.completed_target_count, first.value.total_target_count), (0, 3));
    assert_eq!(first.value.completion_reason_code, Some(Ph1OnbReasonCode::OnbBackfillFinished));
    let again = complete("k");
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!(again.value, first.value);
    assert_eq!(complete("k2").value, first.value, "under a new key it stays as it is");
    // What was applied is replayed, and nobody is asked any more.
    assert_eq!(notified(&office, &campaign_id, "mia", "k"), BackfillTargetStatus::Requested);
    office.refuses(Ph1OnbReasonCode::OnbStateInvalid, |store, call| {
        store.ph1onb_backfill_notify_commit_row(call, notify(&campaign_id, "mia", "k3"))
    });
    office.world.chains_verify();
}

pub(super) fn a_campaign_without_targets_is_completed_at_once(harness: &impl Harness) {
    let office = Office::uninhabited(harness);
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", fields, RolloutScope::CurrentAndNew);
    let mut input = campaign("v1", "k");
    input.actor_user_id = "ann".into();
    let started = office.store().ph1onb_backfill_start_draft_row(&office.call(), input).unwrap().value;
    assert_eq!((started.state, started.pending_target_count), (BackfillCampaignState::Completed, 0));
    // It says that there was nobody, and not that anything was finished.
    let nobody = Some(Ph1OnbReasonCode::OnbBackfillNoTargets);
    assert_eq!((started.completion_reason_code, started.passed_over_count), (nobody, Some(0)));
    let event = last_event(&office);
    assert_eq!(event.payload_min.get("completion_reason_code"), Some("ONB_BACKFILL_NO_TARGETS"));
    assert_eq!(event.user_id, Some("ann".into()));
    let over =
        office.store().ph1onb_backfill_complete_commit_row(&office.call(), finish(&started.campaign_id, "k"));
    let over = over.unwrap().value;
    assert_eq!((over.completed_target_count, over.total_target_count), (0, 0));
    assert_eq!(over.completion_reason_code, nobody);
}

/// Another tenant is refused as if there were no such row.
pub(super) fn other_tenants_and_missing_targets_are_refused(harness: &impl Harness) {
    let office = changed(harness);
    let mismatch = Ph1OnbReasonCode::OnbScopeMismatch;
    let actor = |who: &str| {
        office.refuses(mismatch, |store, call| {
            let mut input = campaign("v1", "bad");
            input.actor_user_id = who.into();
            store.ph1onb_backfill_start_draft_row(call, input)
        })
    };
    // An actor of another tenant is as good as none, and so is one whose identity is DISABLED.
    assert_eq!([actor("rival"), actor("old")], [actor("nobody"), actor("nobody")]);
    let cases: [fn(&mut Ph1onbBackfillStartDraftRow); 4] = [
        |input| input.company_id = "rival_co".into(),
        |input| input.position_id = "doctor".into(),
        |input| input.schema_version_id = "v9".into(),
        |input| input.tenant_id = "tenant_b".into(),
    ];
    for (index, edit) in cases.into_iter().enumerate() {
        let mut input = campaign("v1", &format!("bad_{index}"));
        edit(&mut input);
        office.refuses(mismatch, |store, call| store.ph1onb_backfill_start_draft_row(call, input));
    }

    let campaign_id = running(&office);
    notified(&office, &campaign_id, "mia", "k");
    let foreign_notify = |campaign_id: &CampaignId, who: &str, key: &str| {
        office.refuses(mismatch, |store, call| {
            let mut input = notify(campaign_id, who, key);
            input.tenant_id = "tenant_b".into();
            store.ph1onb_backfill_notify_commit_row(call, input)
        })
    };
    let unknown = foreign_notify(&"no_campaign".into(), "mia", "k");
    for (who, key) in [("mia", "k"), ("mia", "k2"), ("boss", "k"), ("rival", "k"), ("nobody", "k")] {
        assert_eq!(foreign_notify(&campaign_id, who, key), unknown, "{who} under {key}");
    }
    let missing = ["rival", "old", "ann", "nobody"].map(|who| {
        office.refuses(mismatch, |store, call| {
            store.ph1onb_backfill_notify_commit_row(call, notify(&campaign_id, who, "k"))
        })
    });
    assert!(missing.iter().all(|text| *text == missing[0]), "{missing:?}");

    for who in ["boss", "tom"] {
        notified(&office, &campaign_id, who, "k");
    }
    let foreign_finish = |campaign_id: &CampaignId, key: &str| -> String {
        office.refuses(mismatch, |store, call| -> Result<_, StorageError> {
            let mut input = finish(campaign_id, key);
            input.tenant_id = "tenant_b".into();
            store.ph1onb_backfill_complete_commit_row(call, input)
        })
    };
    let unknown = foreign_finish(&"no_campaign".into(), "k");
    assert_eq!(foreign_finish(&campaign_id, "k"), unknown);
    office.store().ph1onb_backfill_complete_commit_row(&office.call(), finish(&campaign_id, "k")).unwrap();
    assert_eq!(foreign_finish(&campaign_id, "k"), unknown, "also under a key that was used");
}
