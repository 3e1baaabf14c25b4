//! Giving pages back.

use std::process::Stdio;
use std::time::Duration;

use crate::common::{World, dump, populate};
use crate::program::{command, on, text};

/// A store with rows, and with many pages that hold nothing.
fn holey() -> World {
    let world = World::new();
    populate(&world.open());
    let raw = world.raw();
    raw.execute_batch(
        "CREATE TABLE waste (a);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO waste SELECT zeroblob(4000) FROM n;
         DROP TABLE waste;
         PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .unwrap();
    world
}

#[test]
fn pages_that_hold_nothing_go_and_rows_stay() {
    let world = holey();
    let (before, length) = (dump(&world.path()), std::fs::metadata(world.path()).unwrap().len());
    on("inspect", &world.path(), &[]).ends_with(0).says("7.8 MiB hold nothing");
    let json = on("compact", &world.path(), &["--format", "json"]).ends_with(0).json();
    assert_eq!(json["is_intact"], true);
    assert!(json["bytes_after"].as_u64().unwrap() < length / 10, "{json}");
    assert_eq!(dump(&world.path()), before);
    on("inspect", &world.path(), &[]).ends_with(0).says("of which 0 bytes hold nothing");
    drop(world.open());
    on("compact", &world.path(), &[]).ends_with(0).says("intact");
}

#[test]
fn while_a_store_is_open_it_goes_on_afterwards() {
    let world = holey();
    let store = world.open();
    on("compact", &world.path(), &[]).ends_with(0);
    crate::common::identity(&store, "carol").unwrap();
    on("verify", &world.path(), &[]).ends_with(0).says("7 events");
}

#[test]
fn killed_at_any_moment_the_rows_are_all_there() {
    let world = holey();
    let before = dump(&world.path());
    for milliseconds in (0..60).step_by(4) {
        let mut child = command(&["compact", text(&world.path())]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        on("verify", &world.path(), &[]).ends_with(0).says("6 events");
    }
    on("compact", &world.path(), &[]).ends_with(0);
    assert_eq!(dump(&world.path()), before);
}
