//! Which tables are ledgers and which have current rows, as the contracts say. What must not live here: what a database does about it.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use selene_contracts::{TableSpec, TruthType, engines};

/// Tables whose rows never change, by their names in SQL: `audit_events`. A database has all its locks on each of them.
pub fn ledgers() -> &'static BTreeSet<&'static str> {
    static LEDGERS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    LEDGERS.get_or_init(|| tables(TruthType::Ledger))
}

/// Tables whose rows may change, by their names in SQL: `devices`.
pub fn current_tables() -> &'static BTreeSet<&'static str> {
    static CURRENT: OnceLock<BTreeSet<&str>> = OnceLock::new();
    CURRENT.get_or_init(|| tables(TruthType::Current))
}

fn tables(truth_type: TruthType) -> BTreeSet<&'static str> {
    let tables = engines::ALL.iter().flat_map(|engine| engine.tables);
    tables.filter(|table| table.truth_type == truth_type).map(TableSpec::bare_name).collect()
}
