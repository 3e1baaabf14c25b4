//! Whose wake word belongs to an onboarding, and what declined terms end.

use selene_acceptance::onboarding::Office;
use selene_acceptance::wake::calls;
use selene_acceptance::{Backend, Harness};
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollSampleCommitRow,
    Ph1wEnrollStartDraftRow, WakeEnrollmentSessionId, WakeEnrollmentSessionRecord, WakeSampleResult,
};
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{Committed, StorageError};

fn start(
    office: &Office<impl Backend>,
    session: &OnboardingSessionId,
    (user, device): (&str, &str),
) -> Result<Committed<WakeEnrollmentSessionRecord>, StorageError> {
    let input = Ph1wEnrollStartDraftRow {
        user_id: user.into(),
        device_id: device.into(),
        onboarding_session_id: Some(session.clone()),
        ..calls::start("start")
    };
    office.store().ph1w_enroll_start_draft_row(&office.call(), input)
}

fn pass(session: &WakeEnrollmentSessionId, idempotency_key: &str) -> Ph1wEnrollSampleCommitRow {
    calls::sample(session, WakeSampleResult::Pass, idempotency_key)
}

pub fn a_wake_word_belongs_to_the_person_of_the_onboarding<B: Backend>(harness: &impl Harness<Store = B>) {
    let office = Office::new(harness);
    office.world.device("ann_tablet", "ann", None);
    office.world.device("tom_phone", "tom", None);
    let journey = office.journey(&office.employee("one"));
    journey.terms(true, "k").unwrap();
    journey.device(true, "proven").unwrap();
    office.refuses(Ph1WReasonCode::WScopeViolation, |_, _| {
        start(&office, &journey.session, ("tom", "tom_phone"))
    });
    start(&office, &journey.session, ("ann", "ann_tablet")).expect("her other device is hers too");
    start(&office, &journey.session, ("ann", "phone")).expect("the device that was proven");
}

pub fn nothing_of_a_wake_word_is_committed_after_the_terms_were_declined<B: Backend>(
    harness: &impl Harness<Store = B>,
) {
    let office = Office::new(harness);
    office.world.device("ann_tablet", "ann", None);
    let journey = office.journey(&office.employee("one"));
    let id = |device| {
        let started = start(&office, &journey.session, ("ann", device)).expect("the terms are open");
        started.value.wake_enrollment_session_id
    };
    let (done, open) = (id("phone"), id("ann_tablet"));
    for sample in ["1", "2", "3"] {
        office.store().ph1w_enroll_sample_commit_row(&office.call(), pass(&done, sample)).unwrap();
    }
    journey.terms(false, "no").unwrap();

    let refused = Ph1WReasonCode::WOnboardingDeclined;
    office.refuses(refused, |store, call| store.ph1w_enroll_sample_commit_row(call, pass(&open, "4")));
    office.refuses(refused, |store, call| {
        let input = Ph1wEnrollDeferReminderCommitRow {
            wake_enrollment_session_id: open.clone(),
            deferred_until: None,
            reason_code: Ph1WReasonCode::FailG0DeviceUnhealthy,
            idempotency_key: "defer".into(),
        };
        store.ph1w_enroll_defer_reminder_commit_row(call, input)
    });
    office.refuses(refused, |store, call| {
        let input = Ph1wEnrollCompleteCommitRow {
            wake_enrollment_session_id: done.clone(),
            wake_profile_id: "profile".into(),
            idempotency_key: "complete".into(),
        };
        store.ph1w_enroll_complete_commit_row(call, input)
    });
    office.world.device("ann_watch", "ann", None);
    office.refuses(refused, |_, _| start(&office, &journey.session, ("ann", "ann_watch")));
    let again = office.store().ph1w_enroll_sample_commit_row(&office.call(), pass(&done, "3")).unwrap();
    assert!(!again.is_applied(), "what was applied before is replayed");
}
