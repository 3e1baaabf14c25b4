//! A copy that ends before its end, at any moment and for any reason: its target is no store, and the same copy goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use selene_storage::{OpenError as FileError, SqliteStore, Ticket};
use selene_storage_postgres::copy::{CopyError, CopyOptions, CopyProgress, CopyReport, to_file, to_server};
use selene_storage_postgres::{OpenError as ServerError, PostgresStore};

use crate::program::{command, copy};
use crate::scene::{Scene, rows_of_file, rows_of_server, target};

/// Unwinds without a word, as a process that was killed leaves everything where it is.
pub fn end_here() -> ! {
    std::panic::resume_unwind(Box::new("it ends here"))
}

/// Makes a copy again and again, each time until it has reported one step more, and then ends it there. Returns how often.
fn ended_at_every_moment(
    mut copy: impl FnMut(&mut dyn FnMut(CopyProgress)) -> Result<CopyReport, CopyError>,
    mut between: impl FnMut(),
) -> (usize, CopyReport) {
    for moments in 0.. {
        let mut left = moments;
        let copied = catch_unwind(AssertUnwindSafe(|| {
            copy(&mut |_| {
                if left == 0 {
                    end_here();
                }
                left -= 1;
            })
        }));
        if let Ok(copied) = copied {
            return (moments, copied.unwrap());
        }
        between();
    }
    unreachable!("it comes to its end some time")
}

#[test]
fn ended_at_any_moment_a_database_is_no_store_and_the_copy_goes_on() {
    let (scene, server) = (Scene::migrated(5), target());
    let options = CopyOptions::default();
    let (moments, report) = ended_at_every_moment(
        |on_progress| to_server(&scene.path(), &server.owner_address(), &options, on_progress),
        || {
            let opened = PostgresStore::open(&server.address()).map(drop);
            assert!(matches!(opened, Err(ServerError::UnfinishedCopy)), "{opened:?}");
        },
    );
    assert!(moments > 24, "{moments}");
    let rows: u64 = report.tables.iter().map(|table| table.found).sum();
    assert!(report.is_continued && rows > 0 && report.tables.iter().all(|table| table.found == table.rows()));
    assert!(rows_of_server(&server.address()) == rows_of_file(&scene.path()));
}

#[test]
fn ended_at_any_moment_there_is_no_file_and_the_copy_goes_on() {
    let (scene, server) = (Scene::migrated(5), target());
    let options = CopyOptions::default();
    to_server(&scene.path(), &server.owner_address(), &options, |_| ()).unwrap();
    let (back, partial) = (scene.at("back.db"), scene.at("back.db.partial"));
    let (moments, report) = ended_at_every_moment(
        |on_progress| to_file(&server.address(), &back, &options, on_progress),
        || {
            assert!(!back.exists());
            for opened in
                [SqliteStore::open(&partial).map(drop), SqliteStore::open_read_only(&partial).map(drop)]
            {
                assert!(matches!(opened, Err(FileError::UnfinishedCopy)), "{opened:?}");
            }
        },
    );
    assert!(moments > 24, "{moments}");
    assert!(report.is_continued && report.tables.iter().all(|table| table.found == table.rows()));
    assert!(!partial.exists());
    assert!(rows_of_file(&back) == rows_of_file(&scene.path()));
}

#[test]
fn a_file_that_lacks_nothing_but_its_name_gets_it() {
    let (scene, server) = (Scene::migrated(6), target());
    let options = CopyOptions::default();
    to_server(&scene.path(), &server.owner_address(), &options, |_| ()).unwrap();
    let back = scene.at("back.db");
    to_file(&server.address(), &back, &options, |_| ()).unwrap();
    let rows = rows_of_file(&back);
    std::fs::rename(&back, scene.at("back.db.partial")).unwrap();
    let report = to_file(&server.address(), &back, &options, |_| ()).unwrap();
    assert!(report.is_continued && report.tables.iter().all(|table| table.found == table.rows()));
    assert!(rows_of_file(&back) == rows);
}

/// A file with so many people more, whose events need several transactions of a copy.
fn large(people: usize) -> Scene {
    let scene = Scene::migrated(6);
    let store = scene.open();
    let calls = (0..people).map(|number| scene.person(&format!("person {number}")));
    let tickets: Vec<Ticket<_>> = calls
        .map(|call| {
            let input: selene_contracts::ph1_f::Ph1fIdentityInsertRow =
                serde_json::from_value(call.input.clone()).unwrap();
            store.submit(&call.context(), input)
        })
        .collect();
    for ticket in tickets {
        ticket.wait().unwrap();
    }
    scene
}

/// Kills a copy after a while; says whether it had come to its end.
fn killed_after(after: Duration, from: &dyn AsRef<std::ffi::OsStr>, to: &dyn AsRef<std::ffi::OsStr>) -> bool {
    let mut child =
        command(&[from.as_ref(), to.as_ref()]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap().code() == Some(0)
}

/// Kills a copy at moments that come later and later until it comes to its end; says how often it was killed.
fn killed_until_done(
    part: Duration,
    from: impl AsRef<std::ffi::OsStr>,
    to: impl AsRef<std::ffi::OsStr>,
    mut between: impl FnMut(),
) -> u32 {
    for moment in 1..100_000 {
        if killed_after(part * moment, &from, &to) {
            return moment - 1;
        }
        between();
    }
    panic!("it never came to its end")
}

/// Kills copies in finer and finer parts of their time until they were killed twice and something unfinished was seen; the first
/// parts are too coarse where the machine was busy while the time was taken. A series copies to a target of its own, and says how
/// often it was killed, how often something unfinished was there, and what it copied to.
fn in_parts<T>(series: impl Fn(u32) -> (u32, u32, T)) -> T {
    let mut parts = 12;
    loop {
        let (kills, unfinished, target) = series(parts);
        if kills > 1 && unfinished > 0 {
            return target;
        }
        assert!(parts < 700, "{kills} kills, {unfinished} unfinished: the moments are the wrong ones");
        parts *= 4;
    }
}

#[test]
fn killed_at_any_moment_the_program_goes_on_both_ways() {
    let (scene, whole) = (large(1_500), target());
    let began = Instant::now();
    copy(scene.path(), whole.owner_address(), &[]).ends_with(0);
    let taken = began.elapsed();
    let server = in_parts(|parts| {
        let (server, mut unfinished) = (target(), 0);
        let kills = killed_until_done(taken / parts, scene.path(), server.owner_address(), || {
            match PostgresStore::open(&server.address()) {
                Err(ServerError::UnfinishedCopy) => unfinished += 1,
                // Killed before it had begun.
                Ok(store) => assert_eq!(store.chain_heads().unwrap(), []),
                Err(error) => panic!("{error}"),
            }
        });
        (kills, unfinished, server)
    });
    let rows = rows_of_file(&scene.path());
    assert!(rows_of_server(&server.address()) == rows);

    let began = Instant::now();
    copy(server.address(), scene.at("whole.db"), &[]).ends_with(0);
    let taken = began.elapsed();
    let back = in_parts(|parts| {
        let back = scene.at(&format!("back_{parts}.db"));
        let (partial, mut unfinished) = (scene.at(&format!("back_{parts}.db.partial")), 0);
        let kills = killed_until_done(taken / parts, server.address(), &back, || {
            assert!(!back.exists());
            unfinished += u32::from(partial.exists());
            is_no_half_store(&partial, &scene);
        });
        (kills, unfinished, back)
    });
    assert!(rows_of_file(&back) == rows);
}

/// What is left of a file is no store: it has the mark, or is from before anything of ours was in it. Between its last two steps it is
/// whole, and lacks its name.
fn is_no_half_store(partial: &Path, scene: &Scene) {
    if let Ok(store) = SqliteStore::open_read_only(partial) {
        let found = store.chain_heads().unwrap();
        let whole = SqliteStore::open_read_only(scene.path()).unwrap().chain_heads().unwrap();
        assert!(found.is_empty() || found == whole && store.verify(&whole).unwrap().is_intact());
    }
}

#[test]
fn a_server_that_ends_the_connection_keeps_what_has_arrived() {
    let (scene, server) = (large(4_500), target());
    let (owner, options) = (server.owner_address(), CopyOptions::default());
    let end = "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut is_ended = false;
    let ended = to_server(&scene.path(), &owner, &options, |progress| {
        let CopyProgress::Rows(at) = progress else { return };
        if at.table == "conversation_ledger" && !is_ended {
            is_ended = true;
            server.raw().texts(end).unwrap();
        }
    });
    assert!(is_ended && matches!(ended, Err(CopyError::Rows(_))), "{ended:?}");
    let report = to_server(&scene.path(), &owner, &options, |_| ()).unwrap();
    assert!(report.is_continued && report.is_complete());
    assert!(
        report.tables.iter().any(|table| table.found > 0)
            && report.tables.iter().any(|table| table.found == 0)
    );
}

#[test]
fn a_store_that_was_open_before_writes_again_when_the_copy_is_done() {
    let (scene, server) = (Scene::migrated(6), target());
    let store = PostgresStore::open(&server.address()).unwrap();
    let refused = |store: &PostgresStore| {
        let error = scene.person("too early").make(store).unwrap_err().to_string();
        assert!(error.contains("a copy into this database is not finished"), "{error}");
    };
    let (owner, options) = (server.owner_address(), CopyOptions::default());
    let mut reports = 0;
    to_server(&scene.path(), &owner, &options, |_| {
        reports += 1;
        if reports % 8 == 1 {
            refused(&store);
        }
    })
    .unwrap();
    assert!(reports > 24);
    // It had seen an empty chain.
    for name in ["first", "second"] {
        scene.person(name).make(&store).unwrap();
    }
    assert!(store.verify(&scene.heads).unwrap().is_intact());
    assert_eq!(scene.answers(&store).len(), scene.calls.len());
}

#[test]
fn two_copies_at_once_make_one_store() {
    let (scene, server) = (large(500), target());
    let (from, to) = (scene.path(), server.owner_address());
    let start = || command(&[from.as_os_str(), to.as_ref()]).output().unwrap().status.code();
    let codes =
        std::thread::scope(|scope| [scope.spawn(start), scope.spawn(start)].map(|one| one.join().unwrap()));
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 3))), "{codes:?}");
    // Where each was in the other's way, nothing is lost, and one of them goes on.
    if !codes.contains(&Some(0)) {
        copy(scene.path(), server.owner_address(), &[]).ends_with(0);
    }
    assert!(rows_of_server(&server.address()) == rows_of_file(&scene.path()));
}
