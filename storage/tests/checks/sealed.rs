//! What a commit wrote is sealed by its event: whoever changes, removes, adds or turns back a row of any table, with every lock
//! off, is found, and table, key and event are named. The rows are those of a scenario that writes into every table.

#[path = "../migrations/released/calls.rs"]
mod calls;
#[path = "../migrations/released/make.rs"]
mod make;

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, params_from_iter};
use selene_contracts::shared::AuditEventId;
use selene_contracts::{FieldSpec, TableSpec, TruthType, engines};
use selene_storage::{FaultKind, RowFault, RowFaultKind, SqliteStore};

/// A store with rows in every table, and a connection with all locks off.
struct Scene {
    store: SqliteStore,
    raw: Connection,
    /// By table and key: the event that sealed the row last.
    events: BTreeMap<(String, String), String>,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/migrations/released/scenario.jsonl");
        make::make(&folder.path().join("made"), &scenario);
        let path = folder.path().join("made/store.db");
        let store = SqliteStore::open(&path).unwrap();
        assert!(store.verify(&[]).unwrap().is_intact(), "{:#?}", store.verify(&[]));
        let raw = Connection::open(&path).unwrap();
        // Whoever tampers takes keys of some rows out of the way as well.
        for (kind, locks) in
            [("TRIGGER", "type = 'trigger'"), ("INDEX", "sql LIKE 'CREATE UNIQUE INDEX%WHERE%'")]
        {
            for name in names(&raw, locks) {
                raw.execute_batch(&format!("DROP {kind} {name}")).unwrap();
            }
        }
        raw.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;").unwrap();
        let events = newest_events(&raw);
        Self { store, raw, events, _folder: folder }
    }

    /// The rows of a table, each with all columns of the contract.
    fn rows(&self, table: &Table) -> Vec<Vec<Value>> {
        let columns = table.names().join(", ");
        let mut rows = self.raw.prepare(&format!("SELECT {columns} FROM {}", table.name)).unwrap();
        let count = table.spec.columns.len();
        let rows =
            rows.query_map([], |row| (0..count).map(|position| row.get(position)).collect::<Result<_, _>>());
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// Sets a column of the row with a key. Says whether the database took it: a key that another row has is taken by none.
    fn set(&self, table: &Table, key: &[Value], column: &str, value: &Value) -> bool {
        let sql = format!("UPDATE {} SET {column} = ?1 WHERE {}", table.name, table.condition(1));
        let values = std::iter::once(value).chain(key).cloned();
        match self.raw.execute(&sql, params_from_iter(values)) {
            Ok(count) => count == 1,
            Err(error) => {
                assert_eq!(error.sqlite_error_code(), Some(ErrorCode::ConstraintViolation), "{sql}: {error}");
                false
            }
        }
    }

    /// The event that sealed a row last.
    fn event(&self, table: &Table, key: &[Value]) -> Option<&str> {
        let entry = (table.name.to_owned(), shown(key));
        self.events
            .get(&entry)
            .or_else(|| {
                // One of many rows that were sealed together, under the start of its key.
                self.events.get(&(table.name.to_owned(), shown(&key[..1])))
            })
            .map(String::as_str)
    }

    fn faults(&self) -> Vec<RowFault> {
        self.store.verify_rows().unwrap().faults.to_vec()
    }
}

/// The names of things in the schema.
fn names(raw: &Connection, condition: &str) -> Vec<String> {
    let mut names = raw.prepare(&format!("SELECT name FROM sqlite_schema WHERE {condition}")).unwrap();
    names.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

/// A table that contracts state.
struct Table {
    name: &'static str,
    spec: &'static TableSpec,
}

impl Table {
    /// Every table whose rows events seal.
    fn sealed() -> impl Iterator<Item = Self> {
        Self::all().filter(|table| table.name != "audit_events")
    }

    fn all() -> impl Iterator<Item = Self> {
        let specs = engines::ALL.iter().flat_map(|engine| engine.tables);
        let specs = specs.filter(|spec| !spec.columns.is_empty());
        specs.map(|spec| Self { name: spec.bare_name(), spec })
    }

    fn names(&self) -> Vec<&'static str> {
        self.spec.columns.iter().map(|column| column.name).collect()
    }

    fn position(&self, column: &str) -> usize {
        self.names().iter().position(|name| *name == column).unwrap()
    }

    fn key(&self, row: &[Value]) -> Vec<Value> {
        self.spec.primary_key.iter().map(|column| row[self.position(column)].clone()).collect()
    }

    fn condition(&self, before: usize) -> String {
        let parts = self.spec.primary_key.iter().zip(before + 1..);
        parts.map(|(column, place)| format!("{column} = ?{place}")).collect::<Vec<_>>().join(" AND ")
    }

    /// Whether the column is a part of some key, so that another row's value may be refused.
    fn is_unique(&self, column: &str) -> bool {
        self.is_key(column) || self.spec.unique_keys.iter().any(|key| key.contains(&column))
    }

    fn is_key(&self, column: &str) -> bool {
        self.spec.primary_key.contains(&column)
    }
}

/// The newest event that seals each row, from what the events say.
fn newest_events(raw: &Connection) -> BTreeMap<(String, String), String> {
    let sql = "SELECT event_id, row_seals, chain_id || ', ' || chain_sequence FROM audit_events";
    let mut statement = raw.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let mut newest: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
    for (event, seals, place) in rows.map(|row: rusqlite::Result<(String, String, String)>| row.unwrap()) {
        let seals: Vec<serde_json::Value> = serde_json::from_str(&seals).unwrap();
        for seal in seals {
            let (row, version) = if seal.is_string() {
                (("idempotency_records".to_owned(), place.clone()), 0)
            } else {
                let key: Vec<&str> =
                    seal[1].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
                let table = seal[0].as_str().unwrap().to_owned();
                ((table, key.join(", ")), seal[2].as_u64().unwrap())
            };
            let entry = newest.entry(row);
            let known = entry.or_insert_with(|| (version, event.clone()));
            if known.0 < version {
                *known = (version, event.clone());
            }
        }
    }
    newest.into_iter().map(|(row, (_, event))| (row, event)).collect()
}

fn shown(key: &[Value]) -> String {
    let part = |value: &Value| match value {
        Value::Integer(number) => number.cast_unsigned().to_string(),
        Value::Text(text) => text.clone(),
        other => panic!("no key holds {other:?}"),
    };
    key.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// Other values that the column takes: one of its form, the value of another row, and no value.
fn others(
    raw: &Connection,
    table: &Table,
    column: &FieldSpec,
    value: &Value,
    rows: &[Vec<Value>],
) -> Vec<Value> {
    let of_form = match value {
        Value::Null => of_declared(raw, table.name, column.name),
        value => another(value),
    };
    let position = table.position(column.name);
    let mut others = vec![of_form];
    if !table.is_key(column.name) {
        others.extend(rows.iter().map(|row| row[position].clone()).find(|other| other != value));
    }
    if column.is_optional && *value != Value::Null && !others.contains(&Value::Null) {
        others.push(Value::Null);
    }
    others
}

/// Another value of the same form.
fn another(value: &Value) -> Value {
    match value {
        Value::Integer(number @ 0..=1) => Value::Integer(1 - number),
        Value::Integer(number) => Value::Integer(number + 1_000),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Blob(bytes) => Value::Blob(bytes.iter().map(|byte| byte ^ 1).collect()),
        Value::Real(number) => Value::Real(number / 2.0),
        Value::Null => Value::Null,
    }
}

fn of_declared(raw: &Connection, table: &str, column: &str) -> Value {
    let sql = "SELECT type FROM pragma_table_info(?1) WHERE name = ?2";
    let declared: String = raw.query_row(sql, [table, column], |row| row.get(0)).unwrap();
    match declared.as_str() {
        "INTEGER" => Value::Integer(1),
        "TEXT" => Value::Text("x".to_owned()),
        "BLOB" => Value::Blob(vec![1; 32]),
        other => panic!("{table}.{column} is {other}"),
    }
}

#[test]
fn every_changed_column_is_named_with_table_key_and_event() {
    let scene = Scene::new();
    for table in Table::sealed() {
        let rows = scene.rows(&table);
        assert!(!rows.is_empty(), "the scenario writes no row of {}", table.name);
        let row = &rows[rows.len() / 2];
        let key = table.key(row);
        let event = scene.event(&table, &key);
        assert!(event.is_some(), "no event seals {} ({})", table.name, shown(&key));
        for column in table.spec.columns {
            let value = &row[table.position(column.name)];
            for other in others(&scene.raw, &table, column, value, &rows) {
                if !scene.set(&table, &key, column.name, &other) {
                    assert!(
                        table.is_unique(column.name),
                        "{}.{} takes no {other:?}",
                        table.name,
                        column.name
                    );
                    continue;
                }
                let found = scene.faults();
                let what = format!("{}.{} {value:?} -> {other:?}: {found:#?}", table.name, column.name);
                // A row under another key is gone under its own.
                let is_key = table.is_key(column.name);
                let kinds = [RowFaultKind::Changed, RowFaultKind::Missing];
                assert!(
                    found.iter().any(|fault| fault.table == table.name
                        && (fault.key == shown(&key) || fault.key == shown(&key[..1]))
                        && fault.event_id.as_ref().map(AuditEventId::as_str) == event
                        && kinds.contains(&fault.kind)),
                    "{what}"
                );
                assert!(is_key || found.len() == 1, "{what}");
                let mut now = row.clone();
                now[table.position(column.name)] = other;
                assert!(scene.set(&table, &table.key(&now), column.name, value));
            }
        }
    }
    assert!(scene.store.verify(&[]).unwrap().is_intact());
}

#[test]
fn every_changed_column_of_an_event_is_named_with_its_place() {
    let scene = Scene::new();
    let table = Table::all().find(|table| table.name == "audit_events").unwrap();
    let rows = scene.rows(&table);
    let row = &rows[rows.len() / 2];
    let key = table.key(row);
    for column in table.spec.columns {
        let value = &row[table.position(column.name)];
        for other in others(&scene.raw, &table, column, value, &rows) {
            if !scene.set(&table, &key, column.name, &other) {
                assert!(table.is_unique(column.name), "{} takes no {other:?}", column.name);
                continue;
            }
            let found = scene.store.verify_chains(&[]).unwrap().faults;
            let event =
                if column.name == "event_id" { shown(std::slice::from_ref(&other)) } else { shown(&key) };
            assert!(
                found.iter().any(|fault| fault.event_id.as_ref().is_some_and(|id| id.as_str() == event)
                    && matches!(fault.kind, FaultKind::Changed | FaultKind::Reordered)),
                "{} {value:?} -> {other:?}: {found:#?}",
                column.name
            );
            let mut now = row.clone();
            now[table.position(column.name)] = other;
            assert!(scene.set(&table, &table.key(&now), column.name, value));
        }
    }
    assert!(scene.store.verify(&[]).unwrap().is_intact());
}

#[test]
fn a_removed_row_is_named_with_its_event() {
    for table in Table::sealed() {
        let scene = Scene::new();
        let row = scene.rows(&table).pop().unwrap();
        let key = table.key(&row);
        let sql = format!("DELETE FROM {} WHERE {}", table.name, table.condition(0));
        assert_eq!(scene.raw.execute(&sql, params_from_iter(key.clone())).unwrap(), 1);
        let found = scene.faults();
        assert!(
            found.iter().any(|fault| fault.table == table.name
                && (fault.key == shown(&key) || fault.key == shown(&key[..1]))
                && fault.event_id.as_ref().map(AuditEventId::as_str) == scene.event(&table, &key)),
            "{}: {found:#?}",
            table.name
        );
    }
}

#[test]
fn an_added_row_is_named() {
    let scene = Scene::new();
    for table in Table::sealed() {
        let mut row = scene.rows(&table).pop().unwrap();
        let last = table.position(table.spec.primary_key.last().unwrap());
        row[last] = another(&row[last]);
        // Unique columns beside the key must differ, too.
        for column in table.spec.unique_keys.iter().flat_map(|key| key.iter()) {
            let position = table.position(column);
            if !table.is_key(column) {
                row[position] = another(&row[position]);
            }
        }
        let is_current = table.spec.truth_type == TruthType::Current;
        let mut names = table.names();
        names.extend(is_current.then_some("row_version"));
        let mut values = row.clone();
        values.extend(is_current.then_some(Value::Integer(1)));
        let places: Vec<String> = (1..=names.len()).map(|place| format!("?{place}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name, names.join(", "), places.join(", "));
        scene.raw.execute(&sql, params_from_iter(values)).unwrap();
        let key = table.key(&row);
        let found = scene.faults();
        assert!(
            found.iter().any(|fault| fault.table == table.name
                && (fault.key == shown(&key) || fault.key == shown(&key[..1]))
                && matches!(fault.kind, RowFaultKind::Unfounded | RowFaultKind::Changed)),
            "{}: {found:#?}",
            table.name
        );
        let sql = format!("DELETE FROM {} WHERE {}", table.name, table.condition(0));
        scene.raw.execute(&sql, params_from_iter(key)).unwrap();
        assert_eq!(scene.faults(), [], "{}", table.name);
    }
}

#[test]
fn a_count_of_writes_that_was_turned_back_is_named() {
    let scene = Scene::new();
    let current = Table::sealed().filter(|table| table.spec.truth_type == TruthType::Current);
    for table in current {
        let row = scene.rows(&table).pop().unwrap();
        let key = table.key(&row);
        for change in ["row_version + 1", "row_version - 1", "0"] {
            let sql =
                format!("UPDATE {} SET row_version = {change} WHERE {}", table.name, table.condition(0));
            let sql_version = format!("SELECT row_version FROM {} WHERE {}", table.name, table.condition(0));
            let version: i64 =
                scene.raw.query_row(&sql_version, params_from_iter(key.clone()), |row| row.get(0)).unwrap();
            scene.raw.execute(&sql, params_from_iter(key.clone())).unwrap();
            let found = scene.faults();
            assert!(
                found.iter().any(|fault| fault.table == table.name && fault.key == shown(&key)),
                "{} {change}: {found:#?}",
                table.name
            );
            assert!(scene.set(&table, &key, "row_version", &Value::Integer(version)));
        }
    }
    assert_eq!(scene.faults(), []);
}
