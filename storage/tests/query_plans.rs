//! Every statement of the store is fast on a large table: no lookup walks one.
//!
//! The statements are taken from the sources, so a new one is checked without a word here; SQLite says how it would run
//! each. A lookup, that is a statement with a parameter, may only search by an index; what it found it may sort. A
//! statement without one reads a whole table, and may walk it, but in an order that an index has.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{World, fill_ledgers, populate};
use proc_macro2::{TokenStream, TokenTree};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

/// Statements that are put together from parts. A new one fails the test until its parts are known here.
const TEMPLATES: [&str; 7] = [
    "SELECT {FIELDS} FROM audit_events {condition}",
    "SELECT 1 FROM {} WHERE {}",
    "UPDATE {0} SET {2} = {2} WHERE {1}",
    "DELETE FROM {} WHERE {}",
    "REPLACE INTO {0} SELECT * FROM {0} WHERE {1}",
    "SELECT * FROM {TABLE} ORDER BY {KEY}",
    "SELECT * FROM {LEDGER} ORDER BY {KEY}, sample_seq",
];

/// Every statement with the file that it stands in.
struct Statements(BTreeMap<String, String>);

impl Statements {
    fn of_sources() -> Self {
        let mut statements = Self(BTreeMap::new());
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sqlite")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test(&path) {
                    statements.read(&path);
                }
            }
        }
        statements
    }

    fn read(&mut self, path: &PathBuf) {
        let source = fs::read_to_string(path).unwrap();
        let mut texts = Vec::new();
        collect(source.parse().expect("Rust"), &mut texts);
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut table = None;
        for text in texts {
            let trimmed = text.trim();
            let verb = trimmed.split_whitespace().next().unwrap_or_default();
            let sql = match verb {
                // The macro that the others are made with.
                "INSERT" if trimmed == "INSERT INTO" => continue,
                "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH" if trimmed.contains('{') => {
                    assert!(
                        TEMPLATES.contains(&trimmed),
                        "{file}: the parts of {trimmed:?} are not known here"
                    );
                    continue;
                }
                "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH" => trimmed.to_owned(),
                // Conditions of `events::select`.
                "WHERE" | "ORDER" => format!("SELECT * FROM audit_events {trimmed}"),
                // Conditions of guards, each behind its table.
                _ if trimmed.contains(" = ?1") => {
                    let table: String = table.take().expect("a condition stands behind its table");
                    format!("SELECT 1 FROM {table} WHERE {trimmed}")
                }
                _ => {
                    table = Some(text);
                    continue;
                }
            };
            self.0.insert(sql, file.clone());
        }
    }
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
}

/// Every string literal, also inside of macros, in order; an `insert!` as the statement that it stands for.
fn collect(tokens: TokenStream, texts: &mut Vec<String>) {
    let mut name = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if name == "insert!" => texts.extend(inserted(group.stream())),
            TokenTree::Group(group) => collect(group.stream(), texts),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    texts.push(text.value());
                }
            }
            TokenTree::Ident(ref ident) => {
                name = ident.to_string();
                continue;
            }
            TokenTree::Punct(ref mark) if mark.as_char() == '!' => {
                name.push('!');
                continue;
            }
            TokenTree::Punct(_) => {}
        }
        name.clear();
    }
}

/// The statement of `insert!(connection, table { column: value, … })`.
fn inserted(tokens: TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let [.., TokenTree::Ident(table), TokenTree::Group(fields)] = tokens.as_slice() else { return None };
    let fields: Vec<TokenTree> = fields.stream().into_iter().collect();
    let columns = fields.split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','));
    let columns: Vec<String> = columns.filter_map(|field| field.first()).map(ToString::to_string).collect();
    let places = vec!["?"; columns.len()].join(", ");
    Some(format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", ")))
}

/// What SQLite does for a statement, its triggers included.
fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(sql);
    let parameters: Vec<rusqlite::types::Null> = vec![rusqlite::types::Null; statement.parameter_count()];
    let rows = statement.query_map(rusqlite::params_from_iter(parameters), |row| row.get("detail")).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Whether a step of a plan walks a table.
fn is_walk(step: &str) -> bool {
    // SQLite's own list of tables, and lists of values, do not grow with the rows.
    let is_small = step.contains("sqlite_schema") || step.contains("CONSTANT ROW");
    step.starts_with("SCAN") && !is_small
}

#[test]
fn no_lookup_walks_a_table_and_no_table_is_sorted() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    fill_ledgers(&store);
    let connection = world.raw();
    assert!(connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true).unwrap());
    let statements = Statements::of_sources();
    let mut lookups = 0;
    for (sql, file) in &statements.0 {
        let steps = plan(&connection, sql);
        let is_lookup = sql.contains('?') || sql.contains(" :");
        lookups += usize::from(is_lookup);
        // Rows that were grouped before are as few as the groups.
        let is_grouped = steps.iter().any(|step| step.starts_with("CO-ROUTINE"));
        for step in &steps {
            let is_sort = step.contains("TEMP B-TREE") && !is_grouped;
            assert!(!(if is_lookup { is_walk(step) } else { is_sort }), "{file}: {sql}\n{steps:#?}");
        }
    }
    // The sources were read: the store has many lookups, in many files.
    assert!(lookups > 40, "only {lookups} lookups were found");
}

/// Indices that a spec requires and no statement of ours needs.
const FOR_OTHERS: [&str; 2] = ["audit_events_by_tenant", "audit_events_by_turn"];

#[test]
fn every_index_serves_a_statement() {
    let world = World::new();
    drop(world.open());
    let connection = world.raw();
    assert!(connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true).unwrap());
    let plans: String = Statements::of_sources()
        .0
        .keys()
        .flat_map(|sql| plan(&connection, sql))
        .collect::<Vec<_>>()
        .join("\n");
    let mut indices = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
        .unwrap();
    let indices: Vec<String> = indices.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let is_idle = |index: &&String| !plans.contains(&format!(" {index} "));
    let idle: Vec<&String> =
        indices.iter().filter(|index| !FOR_OTHERS.contains(&index.as_str())).filter(is_idle).collect();
    assert!(idle.is_empty(), "SQLite does not use {idle:?}");
}

#[test]
fn the_check_tells_a_walk_from_a_search() {
    let world = World::new();
    drop(world.open());
    let connection = world.raw();
    let walks = |sql| plan(&connection, sql).iter().any(|step| is_walk(step));
    assert!(walks("SELECT 1 FROM wake_runtime_events WHERE accepted = ?1"));
    assert!(walks("SELECT 1 FROM devices WHERE user_id = ?1"));
    assert!(!walks("SELECT 1 FROM devices WHERE device_id = ?1"));
    assert!(!walks("SELECT max(wake_position) FROM wake_runtime_events"));
    let sorted = plan(&connection, "SELECT * FROM wake_runtime_events ORDER BY created_at");
    assert!(sorted.iter().any(|step| step.contains("TEMP B-TREE")), "{sorted:?}");
}
