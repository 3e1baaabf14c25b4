//! Rows of wake samples.

use selene_contracts::Admitted;
use selene_contracts::ph1_w::Ph1wEnrollSampleCommitRow;

use super::enroll::{facts, is_in_progress};
use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::rules::ph1_w::{SampleFacts, needs_free_slot};
use crate::session::Session;

impl StoredWrite for Ph1wEnrollSampleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<SampleFacts, Failure> {
        let enrollment = facts(db, &call.input().wake_enrollment_session_id)?;
        let is_taken = match &enrollment.session {
            Some(session) if needs_free_slot(session) => {
                is_in_progress(db, &session.user_id, &session.device_id)?
            }
            _ => false,
        };
        Ok(SampleFacts { enrollment, is_taken })
    }
}
