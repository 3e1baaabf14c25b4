//! Makes the files of the current schema version: `cargo test -p selene-storage --test migrations -- --ignored make`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use selene_contracts::ph1_j::Ph1jReadRows;
use selene_contracts::ph1_w::Ph1wReadRuntimeEventRows;
use selene_contracts::{CallMode, Disposition, EveryRepo};
use selene_storage::SqliteStore;
use serde_json::Value;

use super::calls::{Call, Writes};

/// Makes every call of the scenario on a new file, and some of them again; writes the file, the calls with their
/// answers, and the heads of the chains into a folder. A folder that is there already is a released one and stays.
pub fn make(folder: &Path, scenario: &Path) {
    assert!(!folder.exists(), "{} was released; what was released is never made again", folder.display());
    fs::create_dir_all(folder).unwrap();
    let path = folder.join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    let calls = run(&store, scenario);
    let heads = store.chain_heads().unwrap();
    fs::write(folder.join("heads.json"), serde_json::to_string_pretty(&heads).unwrap() + "\n").unwrap();
    let mut lines = String::new();
    for call in &calls {
        writeln!(lines, "{}", serde_json::to_string(call).unwrap()).unwrap();
    }
    fs::write(folder.join("calls.jsonl"), lines).unwrap();
    // The last handle folds the log into the file.
    drop(store);
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "journal_mode", "delete").unwrap();
}

/// Makes every call of the scenario on an empty store, and some of them again; gives the calls with their answers.
pub fn run(store: &(impl Writes + EveryRepo), scenario: &Path) -> Vec<Call> {
    let mut calls = Call::read(scenario);
    let mut answers: BTreeMap<String, Value> = BTreeMap::new();
    for call in &mut calls {
        fill_in(&mut call.input, &answers);
        let made = call.make(store).unwrap_or_else(|error| panic!("{}: {error}", call.name));
        assert_eq!(made.disposition, Disposition::Applied, "{}", call.name);
        answers.insert(call.name.clone(), made.answer.value.clone());
        call.answer = Some(made.answer);
    }
    // Replays leave nothing behind; audited reads leave an event.
    for call in calls.iter().step_by(7) {
        let made = call.make(store).unwrap();
        assert_eq!(made.disposition, Disposition::Replayed { identical: true }, "{}", call.name);
    }
    let context = |mode| calls[0].context().with_mode(mode);
    store.ph1j_read_rows(&context(CallMode::Diagnostic), Ph1jReadRows {}).unwrap();
    store.ph1w_read_runtime_event_rows(&context(CallMode::Replay), Ph1wReadRuntimeEventRows {}).unwrap();
    calls
}

/// Puts what an earlier call gave in the place of `$name of the call.field`.
fn fill_in(input: &mut Value, answers: &BTreeMap<String, Value>) {
    for value in input.as_object_mut().expect("an input is an object").values_mut() {
        let Some(reference) = value.as_str().and_then(|text| text.strip_prefix('$')) else { continue };
        let (name, field) = reference.rsplit_once('.').expect("a reference names a field");
        *value = answers[name][field].clone();
    }
}
