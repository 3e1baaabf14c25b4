//! Random calls of PH1.VOICE.ID.

use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use selene_contracts::ph1_voice_id::{
    AudioSampleRef, Ph1VoiceIdReasonCode as V, VidAppendOnlyGuard, VidEnrollCompleteCommitRow,
    VidEnrollDeferReminderCommitRow, VidEnrollSampleCommitRow, VidEnrollStartDraftRow,
    VidReadEnrollmentState, VoiceEnrollmentSessionId, VoiceProfileId, VoiceSampleResult,
};

use super::draw::{device_id, edge, idempotency_key, onboarding_id, text, weighted};
use super::enrolling::Outlook;
use crate::model::calls::Call;

pub(super) fn write(outlook: Outlook) -> BoxedStrategy<Call> {
    prop_oneof![6 => start(), 40 => sample(outlook), 8 => complete(), 4 => defer()].boxed()
}

pub(super) fn read() -> BoxedStrategy<Call> {
    let profile_id = text(&[(4, "profile-1"), (1, "profile-2"), (1, "profile-9")], 64);
    prop_oneof![
        2 => session_id().prop_map(|voice_enrollment_session_id| {
            Call::VoiceRead(VidReadEnrollmentState::Session { voice_enrollment_session_id })
        }),
        2 => session_id().prop_map(|voice_enrollment_session_id| {
            Call::VoiceRead(VidReadEnrollmentState::Samples { voice_enrollment_session_id })
        }),
        2 => profile_id.prop_map(|id| {
            Call::VoiceRead(VidReadEnrollmentState::Profile { voice_profile_id: VoiceProfileId::new(id) })
        }),
        2 => (session_id(), edge(1, &[0, 2, u32::MAX])).prop_map(
            |(voice_enrollment_session_id, sample_seq)| {
                Call::VoiceGuard(VidAppendOnlyGuard { voice_enrollment_session_id, sample_seq })
            }
        ),
    ]
    .boxed()
}

fn session_id() -> BoxedStrategy<VoiceEnrollmentSessionId> {
    let choices = [(12, "voice-1"), (8, "voice-2"), (4, "voice-3"), (1, "voice-9")];
    text(&choices, 64).prop_map(VoiceEnrollmentSessionId::new).boxed()
}

fn reason_code() -> BoxedStrategy<V> {
    weighted(&[
        (3, V::VidFailNoSpeech),
        (2, V::VidFailLowConfidence),
        (1, V::VidScopeViolation),
        (1, V::VidEnrollmentRequired),
    ])
}

fn start() -> BoxedStrategy<Call> {
    let bounds =
        (edge(5, &[4, 20, 21, 0]), edge(60_000, &[0, 59_999, 300_000, 300_001]), edge(2, &[1, 3, 5, 6]));
    // Mostly two that fit together.
    let pair = prop_oneof![
        2 => Just(("onb_a".into(), "ann_phone".into())),
        1 => Just(("onb_free".into(), "ann_tablet".into())),
        1 => Just(("onb_phone".into(), "ann_tablet".into())),
        2 => (onboarding_id(), device_id()),
    ];
    (pair, edge(true, &[false]), bounds)
        .prop_map(|((onboarding_session_id, device_id), consent_asserted, bounds)| {
            Call::VoiceStart(VidEnrollStartDraftRow {
                onboarding_session_id,
                device_id,
                consent_asserted,
                max_total_attempts: bounds.0,
                max_session_enroll_time_ms: bounds.1,
                lock_after_consecutive_passes: bounds.2,
            })
        })
        .boxed()
}

fn sample(outlook: Outlook) -> BoxedStrategy<Call> {
    let passes = outlook.passes();
    // Sometimes a reason that does not fit the result.
    let verdict = prop_oneof![
        4 * passes => Just((VoiceSampleResult::Pass, V::VidEnrollSampleCommit)),
        1 => reason_code().prop_map(|code| (VoiceSampleResult::Pass, code)),
        1 => Just((VoiceSampleResult::Fail, V::VidEnrollSampleCommit)),
        4 * (10 - passes) => reason_code().prop_map(|code| (VoiceSampleResult::Fail, code)),
    ];
    let audio = text(&[(3, "audio_1"), (1, "audio_2")], 256);
    let index = weighted(&[(10, 1), (10, 2), (10, 3), (5, 4), (1, 0), (1, u16::MAX)]);
    (session_id(), audio, index, verdict, idempotency_key(4))
        .prop_map(|(voice_enrollment_session_id, audio, attempt_index, verdict, idempotency_key)| {
            Call::VoiceSample(VidEnrollSampleCommitRow {
                voice_enrollment_session_id,
                audio_sample_ref: AudioSampleRef::new(audio),
                attempt_index,
                result: verdict.0,
                reason_code: verdict.1,
                idempotency_key,
            })
        })
        .boxed()
}

fn complete() -> BoxedStrategy<Call> {
    (session_id(), idempotency_key(4))
        .prop_map(|(voice_enrollment_session_id, idempotency_key)| {
            Call::VoiceComplete(VidEnrollCompleteCommitRow { voice_enrollment_session_id, idempotency_key })
        })
        .boxed()
}

fn defer() -> BoxedStrategy<Call> {
    (session_id(), reason_code(), idempotency_key(4))
        .prop_map(|(voice_enrollment_session_id, reason_code, idempotency_key)| {
            Call::VoiceDefer(VidEnrollDeferReminderCommitRow {
                voice_enrollment_session_id,
                reason_code,
                idempotency_key,
            })
        })
        .boxed()
}
