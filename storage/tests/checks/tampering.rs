//! Ways of tampering with rows, whole tables, whole files and locks, and which of the checks finds each: the table of
//! docs/PROOF.md is what is found here.

use std::collections::BTreeMap;
use std::path::Path;

use selene_contracts::TruthType;
use selene_storage::{OpenError, SavedHead, SqliteStore};

use crate::common::World;
use crate::make;
use crate::sealed::{Row, Scene, Table, add, literal, remove};
use crate::world::{FOLDERS, Unlocked};

/// The checks, as the table names them.
const CHECKS: [&str; 5] =
    ["`verify_chains`", "the same with heads", "`verify_rows`", "`verify_folds`", "pages"];

/// Which of the checks found something.
fn found_by(store: &SqliteStore, heads: &[SavedHead]) -> [bool; CHECKS.len()] {
    let report = store.verify(heads).unwrap();
    [
        // With fewer heads there is never more to find.
        !report.chains.is_intact() && !store.verify_chains(&[]).unwrap().is_intact(),
        !report.chains.is_intact(),
        !report.rows.is_intact(),
        !report.folds.is_intact(),
        !report.pages.is_intact(),
    ]
}

/// How often each check found a way of tampering.
#[derive(Default)]
struct Tally {
    tried: usize,
    found: [usize; CHECKS.len()],
}

impl Tally {
    fn add(&mut self, what: &str, found: [bool; CHECKS.len()]) {
        assert!(found.contains(&true), "{what}: nothing finds it");
        self.tried += 1;
        for (count, found) in self.found.iter_mut().zip(found) {
            *count += usize::from(found);
        }
    }

    /// A row of the table of the page.
    fn line(&self, way: &str) -> String {
        let cell = |count: &usize| match *count {
            0 => " – |".to_owned(),
            count if count == self.tried => " always |".to_owned(),
            count => format!(" {count} of {} |", self.tried),
        };
        format!("| {way} | {} |{}\n", self.tried, self.found.iter().map(cell).collect::<String>())
    }
}

/// A way to tamper with the rows of a table: what is removed, and what is added in its place. None where the table has no rows for it.
type Way = fn(&Table, rows: &[Row], earlier: &[Row]) -> Option<(Vec<Row>, Vec<Row>)>;

const WAYS: [(&str, Way); 6] = [
    ("a row is removed", |_, rows, _| Some((vec![rows.last()?.clone()], Vec::new()))),
    ("all rows of a table are removed", |_, rows, _| Some((rows.to_vec(), Vec::new()))),
    ("a row is added", |table, rows, _| Some((Vec::new(), vec![table.another_row(rows.last()?)]))),
    ("two rows exchange what they say", exchanged),
    ("a row is put back as it was earlier", |table, rows, earlier| {
        let (now, before) = rows.iter().find_map(|row| Some((row, older(table, row, earlier)?)))?;
        Some((vec![now.clone()], vec![before.clone()]))
    }),
    ("all rows of a table are put back as they were earlier", |_, rows, earlier| {
        (rows != earlier).then(|| (rows.to_vec(), earlier.to_vec()))
    }),
];

/// The row of the same key that says something else.
fn older<'a>(table: &Table, row: &Row, earlier: &'a [Row]) -> Option<&'a Row> {
    earlier.iter().find(|other| table.key(other) == table.key(row) && *other != row)
}

/// Two rows whose columns beside their keys, and beside what only one row may have, are those of the other one.
fn exchanged(table: &Table, rows: &[Row], _: &[Row]) -> Option<(Vec<Row>, Vec<Row>)> {
    let is_kept = |name: &str| {
        table.is_key(name)
            || table.spec.unique_keys.iter().any(|key| key.contains(&name))
            || !table.spec.columns.iter().any(|column| column.name == name)
    };
    let one = rows.first()?;
    let other =
        rows.iter().find(|other| one.keys().any(|name| !is_kept(name) && one[name] != other[name]))?;
    let mix = |keys: &Row, rest: &Row| -> Row {
        keys.iter()
            .map(|(name, value)| (name.clone(), if is_kept(name) { value } else { &rest[name] }.clone()))
            .collect()
    };
    Some((vec![one.clone(), other.clone()], vec![mix(one, other), mix(other, one)]))
}

/// Rows in the place of others.
fn replace(raw: &Unlocked, table: &Table, from: &[Row], to: &[Row]) {
    for row in from {
        remove(raw, table, row);
    }
    for row in to {
        add(raw, table, row);
    }
}

/// A store on which the first calls of the scenario were made, some of them with other words.
fn made_of(calls: usize, change: impl Fn(usize, String) -> String) -> (World, SqliteStore) {
    let text =
        std::fs::read_to_string(Path::new(FOLDERS).join("migrations/released/scenario.jsonl")).unwrap();
    let lines = text.lines().take(calls).enumerate();
    let lines: String = lines.map(|(number, line)| change(number, line.to_owned()) + "\n").collect();
    let world = World::new();
    let scenario = world.path().with_file_name("scenario.jsonl");
    std::fs::write(&scenario, lines).unwrap();
    let store = world.open();
    make::run(&store, &scenario);
    (world, store)
}

/// The rows of a store by table.
fn rows_of(store: &SqliteStore) -> BTreeMap<String, Vec<Row>> {
    let tables = store.every_row().unwrap().into_iter();
    tables
        .map(|(table, found)| {
            let rows = found.rows.into_iter();
            (table, rows.map(|row| found.columns.iter().cloned().zip(row).collect()).collect())
        })
        .collect()
}

/// Rows and tables of a file whose locks are off.
fn of_rows(text: &mut String) {
    let scene = Scene::new();
    let heads = scene.store.chain_heads().unwrap();
    let earlier = rows_of(&made_of(60, |_, line| line).1);
    let raw = scene.world.unlocked();
    for (name, way) in WAYS {
        let mut tally = Tally::default();
        for table in Table::all() {
            let Some((from, to)) = way(&table, scene.rows(&table), &earlier[table.name]) else { continue };
            replace(&raw, &table, &from, &to);
            tally.add(&format!("{name}, {}", table.name), found_by(&scene.store, &heads));
            replace(&raw, &table, &to, &from);
        }
        text.push_str(&tally.line(&format!("{name}, in each table")));
    }
    assert_eq!(found_by(&scene.store, &heads), [false; CHECKS.len()], "everything was put back");
    let mut tally = Tally::default();
    for table in Table::all().filter(|table| table.spec.truth_type == TruthType::Ledger) {
        let row = scene.rows(&table).first().unwrap();
        let place = table.spec.primary_key.first().unwrap();
        let is_first = format!("{place} = {}", literal(&row[*place]));
        let sql = format!("DELETE FROM {} WHERE NOT ({is_first})", table.name);
        let rows = scene.rows(&table);
        if raw.execute(&sql).unwrap() == 0 {
            continue;
        }
        tally.add(&sql, found_by(&scene.store, &heads));
        let kept: Vec<Row> = rows.iter().filter(|other| other[*place] == row[*place]).cloned().collect();
        replace(&raw, &table, &kept, rows);
    }
    text.push_str(&tally.line("all but the first rows of a ledger are removed"));
}

/// Whole files that are consistent in themselves.
fn of_files(text: &mut String) {
    let (_world, whole) = made_of(usize::MAX, |_, line| line);
    let heads = whole.chain_heads().unwrap();
    assert_eq!(found_by(&whole, &heads), [false; CHECKS.len()]);
    let mut tally = Tally::default();
    for calls in [10, 40, 80, 93] {
        tally.add("an older file", found_by(&made_of(calls, |_, line| line).1, &heads));
    }
    text.push_str(&tally.line("the whole file is put back as it was earlier"));
    let mut tally = Tally::default();
    for first in [0, 20, 40, 60, 93] {
        // A nanosecond that only the event of this call and what it wrote know of.
        let change = |number: usize, line: String| {
            if number == first { line.replacen("000, \"chain\"", "001, \"chain\"", 1) } else { line }
        };
        let (_world, forged) = made_of(usize::MAX, change);
        assert!(forged.verify(&[]).unwrap().is_intact(), "it is whole in itself");
        tally.add("a forged end", found_by(&forged, &heads));
    }
    text.push_str(&tally.line("chains are computed anew from a point on, with every row, record and seal"));
}

/// Locks that are gone when a file is opened.
fn of_locks() -> String {
    let world = World::new();
    drop(world.open());
    let names = |kind: &str| -> Vec<String> {
        let raw = world.raw();
        let sql = "SELECT name FROM sqlite_schema WHERE type = ?1 AND sql IS NOT NULL ORDER BY name";
        let mut names = raw.prepare(sql).unwrap();
        names.query_map([kind], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let mut count = 0;
    for kind in ["trigger", "index"] {
        for name in names(kind) {
            let copy = World::new();
            std::fs::copy(world.path(), copy.path()).unwrap();
            copy.raw().execute_batch(&format!("DROP {kind} {name}")).unwrap();
            let error = SqliteStore::open(copy.path()).unwrap_err();
            assert!(matches!(error, OpenError::Schema { .. }), "{name}: {error}");
            count += 1;
        }
    }
    format!("| a lock or an index is taken away | {count} | it is not opened | | | | |\n")
}

/// The page has these lines, one after the other.
fn is_on_the_page(lines: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/PROOF.md");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains(lines), "docs/PROOF.md does not say this:\n{lines}");
}

#[test]
fn the_page_says_what_finds_each_way_of_tampering_with_rows() {
    let mut text =
        format!("| way | tried | {} |\n|---|---|{}\n", CHECKS.join(" | "), "---|".repeat(CHECKS.len()));
    of_rows(&mut text);
    is_on_the_page(&text);
}

#[test]
fn the_page_says_what_finds_another_file() {
    let mut text = String::new();
    of_files(&mut text);
    is_on_the_page(&text);
}

#[test]
fn the_page_says_what_finds_missing_locks() {
    is_on_the_page(&of_locks());
}
