//! The moves of a voice enrollment, as a table to be held against the page.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as Code, VoiceEnrollStatus as Status, VoiceEnrollmentSessionRecord,
};
use selene_contracts::shared::MonotonicTimeNs;

use crate::rules::enrollment::{Enrollment, Line, On, Reason, To, When};

/// Where an enrollment begins.
pub(super) const START: Status = Status::InProgress;

const GOING: &[Status] = &[Status::InProgress];
const HALTED: &[Status] = &[Status::Locked, Status::Pending, Status::Declined];
const LOCKED: &[Status] = &[Status::Locked];
const UNLOCKED: &[Status] = &[Status::InProgress, Status::Pending, Status::Declined];
const OPEN: &[Status] = &[Status::InProgress, Status::Pending];
const ENDED: &[Status] = &[Status::Locked, Status::Declined];

/// The code of a wrong state.
const WRONG: Code = Code::VidContractValidationFailed;

/// Only a FAIL gives a reason. No line leads to DECLINED.
#[rustfmt::skip]
const MOVES: [Line<Status, Code>; 9] = [
    Line::new(On::Sample,   GOING,    When::Reached, To::Become(Status::Locked, Reason::Cleared)),
    Line::new(On::Sample,   GOING,    When::Late,    To::Become(Status::Pending, Reason::GivenOr(Code::VidEnrollTimeout))),
    Line::new(On::Sample,   GOING,    When::UsedUp,  To::Become(Status::Pending, Reason::GivenOr(Code::VidEnrollMaxAttempts))),
    Line::new(On::Sample,   GOING,    When::Always,  To::Become(Status::InProgress, Reason::Given)),
    Line::new(On::Sample,   HALTED,   When::Always,  To::Refuse(WRONG, "must be IN_PROGRESS")),
    Line::new(On::Complete, LOCKED,   When::Always,  To::Stay),
    Line::new(On::Complete, UNLOCKED, When::Always,  To::Refuse(WRONG, "must be LOCKED")),
    Line::new(On::Defer,    OPEN,     When::Always,  To::Become(Status::Pending, Reason::Given)),
    Line::new(On::Defer,    ENDED,    When::Always,  To::Refuse(WRONG, "must be IN_PROGRESS or PENDING")),
];

impl Enrollment for VoiceEnrollmentSessionRecord {
    type Status = Status;
    type Code = Code;
    const MOVES: &'static [Line<Status, Code>] = &MOVES;
    const TABLE: &'static str = "voice_enrollment_sessions";
    const KEY: &'static str = "voice_enrollment_session_id";
    const STATUS: &'static str = "voice_enroll_status";
    const TIME_INVALID: Code = Code::VidContractValidationFailed;
    const ONBOARDING_DECLINED: Code = Code::VidContractValidationFailed;

    fn status(&self) -> Status {
        self.voice_enroll_status
    }

    fn reason(&self) -> Option<Code> {
        self.reason_code
    }

    fn times(&self) -> (MonotonicTimeNs, MonotonicTimeNs) {
        (self.created_at, self.updated_at)
    }

    fn moved(self, status: Status, reason: Option<Code>, now: MonotonicTimeNs) -> Self {
        Self { voice_enroll_status: status, reason_code: reason, updated_at: now, ..self }
    }
}
