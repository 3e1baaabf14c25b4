//! Rows of wake samples, and the rows on which PH1.W's guards try themselves.

use selene_contracts::ph1_w::keys::{WakeEnrollmentSamplesKey, WakeRuntimeEventsKey};
use selene_contracts::ph1_w::{
    Ph1wAppendOnlyGuards, Ph1wEnrollSampleCommitRow, Ph1wReadEnrollmentSampleRows,
    WakeEnrollmentSampleRecord, WakeEnrollmentSamplesRow, WakeRuntimeEventsRow,
};
use selene_contracts::row::{Column as _, Listing, Value};
use selene_contracts::{Admitted, listing};

use super::enroll::{facts, is_in_progress};
use crate::failure::Failure;
use crate::rows::listed::StoredRows;
use crate::rows::stored::{LedgerRow, StoredGuard, StoredWrite};
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

impl StoredRows for Ph1wReadEnrollmentSampleRows {
    type Order = (u32,);

    fn listing() -> Listing {
        listing!(
            "SELECT {*WakeEnrollmentSampleRecord} FROM {@wake_enrollment_samples}
             WHERE {wake_enrollment_session_id} = $1 ORDER BY {sample_seq}"
        )
    }

    fn values(call: &Admitted<Self>) -> Vec<Value<'_>> {
        vec![call.input().wake_enrollment_session_id.value()]
    }
}

impl StoredGuard for Ph1wAppendOnlyGuards {
    fn row(call: &Admitted<Self>) -> LedgerRow {
        match call.input() {
            Self::WakeEnrollmentSessionIdAndSampleSeq { wake_enrollment_session_id, sample_seq } => {
                LedgerRow::of::<WakeEnrollmentSamplesRow, _>(&WakeEnrollmentSamplesKey {
                    wake_enrollment_session_id,
                    sample_seq,
                })
            }
            Self::WakeEventId { wake_event_id } => {
                LedgerRow::of::<WakeRuntimeEventsRow, _>(&WakeRuntimeEventsKey { wake_event_id })
            }
        }
    }
}
