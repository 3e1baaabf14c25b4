//! What the newest schema makes of the rows of released files: which place each gets, what is locked, which events are sealed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use rusqlite::types::Value;
use selene_contracts::{Disposition, TableSpec, TruthType, engines};

use super::calls::Call;
use super::raw::{Row, number, rows, text, without};
use super::{Released, counts};

/// The first schema version in which a place in a chain orders rows, and events seal them.
const FIRST_WITH_PLACES: u32 = 6;

impl Released {
    fn raw(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }

    /// Copies of every version from before there were places.
    fn without_places() -> impl Iterator<Item = Self> {
        let mut found = Self::all().filter(|released| released.version < FIRST_WITH_PLACES).peekable();
        assert!(found.peek().is_some());
        found
    }
}

fn by<'a>(rows: &'a [Row], column: &str) -> BTreeMap<&'a str, &'a Row> {
    rows.iter().map(|row| (text(row, column), row)).collect()
}

const EVENTS: &str = "SELECT * FROM audit_events ORDER BY ledger_position";

#[test]
fn every_record_lies_at_the_place_of_its_own_event() {
    for released in Released::without_places() {
        let by_position = "SELECT event_id, event.chain_id, event.chain_sequence, record.*
            FROM idempotency_records AS record JOIN audit_events AS event USING (ledger_position) ORDER BY event_id";
        let before = rows(&released.raw(), by_position);
        drop(released.open());
        let by_place = "SELECT event_id, record.* FROM idempotency_records AS record
            JOIN audit_events AS event USING (chain_id, chain_sequence) ORDER BY event_id";
        let after = rows(&released.raw(), by_place);
        assert!(before.len() >= released.calls.len());
        assert_eq!(after, before, "version {}", released.version);
    }
}

#[test]
fn every_wake_event_lies_at_the_place_of_its_own_event_and_in_the_same_order() {
    for released in Released::without_places() {
        let before = rows(&released.raw(), "SELECT * FROM wake_runtime_events ORDER BY wake_position");
        drop(released.open());
        let joined = "SELECT wake.*, event.event_id FROM wake_runtime_events AS wake
            JOIN audit_events AS event USING (chain_id, chain_sequence) ORDER BY chain_id, chain_sequence";
        let after = rows(&released.raw(), joined);
        assert_eq!(after.len(), before.len());
        // What was answered says which event is whose.
        let own =
            released.calls.iter().filter(|call| call.capability == "PH1W_RUNTIME_EVENT_COMMIT_ROW").map(
                |call| {
                    let answer = call.answer.as_ref().expect("a released call has its answer");
                    (answer.value["wake_event_id"].as_str().expect("an id"), answer.event_id.as_str())
                },
            );
        let own: BTreeMap<&str, &str> = own.collect();
        let found: BTreeMap<&str, &str> =
            after.iter().map(|row| (text(row, "wake_event_id"), text(row, "event_id"))).collect();
        assert_eq!(found, own, "version {}", released.version);
        // Nothing else of a row changed, and within a chain the order is that of before.
        let (before_by_id, places) =
            (by(&before, "wake_event_id"), ["chain_id", "chain_sequence", "event_id"]);
        let mut last: BTreeMap<&str, i64> = BTreeMap::new();
        for row in &after {
            let old = before_by_id[text(row, "wake_event_id")];
            assert_eq!(without(row, &places), *old);
            let position = number(old, "wake_position");
            assert!(last.insert(text(row, "chain_id"), position).is_none_or(|last| last < position));
        }
    }
}

/// The order that is promised is the order within a chain. Events of before keep the number that their hashes go over.
#[test]
fn events_of_before_stay_without_seals_and_new_ones_are_sealed_behind_them() {
    for released in Released::without_places() {
        let before = rows(&released.raw(), EVENTS);
        let store = released.open();
        let last = before.iter().map(|row| number(row, "ledger_position")).max().expect("there are events");
        let mut applied = BTreeSet::new();
        for (nth, call) in released.calls.iter().filter(|call| is_of_a_person(call)).enumerate() {
            let made = as_new(call, nth).make(&store).unwrap();
            assert_eq!(made.disposition, Disposition::Applied, "{}", call.name);
            applied.insert(made.answer.event_id);
        }
        let report = store.verify_chains(&released.heads).unwrap();
        assert!(report.is_intact(), "{report:?}");
        drop(store);
        let after = rows(&released.raw(), EVENTS);
        let (old, new): (Vec<&Row>, Vec<&Row>) =
            after.iter().partition(|row| number(row, "ledger_position") <= last);
        assert!(old.iter().all(|row| row["row_seals"] == Value::Null));
        let old: Vec<Row> = old.into_iter().map(|row| without(row, &["row_seals"])).collect();
        assert_eq!(old, before, "version {}", released.version);
        let sealed: BTreeSet<String> = new.iter().map(|row| text(row, "event_id").to_owned()).collect();
        assert_eq!(sealed, applied);
        let mut heads: BTreeMap<&str, &Value> = BTreeMap::new();
        for row in &before {
            heads.insert(text(row, "chain_id"), &row["hash"]);
        }
        for event in new {
            let previous = heads.insert(text(event, "chain_id"), &event["hash"]);
            assert_eq!(Some(&event["previous_hash"]), previous, "it follows the chain of before");
            let seals: serde_json::Value = serde_json::from_str(text(event, "row_seals")).unwrap();
            let [identity, record] = seals.as_array().unwrap().as_slice() else { panic!("{seals}") };
            assert_eq!(identity[0], "identities");
            assert!(record.is_string(), "the digest of the record of the event's place");
        }
    }
}

fn is_of_a_person(call: &Call) -> bool {
    call.capability == "PH1F_IDENTITY_INSERT_ROW"
}

/// The call again, about somebody new.
fn as_new(call: &Call, nth: usize) -> Call {
    let mut call = Call { answer: None, ..call.clone() };
    call.input["user_id"] = format!("somebody new {nth}").into();
    call.input["idempotency_key"] = format!("new {nth}").into();
    call
}

/// Those of some tables that were in a file when it was released, or have rows since its migration. Engines that came later have
/// tables without rows.
fn of_released<'t>(released: &Released, tables: &BTreeSet<&'t str>) -> Vec<&'t str> {
    let before = counts(&released.path());
    drop(released.open());
    let filled: Vec<_> = counts(&released.path()).into_iter().filter(|(_, count)| *count > 0).collect();
    let is_there = |table: &str| before.iter().chain(&filled).any(|(name, _)| name == table);
    tables.iter().copied().filter(|table| is_there(table)).collect()
}

#[test]
fn current_rows_of_before_were_never_counted_and_are_from_their_next_write_on() {
    let versions = |released: &Released, sql: &str| -> Vec<i64> {
        rows(&released.raw(), sql).iter().map(|row| number(row, "row_version")).collect()
    };
    let current: BTreeSet<&str> = engines::ALL
        .iter()
        .flat_map(|engine| engine.tables)
        .filter(|table| table.truth_type == TruthType::Current)
        .map(TableSpec::bare_name)
        .collect();
    for released in Released::without_places() {
        let current = of_released(&released, &current);
        assert!(current.contains(&"memory_current"));
        let store = released.open();
        for table in current {
            let found = versions(&released, &format!("SELECT row_version FROM {table}"));
            assert!(!found.is_empty() && found.iter().all(|version| *version == 0), "{table}: {found:?}");
        }
        let (capability, key) = ("PH1F_MEMORY_APPEND_COMMIT_ROW", "colour");
        let same =
            released.calls.iter().find(|call| call.capability == capability).expect("there is one").clone();
        assert_eq!(same.input["memory_key"], key);
        let of_it = "SELECT row_version FROM memory_current WHERE user_id = 'ada' AND memory_key = 'colour'";
        let others =
            "SELECT row_version FROM memory_current WHERE NOT (user_id = 'ada' AND memory_key = 'colour')";
        for version in 1..=2 {
            let mut call = Call { answer: None, ..same.clone() };
            call.now_ns = 1_000_000 + version;
            call.input["idempotency_key"] = format!("new {version}").into();
            assert_eq!(call.make(&store).unwrap().disposition, Disposition::Applied);
            assert_eq!(versions(&released, of_it), [i64::try_from(version).unwrap()]);
        }
        assert!(versions(&released, others).iter().all(|version| *version == 0));
        assert!(store.verify_folds().unwrap().is_intact());
    }
}

/// Every way to change a row of a ledger, on a connection without any guard.
#[test]
fn ledgers_are_locked_after_the_migration() {
    let ledgers: BTreeSet<&str> = engines::ALL
        .iter()
        .flat_map(|engine| engine.tables)
        .filter(|table| table.truth_type == TruthType::Ledger)
        .map(TableSpec::bare_name)
        .collect();
    assert!(ledgers.contains("idempotency_records") && ledgers.contains("wake_runtime_events"));
    for released in Released::without_places() {
        let ledgers = of_released(&released, &ledgers);
        let raw = released.raw();
        // Without it, REPLACE fires no delete trigger.
        raw.pragma_update(None, "recursive_triggers", false).unwrap();
        raw.pragma_update(None, "foreign_keys", false).unwrap();
        for ledger in &ledgers {
            let all = format!("SELECT * FROM {ledger}");
            let before = rows(&raw, &all);
            let columns: Vec<String> = before[0].keys().cloned().collect();
            let mut attempts = vec![format!("DELETE FROM {ledger}")];
            attempts.extend(columns.iter().map(|column| format!("UPDATE {ledger} SET {column} = {column}")));
            attempts.extend(replacements(&raw, ledger, &columns));
            for attempt in attempts {
                let error = raw.execute(&attempt, []).expect_err(&attempt).to_string();
                assert_eq!(error, format!("{ledger} is append-only"), "{attempt}");
            }
            assert_eq!(rows(&raw, &all), before);
        }
    }
}

/// For each unique key of a table an insert of a row that shares this key with one that is there, and no other.
fn replacements(raw: &Connection, table: &str, columns: &[String]) -> Vec<String> {
    let listed =
        rows(raw, &format!("SELECT name FROM pragma_index_list('{table}') WHERE \"unique\" AND NOT partial"));
    let mut keys: Vec<BTreeSet<String>> = listed
        .iter()
        .map(|index| rows(raw, &format!("SELECT name FROM pragma_index_info('{}')", text(index, "name"))))
        .map(|columns| columns.iter().map(|column| text(column, "name").to_owned()).collect())
        .collect();
    let primary = rows(raw, &format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0"));
    keys.push(primary.iter().map(|column| text(column, "name").to_owned()).collect());
    let of_a_key: BTreeSet<String> = keys.iter().flatten().cloned().collect();
    assert!(keys.iter().all(|key| !key.is_empty()), "{table}");
    let other = |column: &String| {
        format!(
            "CASE typeof({column}) WHEN 'integer' THEN {column} + 900000
             WHEN 'blob' THEN zeroblob(length({column})) ELSE {column} || 'x' END"
        )
    };
    let value = |column: &String, key: &BTreeSet<String>| {
        if of_a_key.contains(column) && !key.contains(column) { other(column) } else { column.clone() }
    };
    let insert = |key: &BTreeSet<String>| {
        let values: Vec<String> = columns.iter().map(|column| value(column, key)).collect();
        let (names, values) = (columns.join(", "), values.join(", "));
        format!("INSERT OR REPLACE INTO {table} ({names}) SELECT {values} FROM {table} LIMIT 1")
    };
    keys.iter().map(insert).collect()
}

#[test]
fn a_migrated_file_has_the_schema_of_a_new_one() {
    let schema = |raw: &Connection| {
        rows(raw, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    drop(selene_storage::SqliteStore::open(&path).unwrap());
    let new = schema(&Connection::open(&path).unwrap());
    for released in Released::all() {
        drop(released.open());
        assert_eq!(schema(&released.raw()), new, "version {}", released.version);
    }
}
