//! Random calls of PH1.W.

use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use selene_contracts::ph1_w::{
    Ph1WReasonCode as W, Ph1wAppendOnlyGuards, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wReadActiveWakeProfile,
    Ph1wReadEnrollmentSampleRows, Ph1wReadEnrollmentSessionRow, Ph1wReadRuntimeEventRows,
    Ph1wRuntimeEventCommitRow, WakeEnrollmentSessionId, WakeEventId, WakeProfileId, WakeSampleResult,
};
use selene_contracts::shared::{MonotonicTimeNs, SessionId};
use selene_storage::test_support::{Verdict, wake_event, with_verdict};

use super::draw::{device_id, edge, idempotency_key, onboarding_id, real, text, user_id, weighted};
use super::enrolling::Outlook;
use crate::model::calls::Call;

pub(super) fn write(outlook: Outlook) -> BoxedStrategy<Call> {
    prop_oneof![
        6 => start(),
        40 => sample(outlook),
        10 => complete(outlook),
        4 => defer(),
        12 => runtime(),
    ]
    .boxed()
}

pub(super) fn read() -> BoxedStrategy<Call> {
    prop_oneof![
        2 => session_id().prop_map(|wake_enrollment_session_id| {
            Call::WakeReadSession(Ph1wReadEnrollmentSessionRow { wake_enrollment_session_id })
        }),
        2 => session_id().prop_map(|wake_enrollment_session_id| {
            Call::WakeReadSamples(Ph1wReadEnrollmentSampleRows { wake_enrollment_session_id })
        }),
        1 => Just(Call::WakeReadRuntime(Ph1wReadRuntimeEventRows {})),
        2 => (user_id(), device_id()).prop_map(|(user_id, device_id)| {
            Call::WakeReadActive(Ph1wReadActiveWakeProfile { user_id, device_id })
        }),
        2 => (session_id(), edge(1, &[0, 2, u32::MAX])).prop_map(|(wake_enrollment_session_id, sample_seq)| {
            Call::WakeGuard(Ph1wAppendOnlyGuards::WakeEnrollmentSessionIdAndSampleSeq {
                wake_enrollment_session_id,
                sample_seq,
            })
        }),
        2 => event_id().prop_map(|wake_event_id| {
            Call::WakeGuard(Ph1wAppendOnlyGuards::WakeEventId { wake_event_id })
        }),
    ]
    .boxed()
}

fn session_id() -> BoxedStrategy<WakeEnrollmentSessionId> {
    session_id_of(Outlook::Mixed)
}

fn session_id_of(outlook: Outlook) -> BoxedStrategy<WakeEnrollmentSessionId> {
    // The first one is over soon where samples pass.
    let first = if outlook == Outlook::Passing { 7 } else { 14 };
    text(&[(first, "wake-1"), (7, "wake-2"), (3, "wake-3"), (1, "wake-9")], 64)
        .prop_map(WakeEnrollmentSessionId::new)
        .boxed()
}

fn event_id() -> BoxedStrategy<WakeEventId> {
    let choices = [(2, "event_1"), (2, "event_2"), (2, "event_3"), (2, "event_4"), (2, "event_5")];
    text(&choices, 128).prop_map(WakeEventId::new).boxed()
}

fn profile_id() -> BoxedStrategy<WakeProfileId> {
    text(&[(3, "profile_x"), (1, "profile_y")], 128).prop_map(WakeProfileId::new).boxed()
}

fn reason_code() -> BoxedStrategy<W> {
    weighted(&[
        (4, W::FailG3ScoreLow),
        (2, W::FailG0DeviceUnhealthy),
        (1, W::FailG3aReplaySuspected),
        (1, W::WEnrollTimeout),
        (1, W::WScopeViolation),
    ])
}

fn result(outlook: Outlook) -> BoxedStrategy<WakeSampleResult> {
    let passes = outlook.passes();
    weighted(&[(passes, WakeSampleResult::Pass), (10 - passes, WakeSampleResult::Fail)])
}

fn start() -> BoxedStrategy<Call> {
    let onboarding = prop_oneof![2 => Just(None), 1 => onboarding_id().prop_map(Some)];
    let bounds = (
        edge(3, &[2, 4, 8, 9]),
        edge(8, &[7, 20, 21]),
        edge(180_000, &[0, 179_999, 600_000, 600_001, u32::MAX]),
    );
    // Mostly a person on a device of theirs.
    let pair = prop_oneof![
        4 => Just(("ann".into(), "ann_phone".into())),
        1 => Just(("bob".into(), "bob_phone".into())),
        2 => (user_id(), device_id()),
    ];
    (pair, onboarding, bounds, idempotency_key(4))
        .prop_map(|((user_id, device_id), onboarding_session_id, bounds, idempotency_key)| {
            Call::WakeStart(Ph1wEnrollStartDraftRow {
                user_id,
                device_id,
                onboarding_session_id,
                pass_target: bounds.0,
                max_attempts: bounds.1,
                enrollment_timeout_ms: bounds.2,
                idempotency_key,
            })
        })
        .boxed()
}

fn share(usual: f32) -> BoxedStrategy<f32> {
    prop_oneof![
        60 => Just(usual),
        4 => weighted(&[(1, 0.0), (1, 1.0), (1, -f32::MIN_POSITIVE), (1, 1.0 + f32::EPSILON)]),
        1 => real(usual),
    ]
    .boxed()
}

fn sample(outlook: Outlook) -> BoxedStrategy<Call> {
    let quality = (
        edge(1_200, &[499, 500, 2_200, 2_201]),
        share(0.9),
        real(21.5),
        share(0.01),
        real(-23.0),
        real(-60.25),
        real(-3.0),
        share(0.1),
    );
    // A PASS rarely has a reason: that of a gate does not fit it.
    let verdict = result(outlook).prop_flat_map(|result| {
        let without = if result == WakeSampleResult::Pass { 20 } else { 2 };
        let reason = prop_oneof![without => Just(None), 1 => reason_code().prop_map(Some)];
        (Just(result), reason)
    });
    (session_id_of(outlook), quality, verdict, idempotency_key(16))
        .prop_map(|(wake_enrollment_session_id, quality, (result, reason_code), idempotency_key)| {
            let (sample_duration_ms, vad_coverage, snr_db, clipping_pct, rms, noise_floor, peak, overlap) =
                quality;
            Call::WakeSample(Ph1wEnrollSampleCommitRow {
                wake_enrollment_session_id,
                sample_duration_ms,
                vad_coverage,
                snr_db,
                clipping_pct,
                rms_dbfs: rms,
                noise_floor_dbfs: noise_floor,
                peak_dbfs: peak,
                overlap_ratio: overlap,
                result,
                reason_code,
                idempotency_key,
            })
        })
        .boxed()
}

fn complete(outlook: Outlook) -> BoxedStrategy<Call> {
    (session_id_of(outlook), profile_id(), idempotency_key(3))
        .prop_map(|(wake_enrollment_session_id, wake_profile_id, idempotency_key)| {
            Call::WakeComplete(Ph1wEnrollCompleteCommitRow {
                wake_enrollment_session_id,
                wake_profile_id,
                idempotency_key,
            })
        })
        .boxed()
}

fn defer() -> BoxedStrategy<Call> {
    let until = weighted(&[(2, None), (2, Some(5)), (1, Some(u64::MAX))]);
    (session_id(), until, reason_code(), idempotency_key(4))
        .prop_map(|(wake_enrollment_session_id, until, reason_code, idempotency_key)| {
            Call::WakeDefer(Ph1wEnrollDeferReminderCommitRow {
                wake_enrollment_session_id,
                deferred_until: until.map(MonotonicTimeNs::new),
                reason_code,
                idempotency_key,
            })
        })
        .boxed()
}

/// Whether a wake event was accepted, and its two reasons: mostly what fits, sometimes anything.
fn verdict() -> BoxedStrategy<Verdict> {
    let suppression = || {
        weighted(&[
            (3, W::SuppressCooldown),
            (1, W::SuppressPolicySuspended),
            (1, W::SuppressEchoMedia),
            (1, W::WEnrollTimeout),
        ])
    };
    let anything = prop_oneof![Just(W::WakeRuntimeEventCommit), Just(W::SuppressCooldown), reason_code()];
    prop_oneof![
        4 => Just((true, W::WakeRuntimeEventCommit, None)),
        4 => reason_code().prop_map(|reason| (false, reason, None)),
        3 => suppression().prop_map(|reason| (false, reason, Some(reason))),
        2 => (reason_code(), suppression()).prop_map(|(reason, other)| (false, reason, Some(other))),
        2 => (any::<bool>(), anything, proptest::option::of(suppression())),
    ]
    .boxed()
}

fn runtime() -> BoxedStrategy<Call> {
    let whom = prop_oneof![
        4 => Just((Some(1), Some("ann".into()), "ann_phone".into())),
        1 => Just((Some(2), None, "bob_phone".into())),
        3 => (
            weighted(&[(3, None), (2, Some(1)), (1, Some(2)), (1, Some(3)), (1, Some(u64::MAX))]),
            prop_oneof![1 => Just(None), 3 => user_id().prop_map(Some)],
            device_id(),
        ),
    ];
    let profile = prop_oneof![Just(None), profile_id().prop_map(Some)];
    (event_id(), whom, any::<[bool; 2]>(), verdict(), profile, idempotency_key(6))
        .prop_map(|(wake_event_id, whom, flags, verdict, wake_profile_id, idempotency_key)| {
            let (session_id, user_id, device_id) = whom;
            let event = Ph1wRuntimeEventCommitRow {
                wake_event_id,
                session_id: session_id.map(SessionId::new),
                user_id,
                device_id,
                wake_profile_id,
                tts_active_at_trigger: flags[0],
                media_playback_active_at_trigger: flags[1],
                idempotency_key,
                ..wake_event("", "", "")
            };
            Call::WakeRuntime(with_verdict(event, verdict))
        })
        .boxed()
}
