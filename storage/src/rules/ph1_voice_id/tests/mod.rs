//! The rules of PH1.VOICE.ID, every branch: what decides, what is refused first, and where counters and times
//! end.

mod enroll;
pub(crate) mod machine;
mod sample;

use selene_contracts::ph1_voice_id::{Ph1VoiceIdReasonCode, VoiceEnrollStatus, VoiceEnrollmentSessionRecord};
use selene_contracts::shared::MonotonicTimeNs;
use selene_contracts::{ReasonCode, StorageError};

use crate::rules::enrollment::Enrollment as _;
use crate::rules::enrollment::EnrollmentFacts;
use crate::rules::enrollment::moves::check_moves;
use crate::rules::onboarding::OnboardingStanding;
use crate::rules::test_calls::{admit, decide, onboarding, phone};
use crate::rules::{Decision, WriteRule};

/// The code of an enrollment, a row or a device that is unknown or of another user or tenant.
const SCOPE: Ph1VoiceIdReasonCode = Ph1VoiceIdReasonCode::VidScopeViolation;
/// A value, the consent or the state does not allow the call.
const CONTRACT: Ph1VoiceIdReasonCode = Ph1VoiceIdReasonCode::VidContractValidationFailed;

/// The code and the field with which a call is refused.
fn refusal<C: WriteRule>(now: u64, input: C, facts: C::Facts) -> (ReasonCode, &'static str)
where
    C::Change: std::fmt::Debug,
{
    let error = decide(now, input, facts).unwrap_err();
    let field = match &error {
        StorageError::ContractViolation { violations, .. } => violations[0].field,
        StorageError::ForeignKey { field, .. }
        | StorageError::ScopeViolation { field, .. }
        | StorageError::NotFound { field, .. } => field,
        other => panic!("{other}"),
    };
    (error.reason_code(), field)
}

/// An enrollment that started at 1000 and last changed at 2000.
fn session(status: VoiceEnrollStatus, passes: u8, attempts: u8) -> VoiceEnrollmentSessionRecord {
    VoiceEnrollmentSessionRecord {
        voice_enrollment_session_id: "ves_1".into(),
        onboarding_session_id: "onb".into(),
        device_id: "phone".into(),
        voice_profile_id: None,
        voice_enroll_status: status,
        lock_after_consecutive_passes: 2,
        consecutive_passes: passes,
        attempt_count: attempts,
        max_total_attempts: 5,
        max_session_enroll_time_ms: 60_000,
        reason_code: None,
        deferred_until: None,
        created_at: MonotonicTimeNs::new(1_000),
        updated_at: MonotonicTimeNs::new(2_000),
    }
}

fn facts(session: VoiceEnrollmentSessionRecord) -> EnrollmentFacts<VoiceEnrollmentSessionRecord> {
    EnrollmentFacts {
        session: Some(session),
        device: Some(phone("ann", None)),
        onboarding: Some(onboarding(Some("acme"), None)),
    }
}

/// The same of an enrollment whose onboarding was declined.
fn declined(session: VoiceEnrollmentSessionRecord) -> EnrollmentFacts<VoiceEnrollmentSessionRecord> {
    let onboarding = OnboardingStanding { is_declined: true, ..onboarding(Some("acme"), None) };
    EnrollmentFacts { onboarding: Some(onboarding), ..facts(session) }
}

const NOBODY: EnrollmentFacts<VoiceEnrollmentSessionRecord> =
    EnrollmentFacts { session: None, device: None, onboarding: None };

#[test]
fn the_table_of_moves_answers_every_call_in_every_status() {
    check_moves(VoiceEnrollmentSessionRecord::MOVES, VoiceEnrollStatus::ALL);
}
