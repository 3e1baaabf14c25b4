//! What is known about people, whatever engine asks.

use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::shared::{TenantId, UserId};

use crate::rows::values::named;
use crate::rules::person::Person;

/// A person, if there is one of this id.
pub(crate) fn person(connection: &Connection, user_id: &UserId) -> rusqlite::Result<Option<Person>> {
    connection
        .prepare_cached("SELECT tenant_id, status FROM identities WHERE user_id = ?1")?
        .query_row([user_id.as_str()], |row| {
            let home_tenant_id = row.get::<_, Option<String>>("tenant_id")?.map(TenantId::new);
            let status: IdentityStatus = named(row, "status")?;
            Ok(Person { home_tenant_id, is_disabled: status == IdentityStatus::Disabled })
        })
        .optional()
}
