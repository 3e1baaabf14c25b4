//! Files of every released schema version, with rows in every table: they open, are migrated, answer every call that
//! was ever made on them as they did then, verify and fold, and take new calls.
//!
//! `vN/` holds what the last build with schema version N left: the file, every write with its answer, the heads of its
//! chains. Nothing in there is ever changed, and `digests.txt` grows only.

mod calls;
mod damaged;
mod make;
mod migrated;
mod raw;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use calls::{Call, WriteVisitor, each_write};
use rusqlite::Connection;
use selene_contracts::{CallMode, Disposition, Effect, engines};
use selene_storage::{SavedHead, SqliteStore, StoredWrite};
use tempfile::TempDir;

/// What the maker leaves of a version, by name.
const FILES: [&str; 3] = ["calls.jsonl", "heads.json", "store.db"];

/// The digests of every released file, as `b3sum` writes them.
const DIGESTS: &str = "digests.txt";

/// Adds the files of a version to the list of what never changes.
fn note(version: u32) {
    let mut digests = fs::read_to_string(folder().join(DIGESTS)).unwrap();
    for name in FILES {
        let digest = blake3::hash(&fs::read(source(version).join(name)).unwrap()).to_hex();
        writeln!(digests, "{digest}  v{version}/{name}").unwrap();
    }
    fs::write(folder().join(DIGESTS), digests).unwrap();
}

/// Every released file with its digest: what the maker wrote once, and nobody changes.
fn released() -> BTreeMap<u32, BTreeMap<String, String>> {
    let mut released: BTreeMap<u32, BTreeMap<String, String>> = BTreeMap::new();
    for line in fs::read_to_string(folder().join(DIGESTS)).unwrap().lines() {
        let (digest, file) = line.split_once("  ").expect("a digest, two blanks and a file");
        let (version, name) = file.split_once('/').expect("a folder and a name");
        let version = version[1..].parse().expect("a version");
        let known = released.entry(version).or_default().insert(name.to_owned(), digest.to_owned());
        assert_eq!(known, None, "{file} stands there twice");
    }
    released
}

/// Calls that were admitted when they were made and are not any more: version, name, code of the refusal. Their stored
/// answers are still read, but nobody can ask for them by the old request.
const NO_LONGER_ADMITTED: [(u32, &str, &str); 1] = [
    // A deferral takes an outcome, and no longer the code of the deferral itself.
    (4, "the voice enrollment is deferred", "VID_CONTRACT_VALIDATION_FAILED"),
];

/// The folder of this test.
fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the package's folder"))
        .join("tests/migrations/released")
}

/// A copy of a released file.
struct Released {
    version: u32,
    calls: Vec<Call>,
    heads: Vec<SavedHead>,
    folder: TempDir,
}

impl Released {
    fn all() -> impl Iterator<Item = Self> {
        released().into_keys().map(Self::copy)
    }

    fn copy(version: u32) -> Self {
        Self::of(version, &source(version))
    }

    /// A copy of what the maker left in a folder.
    fn of(version: u32, source: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Not the permissions: where the checkout cannot be written to, the copy can.
        fs::write(folder.path().join("store.db"), fs::read(source.join("store.db")).unwrap()).unwrap();
        let heads = serde_json::from_slice(&fs::read(source.join("heads.json")).unwrap()).unwrap();
        let calls = Call::read(&source.join("calls.jsonl"));
        Self { version, calls, heads, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(self.path()).unwrap()
    }
}

/// Where the files of a version lie.
fn source(version: u32) -> PathBuf {
    folder().join(format!("v{version}"))
}

fn user_version(path: &Path) -> u32 {
    Connection::open(path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn counts(path: &Path) -> Vec<(String, i64)> {
    let raw = Connection::open(path).unwrap();
    let mut names = raw.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let count = |name: &str| raw.query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0));
    names.into_iter().map(|name| (name.clone(), count(&name).unwrap())).collect()
}

/// The version that a new file has.
fn newest() -> u32 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(SqliteStore::open(&path).unwrap());
    user_version(&path)
}

#[test]
#[ignore = "writes the files of a schema version; run it once, right before the version is released"]
fn make_the_files_of_the_current_version() {
    make::make(&source(newest()), &folder().join("scenario.jsonl"));
    note(newest());
}

/// The maker works before its files are needed; what it makes here is thrown away.
#[test]
fn files_of_the_current_version_can_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made");
    make::make(&made, &self::folder().join("scenario.jsonl"));
    let made = Released::of(newest(), &made);
    assert_eq!(user_version(&made.path()), newest());
    let empty: Vec<_> = counts(&made.path()).into_iter().filter(|(_, rows)| *rows == 0).collect();
    assert!(empty.is_empty(), "{empty:?}");
    let store = made.open();
    let report = store.verify(&made.heads).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!((report.rows.sealed, report.rows.unsealed), (report.rows.rows, 0));
    for call in &made.calls {
        assert_eq!(
            call.make(&store).unwrap().disposition,
            Disposition::Replayed { identical: true },
            "{}",
            call.name
        );
    }
    stored_answers_are_recorded_ones(&made);
}

#[test]
fn what_was_released_is_what_it_was() {
    for (version, files) in released() {
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(names, FILES, "v{version}");
        for (file, digest) in &files {
            let found = blake3::hash(&fs::read(source(version).join(file)).unwrap()).to_hex();
            assert_eq!(found.as_str(), digest, "v{version}/{file} was released and never changes");
        }
    }
}

#[test]
fn every_version_before_the_newest_has_its_files() {
    let versions: Vec<u32> = released().into_keys().collect();
    let first = versions[0];
    let last = newest().max(first + 1) - 1;
    let expected: Vec<u32> = (first..=last).collect();
    assert_eq!(versions[..expected.len()], expected);
    let mut found: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    found.sort();
    let known: BTreeSet<String> = versions.iter().map(|version| format!("v{version}")).collect();
    assert_eq!(found, known.into_iter().collect::<Vec<_>>());
}

#[test]
fn released_files_have_rows_in_every_table() {
    for released in Released::all() {
        assert_eq!(user_version(&released.path()), released.version);
        let counts = counts(&released.path());
        assert!(counts.len() > 20, "{counts:?}");
        let empty: Vec<_> = counts.into_iter().filter(|(_, rows)| *rows == 0).collect();
        assert!(empty.is_empty(), "version {}: {empty:?}", released.version);
    }
}

#[test]
fn the_calls_of_released_files_and_of_the_scenario_are_all_that_write() {
    struct Ids(BTreeSet<&'static str>);
    impl WriteVisitor for Ids {
        fn visit<C: StoredWrite>(&mut self) {
            assert!(self.0.insert(C::SPEC.id), "{} twice", C::SPEC.id);
        }
    }
    let writes: BTreeSet<&str> = engines::ALL
        .iter()
        .flat_map(|engine| engine.capabilities)
        .filter(|capability| capability.effect == Effect::Write)
        .map(|capability| capability.id)
        .collect();
    let mut known = Ids(BTreeSet::new());
    each_write(&mut known);
    assert_eq!(known.0, writes);
    let scenario = Call::read(&folder().join("scenario.jsonl"));
    let made: BTreeSet<&str> = scenario.iter().map(|call| call.capability.as_str()).collect();
    assert_eq!(made, writes, "the scenario of the next version makes every write");
}

#[test]
fn released_files_are_migrated_with_every_row() {
    for released in Released::all() {
        let before = counts(&released.path());
        drop(released.open());
        assert_eq!(user_version(&released.path()), newest());
        let after = counts(&released.path());
        for (table, rows) in before {
            assert!(after.contains(&(table.clone(), rows)), "version {}: {table}", released.version);
        }
    }
}

#[test]
fn released_files_verify_and_fold() {
    for released in Released::all() {
        let store = released.open();
        let report = store.verify_chains(&released.heads).unwrap();
        assert!(report.is_intact(), "version {}: {report:?}", released.version);
        assert_eq!(store.chain_heads().unwrap(), released.heads);
        let report = store.verify_folds().unwrap();
        assert!(report.is_intact(), "version {}: {:?}", released.version, report.faults);
    }
}

#[test]
fn released_files_answer_every_call_as_they_did() {
    for released in Released::all() {
        let version = released.version;
        let store = released.open();
        let mut refused = Vec::new();
        for call in &released.calls {
            let recorded = call.answer.as_ref().expect("a released call has its answer");
            let made = match call.make(&store) {
                Ok(made) => made,
                Err(error) => {
                    refused.push((version, call.name.clone(), error.reason_code().to_string()));
                    continue;
                }
            };
            assert_eq!(
                made.disposition,
                Disposition::Replayed { identical: true },
                "{version}: {}",
                call.name
            );
            let (again, first) = (Some(&made.answer.value), made.recorded.as_ref());
            let again = again.map(|answer| without_what_follows(&call.capability, answer));
            let first = first.map(|answer| without_what_follows(&call.capability, answer));
            assert_eq!(again, first, "{version}: {}", call.name);
            assert_eq!(made.answer.event_id, recorded.event_id, "{version}: {}", call.name);
        }
        let known = NO_LONGER_ADMITTED.iter().filter(|(of, ..)| *of == version);
        let known: Vec<_> =
            known.map(|(of, name, code)| (*of, (*name).to_owned(), (*code).to_owned())).collect();
        assert_eq!(refused, known, "calls that are refused today are listed by name");
        assert_eq!(store.chain_heads().unwrap(), released.heads, "a replay leaves nothing");
        // What a replay returns lies in the file, whether or not today's admission lets anybody ask for it.
        stored_answers_are_recorded_ones(&released);
    }
}

/// Fields of an answer that a replay returns as the row stands now: the page of the capability says so as its replay rule.
const FOLLOWING: [(&str, &[&str]); 1] = [(
    "PH1ONB_SESSION_START_DRAFT_ROW",
    &["status", "next_step", "missing_requirement_keys", "next_requirement_key"],
)];

/// An answer without the fields that follow a row.
fn without_what_follows(capability: &str, answer: &serde_json::Value) -> serde_json::Value {
    let mut answer = answer.clone();
    for (_, fields) in FOLLOWING.iter().filter(|(of, _)| *of == capability) {
        for field in *fields {
            answer.as_object_mut().expect("the answer is a record").remove(*field);
        }
    }
    answer
}

fn stored_answers_are_recorded_ones(released: &Released) {
    let raw = Connection::open(released.path()).unwrap();
    for call in &released.calls {
        let recorded = call.answer.as_ref().expect("a released call has its answer");
        let stored: String = raw
            .query_row(
                "SELECT outcome FROM idempotency_records JOIN audit_events USING (chain_id, chain_sequence)
                 WHERE event_id = ?1",
                [&recorded.event_id],
                |row| row.get(0),
            )
            .unwrap();
        let stored: serde_json::Value = serde_json::from_str(&stored).unwrap();
        assert_eq!(stored, recorded.value, "{}", call.name);
    }
}

#[test]
fn released_files_take_new_calls() {
    for released in Released::all() {
        let store = released.open();
        let mut applied = 0;
        for call in &released.calls {
            // Nothing but a new person leaves no question whether today's rules allow it.
            if call.capability == "PH1F_IDENTITY_INSERT_ROW" {
                let mut call = Call { answer: None, ..call.clone() };
                call.input["user_id"] = format!("new {}", call.name).into();
                call.input["idempotency_key"] = "new".into();
                let made = call.make(&store).unwrap();
                assert_eq!(made.disposition, Disposition::Applied, "{}", call.name);
                assert_eq!(call.make(&store).unwrap().disposition, Disposition::Replayed { identical: true });
                applied += 1;
            }
        }
        assert!(applied > 3, "{applied}");
        let report = store.verify_chains(&released.heads).unwrap();
        assert!(report.is_intact(), "{report:?}");
        assert!(store.verify_folds().unwrap().is_intact());
    }
}

#[test]
fn events_of_released_files_are_read() {
    use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadRows};
    for released in Released::all() {
        let store = released.open();
        let context = released.calls[0].context().with_mode(CallMode::Normal);
        let events = store.ph1j_read_rows(&context, Ph1jReadRows {}).unwrap();
        let read: BTreeSet<&str> = events.iter().map(|event| event.event_id.as_str()).collect();
        for call in &released.calls {
            let recorded = call.answer.as_ref().expect("a released call has its answer");
            assert!(read.contains(recorded.event_id.as_str()), "{}", call.name);
        }
        assert!(events.len() > released.calls.len(), "audited reads are among the events");
    }
}
