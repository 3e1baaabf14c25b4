//! Backups while others write, and stores that are made of them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::common::{World, dump, identity, populate};
use crate::program::{command, keep, on, run, text};

/// A store, and a folder for what is made of it.
struct Scene {
    world: World,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { world: World::new(), folder: tempfile::tempdir().unwrap() };
        populate(&scene.world.open());
        scene
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = self.folder.path().read_dir().unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn a_backup_is_the_store_and_a_restored_one_goes_on() {
    let scene = Scene::new();
    let (backup, restored) = (scene.at("backup.db"), scene.at("restored.db"));
    let store = scene.world.open();
    let run = on("backup", &scene.world.path(), &[text(&backup)]).ends_with(0);
    run.says("backup of").says("intact");
    assert_eq!(scene.names(), ["backup.db"]);
    assert_eq!(dump(&backup), dump(&scene.world.path()));
    on("restore", &backup, &[text(&restored)]).ends_with(0).says("store of").says("6 events");
    identity(&selene_storage::SqliteStore::open(&restored).unwrap(), "carol").unwrap();
    on("verify", &restored, &[]).ends_with(0).says("7 events");
    drop(store);
}

#[test]
fn a_copy_into_a_folder_that_is_not_there_is_refused_with_what_to_do() {
    let scene = Scene::new();
    std::fs::write(scene.at("note"), "hello").unwrap();
    for name in ["backup", "restore"] {
        for to in ["absent/copy.db", "note/copy.db"] {
            on(name, &scene.world.path(), &[text(&scene.at(to))])
                .ends_with(3)
                .says("help: name a file in a folder that is there");
        }
    }
    assert_eq!(scene.names(), ["note"]);
}

#[cfg(unix)]
#[test]
fn a_copy_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let scene = Scene::new();
    let (backup, restored) = (scene.at("backup.db"), scene.at("restored.db"));
    std::fs::set_permissions(scene.world.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
    on("backup", &scene.world.path(), &[text(&backup)]).ends_with(0);
    on("restore", &backup, &[text(&restored)]).ends_with(0);
    for file in [&backup, &restored] {
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn nothing_is_written_over_anything() {
    let scene = Scene::new();
    let backup = scene.at("backup.db");
    on("backup", &scene.world.path(), &[text(&backup)]).ends_with(0);
    let first = std::fs::read(&backup).unwrap();
    for name in ["backup", "restore"] {
        let run = on(name, &scene.world.path(), &[text(&backup)]).ends_with(3);
        assert!(run.err.contains("backup.db exists; a copy is never written over anything"), "{}", run.err);
        // A log that lies beside the name would be read into the copy.
        for suffix in ["-wal", "-shm", "-journal"] {
            let (new, beside) = (scene.at("new.db"), scene.at(&format!("new.db{suffix}")));
            std::fs::write(&beside, "").unwrap();
            on(name, &scene.world.path(), &[text(&new)]).ends_with(3).says(&format!("new.db{suffix} exists"));
            std::fs::remove_file(beside).unwrap();
        }
        let run = on(name, &scene.world.path(), &[text(scene.folder.path())]).ends_with(3);
        assert!(run.err.contains("exists"), "{}", run.err);
        on(name, &scene.world.path(), &[text(&scene.at("no/such/folder.db"))])
            .ends_with(3)
            .says("No such file");
        on(name, &scene.at("absent.db"), &[text(&scene.at("new.db"))]).ends_with(3).says("absent.db");
    }
    assert!(std::fs::read(&backup).unwrap() == first);
    assert_eq!(scene.names(), ["backup.db"]);
}

#[test]
fn a_store_in_which_something_is_wrong_gets_no_backup_unless_it_is_asked_for() {
    let scene = Scene::new();
    let (backup, heads) = (scene.at("backup.db"), scene.at("heads.jsonl"));
    keep("heads", &scene.world.path(), &[], &heads);
    scene.world.tamper("UPDATE audit_events SET severity = 'ERROR' WHERE chain_sequence = 2");
    for name in ["backup", "restore"] {
        let run = on(name, &scene.world.path(), &[text(&backup)]).ends_with(1);
        assert!(run.out.contains("because something is wrong") && run.out.contains("event 2"), "{}", run.out);
        assert_eq!(scene.names(), ["heads.jsonl"]);
    }
    on("backup", &scene.world.path(), &[text(&backup), "--even-if-damaged"]).ends_with(1).says("event 2");
    assert_eq!(dump(&backup), dump(&scene.world.path()));

    let cut = Scene::new();
    cut.world.tamper(
        "DELETE FROM sessions WHERE session_id = 2;
         DELETE FROM idempotency_records WHERE chain_sequence = 6; DELETE FROM audit_events WHERE chain_sequence = 6;",
    );
    let to = cut.at("cut.db");
    on("restore", &cut.world.path(), &[text(&to), "--heads", text(&heads)])
        .ends_with(1)
        .says("a saved head lies beyond");
    assert_eq!(cut.names(), [""; 0]);
}

#[test]
fn a_file_of_an_earlier_version_is_copied_as_it_is() {
    let scene = Scene::new();
    let released = scene.at("v4.db");
    std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations/released/v4/store.db"), &released)
        .unwrap();
    let backup = scene.at("backup.db");
    on("backup", &released, &[text(&backup)])
        .ends_with(0)
        .says("chains and rows were not checked, because the schema version is 4");
    assert_eq!(dump(&backup), dump(&released));
}

#[test]
fn every_backup_is_one_state_while_many_events_are_written() {
    let scene = Scene::new();
    let store = scene.world.open();
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                identity(&store, &format!("user-{number}")).unwrap();
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let mut events = 0;
        for number in 0..8 {
            let backup = scene.at(&format!("{number}.db"));
            let json =
                on("backup", &scene.world.path(), &[text(&backup), "--format", "json"]).ends_with(0).json();
            assert_eq!((&json["is_kept"], &json["is_intact"]), (&true.into(), &true.into()));
            let found = json["checks"]["store"]["chains"]["events"].as_u64().unwrap();
            assert!(found > events, "{found} events, {events} before: nothing was written meanwhile");
            events = found;
        }
        is_over.store(true, Ordering::Relaxed);
    });
}

/// Kills a command that makes `to` after a while; says whether the file has its name.
fn kill_after(after: Duration, name: &str, from: &Path, to: &Path) -> bool {
    let mut child = command(&[name, text(from), text(to)]).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    to.exists()
}

#[test]
fn killed_at_any_moment_a_copy_is_whole_or_not_there() {
    let scene = Scene::new();
    let store = scene.world.open();
    for number in 0..300 {
        drop(store.submit(
            &crate::common::context(100 + number),
            crate::common::turn("ada", &format!("t{number}")),
        ));
    }
    drop(store);
    for name in ["backup", "restore"] {
        let began = Instant::now();
        on(name, &scene.world.path(), &[text(&scene.at("whole"))]).ends_with(0);
        let (taken, mut named, mut left) = (began.elapsed(), 0, 0);
        std::fs::remove_file(scene.at("whole")).unwrap();
        // Beyond its end too, because a busy machine takes longer at another time.
        for moment in 0..60 {
            let to = scene.at(&format!("{name}-{named}"));
            if kill_after(taken * moment / 40, name, &scene.world.path(), &to) {
                on("verify", &to, &[]).ends_with(0).says("306 events");
                named += 1;
            }
            left += u32::from(scene.names().iter().any(|name| name.ends_with(".partial")));
        }
        assert!(
            named > 0 && left > 0,
            "{name}: {named} whole and {left} half ones: the moments are the wrong ones"
        );
        // What the last killed one left is in nobody's way.
        std::fs::write(scene.at("again.partial"), "half of a file").unwrap();
        on(name, &scene.world.path(), &[text(&scene.at("again"))]).ends_with(0);
        std::fs::remove_file(scene.at("again")).unwrap();
    }
}

#[test]
fn two_backups_to_one_name_leave_one_of_them_whole() {
    let scene = Scene::new();
    let backup = scene.at("backup.db");
    let start = || command(&["backup", text(&scene.world.path()), text(&backup)]).output().unwrap();
    let codes = std::thread::scope(|scope| {
        let both = [scope.spawn(start), scope.spawn(start)];
        both.map(|one| one.join().unwrap().status.code())
    });
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 3))), "{codes:?}");
    assert_ne!(codes, [Some(0), Some(0)], "one was written over the other");
    on("verify", &backup, &[]).ends_with(0);
    run(&["verify", text(&scene.at("backup.db.partial"))]).ends_with(3);
}
