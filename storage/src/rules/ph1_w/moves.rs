//! The moves of a wake enrollment, as a table to be compared with section 5 of `specs/db_wiring/PH1_W.md`.
//!
//! `ph1_voice_id/moves.rs` is alike by nature: both implement [`Enrollment`] for the record of their page.

use selene_contracts::ph1_w::{
    Ph1WReasonCode as Code, WakeEnrollStatus as Status, WakeEnrollmentSessionRecord,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, OnboardingSessionId};

use crate::rules::enrollment::Enrollment;
use crate::rules::enrollment::moves::{Line, On, Reason, To, When};

/// The status of a new enrollment.
pub(super) const START: Status = Status::InProgress;

const OPEN: &[Status] = &[Status::InProgress, Status::Pending];
const ENDED: &[Status] = &[Status::Complete, Status::Declined];
const DONE: &[Status] = &[Status::Complete];
const UNDONE: &[Status] = &[Status::InProgress, Status::Pending, Status::Declined];

/// While another enrollment of the user on the device is in progress, a PENDING one stays PENDING. No line makes one DECLINED.
#[rustfmt::skip]
const MOVES: [Line<Status, Code>; 11] = [
    Line::new(On::Sample,   OPEN,   When::Reached, To::Become(Status::Complete, Reason::Cleared)),
    Line::new(On::Sample,   OPEN,   When::Late,    To::Become(Status::Pending, Reason::GivenOr(Code::WEnrollTimeout))),
    Line::new(On::Sample,   OPEN,   When::UsedUp,  To::Become(Status::Pending, Reason::GivenOr(Code::WEnrollMaxAttempts))),
    Line::new(On::Sample,   OPEN,   When::Taken,   To::Become(Status::Pending, Reason::Before)),
    Line::new(On::Sample,   OPEN,   When::Always,  To::Become(Status::InProgress, Reason::Before)),
    Line::new(On::Sample,   ENDED,  When::Always,  To::Refuse(Code::WEnrollSampleSessionClosed, "is an end")),
    Line::new(On::Complete, DONE,   When::Reached, To::Stay),
    Line::new(On::Complete, DONE,   When::Always,  To::Refuse(Code::WEnrollPassTargetNotMet, "is COMPLETE without its passes")),
    Line::new(On::Complete, UNDONE, When::Always,  To::Refuse(Code::WEnrollPassTargetNotMet, "must be COMPLETE")),
    Line::new(On::Defer,    OPEN,   When::Always,  To::Become(Status::Pending, Reason::Given)),
    Line::new(On::Defer,    ENDED,  When::Always,  To::Refuse(Code::WEnrollDeferSessionClosed, "is an end")),
];

impl Enrollment for WakeEnrollmentSessionRecord {
    type Status = Status;
    type Code = Code;
    const MOVES: &'static [Line<Status, Code>] = &MOVES;
    const STATUS: &'static str = "wake_enroll_status";
    const REASON: &'static str = "gate_reason_code";
    const TIME_INVALID: Code = Code::WEnrollTimeInvalid;
    const ONBOARDING_DECLINED: Code = Code::WOnboardingDeclined;
    const COUNTER_EXHAUSTED: Code = Code::WCounterExhausted;

    fn status(&self) -> Status {
        self.wake_enroll_status
    }

    fn reason(&self) -> Option<Code> {
        self.reason_code
    }

    fn times(&self) -> (MonotonicTimeNs, MonotonicTimeNs) {
        (self.created_at, self.updated_at)
    }

    fn limit_ms(&self) -> u32 {
        self.enrollment_timeout_ms
    }

    fn device_id(&self) -> &DeviceId {
        &self.device_id
    }

    fn onboarding_session_id(&self) -> Option<&OnboardingSessionId> {
        self.onboarding_session_id.as_ref()
    }

    fn payload(&self) -> [(&'static str, &str); 4] {
        [
            ("wake_enrollment_session_id", self.wake_enrollment_session_id.as_str()),
            ("user_id", self.user_id.as_str()),
            ("device_id", self.device_id.as_str()),
            (Self::STATUS, self.wake_enroll_status.as_str()),
        ]
    }

    fn moved(self, status: Status, reason: Option<Code>, now: MonotonicTimeNs) -> Self {
        Self { wake_enroll_status: status, reason_code: reason, updated_at: now, ..self }
    }
}
