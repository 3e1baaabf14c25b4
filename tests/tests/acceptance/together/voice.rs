//! Whose voice belongs to an onboarding: whose it is by its own steps, and what declined terms end.

use selene_acceptance::onboarding::Office;
use selene_acceptance::{Backend, Harness};
use selene_contracts::ph1_onb::{OnboardingStatus, TermsStatus};
use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VoiceEnrollmentSessionRecord,
};
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{Committed, StorageError};
use selene_storage::test_support::inputs;
use selene_storage::test_support::onboarding_session;

/// An office where `ann` has a second device and `tom` has one.
fn office<B: Backend>(harness: &impl Harness<Store = B>) -> Office<B> {
    let office = Office::new(harness);
    office.world.device("ann_tablet", "ann", None);
    office.world.device("tom_phone", "tom", None);
    office
}

fn start(
    office: &Office<impl Backend>,
    session: &OnboardingSessionId,
    device: &str,
) -> Result<Committed<VoiceEnrollmentSessionRecord>, StorageError> {
    let input = inputs::voice_start(session.clone(), device);
    office.store().vid_enroll_start_draft_row(&office.call(), input)
}

fn is_refused(office: &Office<impl Backend>, session: &OnboardingSessionId, device: &str) {
    office.refuses(Ph1VoiceIdReasonCode::VidScopeViolation, |_, _| start(office, session, device));
}

pub fn only_a_passed_proof_decides_whose_the_onboarding_is<B: Backend>(harness: &impl Harness<Store = B>) {
    let office = office(harness);
    let journey = office.journey(&office.employee("one"));
    journey.terms(true, "k").unwrap();
    journey.device(false, "failed").unwrap();
    assert!(journey.row().primary_device_device_id.is_some(), "the attempt on Ann's phone is kept");
    start(&office, &journey.session, "tom_phone").expect("a failed proof decides nothing");

    let journey = office.journey(&office.employee("two"));
    journey.terms(true, "k").unwrap();
    journey.device(true, "proven").unwrap();
    is_refused(&office, &journey.session, "tom_phone");
    start(&office, &journey.session, "ann_tablet").expect("her other device is hers too");
    start(&office, &journey.session, "phone").expect("the device that was proven");
}

pub fn access_decides_before_a_device<B: Backend>(harness: &impl Harness<Store = B>) {
    let office = office(harness);
    let access = inputs::access("tenant_a", "tom", "access");
    let access = office.store().ph2access_instance_create_commit_row(&office.call(), access).unwrap().value;
    let mut row = onboarding_session("onb".into(), Some("tenant_a".into()), Some("phone".into()));
    row.access_engine_instance_id = Some(access.access_instance_id);
    office.store().insert_onboarding_session(&row).unwrap();
    is_refused(&office, &row.onboarding_session_id, "phone");
    start(&office, &row.onboarding_session_id, "tom_phone").expect("the person of the access");
}

pub fn nothing_of_a_voice_is_committed_after_the_terms_were_declined<B: Backend>(
    harness: &impl Harness<Store = B>,
) {
    let office = office(harness);
    let journey = office.journey(&office.employee("one"));
    let started = start(&office, &journey.session, "phone").expect("the terms are open");
    let id = started.value.voice_enrollment_session_id;
    let sample = |idempotency_key: &str| VidEnrollSampleCommitRow {
        audio_sample_ref: "audio".into(),
        ..inputs::voice_sample(id.clone(), 1, idempotency_key)
    };
    office.store().vid_enroll_sample_commit_row(&office.call(), sample("before")).unwrap();
    journey.terms(false, "no").unwrap();

    let refused = Ph1VoiceIdReasonCode::VidContractValidationFailed;
    let text =
        office.refuses(refused, |store, call| store.vid_enroll_sample_commit_row(call, sample("after")));
    assert!(text.contains("terms_status"), "{text}");
    office.refuses(refused, |store, call| {
        let input = VidEnrollDeferReminderCommitRow {
            voice_enrollment_session_id: id.clone(),
            reason_code: Ph1VoiceIdReasonCode::VidReauthRequired,
            idempotency_key: "after".into(),
        };
        store.vid_enroll_defer_reminder_commit_row(call, input)
    });
    office.refuses(refused, |store, call| {
        let input = VidEnrollCompleteCommitRow {
            voice_enrollment_session_id: id.clone(),
            idempotency_key: "after".into(),
        };
        store.vid_enroll_complete_commit_row(call, input)
    });
    office.refuses(refused, |_, _| start(&office, &journey.session, "ann_tablet"));
    let again = office.store().vid_enroll_sample_commit_row(&office.call(), sample("before")).unwrap();
    assert!(!again.is_applied(), "what was applied before is replayed");
}

pub fn a_complete_onboarding_still_takes_a_voice<B: Backend>(harness: &impl Harness<Store = B>) {
    let office = office(harness);
    let mut row = onboarding_session("onb".into(), Some("tenant_a".into()), Some("phone".into()));
    row.status = OnboardingStatus::Complete;
    row.terms_status = Some(TermsStatus::Accepted);
    office.store().insert_onboarding_session(&row).unwrap();
    start(&office, &row.onboarding_session_id, "phone").expect("it is not declined");
}
