//! The tables of the schema, and what the role of a store may do with each.

use std::collections::BTreeMap;

use selene_storage::backend::{current_tables, ledgers};

/// Tables of the store itself, which hold no rows of engines, each with the rights of a store's role.
const OWN: [(&str, &str); 3] = [
    ("commit_keys", "SELECT INSERT UPDATE"),
    ("commit_lanes", "SELECT UPDATE"),
    ("schema_versions", "SELECT"),
];

/// The names of the tables that hold no rows of engines.
pub(crate) fn own() -> impl Iterator<Item = &'static str> {
    OWN.iter().map(|(table, _)| *table)
}

/// What a store needs, by table: no more, so that a ledger stays as it is. The rights of a table are in the order SELECT, INSERT, UPDATE.
pub(super) fn rights() -> BTreeMap<&'static str, &'static str> {
    let ledgers = ledgers().iter().map(|table| (*table, "SELECT INSERT"));
    let current = current_tables().iter().map(|table| (*table, "SELECT INSERT UPDATE"));
    ledgers.chain(current).chain(OWN).collect()
}
