//! Statements and the schema on PostgreSQL stay in the subset that other engines with its protocol have, and keys lead where an engine that
//! spreads a table over machines wants them.
//!
//! What must not live here: how a statement is found, and how it would run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proc_macro2::{TokenStream, TokenTree};
use selene_acceptance::place;

use crate::statements;

/// Words that stand for what not every engine has.
const WORDS: [&str; 25] = [
    "SERIAL",
    "SERIAL2",
    "SERIAL4",
    "SERIAL8",
    "BIGSERIAL",
    "SMALLSERIAL",
    "SEQUENCE",
    "NEXTVAL",
    "CURRVAL",
    "SETVAL",
    "LASTVAL",
    "IDENTITY",
    "DEFERRABLE",
    "DEFERRED",
    "EXTENSION",
    "LISTEN",
    "NOTIFY",
    "PG_NOTIFY",
    "UNLISTEN",
    "INHERITS",
    "CTID",
    "TABLESAMPLE",
    "UNLOGGED",
    "XMIN",
    "XMAX",
];

/// The same, also as a part of a word: `jsonb_agg`, `pg_advisory_xact_lock`.
const PARTS: [&str; 2] = ["JSON", "ADVISORY"];

/// The same, as the first word: a whole table is locked.
const FIRST: &str = "LOCK";

/// What a text must begin with to be a statement.
const VERBS: [&str; 24] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "WITH",
    "CREATE",
    "ALTER",
    "DROP",
    "GRANT",
    "REVOKE",
    "SET",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "TRUNCATE",
    "LOCK",
    "LISTEN",
    "NOTIFY",
    "DO",
    "COPY",
    "ANALYZE",
    "VACUUM",
];

/// Tables with a chain or a tenant whose keys lead with something else, and why. The pages give these keys, and calls name the rows by them.
const OTHER_KEYS: [(&str, &str); 8] = [
    (
        "access_instances",
        "an onboarding names it without a tenant, and the id is a hash, so rows spread by themselves",
    ),
    (
        "audit_events",
        "the page's key is the event; the chain leads the unique key by which appends and reads go",
    ),
    ("devices", "a device may be nobody's and is bound to a tenant later, and a key never changes"),
    ("identities", "a person may be of no tenant, or work for several"),
    ("links", "whoever opens a link has its token and no tenant"),
    ("onboarding_backfill_campaigns", "targets refer to it, and the page gives them its id alone"),
    ("onboarding_sessions", "its steps name it without a tenant"),
    ("wake_runtime_events", "the page's key is the event; the chain leads the unique key by which reads go"),
];

/// What of a statement is not in the subset.
fn beyond(sql: &str) -> Option<String> {
    let text =
        sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let upper = text.to_uppercase();
    let words = upper.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let is_beyond = |(place, word): &(usize, &str)| {
        WORDS.contains(word)
            || PARTS.iter().any(|part| word.contains(part))
            || (*place == 0 && *word == FIRST)
    };
    words.enumerate().find(is_beyond).map(|(_, word)| word.to_owned())
}

/// The texts of a source that begin as a statement does.
fn statements_of(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => statements_of(group.stream(), found),
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) else { continue };
                let text = text.value();
                let first = text.split(|c: char| !c.is_ascii_alphabetic()).find(|word| !word.is_empty());
                if first.is_some_and(|word| VERBS.contains(&word)) {
                    found.push(text);
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// Every statement of the store on PostgreSQL, with where it stands: those of all databases, its own, and its migrations.
fn on_postgres() -> Vec<(String, String)> {
    // What only SQLite is asked stays with SQLite.
    let all = statements::all().into_iter().filter(|(_, place)| !place.starts_with("sqlite"));
    let mut statements: Vec<_> = all.map(|(sql, place)| (place, sql)).collect();
    let mut folders = vec![place::workspace().join("storage/postgres/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let place = path.display().to_string();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("sql") => statements.push((place, fs::read_to_string(path).unwrap())),
                Some("rs") => {
                    let mut found = Vec::new();
                    let tokens = fs::read_to_string(path).unwrap().parse().expect("it is Rust");
                    statements_of(tokens, &mut found);
                    statements.extend(found.into_iter().map(|sql| (place.clone(), sql)));
                }
                _ => {}
            }
        }
    }
    statements
}

#[test]
fn every_statement_on_postgres_is_in_the_portable_subset() {
    let statements = on_postgres();
    // Some of each kind are there: a rule, a lane, a right, a migration.
    for part in [
        "FROM devices",
        "UPDATE commit_lanes",
        "GRANT USAGE",
        "CREATE TABLE identities",
        "DO $do$",
        "COPY ",
        "ANALYZE ",
    ] {
        assert!(statements.iter().any(|(_, sql)| sql.contains(part)), "no statement has {part:?}");
    }
    let wrong: Vec<_> =
        statements.iter().filter_map(|(place, sql)| beyond(sql).map(|word| (place, word, sql))).collect();
    assert!(wrong.is_empty(), "not in the portable subset: {wrong:#?}");
}

#[test]
fn what_is_not_in_the_subset_is_found() {
    for sql in [
        "CREATE TABLE a (id bigserial PRIMARY KEY)",
        "CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY)",
        "CREATE SEQUENCE numbers",
        "INSERT INTO a (id) VALUES (nextval('numbers'))",
        "CREATE TABLE a (payload jsonb)",
        "SELECT payload::json FROM a",
        "SELECT row_to_json(a) FROM a",
        "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b (b) DEFERRABLE INITIALLY DEFERRED",
        "CREATE EXTENSION pgcrypto",
        "SELECT pg_advisory_xact_lock(7)",
        "LISTEN events",
        "SELECT pg_notify('events', '')",
        "DELETE FROM a WHERE ctid = $1",
        "SELECT xmin FROM a",
        "CREATE UNLOGGED TABLE a (id bigint PRIMARY KEY)",
        "LOCK TABLE a IN SHARE MODE",
        "DO $do$ BEGIN PERFORM pg_advisory_xact_lock(7); END $do$",
    ] {
        assert!(beyond(sql).is_some(), "{sql}");
    }
    assert_eq!(beyond("SELECT chain_sequence FROM audit_events -- no SEQUENCE\nWHERE event_id = $1"), None);
    let mut found = Vec::new();
    let source = r#"fn f() { run(&format!("LISTEN {channel}")); say("a sequence of words"); }"#;
    statements_of(source.parse().unwrap(), &mut found);
    assert_eq!(found, ["LISTEN {channel}"]);
}

/// Columns and primary keys by table, as the migrations make them.
fn tables() -> BTreeMap<String, (BTreeSet<String>, String)> {
    let objects =
        fs::read_to_string(place::workspace().join("storage/postgres/src/schema/objects.txt")).unwrap();
    let mut tables: BTreeMap<String, (BTreeSet<String>, String)> = BTreeMap::new();
    for line in objects.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let Some((table, name)) = words.get(1).and_then(|name| name.split_once('.')) else { continue };
        let (columns, leading) = tables.entry(table.to_owned()).or_default();
        if words[0] == "column" {
            columns.insert(name.to_owned());
        } else if words[0] == "constraint" && words[2..4] == ["PRIMARY", "KEY"] {
            words[4].trim_matches(['(', ')', ',']).clone_into(leading);
        }
    }
    tables
}

#[test]
fn keys_lead_with_the_chain_or_the_tenant_where_the_pages_let_them() {
    let places = ["chain_id", "tenant_id"];
    let tables = tables();
    assert!(tables.len() > 25 && tables.values().all(|(_, leading)| !leading.is_empty()), "{tables:?}");
    let other: Vec<&str> = tables
        .iter()
        .filter(|(_, (columns, leading))| {
            places.iter().any(|place| columns.contains(*place)) && !places.contains(&leading.as_str())
        })
        .map(|(table, _)| table.as_str())
        .collect();
    let listed: Vec<&str> = OTHER_KEYS.iter().map(|(table, _)| *table).collect();
    assert_eq!(
        other, listed,
        "a key that leads with neither needs its reason in OTHER_KEYS and in docs/POSTGRES.md"
    );
    let page = fs::read_to_string(place::workspace().join("docs/POSTGRES.md")).unwrap();
    for table in listed {
        assert!(page.contains(&format!("`{table}`")), "docs/POSTGRES.md does not name {table}");
    }
}
