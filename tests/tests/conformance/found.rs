//! The comparison fails when it should: something is taken from a scratch database, or added, and found by name.

use std::sync::OnceLock;

use rusqlite::Connection;
use selene_acceptance::{Contracts, place};
use selene_codegen::schema::Dialect;

use crate::difference::{Difference, Kind, Lacking, listed};
use crate::stated::Stated;
use crate::{conformance, contracts, fresh_database};

/// The statements of a fresh store's schema, without comments and with one space between words, so that these tests
/// do not depend on its layout.
pub fn schema() -> &'static str {
    static SCHEMA: OnceLock<String> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fresh_database(folder.path())
            .prepare("SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
            .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
            .map(|statements: Vec<String>| {
                let text = statements.join("\n");
                let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default());
                lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
            })
            .expect("the schema can be read")
    })
}

/// The differences of a database whose schema has one text replaced.
pub fn differences_after(from: &str, to: &str) -> Vec<Difference> {
    assert_eq!(schema().matches(from).count(), 1, "`{from}` stands in the schema once");
    differences_between(&contracts(), &schema().replace(from, to))
}

/// The differences between contracts and a schema.
pub fn differences_between(contracts: &Stated, schema: &str) -> Vec<Difference> {
    let scratch = Connection::open_in_memory().expect("a database in memory");
    scratch.execute_batch(schema).expect("the altered schema is SQL");
    conformance(contracts, &scratch)
}

/// The statement that begins with a text, up to the next one.
pub fn statement(head: &str) -> String {
    let start = schema().find(head).unwrap_or_else(|| panic!("`{head}` stands in the schema"));
    let rest = &schema()[start..];
    // A trigger's body has a semicolon of its own.
    let end = if head.starts_with("CREATE TRIGGER") { "END;" } else { ";" };
    rest[..rest.find(end).expect("a statement ends") + end.len()].to_owned()
}

/// The one difference that the alteration makes.
fn only_difference(from: &str, to: &str) -> Difference {
    let mut found = differences_after(from, to);
    assert_eq!(found.len(), 1, "after `{from}` became `{to}`:\n{}", listed(&found));
    found.remove(0)
}

#[track_caller]
fn assert_found(from: &str, to: &str, wanted: (Kind, Lacking, &str, &str)) {
    let found = only_difference(from, to);
    let (kind, lacking, table, item) = wanted;
    assert_eq!(
        (found.kind, found.lacking, found.table.as_str(), found.item.as_str()),
        (kind, lacking, table, item)
    );
}

#[test]
fn a_table_that_is_gone_is_named_with_its_place() {
    let found = only_difference(&statement("CREATE TABLE memory_current"), "");
    assert_eq!((found.kind, found.table.as_str()), (Kind::Table, "memory_current"));
    assert!(found.source.starts_with("specs/db_wiring/PH1_F.md:"), "{found}");
}

#[test]
fn a_table_that_nobody_owns_is_found() {
    let head = "CREATE TABLE memory_current";
    let to = format!("CREATE TABLE of_nobody (note TEXT NOT NULL) STRICT; {head}");
    assert_found(head, &to, (Kind::Table, Lacking::Contract, "of_nobody", ""));
}

#[test]
fn columns_are_compared_by_name_type_and_absence() {
    let from = "device_type TEXT NOT NULL,";
    assert_found(from, "", (Kind::Column, Lacking::Schema, "devices", "device_type"));
    let to = "device_type TEXT,";
    assert_found(from, to, (Kind::Column, Lacking::Schema, "devices", "device_type"));
    let to = "device_type ANY NOT NULL,";
    assert_found(from, to, (Kind::Column, Lacking::Schema, "devices", "device_type"));
    let to = "device_type TEXT NOT NULL, colour TEXT,";
    assert_found(from, to, (Kind::Column, Lacking::Contract, "devices", "colour"));
}

#[test]
fn a_table_that_keeps_no_types_is_found() {
    let table = statement("CREATE TABLE memory_current");
    let to = table.replace(") STRICT, WITHOUT ROWID;", ") WITHOUT ROWID;");
    assert_found(&table, &to, (Kind::Column, Lacking::Schema, "memory_current", "*"));
}

#[test]
fn another_primary_key_is_found() {
    let from = "PRIMARY KEY (user_id, memory_key)";
    let found = differences_after(from, "PRIMARY KEY (user_id, memory_key, memory_seq)");
    let key = found.iter().find(|found| found.kind == Kind::PrimaryKey).expect("the key is found");
    assert_eq!((key.table.as_str(), key.item.as_str()), ("memory_current", "user_id, memory_key"));
    // Where another key is the row number, the stated one must still be a key.
    let found = differences_after("wake_event_id TEXT NOT NULL UNIQUE", "wake_event_id TEXT NOT NULL");
    let key = found.iter().find(|found| found.kind == Kind::PrimaryKey).expect("the key is found");
    assert_eq!((key.table.as_str(), key.item.as_str()), ("wake_runtime_events", "wake_event_id"));
}

#[test]
fn rows_that_lie_in_another_order_than_the_stated_one_are_found() {
    // SQLite quotes the name of a table that was rebuilt.
    let table = statement("CREATE TABLE \"wake_runtime_events\"");
    let (key, number) = ("wake_event_id TEXT NOT NULL UNIQUE", "wake_position INTEGER NOT NULL PRIMARY KEY");
    let by_its_key = table
        .replace(key, &key.replace("UNIQUE", "PRIMARY KEY"))
        .replace(number, &number.replace("PRIMARY KEY", "UNIQUE"));
    let found = differences_after(&table, &by_its_key);
    let order = found.iter().find(|found| found.kind == Kind::PrimaryKey).expect("the order is found");
    assert_eq!((order.table.as_str(), order.item.as_str()), ("wake_runtime_events", "wake_position"));
    // With a hidden number the rows can be replaced by it as well.
    let table = statement("CREATE TABLE memory_ledger");
    let found = differences_after(&table, &table.replace(") STRICT, WITHOUT ROWID;", ") STRICT;"));
    let is_lock = |found: &Difference| found.kind == Kind::Lock && found.item == "rowid";
    assert!(found.iter().any(is_lock), "{}", listed(&found));
    // A row number that is stated is the row number.
    let table = statement("CREATE TABLE audit_events");
    let key = "ledger_position INTEGER NOT NULL PRIMARY KEY CHECK";
    let found = differences_after(&table, &table.replace(key, &key.replace("PRIMARY KEY", "UNIQUE")));
    let key = found.iter().find(|found| found.kind == Kind::PrimaryKey).expect("the order is found");
    assert_eq!((key.table.as_str(), key.item.as_str()), ("audit_events", "ledger_position"));
}

#[test]
fn the_count_of_writes_is_compared_both_ways() {
    let table = statement("CREATE TABLE memory_current");
    let column = ", row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0)";
    let wanted = (Kind::Column, Lacking::Schema, "memory_current", "row_version");
    assert!(table.contains(column), "{table}");
    assert_found(&table, &table.replace(column, ""), wanted);
    assert_found(&table, &table.replace(column, &column.replace("DEFAULT 0", "DEFAULT 1")), wanted);
    assert_found(&table, &table.replace(column, &column.replace(" NOT NULL", "")), wanted);
    let unbound = column.replace(" CHECK (row_version >= 0)", "");
    let found = differences_after(&table, &table.replace(column, &unbound));
    assert!(!found.is_empty(), "the bound is missed");
    assert!(found.iter().all(|found| found.kind == Kind::Bound && found.item == "row_version"));
    // The rows of a ledger are written once.
    let table = statement("CREATE TABLE memory_ledger");
    let (last, counted) = ("memory_value_ref TEXT,", "memory_value_ref TEXT, row_version INTEGER,");
    assert!(table.contains(last), "{table}");
    let wanted = (Kind::Column, Lacking::Contract, "memory_ledger", "row_version");
    assert_found(&table, &table.replace(last, counted), wanted);
}

#[test]
fn unique_keys_are_compared_both_ways() {
    let keys = |from: &str, to: &str| -> Vec<(Lacking, String, String)> {
        let found = differences_after(from, to).into_iter();
        let keys = found.filter(|found| found.kind == Kind::UniqueKey);
        keys.map(|found| (found.lacking, found.table, found.item)).collect()
    };
    let key = |lacking, table: &str, item: &str| vec![(lacking, table.to_owned(), item.to_owned())];
    let table = statement("CREATE TABLE audit_events");
    let without = table.replace("UNIQUE (chain_id, chain_sequence)", "CHECK (chain_id IS NOT NULL)");
    assert_eq!(keys(&table, &without), key(Lacking::Schema, "audit_events", "chain_id, chain_sequence"));
    let head = "CREATE TABLE memory_current";
    let more = statement(head) + "CREATE UNIQUE INDEX more ON memory_current (memory_seq);";
    assert_eq!(keys(&statement(head), &more), key(Lacking::Contract, "memory_current", "memory_seq"));
}

#[test]
fn a_key_of_some_rows_is_found_where_it_is_gone_or_about_other_rows() {
    let wanted = (Kind::UniqueKey, Lacking::Schema, "wake_profile_bindings", "user_id, device_id");
    let index = statement("CREATE UNIQUE INDEX wake_profile_bindings_active");
    let found = differences_after(&index, "");
    let found: Vec<_> = found.iter().filter(|found| found.kind == Kind::UniqueKey).collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].lacking, found[0].table.as_str(), found[0].item.as_str()), wanted);
    let other = index.replace("active = 1", "bound_at = 1");
    let found = differences_after(&index, &other);
    assert!(found.iter().any(|found| found.table == wanted.2 && found.lacking == Lacking::Schema));
    assert!(found.iter().any(|found| found.table == wanted.2 && found.lacking == Lacking::Contract));
}

#[test]
fn indices_are_compared_both_ways() {
    let index = statement("CREATE INDEX audit_events_by_turn");
    let found = differences_after(&index, "");
    assert!(!found.is_empty() && found.iter().all(|found| found.kind == Kind::Index), "{}", listed(&found));
    assert!(found.iter().all(|found| found.item == "correlation_id, turn_id"));
    let found = differences_after(&index, &index.replace(';', " WHERE turn_id > 1;"));
    assert!(
        found.iter().any(|found| found.item == "correlation_id, turn_id"),
        "an index of some rows does not serve a read of all:\n{}",
        listed(&found)
    );
    let more = format!("{index} CREATE INDEX more ON audit_events (severity);");
    assert_found(&index, &more, (Kind::Index, Lacking::Contract, "audit_events", "severity"));
}

#[test]
fn references_are_compared_both_ways() {
    let table = statement("CREATE TABLE memory_current");
    let to = table.replace(" REFERENCES identities (user_id)", "");
    assert_found(&table, &to, (Kind::ForeignKey, Lacking::Schema, "memory_current", "user_id"));
    let to = table.replace("memory_value_ref TEXT,", "memory_value_ref TEXT REFERENCES devices (device_id),");
    assert_found(&table, &to, (Kind::ForeignKey, Lacking::Contract, "memory_current", "memory_value_ref"));
}

#[test]
fn bounds_are_found_where_they_are_gone_too_wide_or_too_narrow() {
    let from = "CHECK (pass_target BETWEEN 3 AND 8)";
    let table = "wake_enrollment_sessions";
    for to in ["CHECK (pass_target BETWEEN 2 AND 8)", "CHECK (pass_target BETWEEN 3 AND 9)"] {
        assert_found(from, to, (Kind::Bound, Lacking::Schema, table, "pass_target"));
    }
    // As many passes as the largest target are not reached either.
    let found = differences_after(from, "CHECK (pass_target BETWEEN 3 AND 7)");
    assert!(found.iter().all(|found| found.kind == Kind::Bound && found.lacking == Lacking::Contract));
    let items: Vec<&str> = found.iter().map(|found| found.item.as_str()).collect();
    assert_eq!(items, ["pass_count", "pass_target"]);
    let gone = differences_after(from, "");
    assert!(gone.iter().all(|found| found.kind == Kind::Bound && found.item == "pass_target"));
    assert_eq!(gone.len(), 2, "both ends are missed");
}

#[test]
fn a_bound_that_is_a_matter_of_the_type_is_found() {
    let finite = " CHECK (abs(snr_db) <= 3.4028235e38)";
    let gone = differences_after(finite, "");
    assert_eq!(gone.len(), 4, "infinities, and what is too large for 32 bits:\n{}", listed(&gone));
    assert!(gone.iter().all(|found| found.kind == Kind::Bound && found.item == "snr_db"));
    let from = "CHECK (accepted IN (0, 1))";
    assert_found(from, "", (Kind::Bound, Lacking::Schema, "wake_runtime_events", "accepted"));
}

#[test]
fn enums_are_compared_both_ways() {
    let from = "CHECK (status IN ('ACTIVE', 'DISABLED'))";
    assert_found(from, "", (Kind::Enum, Lacking::Schema, "identities", "status"));
    let to = "CHECK (status IN ('ACTIVE'))";
    assert_found(from, to, (Kind::Enum, Lacking::Contract, "identities", "status"));
    // Another check of the same column must not hide that this one is gone.
    let from = "CHECK (session_state IN ('OPEN', 'SOFT_CLOSED', 'CLOSED', 'SUSPENDED'))";
    assert_found(from, "", (Kind::Enum, Lacking::Schema, "sessions", "session_state"));
}

#[test]
fn every_lock_of_a_ledger_is_missed_when_it_is_gone() {
    let (contracts, committed) = (contracts(), Contracts::read(&place::workspace()));
    let ledgers: Vec<&String> =
        contracts.tables.iter().filter(|(_, table)| table.is_ledger).map(|(name, _)| name).collect();
    assert!(ledgers.len() >= 7, "{ledgers:?}");
    for ledger in ledgers {
        let locks = committed.triggers(Dialect::Sqlite, ledger);
        assert_eq!(locks.len(), 3, "{locks:?}");
        for (lock, _) in locks {
            let found = differences_after(&statement(&format!("CREATE TRIGGER {lock} ")), "");
            assert!(!found.is_empty(), "without {lock}");
            assert!(
                found.iter().all(|found| found.kind == Kind::Lock && found.table == *ledger),
                "without {lock}:\n{}",
                listed(&found)
            );
        }
    }
}

#[test]
fn a_lock_with_a_gap_is_found() {
    let from = "BEFORE UPDATE ON memory_ledger";
    let to =
        "BEFORE UPDATE OF user_id, memory_seq, memory_key, memory_operation, created_at ON memory_ledger";
    assert_found(from, to, (Kind::Lock, Lacking::Schema, "memory_ledger", "memory_value_ref"));
    let from = " OR EXISTS (SELECT 1 FROM audit_events WHERE ledger_position = NEW.ledger_position)";
    assert_found(from, "", (Kind::Lock, Lacking::Schema, "audit_events", "ledger_position"));
    let of_a_wake_event = "SELECT 1 FROM wake_runtime_events WHERE";
    let from = format!(
        " OR EXISTS ({of_a_wake_event} chain_id = NEW.chain_id AND chain_sequence = NEW.chain_sequence)"
    );
    let wanted = (Kind::Lock, Lacking::Schema, "wake_runtime_events", "chain_id, chain_sequence");
    assert_found(&from, "", wanted);
}

#[test]
fn a_lock_on_a_table_that_changes_is_found() {
    let lock =
        "CREATE TRIGGER devices_stay BEFORE UPDATE ON devices BEGIN SELECT RAISE(ABORT, 'stays'); END;";
    let found = differences_between(&contracts(), &format!("{}\n{lock}", schema()));
    assert_eq!(found.len(), 1, "{}", listed(&found));
    assert_eq!((found[0].kind, found[0].lacking), (Kind::Lock, Lacking::Contract));
    assert_eq!((found[0].table.as_str(), found[0].item.as_str()), ("devices", ""));
}
