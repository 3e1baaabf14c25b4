//! Campaigns in every state, also those that no capability leads to.

use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, Ph1onbBackfillCompleteCommitRow,
    Ph1onbBackfillNotifyCommitRow,
};
use selene_contracts::shared::{MonotonicTimeNs, RolloutScope};

use super::super::backfill::after_notification;
use super::super::{Campaign, NotifyFacts, ProgressFacts, Target};
use super::BEFORE;
use crate::engines::trial::{NOW, decide, refusal};

fn campaign(state: BackfillCampaignState) -> Campaign {
    let is_over = state == BackfillCampaignState::Completed;
    Campaign {
        id: "cmp_1".into(),
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
    }
}

fn notify(tenant: &str) -> Ph1onbBackfillNotifyCommitRow {
    Ph1onbBackfillNotifyCommitRow {
        campaign_id: "cmp_1".into(),
        tenant_id: tenant.into(),
        recipient_user_id: "eve".into(),
        idempotency_key: "k".into(),
    }
}

fn finish(tenant: &str) -> Ph1onbBackfillCompleteCommitRow {
    Ph1onbBackfillCompleteCommitRow {
        campaign_id: "cmp_1".into(),
        tenant_id: tenant.into(),
        idempotency_key: "k".into(),
    }
}

#[test]
fn every_status_of_a_target_and_where_a_notification_leads() {
    use BackfillTargetStatus::{Completed, Exempted, Failed, Pending, Reminded, Requested};
    let table = [
        (Pending, Requested),
        (Requested, Requested),
        (Reminded, Requested),
        (Completed, Completed),
        (Exempted, Exempted),
        (Failed, Failed),
    ];
    assert_eq!(table.map(|row| row.0), BackfillTargetStatus::ALL);
    for (from, to) in table {
        assert_eq!(after_notification(from), to, "{from}");
        let facts = NotifyFacts {
            campaign: Some(campaign(BackfillCampaignState::Running)),
            target: Some(Target { status: from, updated_at: BEFORE }),
        };
        let decision = decide(notify("a"), facts).unwrap();
        assert_eq!(decision.output.target_status, to);
        // Who is asked again was asked now; the ends stay as they were.
        let changed = if to == Requested { NOW } else { BEFORE };
        assert_eq!(decision.change.target, Target { status: to, updated_at: changed });
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
        let target = || Target { status: BackfillTargetStatus::Pending, updated_at: BEFORE };
        let asked = || NotifyFacts { campaign: Some(campaign(state)), target: Some(target()) };
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
            assert_eq!((done.change.state, done.change.completed_at), (Completed, Some(when)));
            assert_eq!((done.output.completed_target_count, done.output.total_target_count), (2, 3));
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
    let told = |updated_at| {
        let campaign = Campaign { updated_at, ..campaign(BackfillCampaignState::Running) };
        let target = Target { status: BackfillTargetStatus::Requested, updated_at: BEFORE };
        let facts = NotifyFacts { campaign: Some(campaign), target: Some(target) };
        decide(notify("a"), facts).unwrap().change.campaign.updated_at
    };
    assert_eq!((told(BEFORE), told(ahead)), (NOW, ahead));
    let target = Target { status: BackfillTargetStatus::Requested, updated_at: ahead };
    let asked =
        NotifyFacts { campaign: Some(campaign(BackfillCampaignState::Running)), target: Some(target) };
    assert_eq!(refusal(notify("a"), asked), ("ONB_CONTRACT_VALIDATION_FAILED", "now"));
}
