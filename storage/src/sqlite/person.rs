//! What is known about people, whatever engine asks.

use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::shared::{TenantId, UserId};

use crate::engines::person::Person;

/// A person, if there is one of this id.
pub(super) fn person(connection: &Connection, user_id: &UserId) -> rusqlite::Result<Option<Person>> {
    connection
        .prepare_cached("SELECT tenant_id FROM identities WHERE user_id = ?1")?
        .query_row([user_id.as_str()], |row| {
            Ok(Person { home_tenant_id: row.get::<_, Option<String>>(0)?.map(TenantId::new) })
        })
        .optional()
}
