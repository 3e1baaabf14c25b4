//! Voice samples: each one is counted, and moves its enrollment.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode, VidEnrollSampleCommitRow, VoiceEnrollmentSampleRecord,
    VoiceEnrollmentSessionRecord, VoiceSampleResult,
};
use selene_contracts::shared::{AuditEventId, EvidenceRef, MonotonicTimeNs};
use selene_contracts::{Admitted, StorageError};

use super::enroll::event;
use crate::rules::enrollment::{Enrollment as _, EnrollmentFacts, On, When, is_late};
use crate::rules::{Decision, WriteRule, refuse};

/// A sample, and its enrollment after it.
#[derive(Debug, Clone)]
pub struct SampleChange {
    pub(crate) sample: VoiceEnrollmentSampleRecord,
    pub(crate) session: VoiceEnrollmentSessionRecord,
}

impl WriteRule for VidEnrollSampleCommitRow {
    type Facts = EnrollmentFacts<VoiceEnrollmentSessionRecord>;
    type Change = SampleChange;

    /// The reason fits the result.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        check_reason(input)
    }

    /// Checks in this order: the enrollment exists; its onboarding was not declined; it is in progress; time does not go
    /// back; the counters have room.
    fn decide(
        call: &Admitted<Self>,
        facts: Self::Facts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let (before, subject) = facts.found::<Self>()?;
        let session = after(input, &before, now)?;
        let sample = VoiceEnrollmentSampleRecord {
            voice_enrollment_session_id: input.voice_enrollment_session_id.clone(),
            // Every attempt is a sample, so the count of attempts is its place.
            sample_seq: u32::from(session.attempt_count),
            attempt_index: input.attempt_index,
            audio_sample_ref: input.audio_sample_ref.clone(),
            result: input.result,
            reason_code: Some(input.reason_code),
            created_at: now,
        };
        let mut event = event(
            call,
            &session,
            &subject,
            [
                ("attempt_index", Some(input.attempt_index.to_string().as_str())),
                ("sample_result", Some(input.result.as_str())),
                ("sample_reason_code", Some(input.reason_code.as_str())),
            ],
        )?;
        event.evidence_ref = Some(EvidenceRef::new(input.audio_sample_ref.as_str()));
        Ok(Decision { change: SampleChange { sample, session: session.clone() }, event, output: session })
    }
}

/// A PASS has nothing to say but that the sample is committed; a FAIL must say what failed.
fn check_reason(input: &VidEnrollSampleCommitRow) -> Result<(), StorageError> {
    let is_of_a_pass = input.reason_code == Ph1VoiceIdReasonCode::VidEnrollSampleCommit;
    let refused = refuse::rule::<VidEnrollSampleCommitRow>;
    match (input.result, is_of_a_pass) {
        (VoiceSampleResult::Pass, true) | (VoiceSampleResult::Fail, false) => Ok(()),
        (VoiceSampleResult::Pass, false) => {
            Err(refused("reason_code", "must be VID_ENROLL_SAMPLE_COMMIT for a PASS"))
        }
        (VoiceSampleResult::Fail, true) => {
            Err(refused("reason_code", "must say what failed, not VID_ENROLL_SAMPLE_COMMIT"))
        }
    }
}

/// The enrollment after a sample.
fn after(
    input: &VidEnrollSampleCommitRow,
    before: &VoiceEnrollmentSessionRecord,
    now: MonotonicTimeNs,
) -> Result<VoiceEnrollmentSessionRecord, StorageError> {
    before.check_status::<VidEnrollSampleCommitRow>(On::Sample)?;
    before.check_time::<VidEnrollSampleCommitRow>(now)?;
    let exhausted = |field| refuse::rule::<VidEnrollSampleCommitRow>(field, "has reached its end");
    let (consecutive_passes, given) = match input.result {
        VoiceSampleResult::Pass => {
            let passes = before.consecutive_passes.checked_add(1);
            (passes.ok_or_else(|| exhausted("consecutive_passes"))?, None)
        }
        VoiceSampleResult::Fail => (0, Some(input.reason_code)),
    };
    let attempt_count = before.attempt_count.checked_add(1).ok_or_else(|| exhausted("attempt_count"))?;
    // There is one enrollment for an onboarding session on a device, so nobody else is ever in the way.
    let holds = [
        (When::Reached, consecutive_passes >= before.lock_after_consecutive_passes),
        (When::Late, is_late(before.created_at, now, before.max_session_enroll_time_ms)),
        (When::UsedUp, attempt_count >= before.max_total_attempts),
    ];
    let after = before.after::<VidEnrollSampleCommitRow>(On::Sample, given, &holds, now)?;
    Ok(VoiceEnrollmentSessionRecord { consecutive_passes, attempt_count, ..after })
}
