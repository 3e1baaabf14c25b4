//! Wake samples: each one is counted, and moves its enrollment by a table.

use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollSampleCommitRow, WakeEnrollStatus, WakeEnrollmentSampleRecord,
    WakeEnrollmentSessionRecord, WakeSampleResult,
};
use selene_contracts::shared::{AuditEventId, MonotonicTimeNs};
use selene_contracts::{Admitted, Problem, StorageError};

use super::enroll::{EnrollmentFacts, event, time_goes_back};
use crate::engines::enrollment::{Move, Reason, When, first, is_late};
use crate::engines::{Decision, WriteRule, refuse};

/// Where a sample leads; the first line whose condition holds decides. While another enrollment of the user on
/// the device is in progress, this one goes on waiting.
#[rustfmt::skip]
const MOVES: [Move<WakeEnrollStatus, Ph1WReasonCode>; 5] = [
    Move::line(When::Reached,   WakeEnrollStatus::Complete,   Reason::Cleared),
    Move::line(When::Late,      WakeEnrollStatus::Pending,    Reason::SampleOr(Ph1WReasonCode::WEnrollTimeout)),
    Move::line(When::UsedUp,    WakeEnrollStatus::Pending,    Reason::SampleOr(Ph1WReasonCode::WEnrollMaxAttempts)),
    Move::line(When::Taken,     WakeEnrollStatus::Pending,    Reason::Before),
    Move::line(When::Otherwise, WakeEnrollStatus::InProgress, Reason::Before),
];

/// What a sample needs to know.
#[derive(Debug, Clone)]
pub struct SampleFacts {
    pub(crate) enrollment: EnrollmentFacts,
    /// Another enrollment of the user on the device is in progress.
    pub(crate) is_taken: bool,
}

/// A sample, and its enrollment after it.
#[derive(Debug, Clone)]
pub struct SampleChange {
    pub(crate) sample: WakeEnrollmentSampleRecord,
    pub(crate) session: WakeEnrollmentSessionRecord,
}

impl WriteRule for Ph1wEnrollSampleCommitRow {
    type Facts = SampleFacts;
    type Change = SampleChange;

    /// Checks in this order: the enrollment exists; it has not ended; time does not go back; the counters have
    /// room. The quality was checked at admission, whatever the result.
    fn decide(
        call: &Admitted<Self>,
        facts: SampleFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let tenant_id = facts.enrollment.tenant_id.clone();
        let before = facts.enrollment.found::<Self>()?;
        let session = after(input, before, facts.is_taken, now)?;
        let sample = sample(input, &session, now);
        let event = event(
            call,
            &session,
            tenant_id.as_ref(),
            [
                ("sample_seq", Some(sample.sample_seq.to_string().as_str())),
                ("result", Some(sample.result.as_str())),
                ("gate_reason_code", sample.reason_code.map(Ph1WReasonCode::as_str)),
            ],
        )?;
        Ok(Decision { change: SampleChange { sample, session: session.clone() }, event, output: session })
    }
}

/// The enrollment after a sample.
fn after(
    input: &Ph1wEnrollSampleCommitRow,
    before: WakeEnrollmentSessionRecord,
    is_taken: bool,
    now: MonotonicTimeNs,
) -> Result<WakeEnrollmentSessionRecord, StorageError> {
    let refused = |code: Ph1WReasonCode, field, rule| {
        refuse::contract_as::<Ph1wEnrollSampleCommitRow>(code.into(), field, Problem::Rule(rule))
    };
    match before.wake_enroll_status {
        WakeEnrollStatus::InProgress | WakeEnrollStatus::Pending => {}
        WakeEnrollStatus::Complete | WakeEnrollStatus::Declined => {
            let code = Ph1WReasonCode::WEnrollSampleSessionClosed;
            return Err(refused(code, "wake_enroll_status", "has ended"));
        }
    }
    let is_late = is_late(before.created_at, before.updated_at, now, before.enrollment_timeout_ms)
        .ok_or_else(time_goes_back::<Ph1wEnrollSampleCommitRow>)?;
    let exhausted = |field| refused(Ph1WReasonCode::WCounterExhausted, field, "has reached its end");
    let passes = u8::from(input.result == WakeSampleResult::Pass);
    let pass_count = before.pass_count.checked_add(passes).ok_or_else(|| exhausted("pass_count"))?;
    let attempt_count = before.attempt_count.checked_add(1).ok_or_else(|| exhausted("attempt_count"))?;
    let holds = |when| match when {
        When::Reached => pass_count >= before.pass_target,
        When::Late => is_late,
        When::UsedUp => attempt_count >= u32::from(before.max_attempts),
        When::Taken => is_taken,
        When::Otherwise => true,
    };
    let Some(line) = first(&MOVES, holds) else {
        return Err(refuse::rule::<Ph1wEnrollSampleCommitRow>("wake_enroll_status", "has no move"));
    };
    let is_complete = line.status == WakeEnrollStatus::Complete;
    Ok(WakeEnrollmentSessionRecord {
        wake_enroll_status: line.status,
        pass_count,
        attempt_count,
        reason_code: line.reason.of(input.reason_code, before.reason_code),
        updated_at: now,
        completed_at: is_complete.then_some(now),
        deferred_until: before.deferred_until.filter(|_| !is_complete),
        ..before
    })
}

/// The sample's own row. Every attempt is a sample, so the count of attempts is its place.
fn sample(
    input: &Ph1wEnrollSampleCommitRow,
    session: &WakeEnrollmentSessionRecord,
    now: MonotonicTimeNs,
) -> WakeEnrollmentSampleRecord {
    WakeEnrollmentSampleRecord {
        wake_enrollment_session_id: input.wake_enrollment_session_id.clone(),
        sample_seq: session.attempt_count,
        captured_at: now,
        sample_duration_ms: input.sample_duration_ms,
        vad_coverage: input.vad_coverage,
        snr_db: input.snr_db,
        clipping_pct: input.clipping_pct,
        rms_dbfs: input.rms_dbfs,
        noise_floor_dbfs: input.noise_floor_dbfs,
        peak_dbfs: input.peak_dbfs,
        overlap_ratio: input.overlap_ratio,
        result: input.result,
        reason_code: input.reason_code,
    }
}
