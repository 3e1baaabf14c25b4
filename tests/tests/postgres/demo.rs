//! The demo on a server: the command of the README, with the tables that their owner makes first.

use std::process::Command;

use selene_acceptance::{Database, place};

/// What the command prints on a database.
fn demo(database: &Database) -> String {
    let mut command = Command::new(place::cargo());
    command.args(["run", "--quiet", "--package", "xtask", "--", "demo"]).current_dir(place::workspace());
    command.args(["--db", &database.address(), "--owner", &database.owner_address()]);
    let output = command.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the demo prints UTF-8")
}

#[test]
fn the_demo_runs_on_a_server_and_again_on_what_it_left() {
    let database = Database::without_schema();
    let first = demo(&database);
    let last = first.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("Current rows, compared with their ledgers: ") && last.ends_with(": intact"),
        "{first}"
    );
    assert!(!first.contains("has been through the demo before"), "{first}");
    let events = database.raw().texts("SELECT hash::text FROM selene.audit_events ORDER BY 1").unwrap();
    assert!(events.len() > 40, "{}", events.len());
    let again = demo(&database);
    assert!(again.contains("has been through the demo before"), "{again}");
    assert_eq!(
        database.raw().texts("SELECT hash::text FROM selene.audit_events ORDER BY 1").unwrap(),
        events
    );
}
