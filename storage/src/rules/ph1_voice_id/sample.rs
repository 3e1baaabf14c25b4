//! Voice samples: each one is counted, and moves its enrollment.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode, VidEnrollSampleCommitRow, VoiceEnrollmentSampleRecord,
    VoiceEnrollmentSessionRecord, VoiceSampleResult,
};
use selene_contracts::shared::{EvidenceRef, MonotonicTimeNs};
use selene_contracts::{Admitted, StorageError};

use crate::change::{Insert, Update};
use crate::rules::enrollment::{Counted, Enrollment as _, EnrollmentFacts, counter, event};
use crate::rules::{Decision, WriteRule, refuse};

impl WriteRule for VidEnrollSampleCommitRow {
    type Facts = EnrollmentFacts<VoiceEnrollmentSessionRecord>;
    /// The sample, and its enrollment after it.
    type Change = (Insert<VoiceEnrollmentSampleRecord>, Update<VoiceEnrollmentSessionRecord>);

    /// The reason fits the result.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        check_reason(input)
    }

    /// Checks in this order: the enrollment exists; its onboarding was not declined; it is in progress; time does not go
    /// back; the counters have room.
    fn decide(call: &Admitted<Self>, facts: Self::Facts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let (before, subject) = facts.found::<Self>()?;
        let session = after(input, &before, now)?;
        // Every attempt is a sample, so its number is the count of attempts.
        let number = u32::from(session.attempt_count);
        let sample = VoiceEnrollmentSampleRecord::of_vid_enroll_sample_commit_row(input, number, now);
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
        Ok(Decision { change: (Insert(sample), Update(session.clone())), event, output: session })
    }
}

/// The reason code of a PASS is VID_ENROLL_SAMPLE_COMMIT, and that of a FAIL is another one, which names the failure.
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
    type Call = VidEnrollSampleCommitRow;
    type Record = VoiceEnrollmentSessionRecord;
    before.check_sample::<Call>(now)?;
    let (consecutive_passes, given) = match input.result {
        VoiceSampleResult::Pass => {
            let passes = before.consecutive_passes.checked_add(1);
            (counter::<Call, Record, _>(passes, "consecutive_passes")?, None)
        }
        VoiceSampleResult::Fail => (0, Some(input.reason_code)),
    };
    let attempt_count = counter::<Call, Record, _>(before.attempt_count.checked_add(1), "attempt_count")?;
    let counted = Counted {
        is_reached: consecutive_passes >= before.lock_after_consecutive_passes,
        is_used_up: attempt_count >= before.max_total_attempts,
        // There is one enrollment for an onboarding session on a device, so there is no other one.
        is_taken: false,
    };
    let after = before.after_sample::<Call>(given, counted, now)?;
    Ok(VoiceEnrollmentSessionRecord { consecutive_passes, attempt_count, ..after })
}
