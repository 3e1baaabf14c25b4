//! What a commit wrote is sealed by its event: whoever changes, removes, adds or turns back a row of any table, with every lock
//! off, is found, and table, key and event are named. The rows are those of a scenario that writes into every table. These tests run
//! on PostgreSQL too.

use std::collections::BTreeMap;
use std::path::Path;

use selene_contracts::shared::AuditEventId;
use selene_contracts::{FieldSpec, TableSpec, TruthType, engines};
use selene_storage::test_support::Cell;
use selene_storage::{CheckProgress, CheckStage, FaultKind, RowFault, RowFaultKind};

use crate::make;
use crate::world::{FOLDERS, KeyIsTaken, Store, Unlocked, World};

/// Columns that do not take the value of another row, because a key refuses it. Every other change is made, and found.
const REFUSED: [&str; 4] = [
    "conversation_ledger.turn_id",
    "links.draft_id",
    "onboarding_sessions.token_id",
    "access_instances.user_id",
];

/// The same of the events.
const REFUSED_OF_EVENTS: [&str; 1] = ["audit_events.chain_sequence"];

/// A row by the names of its columns.
pub type Row = BTreeMap<String, Cell>;

/// A store with rows in every table.
pub struct Scene {
    pub world: World,
    pub store: Store,
    /// By table; each with all columns.
    pub rows: BTreeMap<String, Vec<Row>>,
    /// By table and key: the event that sealed the row last.
    events: BTreeMap<(String, String), String>,
}

impl Scene {
    pub fn new() -> Self {
        let world = World::new();
        let store = world.open();
        make::run(&store, &Path::new(FOLDERS).join("migrations/released/scenario.jsonl"));
        assert!(store.verify(&[]).unwrap().is_intact(), "{:#?}", store.verify(&[]));
        let rows: BTreeMap<String, Vec<Row>> = store
            .every_row()
            .unwrap()
            .into_iter()
            .map(|(table, found)| {
                let named = |row: Vec<Cell>| found.columns.iter().cloned().zip(row).collect();
                (table, found.rows.into_iter().map(named).collect())
            })
            .collect();
        let events = newest_events(&rows["audit_events"]);
        Self { world, store, rows, events }
    }

    /// The rows of a table.
    pub fn rows(&self, table: &Table) -> &[Row] {
        let rows = &self.rows[table.name];
        assert!(!rows.is_empty(), "the scenario writes no row of {}", table.name);
        rows
    }

    /// The event that sealed a row last.
    fn event(&self, table: &Table, row: &Row) -> Option<&str> {
        // One of many rows that were sealed together stands under the start of its key.
        let of = |key: String| self.events.get(&(table.name.to_owned(), key)).map(String::as_str);
        of(table.key(row)).or_else(|| of(table.start_of_key(row)))
    }

    fn faults(&self) -> Vec<RowFault> {
        self.store.verify_rows().unwrap().faults.to_vec()
    }
}

/// Sets a column of a row.
pub fn set(raw: &Unlocked, table: &Table, row: &Row, column: &str, value: &Cell) -> Result<(), KeyIsTaken> {
    let sql = format!("UPDATE {} SET {column} = {} WHERE {}", table.name, literal(value), table.is_row(row));
    raw.execute(&sql).map(|count| assert_eq!(count, 1, "{sql}"))
}

/// Adds a row as it is.
pub fn add(raw: &Unlocked, table: &Table, row: &Row) {
    let columns: Vec<&str> = row.keys().map(String::as_str).collect();
    let values: Vec<String> = row.values().map(literal).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", table.name, columns.join(", "), values.join(", "));
    assert_eq!(raw.execute(&sql), Ok(1), "{sql}");
}

pub fn remove(raw: &Unlocked, table: &Table, row: &Row) {
    let sql = format!("DELETE FROM {} WHERE {}", table.name, table.is_row(row));
    assert_eq!(raw.execute(&sql), Ok(1), "{sql}");
}

/// A value as a statement writes it.
pub fn literal(value: &Cell) -> String {
    match value {
        Cell::Null => "NULL".to_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Real(bits) => format!("{:?}", f64::from_bits(*bits)),
        Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Cell::Blob(bytes) => World::bytes(bytes),
    }
}

/// A table that contracts state.
pub struct Table {
    pub name: &'static str,
    pub spec: &'static TableSpec,
}

impl Table {
    /// Every table whose rows events seal.
    pub fn sealed() -> impl Iterator<Item = Self> {
        Self::all().filter(|table| table.name != "audit_events")
    }

    pub fn all() -> impl Iterator<Item = Self> {
        let specs = engines::ALL.iter().flat_map(|engine| engine.tables);
        let specs = specs.filter(|spec| !spec.columns.is_empty());
        specs.map(|spec| Self { name: spec.bare_name(), spec })
    }

    /// The key of a row, as a report shows it.
    pub fn key(&self, row: &Row) -> String {
        self.spec.primary_key.iter().map(|column| shown(&row[*column])).collect::<Vec<_>>().join(", ")
    }

    /// The value of the first column of a row's key.
    fn start_of_key(&self, row: &Row) -> String {
        shown(&row[self.spec.primary_key[0]])
    }

    /// The condition that a row of this key fulfills.
    fn is_row(&self, row: &Row) -> String {
        let parts =
            self.spec.primary_key.iter().map(|column| format!("{column} = {}", literal(&row[*column])));
        parts.collect::<Vec<_>>().join(" AND ")
    }

    /// Whether a fault names a row, or the rows that it was sealed with.
    fn is_named(&self, row: &Row, fault: &RowFault) -> bool {
        fault.table == self.name && (fault.key == self.key(row) || fault.key == self.start_of_key(row))
    }

    pub fn is_key(&self, column: &str) -> bool {
        self.spec.primary_key.contains(&column)
    }

    /// A row of another key, as somebody adds it past the store.
    pub fn another_row(&self, row: &Row) -> Row {
        let mut row = row.clone();
        // What no contract states numbers rows of a file, or counts how often a row was written.
        row.retain(|name, _| self.spec.columns.iter().any(|column| column.name == name));
        if self.spec.truth_type == TruthType::Current {
            row.insert("row_version".to_owned(), Cell::Integer(1));
        }
        // Unique columns beside the key must differ, too.
        let beside =
            self.spec.unique_keys.iter().flat_map(|key| key.iter()).filter(|name| !self.is_key(name));
        for column in beside.chain(self.spec.primary_key.last()) {
            let other = another(&row[*column]);
            row.insert((*column).to_owned(), other);
        }
        row
    }
}

/// The newest event that seals each row, from what the events say.
fn newest_events(events: &[Row]) -> BTreeMap<(String, String), String> {
    let mut newest: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
    for event in events {
        let Cell::Text(seals) = &event["row_seals"] else { panic!("an event seals no rows: {event:?}") };
        let seals: Vec<serde_json::Value> = serde_json::from_str(seals).unwrap();
        let id = shown(&event["event_id"]);
        for seal in seals {
            let (row, version) = if seal.is_string() {
                let place = format!("{}, {}", shown(&event["chain_id"]), shown(&event["chain_sequence"]));
                (("idempotency_records".to_owned(), place), 0)
            } else {
                let key: Vec<&str> =
                    seal[1].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
                let table = seal[0].as_str().unwrap().to_owned();
                ((table, key.join(", ")), seal[2].as_u64().unwrap())
            };
            let entry = newest.entry(row);
            let known = entry.or_insert_with(|| (version, id.clone()));
            if known.0 < version {
                *known = (version, id.clone());
            }
        }
    }
    newest.into_iter().map(|(row, (_, event))| (row, event)).collect()
}

fn shown(part: &Cell) -> String {
    match part {
        Cell::Integer(number) => number.cast_unsigned().to_string(),
        Cell::Text(text) => text.clone(),
        other => panic!("no key holds {other:?}"),
    }
}

/// Other values that the column takes: one of its form, the value of another row, and no value.
fn others(raw: &Unlocked, table: &Table, column: &FieldSpec, value: &Cell, rows: &[Row]) -> Vec<Cell> {
    let of_form = match value {
        Cell::Null => raw.example(table.name, column.name),
        value => another(value),
    };
    let mut others = vec![of_form];
    if !table.is_key(column.name) {
        others.extend(rows.iter().map(|row| row[column.name].clone()).find(|other| other != value));
    }
    if column.is_optional && *value != Cell::Null && !others.contains(&Cell::Null) {
        others.push(Cell::Null);
    }
    others
}

/// Another value of the same form.
fn another(value: &Cell) -> Cell {
    match value {
        Cell::Integer(number @ 0..=1) => Cell::Integer(1 - number),
        Cell::Integer(number) => Cell::Integer(number + 1_000),
        Cell::Text(text) => Cell::Text(format!("{text}x")),
        Cell::Blob(bytes) => Cell::Blob(bytes.iter().map(|byte| byte ^ 1).collect()),
        Cell::Real(bits) => Cell::Real((f64::from_bits(*bits) / 2.0).to_bits()),
        Cell::Null => Cell::Null,
    }
}

/// Changes every column of one row in every way, shows each change with the row as it was, and takes it back. Gives the changes that a
/// key refuses.
fn change_every_column(
    scene: &Scene,
    raw: &Unlocked,
    table: &Table,
    mut show: impl FnMut(&Row, &FieldSpec, &Cell),
) -> Vec<String> {
    let rows = scene.rows(table);
    let row = &rows[rows.len() / 2];
    let mut refused = Vec::new();
    for column in table.spec.columns {
        let value = &row[column.name];
        for other in others(raw, table, column, value, rows) {
            if set(raw, table, row, column.name, &other) == Err(KeyIsTaken) {
                refused.push(format!("{}.{}", table.name, column.name));
                continue;
            }
            show(row, column, &other);
            let mut now = row.clone();
            now.insert(column.name.to_owned(), other);
            assert_eq!(set(raw, table, &now, column.name, value), Ok(()));
        }
    }
    refused
}

#[test]
fn progress_has_the_number_of_rows_that_the_checks_will_read() {
    let scene = Scene::new();
    let mut begun = Vec::new();
    let mut note = |at: CheckProgress| {
        if at.rows == 0 {
            begun.push((at.stage, at.total));
        }
    };
    let report = scene.store.verify_watched(&[], &mut note).unwrap();
    let (events, rows) = (report.chains.events, report.rows.rows);
    assert!(events > 0 && rows > 0);
    let totals = [
        (CheckStage::Pages, None),
        (CheckStage::Chains, Some(events)),
        (CheckStage::Rows, Some(events + rows)),
        (CheckStage::Folds, Some(events + rows)),
    ];
    assert_eq!(begun, totals);
}

#[test]
fn every_changed_column_is_named_with_table_key_and_event() {
    let scene = Scene::new();
    let raw = scene.world.unlocked();
    let mut refused = Vec::new();
    for table in Table::sealed() {
        refused.extend(change_every_column(&scene, &raw, &table, |row, column, other| {
            let event = scene.event(&table, row);
            assert!(event.is_some(), "no event seals {} ({})", table.name, table.key(row));
            let found = scene.faults();
            let what =
                format!("{}.{} {:?} -> {other:?}: {found:#?}", table.name, column.name, row[column.name]);
            // A row under another key is gone under its own.
            let kinds = [RowFaultKind::Changed, RowFaultKind::Missing];
            let is_it = |fault: &RowFault| {
                table.is_named(row, fault)
                    && fault.event_id.as_ref().map(AuditEventId::as_str) == event
                    && kinds.contains(&fault.kind)
            };
            assert!(found.iter().any(is_it), "{what}");
            assert!(table.is_key(column.name) || found.len() == 1, "{what}");
        }));
    }
    assert_eq!(refused, REFUSED);
    assert!(scene.store.verify(&[]).unwrap().is_intact());
}

#[test]
fn every_changed_column_of_an_event_is_named_with_its_place() {
    let scene = Scene::new();
    let table = Table::all().find(|table| table.name == "audit_events").unwrap();
    let refused = change_every_column(&scene, &scene.world.unlocked(), &table, |row, column, other| {
        let found = scene.store.verify_chains(&[]).unwrap().faults;
        let event = if column.name == "event_id" { shown(other) } else { table.key(row) };
        assert!(
            found.iter().any(|fault| fault.event_id.as_ref().is_some_and(|id| id.as_str() == event)
                && matches!(fault.kind, FaultKind::Changed | FaultKind::Reordered)),
            "{} {:?} -> {other:?}: {found:#?}",
            column.name,
            row[column.name]
        );
    });
    assert_eq!(refused, REFUSED_OF_EVENTS);
    assert!(scene.store.verify(&[]).unwrap().is_intact());
}

#[test]
fn a_removed_row_is_named_with_its_event() {
    let scene = Scene::new();
    let raw = scene.world.unlocked();
    for table in Table::sealed() {
        let row = scene.rows(&table).last().unwrap();
        remove(&raw, &table, row);
        let found = scene.faults();
        assert!(
            found.iter().any(|fault| table.is_named(row, fault)
                && fault.event_id.as_ref().map(AuditEventId::as_str) == scene.event(&table, row)),
            "{}: {found:#?}",
            table.name
        );
        add(&raw, &table, row);
        assert_eq!(scene.faults(), [], "{}", table.name);
    }
}

#[test]
fn an_added_row_is_named() {
    let scene = Scene::new();
    let raw = scene.world.unlocked();
    for table in Table::sealed() {
        let row = table.another_row(scene.rows(&table).last().unwrap());
        add(&raw, &table, &row);
        let found = scene.faults();
        assert!(
            found.iter().any(|fault| table.is_named(&row, fault)
                && matches!(fault.kind, RowFaultKind::Unfounded | RowFaultKind::Changed)),
            "{}: {found:#?}",
            table.name
        );
        remove(&raw, &table, &row);
        assert_eq!(scene.faults(), [], "{}", table.name);
    }
}

#[test]
fn a_count_of_writes_that_was_turned_back_is_named() {
    let scene = Scene::new();
    let raw = scene.world.unlocked();
    let current = Table::sealed().filter(|table| table.spec.truth_type == TruthType::Current);
    for table in current {
        let row = scene.rows(&table).last().unwrap();
        let Cell::Integer(version) = row["row_version"] else { panic!("{row:?}") };
        for change in [version + 1, version - 1, 0] {
            set(&raw, &table, row, "row_version", &Cell::Integer(change)).unwrap();
            let found = scene.faults();
            assert!(
                found.iter().any(|fault| fault.table == table.name && fault.key == table.key(row)),
                "{} {change}: {found:#?}",
                table.name
            );
            set(&raw, &table, row, "row_version", &Cell::Integer(version)).unwrap();
        }
    }
    assert_eq!(scene.faults(), []);
}
