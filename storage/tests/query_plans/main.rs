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
        let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
        let mut folders = vec![Path::new(&package).join("src/sqlite")];
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
    // What rebuilds a table walks it whole, and asks SQLite about schemas.
    path.file_stem().is_some_and(|stem| stem == "migration" || stem.to_string_lossy().ends_with("tests"))
}

/// Every string literal, also inside of macros, in order; an `insert!` as the statement that it stands for.
fn collect(tokens: TokenStream, texts: &mut Vec<String>) {
    let mut name = String::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if name == "insert!" => {
                let sql = inserted(group.stream());
                texts.push(sql.expect("an `insert!` is `connection, table { column: value, … }`"));
            }
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

/// One step of what SQLite does for a statement.
#[derive(Debug)]
struct Step {
    id: i64,
    parent: i64,
    detail: String,
}

/// What SQLite does for a statement, its triggers included.
fn plan(connection: &Connection, sql: &str) -> Vec<Step> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(sql);
    let parameters: Vec<rusqlite::types::Null> = vec![rusqlite::types::Null; statement.parameter_count()];
    let rows = statement
        .query_map(rusqlite::params_from_iter(parameters), |row| {
            Ok(Step { id: row.get("id")?, parent: row.get("parent")?, detail: row.get("detail")? })
        })
        .unwrap();
    rows.map(Result::unwrap).collect()
}

/// The steps that walk a table.
fn walks(steps: &[Step]) -> Vec<&Step> {
    let is_walk = |step: &&Step| {
        // An index that SQLite makes for one statement is made of the whole table.
        if step.detail.contains("AUTOMATIC") {
            return true;
        }
        let Some(what) = step.detail.strip_prefix("SCAN ") else { return false };
        // SQLite's own list of tables, and lists of values, do not grow with the rows.
        let is_small = step.detail.contains("sqlite_schema") || step.detail.contains("CONSTANT ROW");
        // What another part of the plan gives is walked once, as that part is.
        let name = what.split(' ').next().unwrap_or_default();
        let is_given = steps.iter().any(|step| {
            ["CO-ROUTINE ", "MATERIALIZE "]
                .iter()
                .any(|verb| step.detail.strip_prefix(verb).is_some_and(|given| given == name))
        });
        !is_small && !is_given
    };
    steps.iter().filter(is_walk).collect()
}

/// Whether a step is done again for every row of another one.
fn is_repeated(steps: &[Step], step: &Step) -> bool {
    step.detail.starts_with("CORRELATED")
        || steps.iter().find(|above| above.id == step.parent).is_some_and(|above| is_repeated(steps, above))
}

/// Keys that are the row number itself.
const ROW_NUMBERS: [&str; 3] = ["session_id", "ledger_position", "wake_position"];

/// The columns that a lookup holds against a parameter for being the same, and that no index leads to.
fn unsearched(sql: &str, steps: &[Step]) -> Vec<String> {
    let conditions = sql.split_once("WHERE ").map_or("", |(_, conditions)| conditions);
    let words: Vec<&str> =
        conditions.split([' ', '\n', '(', ')', ',', ';']).filter(|word| !word.is_empty()).collect();
    let compared = words.windows(3).filter(|three| three[1] == "=" && three[2].starts_with(['?', ':']));
    let columns = compared.map(|three| three[0].rsplit('.').next().unwrap_or_default());
    let is_searched = |column: &str| {
        let searched = format!("{column}=?");
        let is_named = |step: &Step| {
            let conditions = step.detail.split_once('(').map_or("", |(_, conditions)| conditions);
            step.detail.starts_with("SEARCH")
                && ((ROW_NUMBERS.contains(&column) && conditions.contains("rowid=?"))
                    || conditions.trim_end_matches(')').split(" AND ").any(|named| named == searched))
        };
        steps.iter().any(is_named)
    };
    columns.filter(|column| !is_searched(column)).map(str::to_owned).collect()
}

/// Columns that a lookup only filters by, because the index leads to few rows already, and why they are few.
const FILTERED: [(&str, &str); 4] = [
    // The events and turns of one correlation chain are few; most of them are what the reader asked for.
    ("WHERE correlation_id = ?1 AND engine = ?2", "engine"),
    ("WHERE correlation_id = ?1 AND ", "+tenant_id"),
    ("WHERE correlation_id = ?1 AND ", "+user_id"),
    // An id leads to one event, and its record is only held against the whole digest.
    ("WHERE event.event_id = ?1 AND record.scope_digest = ?2", "scope_digest"),
];

/// What is wrong with the plan of a statement.
fn wrong_with(sql: &str, steps: &[Step]) -> Option<String> {
    let walks = walks(steps);
    if sql.contains('?') || sql.contains(" :") {
        if let Some(step) = walks.first() {
            return Some(format!("a lookup walks a table: {}", step.detail));
        }
        let is_known = |column: &String| {
            FILTERED.iter().any(|(part, filtered)| sql.contains(part) && column == filtered)
        };
        let unsearched: Vec<String> =
            unsearched(sql, steps).into_iter().filter(|column| !is_known(column)).collect();
        return (!unsearched.is_empty()).then(|| format!("no index leads to {unsearched:?}"));
    }
    if let Some(step) = walks.iter().find(|step| is_repeated(steps, step)) {
        return Some(format!("a table is walked for every row of another one: {}", step.detail));
    }
    if walks.len() > 1 {
        return Some(format!("{} tables are walked, one for every row of another one", walks.len()));
    }
    // Rows that were grouped before are as few as the groups.
    let is_grouped = steps.iter().any(|step| step.detail.starts_with("CO-ROUTINE"));
    let sorts = steps.iter().any(|step| step.detail.contains("TEMP B-TREE"));
    (sorts && !is_grouped).then(|| "a whole table is sorted".to_owned())
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
    let mut wrong = Vec::new();
    for (sql, file) in &statements.0 {
        let steps = plan(&connection, sql);
        lookups += usize::from(sql.contains('?') || sql.contains(" :"));
        wrong.extend(wrong_with(sql, &steps).map(|what| format!("{file}: {sql}\n{what}\n{steps:#?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
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
        .map(|step| step.detail)
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
    let said = |sql: &str| wrong_with(sql, &plan(&connection, sql)).unwrap_or_default();
    for (sql, expected) in [
        ("SELECT 1 FROM devices WHERE device_id = ?1", ""),
        ("SELECT max(wake_position) FROM wake_runtime_events", ""),
        ("SELECT * FROM sessions WHERE session_id = ?1", ""),
        ("SELECT 1 FROM wake_runtime_events WHERE accepted = ?1", "a lookup walks a table"),
        ("SELECT 1 FROM devices WHERE user_id = :user_id", "a lookup walks a table"),
        ("SELECT 1 FROM audit_events WHERE chain_id = ?1 AND hash = ?2", "no index leads to [\"hash\"]"),
        ("SELECT * FROM wake_runtime_events ORDER BY created_at", "a whole table is sorted"),
        (
            "SELECT 1 FROM devices WHERE EXISTS (SELECT 1 FROM sessions WHERE sessions.device_id = devices.device_id)",
            "2 tables are walked",
        ),
        (
            "SELECT (SELECT count(*) FROM sessions WHERE closed_at <> last_seen_at) FROM devices",
            "a table is walked for every row of another one",
        ),
        (
            "SELECT 1 FROM links CROSS JOIN identities ON links.inviter_user_id <> identities.user_id",
            "2 tables are walked",
        ),
    ] {
        let said = said(sql);
        assert!(said.starts_with(expected) && said.is_empty() == expected.is_empty(), "{sql}: {said}");
    }
}

#[test]
#[should_panic(expected = "an `insert!` is")]
fn an_insert_of_another_form_is_not_passed_over() {
    collect("insert!(connection, table, { column: value }, more)".parse().unwrap(), &mut Vec::new());
}
