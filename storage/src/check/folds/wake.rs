//! Wake enrollments, held against their samples.

use selene_contracts::ph1_w::{WakeEnrollmentSamplesRow, WakeEnrollmentSessionsRow, WakeSampleResult};
use selene_contracts::row::Selection as _;
use selene_contracts::tables::{wake_enrollment_samples as samples, wake_enrollment_sessions as sessions};

use super::FoldReport;
use super::groups::{Entry, Groups, count};
use crate::check::stream::{StoredRow, Stream};
use crate::failure::Failure;
use crate::rules::folds::{Count, WakeFold, WakeSession};
use crate::session::Session;

const TABLE: &str = WakeEnrollmentSessionsRow::TABLE;
const LEDGER: &str = WakeEnrollmentSamplesRow::TABLE;

/// Holds every enrollment against its samples.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover(TABLE);
    report.cover(LEDGER);
    let mut ledger = Groups::of::<WakeEnrollmentSamplesRow>(db, samples::WAKE_ENROLLMENT_SESSION_ID, sample)?;
    for row in Stream::of::<WakeEnrollmentSessionsRow>(db) {
        let row = row?;
        let id: String = row.get(sessions::WAKE_ENROLLMENT_SESSION_ID)?;
        let session = session(&row)?;
        let mut fold = WakeFold::default();
        let mut counted = Count::default();
        ledger.each(&id, report, |entry, report| {
            let (seq, result, at) = entry.value;
            count(&mut counted, report, (LEDGER, samples::SAMPLE_SEQ), (&id, seq));
            fold.take(result, at);
        })?;
        report.rows += 1;
        report.add_all(TABLE, &id, fold.differences(&session));
    }
    ledger.finish(report)
}

/// The number of a sample, its result, and when it was captured.
type Sample = (u64, WakeSampleResult, u64);

fn sample(row: &StoredRow) -> Result<Entry<Sample>, Failure> {
    let seq: u64 = row.get(samples::SAMPLE_SEQ)?;
    Ok(Entry {
        key: row.get(samples::WAKE_ENROLLMENT_SESSION_ID)?,
        place: seq.to_string(),
        value: (seq, row.get(samples::RESULT)?, row.get(samples::CAPTURED_AT)?),
    })
}

fn session(row: &StoredRow) -> Result<WakeSession, Failure> {
    Ok(WakeSession {
        status: row.get(sessions::WAKE_ENROLL_STATUS)?,
        pass_target: row.get(sessions::PASS_TARGET)?,
        pass_count: row.get(sessions::PASS_COUNT)?,
        attempt_count: row.get(sessions::ATTEMPT_COUNT)?,
        max_attempts: row.get(sessions::MAX_ATTEMPTS)?,
        timeout_ms: row.get(sessions::ENROLLMENT_TIMEOUT_MS)?,
        has_reason: row.get::<Option<String>>(sessions::REASON_CODE)?.is_some(),
        has_deferral: row.get::<Option<u64>>(sessions::DEFERRED_UNTIL)?.is_some(),
        created_at: row.get(sessions::CREATED_AT)?,
        updated_at: row.get(sessions::UPDATED_AT)?,
        completed_at: row.get(sessions::COMPLETED_AT)?,
    })
}
