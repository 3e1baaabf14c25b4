//! Two writers of one enrollment, or of what it belongs to, in an order that the test decides. The calls name no tenant: an enrollment and
//! its onboarding session lead them to their chain, and are rows that the other writer is about to change.

use selene_acceptance::context;
use selene_acceptance::onboarding::{FINGERPRINT, invitation, proof_on, simulated, start};
use selene_acceptance::wake::calls as wake;
use selene_contracts::StorageError;
use selene_contracts::ph1_link::{
    Ph1LinkRepo as _, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
};
use selene_contracts::ph1_onb::{Ph1OnbReasonCode, Ph1OnbRepo as _, Ph1onbTermsAcceptCommitRow};
use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo as _, Ph1VoiceIdReasonCode, VidEnrollCompleteCommitRow, VidEnrollSampleCommitRow,
    VoiceEnrollmentSessionId,
};
use selene_contracts::ph1_w::{Ph1WReasonCode, Ph1wWakeRepo as _, WakeEnrollmentSessionId, WakeSampleResult};
use selene_contracts::ph2_access::{
    AccessLifecycle, Ph2AccessReasonCode, Ph2AccessRepo as _, Ph2accessLifecycleCommitRow,
};
use selene_contracts::shared::{InviteeType, OnboardingSessionId};
use selene_storage::test_support::inputs;
use selene_storage_postgres::PostgresStore;

use crate::interleaved::person;
use crate::interleaved_reads::{KEYS, Prepared, at_home, at_large, text};
use crate::order::{Answer, First, TENANTS, both, one_of_two};

const TENANT: &str = TENANTS[0];

fn starts_waking(store: &PostgresStore, key: &str) -> Result<WakeEnrollmentSessionId, StorageError> {
    let started = store.ph1w_enroll_start_draft_row(&context(3), wake::start(key));
    started.map(|started| started.value.wake_enrollment_session_id)
}

fn takes_wake_sample(store: &PostgresStore, session: &WakeEnrollmentSessionId, key: &str) -> Answer {
    let sample = wake::sample(session, WakeSampleResult::Pass, key);
    store.ph1w_enroll_sample_commit_row(&context(5), sample).map(|done| done.is_applied())
}

/// That no enrollment is in progress, which a unique index keeps.
#[test]
fn one_wake_enrollment_of_a_person_on_a_device_is_in_progress() {
    for prepare in [at_large, at_home] {
        let starts = |number: usize, store: &PostgresStore| starts_waking(store, KEYS[number]).map(|_| true);
        one_of_two(prepare, starts, &[Ph1WReasonCode::WEnrollAlreadyInProgress.into()]);
    }
}

#[test]
fn two_samples_of_a_wake_word_are_counted_twice() {
    let session = Prepared::nothing();
    let prepare = |store: &PostgresStore| {
        at_home(store);
        session.set(starts_waking(store, "starts").unwrap());
    };
    let takes = |number: usize, store: &PostgresStore| takes_wake_sample(store, &session.get(), KEYS[number]);
    both(prepare, takes, |first, database| {
        let count =
            "SELECT concat_ws(' ', pass_count, (SELECT string_agg(sample_seq::text, ',' ORDER BY sample_seq)
            FROM wake_enrollment_samples)) FROM wake_enrollment_sessions";
        assert_eq!(text(database, count), if first == First::Commits { "2 1,2" } else { "1 1" });
    });
}

/// That no profile is bound, or which one is.
#[test]
fn a_wake_enrollment_binds_one_profile() {
    let session = Prepared::nothing();
    let prepare = |store: &PostgresStore| {
        at_home(store);
        let started = starts_waking(store, "starts").unwrap();
        for sample in ["one", "two", "three"] {
            takes_wake_sample(store, &started, sample).unwrap();
        }
        session.set(started);
    };
    let completes = |number: usize, store: &PostgresStore| {
        let input = wake::complete(&session.get(), ["profile_0", "profile_1"][number], KEYS[number]);
        store.ph1w_enroll_complete_commit_row(&context(6), input).map(|done| done.is_applied())
    };
    one_of_two(prepare, completes, &[Ph1WReasonCode::WEnrollProfileConflict.into()]);
}

/// An onboarding that Ann's link began.
fn onboards(store: &PostgresStore) -> OnboardingSessionId {
    at_home(store);
    let input = Ph1linkInviteGenerateDraftRow {
        invitee_type: InviteeType::FamilyMember,
        ..invitation("ann", Some(TENANT), "invites")
    };
    let token_id = store.ph1link_invite_generate_draft_row(&simulated(2), input).unwrap().value.token_id;
    let input = Ph1linkInviteOpenActivateCommitRow {
        token_id: token_id.clone(),
        device_fingerprint: FINGERPRINT.into(),
        idempotency_key: "opens".into(),
    };
    store.ph1link_invite_open_activate_commit_row(&simulated(3), input).unwrap();
    let started = store.ph1onb_session_start_draft_row(&simulated(4), start(&token_id));
    started.unwrap().value.onboarding_session_id
}

fn answers_terms(
    store: &PostgresStore,
    onboarding: &OnboardingSessionId,
    accepted: bool,
    key: &str,
) -> Answer {
    let input = Ph1onbTermsAcceptCommitRow {
        onboarding_session_id: onboarding.clone(),
        terms_version_id: "terms_1".into(),
        accepted,
        idempotency_key: key.into(),
    };
    store.ph1onb_terms_accept_commit_row(&simulated(5), input).map(|done| done.is_applied())
}

fn starts_voice(
    store: &PostgresStore,
    onboarding: &OnboardingSessionId,
) -> Result<(bool, VoiceEnrollmentSessionId), StorageError> {
    let input = inputs::voice_start(onboarding.clone(), "ann_phone");
    let started = store.vid_enroll_start_draft_row(&context(5), input)?;
    Ok((started.is_applied(), started.value.voice_enrollment_session_id))
}

fn takes_voice_sample(store: &PostgresStore, session: &VoiceEnrollmentSessionId, attempt: u16) -> Answer {
    let input = VidEnrollSampleCommitRow {
        audio_sample_ref: format!("audio_{attempt}").as_str().into(),
        ..inputs::voice_sample(session.clone(), attempt, format!("sample_{attempt}"))
    };
    store.vid_enroll_sample_commit_row(&context(6), input).map(|done| done.is_applied())
}

#[test]
fn terms_are_answered_once() {
    for accepted in [[true, false], [false, true]] {
        let onboarding = Prepared::nothing();
        one_of_two(
            |store| onboarding.set(onboards(store)),
            |number, store| answers_terms(store, &onboarding.get(), accepted[number], KEYS[number]),
            &[Ph1OnbReasonCode::OnbStateInvalid.into()],
        );
    }
}

/// What an enrollment reads of its onboarding session.
#[test]
fn no_voice_is_enrolled_once_the_terms_are_declined() {
    let onboarding = Prepared::nothing();
    let declines = |store: &PostgresStore| answers_terms(store, &onboarding.get(), false, "declines");
    let starts =
        |store: &PostgresStore| starts_voice(store, &onboarding.get()).map(|(is_applied, _)| is_applied);
    one_of_two(
        |store| onboarding.set(onboards(store)),
        |number, store| if number == 0 { declines(store) } else { starts(store) },
        &[Ph1VoiceIdReasonCode::VidContractValidationFailed.into()],
    );
    both(
        |store| onboarding.set(onboards(store)),
        |number, store| if number == 0 { starts(store) } else { declines(store) },
        |_, _| {},
    );
}

/// Rows that a LEFT JOIN may find: the person of an onboarding session, by the device that it confirms meanwhile.
#[test]
fn a_voice_is_enrolled_on_no_device_of_another_person_once_the_person_is_known() {
    let onboarding = Prepared::nothing();
    let prepare = |store: &PostgresStore| {
        onboarding.set(onboards(store));
        person(store, "bob", Some(TENANT));
        answers_terms(store, &onboarding.get(), true, "accepts").unwrap();
    };
    let confirms = |store: &PostgresStore| {
        let input = proof_on(&onboarding.get(), "bob_phone", true, "confirms");
        store.ph1onb_primary_device_confirm_commit_row(&simulated(6), input).map(|done| done.is_applied())
    };
    let starts =
        |store: &PostgresStore| starts_voice(store, &onboarding.get()).map(|(is_applied, _)| is_applied);
    one_of_two(
        prepare,
        |number, store| if number == 0 { confirms(store) } else { starts(store) },
        &[Ph1VoiceIdReasonCode::VidScopeViolation.into()],
    );
    both(prepare, |number, store| if number == 0 { starts(store) } else { confirms(store) }, |_, _| {});
}

#[test]
fn two_samples_of_a_voice_are_counted_twice() {
    let session = Prepared::nothing();
    let takes =
        |number: usize, store: &PostgresStore| takes_voice_sample(store, &session.get(), [1, 2][number]);
    both(
        |store| session.set(starts_voice(store, &onboards(store)).unwrap().1),
        takes,
        |first, database| {
            let count =
                "SELECT concat_ws(' ', attempt_count, voice_enroll_status) FROM voice_enrollment_sessions";
            let expected = if first == First::Commits { "2 LOCKED" } else { "1 IN_PROGRESS" };
            assert_eq!(text(database, count), expected);
        },
    );
}

/// That there is no profile yet, and no binding.
#[test]
fn a_voice_enrollment_has_one_profile() {
    let session = Prepared::nothing();
    let prepare = |store: &PostgresStore| {
        let (_, started) = starts_voice(store, &onboards(store)).unwrap();
        for attempt in [1, 2] {
            takes_voice_sample(store, &started, attempt).unwrap();
        }
        session.set(started);
    };
    let completes = |number: usize, store: &PostgresStore| {
        let input = VidEnrollCompleteCommitRow {
            voice_enrollment_session_id: session.get(),
            idempotency_key: KEYS[number].into(),
        };
        store.vid_enroll_complete_commit_row(&context(7), input).map(|done| done.is_applied())
    };
    both(prepare, completes, |_, database| {
        let count = "SELECT concat_ws(' ', count(*), (SELECT count(*) FROM voice_profile_bindings)) FROM voice_profiles";
        assert_eq!(text(database, count), "1 1");
    });
}

/// A row that may change, of the tenant that the call names.
#[test]
fn access_moves_from_where_the_other_writer_left_it() {
    let prepare = |store: &PostgresStore| {
        at_home(store);
        let input = inputs::access(TENANT, "ann", "creates");
        store.ph2access_instance_create_commit_row(&simulated(3), input).unwrap();
    };
    let suspends = |number: usize, store: &PostgresStore| {
        let input = Ph2accessLifecycleCommitRow {
            tenant_id: TENANT.into(),
            user_id: "ann".into(),
            access_lifecycle: AccessLifecycle::Suspended,
            idempotency_key: KEYS[number].into(),
        };
        store.ph2access_lifecycle_commit_row(&simulated(5), input).map(|done| done.is_applied())
    };
    one_of_two(prepare, suspends, &[Ph2AccessReasonCode::AccessStateInvalid.into()]);
}
