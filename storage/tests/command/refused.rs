//! Files that no command takes, and what each says of them.

use std::path::Path;

use crate::common::{World, populate, raw};
#[cfg(unix)]
use crate::program::copy_to;
use crate::program::{Run, on, text};

/// Commands that read a store of this build, with what else they need.
const READING: [(&str, &[&str]); 4] =
    [("verify", &[]), ("heads", &[]), ("trail", &["--user", "ada"]), ("export", &[])];
/// Commands that also read one of an earlier build.
const ANY_VERSION: [(&str, &[&str]); 1] = [("inspect", &[])];

/// Every one of them, on a file that none takes.
fn all(file: &Path) -> Vec<Run> {
    READING
        .iter()
        .chain(&ANY_VERSION)
        .map(|(name, more)| {
            let run = on(name, file, &[more, &["--wait", "0"][..]].concat()).ends_with(3);
            assert_eq!(run.out, "", "{name} wrote something");
            assert!(run.err.starts_with("error: ") && run.err.contains("\nhelp: "), "{name}: {}", run.err);
            run
        })
        .collect()
}

fn all_say(file: &Path, words: &str) {
    for run in all(file) {
        run.says(words);
    }
}

#[test]
fn what_is_no_store_is_refused_and_left_as_it_is() {
    let world = World::new();
    let path = world.path();
    all_say(&path, "No such file");
    assert!(!path.exists(), "nothing is created");
    std::fs::create_dir(&path).unwrap();
    all_say(&path, "not an SQLite database");
    std::fs::remove_dir(&path).unwrap();
    std::fs::write(&path, "hello").unwrap();
    all_say(&path, "not an SQLite database");
    assert_eq!(std::fs::read(&path).unwrap(), b"hello");
    std::fs::write(&path, "").unwrap();
    all_say(&path, "not an SQLite database");
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0, "no store is made of an empty file");
    std::fs::remove_file(&path).unwrap();
    raw(&path).execute_batch("CREATE TABLE theirs (a)").unwrap();
    all_say(&path, "belongs to another program");
}

#[test]
fn a_file_that_was_cut_off_is_refused_with_what_to_do() {
    let world = World::new();
    populate(&world.open());
    let path = world.path();
    let whole = std::fs::metadata(&path).unwrap().len();
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(whole / 2).unwrap();
    all_say(&path, "damaged or was cut off: restore a backup");
}

#[test]
fn a_file_that_is_no_export_is_one_fault() {
    let world = World::new();
    populate(&world.open());
    let other = world.path().with_extension("other");
    for bytes in [vec![b'x'; 1 << 20], b"hello\n".repeat(9), vec![0, 255, b'\n', 0, b'\n']] {
        std::fs::write(&other, bytes).unwrap();
        for file in [&world.path(), &other] {
            let found = on("verify-export", file, &["--format", "json"]).ends_with(1).json();
            let fault = "it does not begin as an export; nothing more was read";
            assert_eq!(found["faults"], serde_json::json!([{"line": 1, "what": fault}]));
        }
    }
}

#[test]
fn a_schema_that_is_not_of_this_build_is_refused() {
    let world = World::new();
    drop(world.open());
    world.raw().pragma_update(None, "user_version", 99).unwrap();
    all_say(&world.path(), "schema version 99, this build knows up to");
    let older = World::new();
    let raw = older.raw();
    raw.execute_batch(include_str!("../../src/sqlite/migrations/0001_foundation.sql")).unwrap();
    raw.pragma_update(None, "application_id", i32::from_be_bytes(*b"SELN")).unwrap();
    raw.pragma_update(None, "user_version", 1).unwrap();
    drop(raw);
    for (name, more) in READING {
        on(name, &older.path(), more)
            .ends_with(3)
            .says("schema version 1, and reading needs")
            .says("selene-store migrate");
    }
    let altered = World::new();
    drop(altered.open());
    let lock = altered.unlock("memory_ledger", "UPDATE");
    for (name, more) in READING {
        on(name, &altered.path(), more).ends_with(3).says(&format!("{lock} is missing"));
    }
}

#[test]
fn a_file_that_another_program_has_locked_is_refused_after_the_wait() {
    let world = World::new();
    populate(&world.open());
    let raw = world.raw();
    raw.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version = 6").unwrap();
    all_say(&world.path(), "wait longer with --wait");
    raw.execute_batch("ROLLBACK").unwrap();
}

/// Permissions bind nobody who is root, so the program is run as an ordinary user.
#[cfg(unix)]
#[test]
fn a_medium_that_cannot_be_written_is_read() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    let folder = tempfile::tempdir().unwrap();
    let (file, program) = (folder.path().join("selene.db"), folder.path().join("selene-store"));
    populate(&selene_storage::SqliteStore::open(&file).unwrap());
    crate::program::copy_to(&program);
    fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::metadata(folder.path()).unwrap().uid() == 0;
    for (name, more) in READING.iter().chain(&ANY_VERSION) {
        let mut command = std::process::Command::new(&program);
        command.arg(name).arg(&file).args(*more);
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        Run::of(&command.output().unwrap()).ends_with(0);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside it");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_file_that_is_no_text_is_no_file_of_heads() {
    let world = World::new();
    populate(&world.open());
    let path = world.path();
    let heads = ["--heads", text(&path)];
    on("verify", &path, &heads).ends_with(3).says("selene.db:1:1: the file is no text").says("help: ");
}

/// Whoever may write everything runs the command as somebody who may not.
#[cfg(unix)]
#[test]
fn a_command_that_may_not_write_says_who_may_run_it_and_leaves_the_file() {
    use std::fs::{OpenOptions, Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    let world = World::new();
    populate(&world.open());
    let (path, folder) = (world.path(), world.path().parent().unwrap().to_owned());
    let program = folder.join("selene-store");
    copy_to(&program);
    let before = std::fs::read(&path).unwrap();
    for (place, mode) in [(&program, 0o555), (&path, 0o444), (&folder, 0o555)] {
        set_permissions(place, Permissions::from_mode(mode)).unwrap();
    }
    let may_all = OpenOptions::new().write(true).open(&path).is_ok();
    let copy = folder.join("copy.db");
    let copying = ["backup", text(&path), text(&copy)];
    for words in [&["migrate", text(&path)][..], &["compact", text(&path)], &copying] {
        let mut command = std::process::Command::new(&program);
        command.args(words);
        if may_all {
            command.uid(65_534).gid(65_534);
        }
        Run::of(&command.output().unwrap()).ends_with(3).says("run the command as somebody who may write");
    }
    assert!(std::fs::read(&path).unwrap() == before);
    set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
}
