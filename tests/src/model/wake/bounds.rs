//! The bounds of PH1.W, field by field in the order of the input.

use crate::model::admission::{Admission, text};
use selene_contracts::ReasonCode;
use selene_contracts::ph1_w::{
    Ph1WReasonCode as W, Ph1wAppendOnlyGuards, Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow,
    WakeSampleResult,
};

/// The name of the engine in its events.
pub(super) const ENGINE: &str = "PH1.W";

/// Bounds that all have the engine's common code.
pub(super) fn admission(fields: &[bool]) -> Admission {
    Admission::of(W::WContractValidationFailed, fields)
}

pub(super) fn start_admission(input: &Ph1wEnrollStartDraftRow) -> Admission {
    let contract: ReasonCode = W::WContractValidationFailed.into();
    let bounds: ReasonCode = W::WEnrollInvalidBounds.into();
    let fields = [
        (text(input.user_id.as_str(), 128), contract),
        (text(input.device_id.as_str(), 128), contract),
        (input.onboarding_session_id.as_ref().is_none_or(|id| text(id.as_str(), 64)), contract),
        ((3..=8).contains(&input.pass_target), bounds),
        ((8..=20).contains(&input.max_attempts), bounds),
        ((180_000..=600_000).contains(&input.enrollment_timeout_ms), bounds),
        (text(input.idempotency_key.as_str(), 128), contract),
    ];
    Admission::new(contract, &fields)
}

pub(super) fn sample_admission(input: &Ph1wEnrollSampleCommitRow) -> Admission {
    let share = |value: f32| (0.0..=1.0).contains(&value);
    let quality = [
        (500..=2_200).contains(&input.sample_duration_ms),
        share(input.vad_coverage),
        input.snr_db.is_finite(),
        share(input.clipping_pct),
        input.rms_dbfs.is_finite(),
        input.noise_floor_dbfs.is_finite(),
        input.peak_dbfs.is_finite(),
        share(input.overlap_ratio),
    ];
    let contract: ReasonCode = W::WContractValidationFailed.into();
    let mut fields = vec![(text(input.wake_enrollment_session_id.as_str(), 64), contract)];
    fields.extend(quality.map(|is_fine| (is_fine, W::WEnrollSampleInvalid.into())));
    fields.push((text(input.idempotency_key.as_str(), 128), contract));
    let fits = match input.result {
        WakeSampleResult::Pass => input.reason_code.is_none_or(is_outcome),
        WakeSampleResult::Fail => input.reason_code.is_none_or(|code| is_outcome(code) || is_gate(code)),
    };
    Admission::new(contract, &fields).and(fits, contract)
}

/// What a sample or a deferral came to.
pub(super) fn is_outcome(code: W) -> bool {
    [W::WEnrollTimeout, W::WEnrollMaxAttempts].contains(&code)
}

/// A gate that a wake word failed.
pub(super) fn is_gate(code: W) -> bool {
    [
        W::FailG0DeviceUnhealthy,
        W::FailG1Noise,
        W::FailG2NotWakeLike,
        W::FailG3ScoreLow,
        W::FailG3aReplaySuspected,
        W::FailG4UserMismatch,
        W::FailG5PolicyBlocked,
    ]
    .contains(&code)
}

pub(super) fn guard_admission(guard: &Ph1wAppendOnlyGuards) -> Admission {
    match guard {
        Ph1wAppendOnlyGuards::WakeEnrollmentSessionIdAndSampleSeq {
            wake_enrollment_session_id: id,
            sample_seq,
        } => {
            let contract: ReasonCode = W::WContractValidationFailed.into();
            let place = (*sample_seq >= 1, W::WEnrollSampleInvalid.into());
            Admission::new(contract, &[(text(id.as_str(), 64), contract), place])
        }
        Ph1wAppendOnlyGuards::WakeEventId { wake_event_id } => {
            admission(&[text(wake_event_id.as_str(), 128)])
        }
    }
}
