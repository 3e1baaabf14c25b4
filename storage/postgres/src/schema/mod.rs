//! The schema: the steps that lead to it, the objects that the catalog must have, and the rights of the role of a store.

mod migrate;
mod objects;
pub(crate) mod rights;
pub(crate) mod tables;

use selene_storage::backend::transfer::MARK_TABLE;
use selene_storage::backend::{Failure, Session as _};

pub(crate) use migrate::NEWEST;
pub use migrate::{Migration, MigrationOptions, migrate, migrate_with};
#[cfg(feature = "test-support")]
pub(crate) use objects::OBJECTS;
pub(crate) use objects::has_triggers_of;

use crate::connection::Connection;
use crate::connection::catalog::one;
use crate::open_error::OpenError;

/// Refuses a schema that is not this build's, and a role with other rights than a store's.
pub(crate) fn check(connection: &Connection) -> Result<(), OpenError> {
    migrate::check_version(connection)?;
    if is_marked(connection)? {
        return Err(OpenError::UnfinishedCopy);
    }
    objects::check(connection)?;
    rights::check(connection)?;
    objects::check_lanes(connection)
}

/// Refuses a schema that is not this build's, beside the mark of an unfinished copy.
pub(crate) fn check_target(connection: &Connection) -> Result<(), OpenError> {
    migrate::check_version(connection)?;
    objects::check_beside(connection, MARK_TABLE)?;
    objects::check_lanes(connection)
}

/// Whether the mark of an unfinished copy is there.
pub(crate) fn is_marked(connection: &Connection) -> Result<bool, OpenError> {
    one(connection, &format!("SELECT to_regclass('{MARK_TABLE}') IS NOT NULL"))
}

/// The tables that hold rows of engines.
pub(crate) fn tables_of_rows(connection: &Connection) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    connection.each::<(String,)>(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
        &[],
        &mut |(table,)| {
            if !tables::own().any(|own| own == table) {
                names.push(table);
            }
            Ok(())
        },
    )?;
    Ok(names)
}
