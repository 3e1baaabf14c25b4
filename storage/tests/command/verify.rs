//! Every check of a store, from the command line.

#[cfg(unix)]
use std::ffi::OsStr;
#[cfg(unix)]
use std::process::{Command, Stdio};

use crate::common::{World, populate};
use crate::program::on;
#[cfg(unix)]
use crate::program::program;

#[test]
fn an_intact_store_is_reported_as_intact_while_it_is_written() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let run = on("verify", &world.path(), &[]).ends_with(0).says("selene.db: intact");
    assert!(run.out.contains("  pages   as SQLite needs them, and indices too\n"), "{}", run.out);
    assert!(run.out.contains("chains  1 chain, 6 events\n"), "{}", run.out);
    assert_eq!(run.err, "", "no progress where nobody looks");
    let json = on("verify", &world.path(), &["--format", "json"]).ends_with(0).json();
    assert_eq!(json["is_intact"], true);
    assert_eq!(json["pages"], serde_json::json!({ "is_checked": true, "faults": [], "is_cut": false }));
    assert_eq!(json["chains"]["events"], 6);
    assert_eq!(json["rows"]["sealed"], json["rows"]["rows"]);
    assert_eq!(json["folds"]["faults"], serde_json::json!([]));
    assert_eq!(json["heads"], serde_json::Value::Null);
}

/// Runs the program in a terminal, and gives what that showed.
#[cfg(unix)]
fn in_a_terminal(words: &[&OsStr]) -> String {
    let script = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let mut python = Command::new("python3");
    python.args(["-c", script]).arg(program()).args(words).stdin(Stdio::null());
    let output = python.output().expect("python3 starts");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[cfg(unix)]
#[test]
fn a_terminal_shows_how_far_it_is_and_of_how_much_and_keeps_the_result_alone() {
    let world = World::new();
    populate(&world.open());
    let shown = in_a_terminal(&[OsStr::new("verify"), world.path().as_os_str()]);
    let parts =
        ["1/4 pages and indices", "2/4 chains [----------] 0 % of 6 rows", "3/4 rows [", "4/4 ledgers ["];
    for part in parts {
        assert!(shown.contains(&format!("\r\x1b[K{part}")), "{part} is not in {shown:?}");
    }
    let (_, result) = shown.rsplit_once("\r\x1b[K").unwrap();
    assert!(result.contains("selene.db: intact") && !result.contains('%'), "{shown:?}");
}

#[test]
fn every_fault_is_listed_and_the_exit_code_says_so() {
    let world = World::new();
    populate(&world.open());
    world.tamper("UPDATE audit_events SET severity = 'ERROR' WHERE chain_sequence = 2");
    world.tamper("UPDATE identities SET primary_language = 'fr' WHERE user_id = 'ada'");
    let run = on("verify", &world.path(), &[]).ends_with(1).says("NOT INTACT, 3 faults");
    for fault in [
        "    - chain without a tenant, event 2: its fields or its place were changed\n",
        "    - identities (ada): is not as its event left it",
        "    - identities (ada): primary_language is not what the ledger leads to\n",
    ] {
        assert!(run.out.contains(fault), "{fault} is not in {}", run.out);
    }
    let json = on("verify", &world.path(), &["--format", "json"]).ends_with(1).json();
    assert_eq!(json["is_intact"], false);
    assert_eq!(json["chains"]["faults"][0]["kind"], "changed");
    assert_eq!(json["rows"]["faults"][0]["key"], "ada");
    assert_eq!(json["folds"]["faults"][0]["kind"], "differs");
}

#[test]
fn what_somebody_wrote_into_a_file_gives_a_terminal_no_orders() {
    let world = World::new();
    populate(&world.open());
    world.tamper("INSERT INTO identities VALUES ('\x1b[2Jmallory', NULL, NULL, NULL, 1, 'ACTIVE', 1)");
    let run = on("verify", &world.path(), &[]).ends_with(1).says("identities (\\u{1b}[2Jmallory)");
    assert!(!run.out.contains('\x1b'), "{}", run.out);
}

#[test]
fn what_lies_only_in_the_log_of_a_killed_process_is_verified_too() {
    let (world, copy) = (World::new(), World::new());
    let store = world.open();
    populate(&store);
    for suffix in ["", "-wal"] {
        let name = |world: &World| format!("{}{suffix}", world.path().display());
        std::fs::copy(name(&world), name(&copy)).unwrap();
    }
    on("verify", &copy.path(), &[]).ends_with(0).says("6 events");
}
