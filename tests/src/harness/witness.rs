//! What the running test has seen of its stores, and the file in which `cargo xtask coverage` reads it.
//!
//! A test is known by the name of its thread, as the test runner gives it, also where it runs one test after the other. A runner that
//! ran tests on its own thread would give none, and nothing would be recorded.
//! What must not live here: what a call is, which `recorded` knows; what is proven by it, which the report says.

use std::collections::BTreeMap;
use std::panic;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use xtask::coverage::record::{self, Record, Seen};

use super::proof;
use crate::place;

/// What one test has seen.
#[derive(Debug)]
pub struct Witness(Mutex<State>);

#[derive(Debug)]
struct State {
    record: Record,
    /// Whether the file says less than the record.
    is_unwritten: bool,
}

/// A handle to a witness; the record is written when one goes away.
#[derive(Debug)]
pub struct Attached(Arc<Witness>);

/// Notes something that the running test saw and that was no call of a store; `note` says whether it was new.
///
/// # Panics
/// The record cannot be written.
pub fn saw(note: impl FnOnce(&mut Seen) -> bool) {
    if let Some(attached) = Witness::of_this_test() {
        attached.note(note);
    }
}

/// Starts the record of the running test, in the place of an earlier one: a test that fails before it opens a store has failed, too.
pub fn begin_record() {
    drop(Witness::of_this_test());
}

impl Attached {
    /// Notes something; `note` says whether it was new.
    pub fn note(&self, note: impl FnOnce(&mut Seen) -> bool) {
        let mut state = self.0.lock();
        state.is_unwritten |= note(&mut state.record.seen);
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.0.lock().write();
    }
}

impl Witness {
    /// The witness of the test that runs on this thread.
    pub fn of_this_test() -> Option<Attached> {
        let test = this_test()?;
        // Read before the list is locked: whoever panics asks for the list.
        let contracts = contracts();
        Some(Attached(Arc::clone(witnesses().entry(test.clone()).or_insert_with(|| {
            let (contracts, seen) = (contracts.clone(), Seen::default());
            let record = Record { program: program(), test, passed: true, contracts, seen };
            Arc::new(Self(Mutex::new(State { record, is_unwritten: true })))
        }))))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The test has panicked: it proves nothing.
    fn fail(&self) {
        let mut state = self.lock();
        state.is_unwritten |= std::mem::take(&mut state.record.passed);
        state.write();
    }
}

impl State {
    fn write(&mut self) {
        if std::mem::take(&mut self.is_unwritten) {
            let written = self.record.write(&place::workspace().join(record::FOLDER));
            // A test is about the store, and a full disk is about neither.
            if let Err(error) = written {
                eprintln!("what this test saw is not recorded: {error}");
            }
        }
    }
}

/// The witnesses of the tests of this program, by the names of the tests.
fn witnesses() -> MutexGuard<'static, BTreeMap<String, Arc<Witness>>> {
    static WITNESSES: OnceLock<Mutex<BTreeMap<String, Arc<Witness>>>> = OnceLock::new();
    let witnesses = WITNESSES.get_or_init(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            before(panicked);
            let Some(test) = this_test() else { return };
            let witness = witnesses().get(&test).cloned();
            if let Some(witness) = witness {
                witness.fail();
            }
            proof::name_what_failed(&test);
        }));
        Mutex::default()
    });
    witnesses.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The name of the test that runs on this thread.
fn this_test() -> Option<String> {
    thread::current().name().filter(|name| !["", "main"].contains(name)).map(str::to_owned)
}

/// The name of this test program, without what cargo puts behind it.
fn program() -> String {
    let path = std::env::current_exe().expect("the test has a path");
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    stem.rsplit_once('-').map_or(stem.as_ref(), |(name, _)| name).to_owned()
}

/// The contracts that this program was built from.
fn contracts() -> &'static BTreeMap<String, String> {
    static CONTRACTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    CONTRACTS.get_or_init(|| record::written_contracts(&place::workspace().join("generated")))
}
