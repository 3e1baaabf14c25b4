//! Exports, and two verifiers that share no code.

use std::path::{Path, PathBuf};
use std::process::Command;

use selene_storage::backend::ledgers;
use serde_json::Value;

use crate::common::{World, count, identity, populate};
use crate::program::{Run, keep, on, run, text};

/// A store with rows in every table, as an earlier build of this schema version or of another one wrote it.
pub fn released(version: &str) -> World {
    let world = World::new();
    let file = format!("{}/tests/migrations/released/{version}/store.db", env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(file, world.path()).unwrap();
    drop(world.open());
    world
}

pub fn exported(world: &World, more: &[&str]) -> (PathBuf, String) {
    let path = world.path().with_extension("jsonl");
    keep("export", &world.path(), more, &path);
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

/// The second verifier.
pub fn python(export: &Path, heads: &[String]) -> Run {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/command/verify_export.py");
    Run::of(&Command::new("python3").arg("-B").arg(script).arg(export).args(heads).output().expect("python3"))
}

/// Both verifiers find the same: nothing wrong.
#[track_caller]
fn both_agree(export: &Path) -> Value {
    let found = on("verify-export", export, &["--format", "json"]).ends_with(0).json();
    let other = python(export, &[]).ends_with(0);
    let other: Value = serde_json::from_str(&other.out).unwrap();
    for name in ["chains", "events", "rows", "unsealed_rows"] {
        assert_eq!(found[name], other[name], "{name}");
    }
    found
}

fn rows_of_ledgers(world: &World) -> i64 {
    ledgers().iter().filter(|table| **table != "audit_events").map(|table| count(&world.path(), table)).sum()
}

#[test]
fn every_ledger_row_is_exported_and_verified_by_two_programs() {
    let world = released("v6");
    for table in ledgers() {
        assert!(count(&world.path(), table) > 0, "{table} has no row");
    }
    let (path, _) = exported(&world, &[]);
    let found = both_agree(&path);
    assert_eq!(found["events"], count(&world.path(), "audit_events"));
    assert_eq!(found["rows"], rows_of_ledgers(&world));
    assert_eq!(found["unsealed_rows"], 0);
}

#[test]
fn rows_from_before_events_sealed_rows_stand_at_the_end() {
    let world = released("v4");
    identity(&world.open(), "new").unwrap();
    let (path, _) = exported(&world, &[]);
    let found = both_agree(&path);
    assert_eq!(found["rows"], 1);
    assert_eq!(found["unsealed_rows"], rows_of_ledgers(&world) - 1);
    on("verify-export", &path, &[]).ends_with(0).says("more from before events sealed rows");
}

#[test]
fn both_verifiers_find_every_changed_value() {
    let world = World::new();
    populate(&world.open());
    let (path, whole) = exported(&world, &[]);
    both_agree(&path);
    let mut tried = 0;
    for (number, line) in whole.lines().enumerate() {
        let value: Value = serde_json::from_str(line).unwrap();
        for changed in changes(&value) {
            let mut lines: Vec<String> = whole.lines().map(str::to_owned).collect();
            lines[number] = changed.to_string();
            std::fs::write(&path, lines.join("\n") + "\n").unwrap();
            on("verify-export", &path, &[]).ends_with(1);
            // The other program is slow; every seventh change is enough for it.
            if tried % 7 == 0 {
                let other = python(&path, &[]);
                assert_ne!(other.code, Some(0), "{changed}");
            }
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
}

/// The same line with one value changed, for each value that a hash, a link or a count is over.
fn changes(line: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for kind in ["event", "end"] {
        for (name, old) in line[kind].as_object().into_iter().flatten() {
            let mut changed = line.clone();
            changed[kind][name] = other(old);
            found.push(changed);
        }
    }
    for place in 0..line["row"]["columns"].as_array().map_or(0, Vec::len) {
        for part in [0, 2] {
            let mut changed = line.clone();
            let old = line["row"]["columns"][place][part].clone();
            changed["row"]["columns"][place][part] = other(&old);
            found.push(changed);
        }
    }
    found
}

fn other(value: &Value) -> Value {
    match value {
        Value::Null => "1".into(),
        Value::Number(number) => (number.as_u64().unwrap() + 1).into(),
        Value::String(text) => match text.chars().next() {
            Some('1') => text.replacen('1', "2", 1).into(),
            Some(_) => {
                let (_, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
                format!("1{rest}").into()
            }
            None => "1".into(),
        },
        value => panic!("{value}"),
    }
}

#[test]
fn lines_that_are_gone_doubled_or_moved_are_found() {
    let world = World::new();
    populate(&world.open());
    let (path, whole) = exported(&world, &[]);
    let lines: Vec<&str> = whole.lines().collect();
    let mut wrong: Vec<Vec<&str>> = Vec::new();
    for place in 0..lines.len() {
        let mut gone = lines.clone();
        gone.remove(place);
        wrong.push(gone);
        let mut doubled = lines.clone();
        doubled.insert(place, lines[place]);
        wrong.push(doubled);
    }
    for place in 1..lines.len() {
        let mut moved = lines.clone();
        moved.swap(place - 1, place);
        wrong.push(moved);
    }
    for lines in wrong {
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
        on("verify-export", &path, &[]).ends_with(1).says("NOT INTACT");
    }
    for cut in [
        whole.trim_end().to_owned(),
        String::new(),
        "hello\n".to_owned(),
        whole.replace("export.v1", "export.v2"),
    ] {
        std::fs::write(&path, cut).unwrap();
        on("verify-export", &path, &[]).ends_with(1).says("line 1");
    }
}

#[test]
fn heads_show_that_an_export_is_the_stores_and_that_none_is_missing_between_two() {
    let world = released("v6");
    let heads = world.path().with_extension("heads");
    keep("heads", &world.path(), &[], &heads);
    let (first, _) = exported(&world, &[]);
    on("verify-export", &first, &["--heads", text(&heads)]).ends_with(0);
    identity(&world.open(), "new").unwrap();
    let since = world.path().with_extension("since");
    keep("export", &world.path(), &["--from", text(&heads)], &since);
    let found =
        on("verify-export", &since, &["--heads", text(&heads), "--format", "json"]).ends_with(0).json();
    assert_eq!((&found["events"], &found["rows"], &found["unanchored"]), (&1.into(), &1.into(), &0.into()));
    on("verify-export", &since, &[])
        .ends_with(0)
        .says("3 chains begin behind an event of which no head was given");
    on("verify-export", &since, &[]).says("heads   none given: ");

    // The heads of another store of the same events but one.
    let kept = std::fs::read_to_string(&heads).unwrap();
    let (start, rest) = kept.split_once("\"hash\":\"").unwrap();
    let moved = format!("{start}\"hash\":\"{}{}", if rest.starts_with('0') { '1' } else { '0' }, &rest[1..]);
    std::fs::write(&heads, moved).unwrap();
    for export in [&first, &since] {
        on("verify-export", export, &["--heads", text(&heads)]).ends_with(1).says("than the saved head says");
    }
    on("export", &world.path(), &["--from", text(&heads)]).ends_with(1).says("as the head says");
    // A chain that goes on behind the end of the export.
    std::fs::write(&heads, kept).unwrap();
    keep("heads", &world.path(), &[], &heads);
    on("verify-export", &first, &["--heads", text(&heads)]).ends_with(1).says("of which a head was saved");
}

#[test]
fn a_tenants_export_holds_nothing_of_another_one() {
    let world = released("v6");
    let heads = world.open().chain_heads().unwrap();
    let tenant = heads.iter().find_map(|head| head.tenant_id.clone()).unwrap();
    let (path, lines) = exported(&world, &["--tenant", tenant.as_str()]);
    let found = both_agree(&path);
    let head = heads.iter().find(|head| head.tenant_id.as_ref() == Some(&tenant)).unwrap();
    assert_eq!((&found["chains"], &found["events"]), (&1.into(), &head.sequence.into()));
    let chains: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        chains.iter().all(|line| line["event"].is_null() || line["event"]["tenant_id"] == tenant.as_str())
    );
    let (path, _) = exported(&world, &["--tenant", "nobody"]);
    assert_eq!(both_agree(&path)["events"], 0);
}

#[test]
fn a_store_that_is_not_what_its_events_say_is_not_exported_as_if_it_were() {
    let world = World::new();
    populate(&world.open());
    world.tamper("DELETE FROM idempotency_records WHERE chain_sequence = 3");
    on("export", &world.path(), &[])
        .ends_with(1)
        .says("idempotency_records (, 3) is missing")
        .says("selene-store verify");
    let changed = World::new();
    populate(&changed.open());
    changed.tamper("UPDATE idempotency_records SET outcome = '{}' WHERE chain_sequence = 3");
    let (path, _) = exported(&changed, &[]);
    on("verify-export", &path, &[]).ends_with(1).says("idempotency_records (, 3) is not what its event says");
    python(&path, &[]).ends_with(1).says("the row is not what its event says");
    run(&["verify-export", "no-such-file"]).ends_with(3).says("no-such-file");
}
