//! A foreign key that the database itself reports, as the refusal that the rule would have given.
//!
//! Rules check every row that a call names before anything is written, so this is a second net: the database says
//! only that some row is missing, and this finds out which. A database that answers nothing more in such a transaction leaves that
//! open.

use selene_contracts::ph1_f::keys::{DevicesKey, SessionsKey};
use selene_contracts::ph1_f::{DeviceRecord, IdentityRecord, SessionRecord};
use selene_contracts::{Capability, StorageError};

use crate::failure::{Failure, Trouble};
use crate::rows::standing;
use crate::rules::{EventDraft, refuse};
use crate::session::Session;

/// Passes a result on; a foreign key error becomes the refusal that names the field.
pub(crate) fn explain<C: Capability>(
    result: Result<(), Failure>,
    db: &impl Session,
    event: &EventDraft,
) -> Result<(), Failure> {
    match result {
        Err(Failure::Database { trouble: Trouble::ForeignKey, .. }) => {
            Err(find::<C>(db, event).unwrap_or_else(|_| unnamed::<C>()))
        }
        other => other,
    }
}

fn find<C: Capability>(db: &impl Session, event: &EventDraft) -> Result<Failure, Failure> {
    if let Some(user_id) = &event.user_id
        && !standing::has_identity(db, user_id)?
    {
        return Ok(refuse::foreign_key::<C, IdentityRecord>("user_id").into());
    }
    if let Some(device_id) = &event.device_id
        && !db.has(&DevicesKey { device_id })?
    {
        return Ok(refuse::foreign_key::<C, DeviceRecord>("device_id").into());
    }
    if let Some(session_id) = &event.session_id
        && !db.has(&SessionsKey { session_id })?
    {
        return Ok(refuse::foreign_key::<C, SessionRecord>("session_id").into());
    }
    Ok(unnamed::<C>())
}

fn unnamed<C: Capability>() -> Failure {
    let reason_code = C::SPEC.refusals.foreign_key;
    StorageError::ForeignKey { reason_code, field: "a reference", table: "another table" }.into()
}
