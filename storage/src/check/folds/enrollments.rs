//! Enrollments of wake words and of voices, compared with their samples.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode, VoiceEnrollStatus, VoiceEnrollmentSamplesRow, VoiceEnrollmentSessionsRow,
    VoiceSampleResult,
};
use selene_contracts::ph1_w::{
    WakeEnrollStatus, WakeEnrollmentSamplesRow, WakeEnrollmentSessionsRow, WakeSampleResult,
};
use selene_contracts::row::Selection;
use selene_contracts::tables::{
    voice_enrollment_samples, voice_enrollment_sessions, wake_enrollment_samples, wake_enrollment_sessions,
};

use super::FoldReport;
use super::groups::{Content, Groups, count};
use crate::check::stream::{StoredRow, Stream, Unread};
use crate::failure::Failure;
use crate::rules::folds::Count;
use crate::rules::folds::enrollments::{
    Completion, Enrollment, EnrollmentFold, Kind, Sample, Stage, VOICE, WAKE,
};
use crate::session::Session;

/// Compares every enrollment with its samples.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    check_kind::<WakeEnrollmentSessionsRow, WakeEnrollmentSamplesRow, _>(db, report, &OF_WAKE)?;
    check_kind::<VoiceEnrollmentSessionsRow, VoiceEnrollmentSamplesRow, _>(db, report, &OF_VOICE)
}

/// A sample with its number.
type NumberedSample<R> = Content<(u64, Sample<R>)>;

/// How the rows of a kind are read. `R` is a reason.
struct Columns<R> {
    kind: &'static Kind,
    /// The key of an enrollment, of the same name in its samples.
    key: &'static str,
    /// The number of a sample.
    seq: &'static str,
    /// How the key of its enrollment is read from a sample.
    sample_key: fn(&StoredRow<'_>) -> Result<String, Unread>,
    enrollment: fn(&StoredRow<'_>) -> Result<Enrollment<R>, Unread>,
    sample: fn(&StoredRow<'_>) -> Result<NumberedSample<R>, Unread>,
}

const OF_WAKE: Columns<String> = Columns {
    kind: &WAKE,
    key: wake_enrollment_sessions::WAKE_ENROLLMENT_SESSION_ID,
    seq: wake_enrollment_samples::SAMPLE_SEQ,
    sample_key: |row| row.get(wake_enrollment_samples::WAKE_ENROLLMENT_SESSION_ID),
    enrollment: wake_enrollment,
    sample: wake_sample,
};

const OF_VOICE: Columns<Ph1VoiceIdReasonCode> = Columns {
    kind: &VOICE,
    key: voice_enrollment_sessions::VOICE_ENROLLMENT_SESSION_ID,
    seq: voice_enrollment_samples::SAMPLE_SEQ,
    sample_key: |row| row.get(voice_enrollment_samples::VOICE_ENROLLMENT_SESSION_ID),
    enrollment: voice_enrollment,
    sample: voice_sample,
};

fn check_kind<E: Selection, L: Selection, R: PartialEq>(
    db: &impl Session,
    report: &mut FoldReport,
    columns: &Columns<R>,
) -> Result<(), Failure> {
    report.cover(E::TABLE);
    report.cover(L::TABLE);
    let mut ledger = Groups::of::<L>(db, columns.key, columns.sample_key, columns.sample, report)?;
    for row in Stream::of::<E>(db) {
        let row = row?;
        let id: String = match row.get(columns.key) {
            Ok(id) => id,
            Err(unread) => {
                report.add_unread(unread);
                continue;
            }
        };
        let mut fold = EnrollmentFold::new(columns.kind);
        let (mut counted, mut are_samples_read) = (Count::default(), true);
        ledger.each(&id, report, |content, report| {
            let Some(Content { value: (seq, sample), .. }) = content else {
                counted.pass();
                are_samples_read = false;
                return;
            };
            count(&mut counted, report, (L::TABLE, columns.seq), (&id, seq));
            fold.take(sample);
        })?;
        report.rows += 1;
        match (columns.enrollment)(&row) {
            Ok(enrollment) if are_samples_read => {
                report.add_all(E::TABLE, &id, fold.differences(&enrollment));
            }
            // What samples that cannot be read lead to is not known.
            Ok(_) => {}
            Err(unread) => report.add_unread(unread),
        }
    }
    ledger.finish(report)
}

// The two readers of a sample and the two of an enrollment are alike by nature: tables, columns and statuses are each engine's own.

fn wake_sample(row: &StoredRow<'_>) -> Result<NumberedSample<String>, Unread> {
    use wake_enrollment_samples as samples;
    let seq: u64 = row.get(samples::SAMPLE_SEQ)?;
    let sample = Sample {
        has_passed: row.get::<WakeSampleResult>(samples::RESULT)? == WakeSampleResult::Pass,
        reason: None,
        at: row.get(samples::CAPTURED_AT)?,
    };
    Ok(Content { place: seq.to_string(), value: (seq, sample) })
}

fn wake_enrollment(row: &StoredRow<'_>) -> Result<Enrollment<String>, Unread> {
    use wake_enrollment_sessions as sessions;
    Ok(Enrollment {
        stage: match row.get(sessions::WAKE_ENROLL_STATUS)? {
            WakeEnrollStatus::Complete => Stage::Reached,
            WakeEnrollStatus::InProgress => Stage::InProgress,
            WakeEnrollStatus::Pending => Stage::Pending,
            WakeEnrollStatus::Declined => Stage::Declined,
        },
        pass_target: row.get(sessions::PASS_TARGET)?,
        passes: row.get(sessions::PASS_COUNT)?,
        attempts: row.get(sessions::ATTEMPT_COUNT)?,
        max_attempts: row.get(sessions::MAX_ATTEMPTS)?,
        limit_ms: row.get(sessions::ENROLLMENT_TIMEOUT_MS)?,
        reason: row.get(sessions::REASON_CODE)?,
        created_at: row.get(sessions::CREATED_AT)?,
        updated_at: row.get(sessions::UPDATED_AT)?,
        completion: Some(Completion {
            completed_at: row.get(sessions::COMPLETED_AT)?,
            has_deferral: row.get::<Option<u64>>(sessions::DEFERRED_UNTIL)?.is_some(),
        }),
    })
}

fn voice_sample(row: &StoredRow<'_>) -> Result<NumberedSample<Ph1VoiceIdReasonCode>, Unread> {
    use voice_enrollment_samples as samples;
    let seq: u64 = row.get(samples::SAMPLE_SEQ)?;
    let sample = Sample {
        has_passed: row.get::<VoiceSampleResult>(samples::RESULT)? == VoiceSampleResult::Pass,
        reason: row.get(samples::REASON_CODE)?,
        at: row.get(samples::CREATED_AT)?,
    };
    Ok(Content { place: seq.to_string(), value: (seq, sample) })
}

fn voice_enrollment(row: &StoredRow<'_>) -> Result<Enrollment<Ph1VoiceIdReasonCode>, Unread> {
    use voice_enrollment_sessions as sessions;
    Ok(Enrollment {
        stage: match row.get(sessions::VOICE_ENROLL_STATUS)? {
            VoiceEnrollStatus::Locked => Stage::Reached,
            VoiceEnrollStatus::InProgress => Stage::InProgress,
            VoiceEnrollStatus::Pending => Stage::Pending,
            VoiceEnrollStatus::Declined => Stage::Declined,
        },
        pass_target: row.get(sessions::LOCK_AFTER_CONSECUTIVE_PASSES)?,
        passes: row.get(sessions::CONSECUTIVE_PASSES)?,
        attempts: row.get(sessions::ATTEMPT_COUNT)?,
        max_attempts: row.get(sessions::MAX_TOTAL_ATTEMPTS)?,
        limit_ms: row.get(sessions::MAX_SESSION_ENROLL_TIME_MS)?,
        reason: row.get(sessions::REASON_CODE)?,
        created_at: row.get(sessions::CREATED_AT)?,
        updated_at: row.get(sessions::UPDATED_AT)?,
        completion: None,
    })
}
