//! Campaigns in every state, also those that no capability sets.

use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, Ph1OnbReasonCode, Ph1onbBackfillCompleteCommitRow,
    Ph1onbBackfillNotifyCommitRow,
};
use selene_contracts::ph2_access::AccessLifecycle;
use selene_contracts::shared::{MonotonicTimeNs, RolloutScope};

use super::super::backfill::after_notification;
use super::super::{Campaign, NotifyFacts, ProgressFacts, Target};
use super::BEFORE;
use crate::rules::person::Person;
use crate::rules::trial::{NOW, decide, payload, refusal};

/// A target of [`campaign`].
pub(super) fn target(target_status: BackfillTargetStatus, updated_at: MonotonicTimeNs) -> Target {
    Target { campaign_id: "cmp_1".into(), recipient_user_id: "eve".into(), target_status, updated_at }
}

pub(super) fn campaign(state: BackfillCampaignState) -> Campaign {
    let is_over = state == BackfillCampaignState::Completed;
    Campaign {
        campaign_id: "cmp_1".into(),
        tenant_id: "a".into(),
        company_id: "c".into(),
        position_id: "p".into(),
        schema_version_id: "v1".into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        state,
        actor_user_id: "boss".into(),
        total_target_count: 3,
        created_at: BEFORE,
        updated_at: BEFORE,
        completed_at: is_over.then_some(BEFORE),
        passed_over_count: Some(0),
        completion_reason_code: is_over.then_some(Ph1OnbReasonCode::OnbBackfillFinished),
    }
}

pub(super) fn notify(tenant: &str) -> Ph1onbBackfillNotifyCommitRow {
    Ph1onbBackfillNotifyCommitRow {
        campaign_id: "cmp_1".into(),
        tenant_id: tenant.into(),
        recipient_user_id: "eve".into(),
        idempotency_key: "k".into(),
    }
}

pub(super) fn finish(tenant: &str) -> Ph1onbBackfillCompleteCommitRow {
    Ph1onbBackfillCompleteCommitRow {
        campaign_id: "cmp_1".into(),
        tenant_id: tenant.into(),
        idempotency_key: "k".into(),
    }
}

#[test]
fn every_status_of_a_target_after_a_notification() {
    use BackfillTargetStatus::{Completed, Exempted, Pending, Reminded, Requested};
    // The status, the status after a notification, and that for a person who is excluded.
    let table = [
        (Pending, Requested, Exempted),
        (Requested, Reminded, Exempted),
        (Reminded, Reminded, Exempted),
        (Completed, Completed, Completed),
        (Exempted, Exempted, Exempted),
    ];
    assert_eq!(table.map(|row| row.0), BackfillTargetStatus::ALL);
    let disabled = Person { is_disabled: true, ..Person::default() };
    // The person, the lifecycle of their access, and whether they are excluded.
    let people = [
        (Person::default(), None, false),
        (Person::default(), Some(AccessLifecycle::Active), false),
        (Person::default(), Some(AccessLifecycle::Restricted), false),
        (Person::default(), Some(AccessLifecycle::Suspended), true),
        (disabled.clone(), Some(AccessLifecycle::Active), true),
        (disabled, None, true),
    ];
    for (from, to, out) in table {
        for (person, access, is_out) in people.clone() {
            let to = if is_out { out } else { to };
            assert_eq!(after_notification(from, is_out), to, "{from}");
            let facts =
                NotifyFacts { target: Some(target(from, BEFORE)), person: Some(person), access, ..running() };
            let decision = decide(notify("a"), facts).unwrap();
            assert_eq!(decision.output.target_status, to);
            // A notified or excluded target changed now; one at an end keeps its time.
            let changed = if matches!(from, Completed | Exempted) { BEFORE } else { NOW };
            assert_eq!(decision.change.0.0, target(to, changed));
            // The event names the recipient as its user, and the actor of the campaign in its payload.
            assert_eq!(decision.event.user_id, Some("eve".into()));
            let expected =
                [("actor_user_id", "boss"), ("campaign_id", "cmp_1"), ("target_status", to.as_str())];
            assert_eq!(payload(&decision), expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        }
    }
}

/// A campaign that runs, without a target.
fn running() -> NotifyFacts {
    NotifyFacts {
        campaign: Some(campaign(BackfillCampaignState::Running)),
        target: None,
        person: Some(Person::default()),
        access: None,
    }
}

#[test]
fn every_state_of_a_campaign_and_what_may_be_done_in_it() {
    use BackfillCampaignState::{Canceled, Completed, DraftCreated, Running};
    //           state, may be notified in, may be completed
    let table = [
        (DraftCreated, false, false),
        (Running, true, true),
        (Completed, false, true),
        (Canceled, false, false),
    ];
    assert_eq!(table.map(|row| row.0), BackfillCampaignState::ALL);
    for (state, may_notify, may_complete) in table {
        let target = || target(BackfillTargetStatus::Pending, BEFORE);
        let asked = || NotifyFacts { campaign: Some(campaign(state)), target: Some(target()), ..running() };
        let progress =
            || ProgressFacts { campaign: Some(campaign(state)), has_pending: false, completed_count: 2 };
        if may_notify {
            assert!(decide(notify("a"), asked()).is_ok(), "{state}");
        } else {
            assert_eq!(refusal(notify("a"), asked()), ("ONB_STATE_INVALID", "state"), "{state}");
        }
        if may_complete {
            let done = decide(finish("a"), progress()).unwrap();
            let when = if state == Completed { BEFORE } else { NOW };
            assert_eq!((done.change.0.state, done.change.0.completed_at), (Completed, Some(when)));
            assert_eq!((done.output.completed_target_count, done.output.total_target_count), (2, 3));
            assert_eq!(done.output.completion_reason_code, Some(Ph1OnbReasonCode::OnbBackfillFinished));
            assert_eq!(done.change.0.completion_reason_code, done.output.completion_reason_code);
            assert_eq!(done.event.user_id, Some("boss".into()));
            let waiting = ProgressFacts { has_pending: true, ..progress() };
            assert_eq!(refusal(finish("a"), waiting), ("ONB_BACKFILL_NOT_TERMINAL", "target_status"));
        } else {
            assert_eq!(refusal(finish("a"), progress()), ("ONB_STATE_INVALID", "state"), "{state}");
        }
        assert_eq!(refusal(notify("b"), asked()), ("ONB_SCOPE_MISMATCH", "campaign_id"), "{state}");
        assert_eq!(refusal(finish("b"), progress()), ("ONB_SCOPE_MISMATCH", "campaign_id"), "{state}");
    }
}

#[test]
fn time_does_not_run_backwards_in_a_campaign() {
    let ahead = MonotonicTimeNs::new(NOW.get() + 1);
    let late = Campaign { updated_at: ahead, ..campaign(BackfillCampaignState::Running) };
    let progress = ProgressFacts { campaign: Some(late), has_pending: false, completed_count: 0 };
    assert_eq!(refusal(finish("a"), progress), ("ONB_CONTRACT_VALIDATION_FAILED", "now"));
    // A notification of one target is a change of the campaign, and never sets it back.
    let last_change = |updated_at| {
        let campaign = Campaign { updated_at, ..campaign(BackfillCampaignState::Running) };
        let target = target(BackfillTargetStatus::Requested, BEFORE);
        let facts = NotifyFacts { campaign: Some(campaign), target: Some(target), ..running() };
        decide(notify("a"), facts).unwrap().change.1.0.updated_at
    };
    assert_eq!((last_change(BEFORE), last_change(ahead)), (NOW, ahead));
    let target = target(BackfillTargetStatus::Requested, ahead);
    let asked = NotifyFacts { target: Some(target), ..running() };
    assert_eq!(refusal(notify("a"), asked), ("ONB_CONTRACT_VALIDATION_FAILED", "now"));
}
