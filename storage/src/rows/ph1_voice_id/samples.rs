//! Rows of voice samples, and the row on which PH1.VOICE.ID's guard tries itself.

use rusqlite::{Connection, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::{
    AudioSampleRef, Ph1VoiceIdReasonCode, VidAppendOnlyGuard, VidEnrollSampleCommitRow,
    VoiceEnrollmentSampleRecord, VoiceEnrollmentSamplesRow, VoiceEnrollmentSessionId,
};
use selene_contracts::row::Column as _;
use selene_contracts::shared::MonotonicTimeNs;

use super::enroll::{facts, update};
use crate::failure::Failure;
use crate::rows::stored::{LedgerRow, StoredGuard, StoredWrite};
use crate::rows::values::{named, number, optional_named, stored};
use crate::rules::ph1_voice_id::SampleChange;
use crate::session::{Changes, Session};

impl StoredWrite for VidEnrollSampleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        let connection = db.connection();
        facts(connection, &call.input().voice_enrollment_session_id)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &SampleChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        let row = &change.sample;
        connection
            .prepare_cached(
                "INSERT INTO voice_enrollment_samples
                     (voice_enrollment_session_id, sample_seq, attempt_index, audio_sample_ref, result, reason_code,
                      created_at)
                 VALUES (:voice_enrollment_session_id, :sample_seq, :attempt_index, :audio_sample_ref, :result,
                         :reason_code, :created_at)",
            )?
            .execute(named_params! {
                ":voice_enrollment_session_id": row.voice_enrollment_session_id.as_str(),
                ":sample_seq": row.sample_seq,
                ":attempt_index": row.attempt_index,
                ":audio_sample_ref": row.audio_sample_ref.as_str(),
                ":result": row.result.as_str(),
                ":reason_code": row.reason_code.map(Ph1VoiceIdReasonCode::as_str),
                ":created_at": stored(row.created_at.get()),
            })?;
        update(connection, &change.session)
    }
}

/// The samples of an enrollment, in order.
pub(super) fn of_session(
    connection: &Connection,
    voice_enrollment_session_id: &VoiceEnrollmentSessionId,
) -> rusqlite::Result<Vec<VoiceEnrollmentSampleRecord>> {
    let mut statement = connection.prepare_cached(
        "SELECT * FROM voice_enrollment_samples WHERE voice_enrollment_session_id = ?1 ORDER BY sample_seq",
    )?;
    let rows = statement.query_map([voice_enrollment_session_id.as_str()], |row| {
        Ok(VoiceEnrollmentSampleRecord {
            voice_enrollment_session_id: VoiceEnrollmentSessionId::new(
                row.get::<_, String>("voice_enrollment_session_id")?,
            ),
            sample_seq: row.get("sample_seq")?,
            attempt_index: row.get("attempt_index")?,
            audio_sample_ref: AudioSampleRef::new(row.get::<_, String>("audio_sample_ref")?),
            result: named(row, "result")?,
            reason_code: optional_named(row, "reason_code")?,
            created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        })
    })?;
    rows.collect()
}

impl StoredGuard for VidAppendOnlyGuard {
    fn row(call: &Admitted<Self>) -> LedgerRow {
        let input = call.input();
        LedgerRow::of::<VoiceEnrollmentSamplesRow>(
            "sample_seq",
            &[input.voice_enrollment_session_id.value(), input.sample_seq.value()],
        )
    }
}
