//! The moves of a voice enrollment, as a table to be compared with section 5 of `specs/db_wiring/PH1_VOICE_ID.md`.
//!
//! `ph1_w/moves.rs` is alike by nature: both implement [`Enrollment`] for the record of their page.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as Code, VoiceEnrollStatus as Status, VoiceEnrollmentSessionRecord,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, OnboardingSessionId};

use crate::rules::enrollment::Enrollment;
use crate::rules::enrollment::moves::{Line, On, Reason, To, When};

/// The status of a new enrollment.
pub(super) const START: Status = Status::InProgress;

const GOING: &[Status] = &[Status::InProgress];
const HALTED: &[Status] = &[Status::Locked, Status::Pending, Status::Declined];
const LOCKED: &[Status] = &[Status::Locked];
const UNLOCKED: &[Status] = &[Status::InProgress, Status::Pending, Status::Declined];
const OPEN: &[Status] = &[Status::InProgress, Status::Pending];
const ENDED: &[Status] = &[Status::Locked, Status::Declined];

/// The code of a status that refuses the call.
const WRONG_STATUS: Code = Code::VidContractValidationFailed;

/// Only a FAIL gives a reason. No line makes an enrollment DECLINED.
#[rustfmt::skip]
const MOVES: [Line<Status, Code>; 9] = [
    Line::new(On::Sample,   GOING,    When::Reached, To::Become(Status::Locked, Reason::Cleared)),
    Line::new(On::Sample,   GOING,    When::Late,    To::Become(Status::Pending, Reason::GivenOr(Code::VidEnrollTimeout))),
    Line::new(On::Sample,   GOING,    When::UsedUp,  To::Become(Status::Pending, Reason::GivenOr(Code::VidEnrollMaxAttempts))),
    Line::new(On::Sample,   GOING,    When::Always,  To::Become(Status::InProgress, Reason::Given)),
    Line::new(On::Sample,   HALTED,   When::Always,  To::Refuse(WRONG_STATUS, "must be IN_PROGRESS")),
    Line::new(On::Complete, LOCKED,   When::Always,  To::Stay),
    Line::new(On::Complete, UNLOCKED, When::Always,  To::Refuse(WRONG_STATUS, "must be LOCKED")),
    Line::new(On::Defer,    OPEN,     When::Always,  To::Become(Status::Pending, Reason::Given)),
    Line::new(On::Defer,    ENDED,    When::Always,  To::Refuse(WRONG_STATUS, "must be IN_PROGRESS or PENDING")),
];

impl Enrollment for VoiceEnrollmentSessionRecord {
    type Status = Status;
    type Code = Code;
    const MOVES: &'static [Line<Status, Code>] = &MOVES;
    const STATUS: &'static str = "voice_enroll_status";
    const REASON: &'static str = "sample_reason_code";
    const TIME_INVALID: Code = Code::VidContractValidationFailed;
    const ONBOARDING_DECLINED: Code = Code::VidContractValidationFailed;
    const COUNTER_EXHAUSTED: Code = Code::VidContractValidationFailed;

    fn status(&self) -> Status {
        self.voice_enroll_status
    }

    fn reason(&self) -> Option<Code> {
        self.reason_code
    }

    fn times(&self) -> (MonotonicTimeNs, MonotonicTimeNs) {
        (self.created_at, self.updated_at)
    }

    fn limit_ms(&self) -> u32 {
        self.max_session_enroll_time_ms
    }

    fn device_id(&self) -> &DeviceId {
        &self.device_id
    }

    fn onboarding_session_id(&self) -> Option<&OnboardingSessionId> {
        Some(&self.onboarding_session_id)
    }

    fn payload(&self) -> [(&'static str, &str); 4] {
        [
            ("voice_enrollment_session_id", self.voice_enrollment_session_id.as_str()),
            ("onboarding_session_id", self.onboarding_session_id.as_str()),
            ("device_id", self.device_id.as_str()),
            (Self::STATUS, self.voice_enroll_status.as_str()),
        ]
    }

    fn moved(self, status: Status, reason: Option<Code>, now: MonotonicTimeNs) -> Self {
        Self { voice_enroll_status: status, reason_code: reason, updated_at: now, ..self }
    }
}
