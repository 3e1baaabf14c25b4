//! Rows of voice samples, and the row on which PH1.VOICE.ID's guard tries itself.

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::keys::VoiceEnrollmentSamplesKey;
use selene_contracts::ph1_voice_id::{
    VidAppendOnlyGuard, VidEnrollSampleCommitRow, VoiceEnrollmentSamplesRow,
};

use super::enroll::facts;
use crate::failure::Failure;
use crate::rows::stored::{LedgerRow, StoredGuard, StoredWrite};
use crate::session::Session;

impl StoredWrite for VidEnrollSampleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        facts(db, &call.input().voice_enrollment_session_id)
    }
}

impl StoredGuard for VidAppendOnlyGuard {
    fn row(call: &Admitted<Self>) -> LedgerRow {
        let Self { voice_enrollment_session_id, sample_seq, .. } = call.input();
        LedgerRow::of::<VoiceEnrollmentSamplesRow, _>(&VoiceEnrollmentSamplesKey {
            voice_enrollment_session_id,
            sample_seq,
        })
    }
}
