//! How a campaign ends: who did what it asks for, who cannot be asked, and what its events say.

use selene_contracts::ph1_onb::{BackfillTargetStatus, CampaignId, Ph1OnbRepo};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::ph2_access::{AccessLifecycle, Ph2AccessRepo, Ph2accessLifecycleCommitRow};
use selene_contracts::shared::{RolloutScope, UserId};
use selene_storage::test_support::inputs;

use super::campaigns::last_event;
use super::office::Office;
use super::steps::{access_of, campaign, finish, notify};
use crate::harness::{Backend, Harness};
use crate::workplace::field;
use crate::world::key;

/// An office with a version that concerns current people too, and asks for no document.
fn office<H: Harness>(harness: &H) -> Office<H::Store> {
    let office = Office::new(harness);
    office.schema(
        "tenant_a",
        "v1",
        vec![field("oath", EvidenceMode::UserAnswer)],
        RolloutScope::CurrentAndNew,
    );
    office
}

fn begin(office: &Office<impl Backend>, version: &str, name: &str) -> CampaignId {
    let started = office.store().ph1onb_backfill_start_draft_row(&office.call(), campaign(version, name));
    started.expect("the campaign starts").value.campaign_id
}

fn notified(
    office: &Office<impl Backend>,
    campaign_id: &CampaignId,
    who: &str,
    name: &str,
) -> BackfillTargetStatus {
    let input = notify(campaign_id, who, name);
    let notified = office.store().ph1onb_backfill_notify_commit_row(&office.call(), input);
    notified.expect("the target is notified").value.target_status
}

/// Completed and all targets, as the completion of a campaign gives them.
fn counts(office: &Office<impl Backend>, campaign_id: &CampaignId, name: &str) -> (u32, u32) {
    let over = office.store().ph1onb_backfill_complete_commit_row(&office.call(), finish(campaign_id, name));
    let over = over.expect("the campaign is completed").value;
    (over.completed_target_count, over.total_target_count)
}

/// Takes somebody through an onboarding to the end, and gives the campaigns that it completed them in.
fn onboard(office: &Office<impl Backend>, name: &str, who: &str) -> Vec<CampaignId> {
    let journey = office.journey(&office.employee(name));
    journey.terms(true, "k").unwrap();
    journey.device(true, "k").unwrap();
    let mut access = access_of(&journey.session, &format!("for {name}"));
    access.user_id = who.into();
    office.store().ph1onb_access_instance_create_commit_row(&office.call(), access).unwrap();
    let done = journey.complete("k").unwrap();
    assert_eq!(done.value.user_id, Some(who.into()));
    assert_eq!(journey.complete("k").unwrap().value, done.value, "it is replayed as it was");
    let events = office.world.events();
    let event = events.iter().find(|event| event.event_id == done.event_id).expect("it emits its event");
    let count = done.value.completed_campaign_ids.len().to_string();
    assert_eq!(event.payload_min.get("completed_target_count"), Some(count.as_str()));
    assert_eq!(event.user_id, Some(who.into()));
    done.value.completed_campaign_ids
}

/// The end of an onboarding under the version that a campaign asks for makes its person a COMPLETED target of it.
pub(super) fn who_completes_their_onboarding_is_a_completed_target(harness: &impl Harness) {
    let mut office = office(harness);
    let (first, second) = (begin(&office, "v1", "k1"), begin(&office, "v1", "k2"));
    notified(&office, &first, "mia", "k");
    let mut both = vec![first.clone(), second.clone()];
    both.sort();
    assert_eq!(onboard(&office, "mia", "mia"), both, "asked or not, and in every campaign of the version");
    assert_eq!(onboard(&office, "newcomer", "newcomer"), [], "who is no target is none now");
    // Done is done, also where somebody asks again.
    office.world.reopen();
    assert_eq!(notified(&office, &first, "mia", "k2"), BackfillTargetStatus::Completed);
    assert_eq!(
        notified(&office, &first, "mia", "k"),
        BackfillTargetStatus::Requested,
        "a replay is as it was"
    );
    for who in ["boss", "tom"] {
        notified(&office, &first, who, "k");
    }
    assert_eq!(counts(&office, &first, "k"), (1, 3));
    // Who comes later counts too, though the campaign is over.
    assert_eq!(onboard(&office, "tom", "tom"), both);
    assert_eq!(counts(&office, &first, "k2"), (2, 3));
    assert_eq!(counts(&office, &first, "k"), (1, 3), "what was applied is replayed");

    // Another version asks for something else.
    office.schema(
        "tenant_a",
        "v2",
        vec![field("name", EvidenceMode::UserAnswer)],
        RolloutScope::CurrentAndNew,
    );
    let third = begin(&office, "v2", "k1");
    assert_eq!(onboard(&office, "boss", "boss"), [third]);
    let folds = office.store().verify_folds().expect("the check runs");
    assert!(folds.is_intact(), "{folds:?}");
}

fn lifecycle(office: &Office<impl Backend>, who: &str, to: AccessLifecycle, name: &str) {
    let input = Ph2accessLifecycleCommitRow {
        tenant_id: "tenant_a".into(),
        user_id: who.into(),
        access_lifecycle: to,
        idempotency_key: key(name),
    };
    office.store().ph2access_lifecycle_commit_row(&office.call(), input).expect("the access moves");
}

/// Nobody without a home can be a target, which is counted; nobody whose access is suspended is asked.
pub(super) fn who_cannot_be_asked_is_counted_or_exempted(harness: &impl Harness) {
    let office = office(harness);
    for who in ["ann", "tom", "mia"] {
        let input = inputs::access("tenant_a", who, key("access"));
        office
            .store()
            .ph2access_instance_create_commit_row(&office.call(), input)
            .expect("access is created");
    }
    let started = office.store().ph1onb_backfill_start_draft_row(&office.call(), campaign("v1", "k"));
    let started = started.unwrap().value;
    assert_eq!((started.pending_target_count, started.passed_over_count), (3, Some(1)), "ann is passed over");
    assert_eq!(started.completion_reason_code, None);
    let event = last_event(&office);
    assert_eq!(event.payload_min.get("passed_over_count"), Some("1"));

    let id = &started.campaign_id;
    lifecycle(&office, "tom", AccessLifecycle::Suspended, "l1");
    notified(&office, id, "mia", "k1");
    lifecycle(&office, "mia", AccessLifecycle::Suspended, "l2");
    assert_eq!(notified(&office, id, "tom", "k1"), BackfillTargetStatus::Exempted);
    assert_eq!(notified(&office, id, "mia", "k2"), BackfillTargetStatus::Exempted);
    assert_eq!(notified(&office, id, "boss", "k1"), BackfillTargetStatus::Requested);
    // It is an end, whatever comes.
    lifecycle(&office, "tom", AccessLifecycle::Active, "l3");
    assert_eq!(notified(&office, id, "tom", "k2"), BackfillTargetStatus::Exempted);
    assert_eq!(counts(&office, id, "k"), (2, 3));
    let folds = office.store().verify_folds().expect("the check runs");
    assert!(folds.is_intact(), "{folds:?}");
}

/// Two notifications under one key are two events: each names its recipient, and whose campaign it is.
pub(super) fn every_notification_names_its_recipient(harness: &impl Harness) {
    let office = office(harness);
    let campaign_id = begin(&office, "v1", "k");
    let started = last_event(&office);
    assert_eq!(started.user_id, Some("boss".into()));
    let events: Vec<_> = ["mia", "tom"]
        .map(|who| {
            notified(&office, &campaign_id, who, "one key");
            let event = last_event(&office);
            assert_eq!(event.payload_min.get("actor_user_id"), Some("boss"));
            event
        })
        .into();
    let people: Vec<Option<UserId>> = events.iter().map(|event| event.user_id.clone()).collect();
    assert_eq!(people, [Some("mia".into()), Some("tom".into())]);
    assert_eq!(events[0].idempotency_key, events[1].idempotency_key);
    notified(&office, &campaign_id, "boss", "k");
    counts(&office, &campaign_id, "k");
    let over = last_event(&office);
    assert_eq!(over.user_id, Some("boss".into()));
    assert_eq!(over.payload_min.get("completion_reason_code"), Some("ONB_BACKFILL_FINISHED"));
}
