//! What is known about people, whatever engine asks.

use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::row::Column as _;
use selene_contracts::shared::{TenantId, UserId};
use selene_contracts::sql;

use crate::failure::Failure;
use crate::rules::person::Person;
use crate::session::Session;

/// A person, if there is one of this id.
pub(crate) fn person(db: &impl Session, user_id: &UserId) -> Result<Option<Person>, Failure> {
    // Two columns, not the row: almost every write asks this.
    let found = db.first::<(Option<TenantId>, IdentityStatus)>(
        sql!("SELECT {tenant_id}, {status} FROM {@identities} WHERE {user_id} = $1"),
        &[user_id.value()],
    )?;
    Ok(found.map(|(home_tenant_id, status)| Person {
        home_tenant_id,
        is_disabled: status == IdentityStatus::Disabled,
    }))
}
