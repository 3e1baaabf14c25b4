//! A foreign key that SQLite itself reports, told as the rule would have told it.
//!
//! Rules check every row that a call names before anything is written, so this is a second net: SQLite says
//! only that some row is missing, and this finds out which.

use rusqlite::Connection;
use selene_contracts::Capability;

use crate::failure::{Failure, Trouble};
use crate::rows::values::stored;
use crate::rules::{EventDraft, refuse};

/// Passes a result on; a foreign key error becomes the refusal that names the field.
pub(crate) fn explain<C: Capability>(
    result: Result<(), Failure>,
    connection: &Connection,
    event: &EventDraft,
) -> Result<(), Failure> {
    match result {
        Err(Failure::Database { trouble: Trouble::ForeignKey, .. }) => Err(find::<C>(connection, event)?),
        other => other,
    }
}

fn find<C: Capability>(connection: &Connection, event: &EventDraft) -> Result<Failure, Failure> {
    let exists = |sql: &str, key: &dyn rusqlite::ToSql| -> rusqlite::Result<bool> {
        connection.prepare_cached(sql)?.exists([key])
    };
    if let Some(user_id) = &event.user_id
        && !exists("SELECT 1 FROM identities WHERE user_id = ?1", &user_id.as_str())?
    {
        return Ok(refuse::foreign_key::<C>("user_id", "identities").into());
    }
    if let Some(device_id) = &event.device_id
        && !exists("SELECT 1 FROM devices WHERE device_id = ?1", &device_id.as_str())?
    {
        return Ok(refuse::foreign_key::<C>("device_id", "devices").into());
    }
    if let Some(session_id) = event.session_id
        && !exists("SELECT 1 FROM sessions WHERE session_id = ?1", &stored(session_id.get()))?
    {
        return Ok(refuse::foreign_key::<C>("session_id", "sessions").into());
    }
    Ok(refuse::foreign_key::<C>("a reference", "another table").into())
}
