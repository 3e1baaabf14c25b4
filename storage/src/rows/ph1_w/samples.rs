//! Rows of wake samples, and the rows on which PH1.W's guards try themselves.

use rusqlite::{Connection, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wAppendOnlyGuards, Ph1wEnrollSampleCommitRow, Ph1wReadEnrollmentSampleRows,
    WakeEnrollStatus, WakeEnrollmentSampleRecord, WakeEnrollmentSessionId,
};
use selene_contracts::shared::MonotonicTimeNs;

use super::enroll::{facts, in_progress, update};
use crate::commit::read::{StoredGuard, StoredRead};
use crate::commit::write::StoredWrite;
use crate::failure::Failure;
use crate::rows::values::{named, number, optional_named, stored};
use crate::rules::ph1_w::{SampleChange, SampleFacts};
use crate::sqlite::guard::{self, Row};

impl StoredWrite for Ph1wEnrollSampleCommitRow {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<SampleFacts, Failure> {
        let enrollment = facts(connection, &call.input().wake_enrollment_session_id)?;
        // Only an enrollment that waits can meet another one: while it is in progress itself, there is no other.
        let is_taken = match &enrollment.session {
            Some(session) if session.wake_enroll_status == WakeEnrollStatus::Pending => {
                in_progress(connection, &session.user_id, &session.device_id)?.is_some()
            }
            _ => false,
        };
        Ok(SampleFacts { enrollment, is_taken })
    }

    fn store(connection: &Connection, change: &SampleChange) -> Result<(), Failure> {
        let row = &change.sample;
        connection
            .prepare_cached(
                "INSERT INTO wake_enrollment_samples
                     (wake_enrollment_session_id, sample_seq, captured_at, sample_duration_ms, vad_coverage, snr_db,
                      clipping_pct, rms_dbfs, noise_floor_dbfs, peak_dbfs, overlap_ratio, result, reason_code)
                 VALUES (:wake_enrollment_session_id, :sample_seq, :captured_at, :sample_duration_ms, :vad_coverage,
                         :snr_db, :clipping_pct, :rms_dbfs, :noise_floor_dbfs, :peak_dbfs, :overlap_ratio, :result,
                         :reason_code)",
            )?
            .execute(named_params! {
                ":wake_enrollment_session_id": row.wake_enrollment_session_id.as_str(),
                ":sample_seq": row.sample_seq,
                ":captured_at": stored(row.captured_at.get()),
                ":sample_duration_ms": row.sample_duration_ms,
                ":vad_coverage": row.vad_coverage,
                ":snr_db": row.snr_db,
                ":clipping_pct": row.clipping_pct,
                ":rms_dbfs": row.rms_dbfs,
                ":noise_floor_dbfs": row.noise_floor_dbfs,
                ":peak_dbfs": row.peak_dbfs,
                ":overlap_ratio": row.overlap_ratio,
                ":result": row.result.as_str(),
                ":reason_code": row.reason_code.map(Ph1WReasonCode::as_str),
            })?;
        update(connection, &change.session)
    }
}

impl StoredRead for Ph1wReadEnrollmentSampleRows {
    fn read(
        connection: &Connection,
        call: &Admitted<Self>,
    ) -> Result<Vec<WakeEnrollmentSampleRecord>, Failure> {
        let mut statement = connection.prepare_cached(
            "SELECT * FROM wake_enrollment_samples WHERE wake_enrollment_session_id = ?1 ORDER BY sample_seq",
        )?;
        let rows = statement.query_map([call.input().wake_enrollment_session_id.as_str()], |row| {
            Ok(WakeEnrollmentSampleRecord {
                wake_enrollment_session_id: WakeEnrollmentSessionId::new(
                    row.get::<_, String>("wake_enrollment_session_id")?,
                ),
                sample_seq: row.get("sample_seq")?,
                captured_at: MonotonicTimeNs::new(number(row, "captured_at")?),
                sample_duration_ms: row.get("sample_duration_ms")?,
                vad_coverage: row.get("vad_coverage")?,
                snr_db: row.get("snr_db")?,
                clipping_pct: row.get("clipping_pct")?,
                rms_dbfs: row.get("rms_dbfs")?,
                noise_floor_dbfs: row.get("noise_floor_dbfs")?,
                peak_dbfs: row.get("peak_dbfs")?,
                overlap_ratio: row.get("overlap_ratio")?,
                result: named(row, "result")?,
                reason_code: optional_named(row, "reason_code")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl StoredGuard for Ph1wAppendOnlyGuards {
    fn row(connection: &Connection, call: &Admitted<Self>) -> Result<Row, Failure> {
        match call.input() {
            Self::WakeEnrollmentSessionIdAndSampleSeq { wake_enrollment_session_id, sample_seq } => {
                let row = Row {
                    table: "wake_enrollment_samples",
                    condition: "wake_enrollment_session_id = ?1 AND sample_seq = ?2",
                    column: "result",
                    key: vec![
                        wake_enrollment_session_id.as_str().to_owned().into(),
                        i64::from(*sample_seq).into(),
                    ],
                };
                guard::existing::<Self>(connection, row, "sample_seq")
            }
            Self::WakeEventId { wake_event_id } => {
                let row = Row {
                    table: "wake_runtime_events",
                    condition: "wake_event_id = ?1",
                    column: "accepted",
                    key: vec![wake_event_id.as_str().to_owned().into()],
                };
                guard::existing::<Self>(connection, row, "wake_event_id")
            }
        }
    }
}
