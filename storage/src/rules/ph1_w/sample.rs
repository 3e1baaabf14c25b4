//! Wake samples: each one is counted, and moves its enrollment.

use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollSampleCommitRow, WakeEnrollStatus, WakeEnrollmentSampleRecord,
    WakeEnrollmentSessionRecord, WakeSampleResult,
};
use selene_contracts::shared::MonotonicTimeNs;
use selene_contracts::{Admitted, ReasonClass, StorageError};

use crate::change::{Insert, Update};
use crate::rules::enrollment::{Counted, Enrollment as _, EnrollmentFacts, counter, event};
use crate::rules::{Decision, WriteRule, refuse};

/// The rows that a sample depends on.
#[derive(Debug, Clone)]
pub struct SampleFacts {
    pub(crate) enrollment: EnrollmentFacts<WakeEnrollmentSessionRecord>,
    /// Another enrollment of the user on the device is in progress; looked up where [`needs_free_slot`] says so.
    pub(crate) is_taken: bool,
}

/// Whether a sample must know if another enrollment of the user on the device is in progress.
///
/// There is one enrollment IN_PROGRESS for a user on a device. Only a PENDING one becomes IN_PROGRESS by a sample, so only it
/// needs the slot to be free: one that is IN_PROGRESS holds the slot itself, and one that has ended refuses the sample.
/// Where this is false, [`SampleFacts::is_taken`] is false without a look at the rows.
pub(crate) fn needs_free_slot(session: &WakeEnrollmentSessionRecord) -> bool {
    session.wake_enroll_status == WakeEnrollStatus::Pending
}

impl WriteRule for Ph1wEnrollSampleCommitRow {
    type Facts = SampleFacts;
    /// The sample, and its enrollment after it.
    type Change = (Insert<WakeEnrollmentSampleRecord>, Update<WakeEnrollmentSessionRecord>);

    /// A PASS has no reason code of the class gate.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        let class = input.reason_code.map(Ph1WReasonCode::class);
        if input.result == WakeSampleResult::Pass && class == Some(ReasonClass::Gate) {
            return Err(refuse::rule::<Self>("reason_code", "must not be that of a gate for a PASS"));
        }
        Ok(())
    }

    /// Checks in this order: the enrollment exists; its onboarding was not declined; it has not ended; time does not go
    /// back; the counters have room. The quality was checked at admission, whatever the result.
    fn decide(call: &Admitted<Self>, facts: SampleFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let (before, subject) = facts.enrollment.found::<Self>()?;
        let session = after(input, &before, facts.is_taken, now)?;
        // Every attempt is a sample, so its number is the count of attempts.
        let number = session.attempt_count;
        let sample = WakeEnrollmentSampleRecord::of_ph1w_enroll_sample_commit_row(input, number, now);
        let event = event(
            call,
            &session,
            &subject,
            [
                ("sample_seq", Some(sample.sample_seq.to_string().as_str())),
                ("result", Some(sample.result.as_str())),
                ("gate_reason_code", sample.reason_code.map(Ph1WReasonCode::as_str)),
            ],
        )?;
        Ok(Decision { change: (Insert(sample), Update(session.clone())), event, output: session })
    }
}

/// The enrollment after a sample.
fn after(
    input: &Ph1wEnrollSampleCommitRow,
    before: &WakeEnrollmentSessionRecord,
    is_taken: bool,
    now: MonotonicTimeNs,
) -> Result<WakeEnrollmentSessionRecord, StorageError> {
    type Call = Ph1wEnrollSampleCommitRow;
    type Record = WakeEnrollmentSessionRecord;
    before.check_sample::<Call>(now)?;
    let passes = u8::from(input.result == WakeSampleResult::Pass);
    let pass_count = counter::<Call, Record, _>(before.pass_count.checked_add(passes), "pass_count")?;
    let attempt_count = counter::<Call, Record, _>(before.attempt_count.checked_add(1), "attempt_count")?;
    let counted = Counted {
        is_reached: pass_count >= before.pass_target,
        is_used_up: attempt_count >= u32::from(before.max_attempts),
        is_taken,
    };
    let after = before.after_sample::<Call>(input.reason_code, counted, now)?;
    let is_complete = after.wake_enroll_status == WakeEnrollStatus::Complete;
    Ok(WakeEnrollmentSessionRecord {
        pass_count,
        attempt_count,
        completed_at: is_complete.then_some(now),
        deferred_until: after.deferred_until.filter(|_| !is_complete),
        ..after
    })
}
