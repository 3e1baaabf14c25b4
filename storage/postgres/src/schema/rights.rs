//! What the role of a store may do with each table: no less than calls need, and nothing that changes a ledger.

use std::collections::BTreeMap;

use selene_storage::backend::{current_tables, ledgers};

use crate::catalog::texts;
use crate::connection::Connection;
use crate::open_error::OpenError;

/// The rights of the role in every table, as it has them by itself or by any other role, each table with its rights in this order.
const RIGHTS: &str = "SELECT class.relname || ' ' ||
        CASE WHEN has_table_privilege(class.oid, 'SELECT') THEN 'SELECT ' ELSE '' END ||
        CASE WHEN has_table_privilege(class.oid, 'INSERT') THEN 'INSERT ' ELSE '' END ||
        CASE WHEN has_any_column_privilege(class.oid, 'UPDATE') THEN 'UPDATE ' ELSE '' END ||
        CASE WHEN has_table_privilege(class.oid, 'DELETE') THEN 'DELETE ' ELSE '' END ||
        CASE WHEN has_table_privilege(class.oid, 'TRUNCATE') THEN 'TRUNCATE ' ELSE '' END ||
        CASE WHEN has_table_privilege(class.oid, 'TRIGGER') THEN 'TRIGGER ' ELSE '' END ||
        CASE WHEN pg_has_role(class.relowner, 'MEMBER') THEN 'OWNER ' ELSE '' END
    FROM pg_class AS class JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE namespace.nspname = current_schema() AND class.relkind = 'r' ORDER BY class.relname";

/// Refuses a role with other rights.
pub(super) fn check(connection: &Connection) -> Result<(), OpenError> {
    let found = texts(connection, RIGHTS)?;
    let found: BTreeMap<&str, &str> = found.iter().filter_map(|row| row.trim_end().split_once(' ')).collect();
    let needed = needed();
    let differences: Vec<String> = needed
        .iter()
        .filter(|(table, rights)| found.get(*table).unwrap_or(&"") != *rights)
        .map(|(table, rights)| {
            format!("{table}: {} instead of {rights}", found.get(table).unwrap_or(&"nothing"))
        })
        .collect();
    if differences.is_empty() { Ok(()) } else { Err(OpenError::Rights { differences }) }
}

/// What a store needs, by table.
fn needed() -> BTreeMap<&'static str, &'static str> {
    let ledgers = ledgers().iter().map(|table| (*table, "SELECT INSERT"));
    let current = current_tables().iter().map(|table| (*table, "SELECT INSERT UPDATE"));
    let own =
        [("commit_keys", "SELECT INSERT"), ("commit_lanes", "SELECT UPDATE"), ("schema_versions", "SELECT")];
    ledgers.chain(current).chain(own).collect()
}
