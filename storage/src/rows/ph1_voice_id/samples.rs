//! Rows of voice samples, and the row on which PH1.VOICE.ID's guard tries itself.

use selene_contracts::ph1_voice_id::{
    VidAppendOnlyGuard, VidEnrollSampleCommitRow, VoiceEnrollmentSampleRecord, VoiceEnrollmentSamplesRow,
    VoiceEnrollmentSessionId,
};
use selene_contracts::row::Column as _;
use selene_contracts::{Admitted, sql};

use super::enroll::facts;
use crate::failure::Failure;
use crate::rows::stored::{LedgerRow, StoredGuard, StoredWrite};
use crate::rules::ph1_voice_id::SampleChange;
use crate::session::{Changes, Session};

impl StoredWrite for VidEnrollSampleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        facts(db, &call.input().voice_enrollment_session_id)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &SampleChange) -> Result<(), Failure> {
        changes.insert(&change.sample)?;
        changes.update(&change.session)
    }
}

/// The samples of an enrollment, in order.
pub(super) fn of_session(
    db: &impl Session,
    voice_enrollment_session_id: &VoiceEnrollmentSessionId,
) -> Result<Vec<VoiceEnrollmentSampleRecord>, Failure> {
    db.all(
        sql!(
            "SELECT {*VoiceEnrollmentSampleRecord} FROM {@voice_enrollment_samples}
             WHERE {voice_enrollment_session_id} = $1 ORDER BY {sample_seq}"
        ),
        &[voice_enrollment_session_id.value()],
    )
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
