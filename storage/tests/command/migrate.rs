//! Files of earlier builds.

use std::path::PathBuf;

use crate::common::{World, populate, raw};
use crate::program::on;

fn released(version: &str) -> World {
    let world = World::new();
    let file = format!("{}/tests/migrations/released/{version}/store.db", env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(file, world.path()).unwrap();
    world
}

fn version(world: &World) -> i32 {
    raw(&world.path()).pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn names(world: &World) -> Vec<PathBuf> {
    let folder = world.path().parent().unwrap().read_dir().unwrap();
    let mut names: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

#[test]
fn a_dry_run_migrates_a_copy_and_the_file_stays_as_it_is() {
    let world = released("v4");
    let before = std::fs::read(world.path()).unwrap();
    on("migrate", &world.path(), &["--dry-run"])
        .ends_with(0)
        .says("would go from schema version 4 to 6")
        .says("intact");
    assert!(std::fs::read(world.path()).unwrap() == before);
    assert!(
        names(&world).iter().all(|name| !name.to_string_lossy().contains("dry-run")),
        "{:?}",
        names(&world)
    );
    on("verify", &world.path(), &[]).ends_with(3).says("selene-store migrate");
}

#[test]
fn a_file_goes_to_the_version_of_this_build_once() {
    let world = released("v5");
    let json = on("migrate", &world.path(), &["--format", "json"]).ends_with(0).json();
    assert_eq!((&json["from"], &json["to"], &json["is_intact"]), (&5.into(), &6.into(), &true.into()));
    assert_eq!(version(&world), 6);
    on("migrate", &world.path(), &[]).ends_with(0).says("has schema version 6 already");
    on("verify", &world.path(), &[]).ends_with(0);
}

#[test]
fn a_file_that_cannot_be_migrated_is_as_before() {
    let world = released("v5");
    world.tamper("DELETE FROM audit_events WHERE ledger_position = 3");
    for more in [&["--dry-run"][..], &[]] {
        on("migrate", &world.path(), more).ends_with(3).says("the database was not migrated");
        assert_eq!(version(&world), 5);
    }
    std::fs::write(world.path(), "").unwrap();
    on("migrate", &world.path(), &[]).ends_with(3).says("not an SQLite database");
    assert_eq!(std::fs::metadata(world.path()).unwrap().len(), 0, "no store is made of an empty file");
    let newer = World::new();
    drop(newer.open());
    newer.raw().pragma_update(None, "user_version", 99).unwrap();
    on("migrate", &newer.path(), &[]).ends_with(3).says("install the `selene-store` of the build");
}

#[test]
fn a_file_that_another_program_writes_is_refused() {
    let world = World::new();
    populate(&world.open());
    world.raw().pragma_update(None, "user_version", 6).unwrap();
    let raw = world.raw();
    raw.execute_batch("BEGIN IMMEDIATE").unwrap();
    on("compact", &world.path(), &["--wait", "0"]).ends_with(3).says("--wait");
    raw.execute_batch("ROLLBACK").unwrap();
    on("compact", &world.path(), &["--wait", "0"]).ends_with(0);
}
