//! The rules of PH1.W, every branch: what decides, what is refused first, and where counters and times end.

mod enroll;
pub(crate) mod machine;
mod runtime;
mod sample;

use selene_contracts::ReasonCode;
use selene_contracts::ph1_w::{Ph1WReasonCode, WakeEnrollStatus, WakeEnrollmentSessionRecord};
use selene_contracts::shared::MonotonicTimeNs;

use crate::rules::enrollment::Enrollment as _;
use crate::rules::enrollment::EnrollmentFacts;
use crate::rules::enrollment::moves::check_moves;
use crate::rules::onboarding::OnboardingStanding;
use crate::rules::test_calls::{admit, decide, onboarding, phone};
use crate::rules::{Decision, WriteRule};

/// The code with which a call is refused.
fn refusal<C: WriteRule>(now: u64, input: C, facts: C::Facts) -> ReasonCode
where
    C::Change: std::fmt::Debug,
{
    decide(now, input, facts).unwrap_err().reason_code()
}

/// An enrollment of Ann that started at 1000 and last changed at 2000.
fn session(status: WakeEnrollStatus, pass_count: u8, attempt_count: u32) -> WakeEnrollmentSessionRecord {
    let is_complete = status == WakeEnrollStatus::Complete;
    WakeEnrollmentSessionRecord {
        wake_enrollment_session_id: "wes_1".into(),
        user_id: "ann".into(),
        device_id: "phone".into(),
        onboarding_session_id: None,
        wake_profile_id: None,
        wake_enroll_status: status,
        pass_target: 3,
        pass_count,
        attempt_count,
        max_attempts: 8,
        enrollment_timeout_ms: 180_000,
        reason_code: None,
        created_at: MonotonicTimeNs::new(1_000),
        updated_at: MonotonicTimeNs::new(2_000),
        completed_at: is_complete.then_some(MonotonicTimeNs::new(2_000)),
        deferred_until: None,
    }
}

fn facts(session: WakeEnrollmentSessionRecord) -> EnrollmentFacts<WakeEnrollmentSessionRecord> {
    EnrollmentFacts { session: Some(session), device: Some(phone("ann", Some("acme"))), onboarding: None }
}

/// The same of an enrollment whose onboarding was declined.
fn declined(session: WakeEnrollmentSessionRecord) -> EnrollmentFacts<WakeEnrollmentSessionRecord> {
    let onboarding = OnboardingStanding { is_declined: true, ..onboarding(Some("acme"), None) };
    EnrollmentFacts { onboarding: Some(onboarding), ..facts(session) }
}

const NOBODY: EnrollmentFacts<WakeEnrollmentSessionRecord> =
    EnrollmentFacts { session: None, device: None, onboarding: None };

#[test]
fn the_table_of_moves_answers_every_call_in_every_status() {
    check_moves(WakeEnrollmentSessionRecord::MOVES, WakeEnrollStatus::ALL);
}

fn code(code: Ph1WReasonCode) -> ReasonCode {
    code.into()
}
