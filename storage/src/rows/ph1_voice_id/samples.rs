//! Rows of voice samples.

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::VidEnrollSampleCommitRow;

use super::enroll::facts;
use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::session::Session;

impl StoredWrite for VidEnrollSampleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        facts(db, &call.input().voice_enrollment_session_id)
    }
}
