//! Voice enrollments, held against their samples.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode, VoiceEnrollmentSamplesRow, VoiceEnrollmentSessionsRow, VoiceSampleResult,
};
use selene_contracts::row::Selection as _;
use selene_contracts::tables::{voice_enrollment_samples as samples, voice_enrollment_sessions as sessions};

use super::FoldReport;
use super::groups::{Entry, Groups, count};
use crate::check::stream::{StoredRow, Stream};
use crate::failure::Failure;
use crate::rules::folds::{Count, VoiceFold, VoiceSession};
use crate::session::Session;

const TABLE: &str = VoiceEnrollmentSessionsRow::TABLE;
const LEDGER: &str = VoiceEnrollmentSamplesRow::TABLE;

/// Holds every enrollment against its samples.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover(TABLE);
    report.cover(LEDGER);
    let mut ledger =
        Groups::of::<VoiceEnrollmentSamplesRow>(db, samples::VOICE_ENROLLMENT_SESSION_ID, sample)?;
    for row in Stream::of::<VoiceEnrollmentSessionsRow>(db) {
        let row = row?;
        let id: String = row.get(sessions::VOICE_ENROLLMENT_SESSION_ID)?;
        let session = session(&row)?;
        let mut fold = VoiceFold::default();
        let mut counted = Count::default();
        ledger.each(&id, report, |entry, report| {
            let (seq, result, reason, at) = entry.value;
            count(&mut counted, report, (LEDGER, samples::SAMPLE_SEQ), (&id, seq));
            fold.take(result, reason, at);
        })?;
        report.rows += 1;
        report.add_all(TABLE, &id, fold.differences(&session));
    }
    ledger.finish(report)
}

/// The number of a sample, its result and reason, and when it was written.
type Sample = (u64, VoiceSampleResult, Option<Ph1VoiceIdReasonCode>, u64);

fn sample(row: &StoredRow) -> Result<Entry<Sample>, Failure> {
    let seq: u64 = row.get(samples::SAMPLE_SEQ)?;
    let value =
        (seq, row.get(samples::RESULT)?, row.get(samples::REASON_CODE)?, row.get(samples::CREATED_AT)?);
    Ok(Entry { key: row.get(samples::VOICE_ENROLLMENT_SESSION_ID)?, place: seq.to_string(), value })
}

fn session(row: &StoredRow) -> Result<VoiceSession, Failure> {
    Ok(VoiceSession {
        status: row.get(sessions::VOICE_ENROLL_STATUS)?,
        lock_after: row.get(sessions::LOCK_AFTER_CONSECUTIVE_PASSES)?,
        consecutive_passes: row.get(sessions::CONSECUTIVE_PASSES)?,
        attempt_count: row.get(sessions::ATTEMPT_COUNT)?,
        max_attempts: row.get(sessions::MAX_TOTAL_ATTEMPTS)?,
        time_ms: row.get(sessions::MAX_SESSION_ENROLL_TIME_MS)?,
        reason: row.get(sessions::REASON_CODE)?,
        created_at: row.get(sessions::CREATED_AT)?,
        updated_at: row.get(sessions::UPDATED_AT)?,
    })
}
