//! Files that are deleted, renamed or replaced while a store has them open: nothing is answered as applied that would
//! be lost, and the same handle goes on once the same files are back.

use std::fs;
use std::path::{Path, PathBuf};

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fReadIdentityRow};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::{CallMode, StorageError};
use selene_storage::{ChainError, SqliteStore, Ticket};

use crate::common::{World, context, count, identity, populate, profile};

/// A store in a folder that may be renamed.
struct Scene {
    world: World,
    store: SqliteStore,
}

/// A way in which a file goes away: its name, what is done, and what the refusal must say.
type Loss = (&'static str, fn(&Path), [&'static str; 2]);

const LOSSES: [Loss; 8] = [
    ("deleted", |path| fs::remove_file(path).unwrap(), ["database file", "deleted or renamed"]),
    ("renamed", |path| fs::rename(path, aside(path)).unwrap(), ["database file", "deleted or renamed"]),
    ("replaced", replace, ["database file", "replaced"]),
    ("replaced by its copy", replace_by_copy, ["database file", "replaced"]),
    ("folder renamed", rename_folder, ["database file", "deleted or renamed"]),
    (
        "log deleted",
        |path| fs::remove_file(beside(path, "-wal")).unwrap(),
        ["log of the database", "deleted"],
    ),
    ("log replaced", |path| replace(&beside(path, "-wal")), ["log of the database", "replaced"]),
    (
        "index of the log deleted",
        |path| fs::remove_file(beside(path, "-shm")).unwrap(),
        ["index of the log", "deleted"],
    ),
];

impl Scene {
    fn new() -> Self {
        let world = World::new();
        fs::create_dir(folder(&world)).unwrap();
        let store = SqliteStore::open(path(&world)).unwrap();
        populate(&store);
        Self { world, store }
    }

    fn path(&self) -> PathBuf {
        path(&self.world)
    }
}

fn folder(world: &World) -> PathBuf {
    world.path().with_file_name("folder")
}

fn path(world: &World) -> PathBuf {
    folder(world).join("selene.db")
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn aside(path: &Path) -> PathBuf {
    beside(path, "-aside")
}

fn replace(path: &Path) {
    fs::rename(path, aside(path)).unwrap();
    fs::write(path, "").unwrap();
}

fn replace_by_copy(path: &Path) {
    fs::rename(path, aside(path)).unwrap();
    fs::copy(aside(path), path).unwrap();
}

fn rename_folder(path: &Path) {
    let folder = path.parent().unwrap();
    fs::rename(folder, aside(folder)).unwrap();
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(name: &str, answer: Result<T, StorageError>, says: [&str; 2]) {
    let error = answer.expect_err(name);
    assert!(matches!(error, StorageError::BackendUnavailable { .. }), "{name}: {error}");
    for words in says {
        assert!(error.to_string().contains(words), "{name}: {error}");
    }
}

#[test]
fn a_single_write_is_refused_and_so_is_every_later_one() {
    for (name, lose, says) in LOSSES {
        let scene = Scene::new();
        lose(&scene.path());
        for key in ["k", "k", "l"] {
            assert_refused(
                name,
                scene.store.ph1persona_profile_commit_row(&context(3), profile("t", key)),
                says,
            );
        }
    }
}

#[test]
fn tickets_are_refused() {
    for (name, lose, says) in LOSSES {
        let scene = Scene::new();
        lose(&scene.path());
        let calls = (0..20).map(|number| (context(3), profile("t", &format!("k{number}"))));
        for answer in scene.store.submit_all(calls).into_iter().map(Ticket::wait) {
            assert_refused(name, answer, says);
        }
        let ticket = scene.store.submit(&context(3), profile("t", "alone"));
        assert_refused(name, ticket.wait(), says);
    }
}

#[test]
fn many_callers_are_refused() {
    for (name, lose, says) in LOSSES {
        let scene = Scene::new();
        lose(&scene.path());
        std::thread::scope(|scope| {
            for thread in 0..16 {
                let store = scene.store.clone();
                scope.spawn(move || {
                    for call in 0..5 {
                        let input = profile("t", &format!("{thread}-{call}"));
                        assert_refused(name, store.ph1persona_profile_commit_row(&context(3), input), says);
                    }
                });
            }
        });
    }
}

#[test]
fn replays_and_audited_reads_are_refused_and_other_reads_go_on() {
    for (name, lose, says) in LOSSES {
        let scene = Scene::new();
        let read = |audited: bool| {
            let mut context = context(9);
            if audited {
                context.mode = CallMode::Replay;
            }
            scene.store.ph1f_read_identity_row(&context, Ph1fReadIdentityRow { user_id: "ada".into() })
        };
        assert!(read(false).unwrap().is_some());
        lose(&scene.path());
        assert_refused(name, identity(&scene.store, "ada"), says);
        assert_refused(name, read(true), says);
        assert!(read(false).unwrap().is_some(), "{name}");
    }
}

#[test]
fn a_reading_connection_is_not_opened_on_another_file() {
    for (name, lose, says) in LOSSES {
        let scene = Scene::new();
        lose(&scene.path());
        // No read came before this one, so there is no reading connection yet.
        let heads = scene.store.chain_heads().map_err(|error| match error {
            ChainError::Store(error) => error,
            damaged => panic!("{damaged}"),
        });
        assert_refused(name, heads, says);
    }
}

#[test]
fn many_callers_lose_nothing_that_was_answered_while_the_file_goes_away() {
    let scene = Scene::new();
    let answered: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let store = scene.store.clone();
                scope.spawn(move || {
                    let call = |call| profile("t", &format!("{thread}-{call}"));
                    (0..)
                        .map_while(|number| {
                            store.ph1persona_profile_commit_row(&context(3), call(number)).ok()
                        })
                        .count()
                })
            })
            .collect();
        std::thread::sleep(std::time::Duration::from_millis(50));
        fs::rename(scene.path(), aside(&scene.path())).unwrap();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    let renamed = aside(&scene.path());
    drop(scene.store);
    // Everything that was answered is in the file, wherever it lies by now; so may be the batch whose commit has an unknown outcome.
    let found = usize::try_from(count(&renamed, "idempotency_records")).unwrap() - 6;
    assert!((answered..=answered + 8).contains(&found), "{answered} answered, {found} found");
}

#[test]
fn the_same_handle_goes_on_once_the_same_files_are_back() {
    let scene = Scene::new();
    let (path, away) = (scene.path(), aside(&scene.path()));
    let write = |key: &str| scene.store.ph1persona_profile_commit_row(&context(3), profile("t", key));
    for (from, to) in [
        (path.clone(), away.clone()),
        (beside(&path, "-wal"), beside(&away, "-wal")),
        (beside(&path, "-shm"), beside(&away, "-shm")),
        (folder(&scene.world), aside(&folder(&scene.world))),
    ] {
        let key = to.display().to_string();
        let key = &key[key.len() - 20..];
        fs::rename(&from, &to).unwrap();
        assert!(write(key).is_err());
        fs::rename(&to, &from).unwrap();
        assert!(write(key).unwrap().is_applied());
    }
    assert!(scene.store.verify_chains(&[]).unwrap().is_intact());
    drop(scene.store);
    assert_eq!(count(&path, "idempotency_records"), 10);
}

#[test]
fn a_lost_log_is_carried_into_the_database_when_the_store_is_closed() {
    let scene = Scene::new();
    let path = scene.path();
    scene.store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    fs::remove_file(beside(&path, "-wal")).unwrap();
    assert!(scene.store.ph1persona_profile_commit_row(&context(3), profile("t", "l")).is_err());
    drop(scene.store);
    let store = SqliteStore::open(&path).unwrap();
    assert!(!store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap().is_applied());
    assert!(store.ph1persona_profile_commit_row(&context(3), profile("t", "l")).unwrap().is_applied());
    assert!(store.verify_chains(&[]).unwrap().is_intact());
}

#[test]
fn a_store_whose_files_were_replaced_does_not_delete_the_log_of_the_new_one() {
    let scene = Scene::new();
    let (path, away) = (scene.path(), aside(&scene.path()));
    for suffix in ["", "-wal", "-shm"] {
        fs::rename(beside(&path, suffix), beside(&away, suffix)).unwrap();
    }
    let new = SqliteStore::open(&path).unwrap();
    populate(&new);
    assert!(identity(&scene.store, "late").is_err());
    drop(scene.store);
    assert!(beside(&path, "-wal").exists(), "the new store's log is still there");
    assert!(new.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap().is_applied());
    drop(new);
    assert_eq!(count(&path, "idempotency_records"), 7);
    assert_eq!(count(&away, "idempotency_records"), 6);
}

#[test]
fn a_link_that_leads_elsewhere_counts_as_replaced() {
    let scene = Scene::new();
    let link = scene.path().with_file_name("link.db");
    std::os::unix::fs::symlink(scene.path(), &link).unwrap();
    let store = SqliteStore::open(&link).unwrap();
    identity(&store, "carol").unwrap();
    let other = scene.path().with_file_name("other.db");
    fs::write(&other, "").unwrap();
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(&other, &link).unwrap();
    assert_refused("link", identity(&store, "dora"), ["database file", "replaced"]);
    // The other store was opened by the file's own name, which leads there still.
    identity(&scene.store, "dora").unwrap();
}

#[test]
fn a_store_in_memory_has_no_files_to_lose() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    assert_eq!(store.log_bytes().unwrap(), 0);
}
