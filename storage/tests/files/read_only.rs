//! Stores that are opened for reading only: on a file that may be written, on one that may not, and on a medium that
//! takes no log.

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fReadIdentityRow};
use selene_contracts::{CallMode, StorageError};
use selene_storage::{OpenError, SqliteStore};

use crate::common::{World, context, count, dump, identity, populate, profile};

fn reads_ada(store: &SqliteStore, mode: CallMode) -> Result<bool, StorageError> {
    let mut context = context(9);
    context.mode = mode;
    store
        .ph1f_read_identity_row(&context, Ph1fReadIdentityRow { user_id: "ada".into() })
        .map(|row| row.is_some())
}

#[track_caller]
fn assert_read_only<T: std::fmt::Debug>(answer: Result<T, StorageError>) {
    let error = answer.unwrap_err();
    assert!(
        matches!(&error, StorageError::BackendUnavailable { detail, .. } if detail.contains("read only")),
        "{error}"
    );
}

/// Everything that can be read is, and nothing can be written.
fn assert_reads_and_refuses(store: &SqliteStore, events: u64) {
    assert!(reads_ada(store, CallMode::Normal).unwrap());
    let heads = store.chain_heads().unwrap();
    let report = store.verify_chains(&heads).unwrap();
    assert!(report.is_intact() && report.events == events, "{report:?}");
    assert!(store.verify_folds().unwrap().is_intact());
    assert_read_only(identity(store, "carol"));
    // Also what was written before: a replay is a write that was answered.
    assert_read_only(identity(store, "ada"));
    assert_read_only(store.submit(&context(3), profile("t", "k")).wait());
    assert_read_only(reads_ada(store, CallMode::Diagnostic));
}

#[test]
fn a_file_is_read_and_verified_and_stays_as_it_was() {
    let world = World::new();
    populate(&world.open());
    let before = std::fs::read(world.path()).unwrap();
    let store = SqliteStore::open_read_only(world.path()).unwrap();
    assert_reads_and_refuses(&store, 6);
    drop(store);
    assert!(std::fs::read(world.path()).unwrap() == before);
}

#[test]
fn what_another_handle_writes_meanwhile_is_seen() {
    let world = World::new();
    let writer = world.open();
    populate(&writer);
    let store = SqliteStore::open_read_only(world.path()).unwrap();
    assert_reads_and_refuses(&store, 6);
    identity(&writer, "carol").unwrap();
    assert_reads_and_refuses(&store, 7);
    drop(store);
    identity(&writer, "dora").unwrap();
    drop(writer);
    assert_eq!(count(&world.path(), "audit_events"), 8);
}

#[test]
fn what_lies_only_in_the_log_is_read() {
    let (world, copy) = (World::new(), World::new());
    let store = world.open();
    populate(&store);
    // A process that was killed leaves both files behind.
    for suffix in ["", "-wal"] {
        let name = |world: &World| format!("{}{suffix}", world.path().display());
        std::fs::copy(name(&world), name(&copy)).unwrap();
    }
    assert_reads_and_refuses(&SqliteStore::open_read_only(copy.path()).unwrap(), 6);
    drop(store);
    assert_eq!(dump(&world.path()), dump(&copy.path()));
}

#[test]
fn what_is_no_store_of_this_build_is_refused() {
    let open = |world: &World| SqliteStore::open_read_only(world.path()).unwrap_err();
    let world = World::new();
    let error = open(&world);
    assert!(matches!(error, OpenError::File { .. }), "{error}");
    assert!(!world.path().exists(), "nothing is created");
    std::fs::write(world.path(), "hello").unwrap();
    assert!(matches!(open(&world), OpenError::NotADatabase));
    std::fs::write(world.path(), "").unwrap();
    assert!(matches!(open(&world), OpenError::NotADatabase));
    std::fs::remove_file(world.path()).unwrap();
    world.raw().execute_batch("CREATE TABLE theirs (a)").unwrap();
    assert!(matches!(open(&world), OpenError::Foreign { application_id: 0 }));

    let world = World::new();
    drop(world.open());
    world.unlock("memory_ledger", "UPDATE");
    assert!(matches!(open(&world), OpenError::Schema { .. }));
    world.raw().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(open(&world), OpenError::Newer { found: 99, .. }));
}

#[test]
fn an_older_schema_is_refused_with_what_to_do() {
    let world = World::new();
    let raw = world.raw();
    raw.execute_batch(include_str!("../../src/sqlite/migrations/0001_foundation.sql")).unwrap();
    raw.pragma_update(None, "application_id", i32::from_be_bytes(*b"SELN")).unwrap();
    raw.pragma_update(None, "user_version", 1).unwrap();
    drop(raw);
    let before = std::fs::read(world.path()).unwrap();
    let error = SqliteStore::open_read_only(world.path()).unwrap_err();
    assert!(matches!(error, OpenError::Older { found: 1, needed } if needed > 1), "{error}");
    assert!(error.to_string().contains("open it once for writing"), "{error}");
    assert!(std::fs::read(world.path()).unwrap() == before);
    drop(world.open());
    drop(SqliteStore::open_read_only(world.path()).unwrap());
}

/// Permissions bind nobody who is root, so what they forbid is tried in a process of an ordinary user.
#[cfg(unix)]
mod without_permission {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    use std::path::Path;
    use std::process::Command;

    use super::*;

    /// Names the database of the child; without it the child does nothing.
    const DATABASE: &str = "SELENE_READ_ONLY_DATABASE";
    /// What the child must find.
    const EXPECTED: &str = "SELENE_READ_ONLY_EXPECTED";
    /// An ordinary user, whoever that is.
    const NOBODY: u32 = 65_534;

    #[test]
    #[ignore = "run by the tests below, in a process of its own"]
    fn child_without_permission() {
        let Some(path) = std::env::var_os(DATABASE) else { return };
        let path = Path::new(&path);
        let refused = fs::OpenOptions::new().append(true).open(path).unwrap_err();
        assert_eq!(
            refused.kind(),
            std::io::ErrorKind::PermissionDenied,
            "the test is worth nothing otherwise"
        );
        let opened = SqliteStore::open_read_only(path);
        match std::env::var(EXPECTED).unwrap().as_str() {
            "read" => assert_reads_and_refuses(&opened.unwrap(), 6),
            "log" => {
                let error = opened.unwrap_err();
                assert!(matches!(error, OpenError::UnreadableLog { bytes } if bytes > 0), "{error}");
            }
            "changed" => {
                let store = opened.unwrap();
                assert!(reads_ada(&store, CallMode::Normal).unwrap());
                println!("\nready");
                std::io::stdin().read_line(&mut String::new()).unwrap();
                for _ in 0..2 {
                    let error = reads_ada(&store, CallMode::Normal).unwrap_err();
                    assert!(error.to_string().contains("changed by another program"), "{error}");
                }
            }
            other => panic!("{other}"),
        }
    }

    /// A folder with a store in it that an ordinary user may read and not write, and this test program, which that
    /// user may run.
    struct Scene {
        folder: tempfile::TempDir,
    }

    impl Scene {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            populate(&SqliteStore::open(folder.path().join("selene.db")).unwrap());
            // Copied by another process: what this one has open for writing, programs that other tests start at this moment have open
            // too, and a file that is open for writing cannot be run.
            let [from, to] = [std::env::current_exe().unwrap(), folder.path().join("child")];
            assert!(Command::new("cp").args([from, to]).status().unwrap().success());
            Self { folder }
        }

        fn path(&self) -> std::path::PathBuf {
            self.folder.path().join("selene.db")
        }

        fn set_mode(&self, folder: u32) {
            for entry in fs::read_dir(self.folder.path()).unwrap() {
                let path = entry.unwrap().path();
                let mode = if path.ends_with("child") { 0o555 } else { 0o444 };
                fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
            }
            fs::set_permissions(self.folder.path(), Permissions::from_mode(folder)).unwrap();
        }

        /// The child, as an ordinary user also where this process is root.
        fn child(&self, expected: &str) -> Command {
            let mut command = Command::new(self.folder.path().join("child"));
            command
                .args([
                    "--ignored",
                    "--exact",
                    "--nocapture",
                    "read_only::without_permission::child_without_permission",
                ])
                .current_dir(self.folder.path())
                .env(DATABASE, self.path())
                .env(EXPECTED, expected);
            if fs::metadata(self.folder.path()).unwrap().uid() == 0 {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        }

        #[track_caller]
        fn expect(&self, expected: &str) {
            let output = self.child(expected).output().unwrap();
            let printed = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
        }
    }

    impl Drop for Scene {
        fn drop(&mut self) {
            // So that it can be deleted.
            let _ = fs::set_permissions(self.folder.path(), Permissions::from_mode(0o755));
        }
    }

    #[test]
    fn a_file_in_a_folder_that_may_not_be_written_is_read_and_nothing_is_left_beside_it() {
        let scene = Scene::new();
        scene.set_mode(0o555);
        let before = fs::read(scene.path()).unwrap();
        scene.expect("read");
        assert!(fs::read(scene.path()).unwrap() == before);
        assert_eq!(fs::read_dir(scene.folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_with_an_odd_name_is_found_there_too() {
        let scene = Scene::new();
        let odd = scene.folder.path().join("50% of ä?mode=rw#.db");
        fs::rename(scene.path(), &odd).unwrap();
        scene.set_mode(0o555);
        let output = scene.child("read").env(DATABASE, &odd).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }

    #[test]
    fn a_file_that_may_not_be_written_in_a_folder_that_may_is_read() {
        let scene = Scene::new();
        scene.set_mode(0o777);
        scene.expect("read");
    }

    #[test]
    fn a_log_that_cannot_be_read_there_is_not_passed_over() {
        let scene = Scene::new();
        let kept = scene.folder.path().join("kept");
        let wal = scene.folder.path().join("selene.db-wal");
        let store = SqliteStore::open(scene.path()).unwrap();
        identity(&store, "carol").unwrap();
        fs::copy(&wal, &kept).unwrap();
        drop(store);
        fs::rename(&kept, &wal).unwrap();
        scene.set_mode(0o555);
        scene.expect("log");
        fs::set_permissions(scene.folder.path(), Permissions::from_mode(0o755)).unwrap();
        // An empty log holds nothing.
        fs::write(&wal, "").unwrap();
        fs::remove_file(scene.path()).unwrap();
        populate(&SqliteStore::open(scene.path()).unwrap());
        fs::write(&wal, "").unwrap();
        scene.set_mode(0o555);
        scene.expect("read");
    }

    #[test]
    fn a_file_that_its_owner_changes_meanwhile_is_not_read_any_more() {
        use std::io::{BufRead as _, BufReader, Write as _};
        use std::process::Stdio;

        let scene = Scene::new();
        scene.set_mode(0o555);
        let mut child = scene.child("changed").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while line.trim() != "ready" {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "the child ended early");
        }
        // The owner's own permissions, which the child does not have.
        fs::set_permissions(scene.folder.path(), Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(scene.path(), Permissions::from_mode(0o644)).unwrap();
        identity(&SqliteStore::open(scene.path()).unwrap(), "carol").unwrap();
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
        let printed: Vec<String> = output.lines().map_while(Result::ok).collect();
        assert!(child.wait().unwrap().success(), "{printed:?}");
    }
}
