//! Another schema: locks that are gone, replaced or put back, and entries that say something else than they did.

use std::path::Path;

use rusqlite::Connection;

use super::way::Way;
use crate::common::raw;
use crate::proof::Numbers;
use crate::scenes::files::database;

/// A trigger that removes what was remembered.
const SPY: &str = "CREATE TRIGGER spy AFTER INSERT ON audit_events BEGIN DELETE FROM memory_current; END";

/// Ways to change the schema.
pub const WAYS: &[Way] = &[
    Way::of_file("a lock is gone", |numbers, folder| {
        let raw = raw(&database(folder));
        let (name, _) = any_trigger(&raw, numbers);
        run(&raw, &format!("DROP TRIGGER {name}"));
    }),
    Way::of_file("a lock is made anew", |numbers, folder| {
        let raw = raw(&database(folder));
        let (name, sql) = any_trigger(&raw, numbers);
        run(&raw, &format!("DROP TRIGGER {name}; {sql}"));
    })
    .harmless(),
    Way::of_file("a lock does nothing any more", |numbers, folder| {
        let raw = raw(&database(folder));
        let (name, sql) = any_trigger(&raw, numbers);
        let (head, _) = sql.split_once("BEGIN").unwrap();
        run(&raw, &format!("DROP TRIGGER {name}; {head} BEGIN SELECT 1; END"));
    }),
    Way::of_file("a lock is gone, and a row is changed", |numbers, folder| {
        changed_row(numbers, folder, false);
    }),
    Way::of_file("a lock is put back once a row is changed", |numbers, folder| {
        changed_row(numbers, folder, true);
    }),
    Way::of_file("a foreign trigger", |_, folder| run(&raw(&database(folder)), SPY)),
    Way::of_file("a foreign trigger under a name of SQLite", |_, folder| {
        run(&raw(&database(folder)), SPY);
        rewrite(
            folder,
            "UPDATE sqlite_schema SET name = 'sqlite_spy', sql = replace(sql, ' spy ', ' sqlite_spy ')
            WHERE name = 'spy'",
        );
    }),
    Way::of_file("a table or an index under a name of SQLite", |numbers, folder| {
        let made = *numbers.pick(&[
            "CREATE TABLE spy (a)",
            "CREATE INDEX spy ON audit_events (user_id)",
            "CREATE UNIQUE INDEX spy ON audit_events (event_id, hash)",
            "CREATE VIEW spy AS SELECT * FROM devices",
        ]);
        run(&raw(&database(folder)), made);
        rewrite(folder, "UPDATE sqlite_schema SET name = 'sqlite_spy', tbl_name = iif(tbl_name = 'spy', 'sqlite_spy', tbl_name),
            sql = replace(sql, ' spy ', ' sqlite_spy ') WHERE name = 'spy'");
    }),
    Way::of_file("statistics that are lies", |numbers, folder| {
        let raw = raw(&database(folder));
        run(&raw, "ANALYZE");
        run(&raw, &format!("UPDATE sqlite_stat1 SET stat = '{} 1 1 1'", numbers.below(1_000_000)));
    })
    .harmless(),
    Way::of_file("an entry of the schema twice", |numbers, folder| {
        let name = any_object(folder, numbers);
        rewrite(
            folder,
            &format!("INSERT INTO sqlite_schema SELECT * FROM sqlite_schema WHERE name = '{name}'"),
        );
    }),
    Way::of_file("an entry of the schema with another statement", |numbers, folder| {
        let name = any_object(folder, numbers);
        let (from, to) = *numbers.pick(&[
            (" STRICT", ""),
            ("NOT NULL", ""),
            ("CHECK", "-- CHECK"),
            ("UNIQUE", ""),
            ("BEFORE", "AFTER"),
            ("(", "(("),
            ("TEXT", "BLOB"),
        ]);
        rewrite(
            folder,
            &format!("UPDATE sqlite_schema SET sql = replace(sql, '{from}', '{to}') WHERE name = '{name}'"),
        );
    }),
    Way::of_file("an entry of the schema is gone", |numbers, folder| {
        let name = any_object(folder, numbers);
        rewrite(folder, &format!("DELETE FROM sqlite_schema WHERE name = '{name}'"));
    }),
    Way::of_file("an entry of the schema names another table", |numbers, folder| {
        let (name, other) = (any_object(folder, numbers), any_object(folder, numbers));
        rewrite(folder, &format!("UPDATE sqlite_schema SET tbl_name = '{other}' WHERE name = '{name}'"));
    }),
    Way::of_file("an entry of the schema lies at another page", |numbers, folder| {
        let (name, page) = (any_object(folder, numbers), numbers.below(90));
        rewrite(folder, &format!("UPDATE sqlite_schema SET rootpage = {page} WHERE name = '{name}'"));
    }),
    Way::of_file("two entries of the schema exchange their pages", |numbers, folder| {
        let (name, other) = (any_object(folder, numbers), any_object(folder, numbers));
        let page = |of: &str| format!("(SELECT rootpage FROM kept WHERE name = '{of}')");
        rewrite(
            folder,
            &format!(
                "CREATE TEMP TABLE kept AS SELECT name, rootpage FROM sqlite_schema;
                 UPDATE sqlite_schema SET rootpage = {} WHERE name = '{name}';
                 UPDATE sqlite_schema SET rootpage = {} WHERE name = '{other}'",
                page(&other),
                page(&name),
            ),
        );
    }),
    Way::of_file("an index is empty", emptied_index),
    Way::of_file("another owner or version", |numbers, folder| {
        let pragma = *numbers.pick(&["application_id", "user_version"]);
        let value =
            if numbers.below(2) == 0 { numbers.below(8) } else { numbers.below(u64::from(u32::MAX / 2)) };
        run(&raw(&database(folder)), &format!("PRAGMA {pragma} = {value}"));
    }),
];

fn run(raw: &Connection, sql: &str) {
    raw.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Changes entries of the schema as no statement of its own does. Whatever comes of it later, it is written.
fn rewrite(folder: &Path, sql: &str) {
    let raw = raw(&database(folder));
    run(&raw, &format!("PRAGMA writable_schema = ON; {sql}; PRAGMA writable_schema = OFF"));
}

fn names(raw: &Connection, condition: &str) -> Vec<(String, String)> {
    let sql =
        format!("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND {condition} ORDER BY name");
    let mut names = raw.prepare(&sql).unwrap();
    let names = names.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    names.map(Result::unwrap).collect()
}

fn any_trigger(raw: &Connection, numbers: &mut Numbers) -> (String, String) {
    numbers.pick(&names(raw, "type = 'trigger'")).clone()
}

fn any_object(folder: &Path, numbers: &mut Numbers) -> String {
    numbers.pick(&names(&raw(&database(folder)), "true")).0.clone()
}

/// A column of the rows of a ledger gets the value of another row, once its locks are off.
fn changed_row(numbers: &mut Numbers, folder: &Path, are_locks_back: bool) {
    let raw = raw(&database(folder));
    let triggers = names(&raw, "type = 'trigger'");
    for (name, _) in &triggers {
        run(&raw, &format!("DROP TRIGGER {name}"));
    }
    let change = *numbers.pick(&[
        "DELETE FROM memory_ledger WHERE user_id = (SELECT max(user_id) FROM memory_ledger)",
        "DELETE FROM conversation_ledger",
        "UPDATE devices SET user_id = (SELECT max(user_id) FROM identities)",
        "UPDATE idempotency_records SET outcome = (SELECT max(outcome) FROM idempotency_records)",
        "UPDATE audit_events SET user_id = 'eve'",
        "UPDATE sessions SET last_activity_at = last_activity_at + 1",
    ]);
    raw.execute_batch("PRAGMA ignore_check_constraints = ON").unwrap();
    run(&raw, change);
    for (_, sql) in triggers.iter().skip(usize::from(!are_locks_back)) {
        run(&raw, sql);
    }
}

/// An index that no row is in, with the statement that it had.
fn emptied_index(numbers: &mut Numbers, folder: &Path) {
    let indices = names(&raw(&database(folder)), "type = 'index'");
    let (name, sql) = numbers.pick(&indices).clone();
    let narrowed = match sql.split_once("WHERE") {
        Some((head, _)) => format!("{head} WHERE 1 = 2"),
        None => format!("{sql} WHERE 1 = 2"),
    };
    run(&raw(&database(folder)), &format!("DROP INDEX {name}; {narrowed}"));
    rewrite(
        folder,
        &format!("UPDATE sqlite_schema SET sql = '{}' WHERE name = '{name}'", sql.replace('\'', "''")),
    );
}
