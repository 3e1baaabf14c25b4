//! Writes while files break: what each was answered, and what must be true of it afterwards.

use selene_contracts::ph1_f::{MemoryLedgerRecord, Ph1fFoundationRepo as _, Ph1fMemoryAppendCommitRow};
use selene_contracts::{Committed, Disposition, StorageError};
use selene_storage::SqliteStore;

use crate::common::{context, memory};

/// What a write was answered.
type Answer = Result<Committed<MemoryLedgerRecord>, StorageError>;

/// Adds a row to a ledger and a current row.
pub fn write(store: &SqliteStore, number: usize) -> Answer {
    store.ph1f_memory_append_commit_row(&context(5), input(number))
}

fn input(number: usize) -> Ph1fMemoryAppendCommitRow {
    memory("ada", &format!("key {number}"), &format!("k{number}"))
}

/// Writes and their answers, by the number of each.
#[derive(Default)]
pub struct Writes(Vec<(usize, Answer)>);

impl Writes {
    /// Writes of several callers at one moment.
    pub fn of_callers(store: &SqliteStore, callers: usize) -> Self {
        std::thread::scope(|scope| {
            let calls: Vec<_> =
                (0..callers).map(|number| scope.spawn(move || (number, write(store, number)))).collect();
            Self(calls.into_iter().map(|call| call.join().unwrap()).collect())
        })
    }

    /// Writes of one caller, one after the other.
    pub fn of_one(store: &SqliteStore, count: usize) -> Self {
        Self((0..count).map(|number| (number, write(store, number))).collect())
    }

    /// One more write, with the next number; says its event where it was answered.
    pub fn make(&mut self, store: &SqliteStore) -> Option<(usize, String)> {
        let number = self.0.len();
        let answer = write(store, number);
        let event = answer.as_ref().ok().map(|made| (number, made.event_id.to_string()));
        self.0.push((number, answer));
        event
    }

    /// How many writes there were.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many of them were not answered.
    pub fn refused(&self) -> usize {
        self.0.iter().filter(|(_, answer)| answer.is_err()).count()
    }

    /// The numbers and events of those that were answered.
    pub fn answered(&self) -> Vec<(usize, String)> {
        let answered = self.0.iter().filter_map(|(number, answer)| Some((*number, answer.as_ref().ok()?)));
        answered.map(|(number, made)| (number, made.event_id.to_string())).collect()
    }

    /// Every answer was true, and the store takes what it did not take. Says how many writes there are by now.
    pub fn check(&self, store: &SqliteStore, is_whole: bool) -> usize {
        let calls = self.0.iter().map(|(number, _)| (context(5), input(*number)));
        let again = store.submit_all(calls.collect::<Vec<_>>());
        for ((number, answer), again) in self.0.iter().zip(again) {
            let again = again.wait().expect("nothing breaks any more");
            match answer {
                Ok(made) => {
                    assert_eq!(
                        again.disposition,
                        Disposition::Replayed { identical: true },
                        "write {number}"
                    );
                    assert_eq!((&again.value, &again.event_id), (&made.value, &made.event_id));
                }
                Err(StorageError::BackendUnavailable { .. }) if !is_whole => {
                    assert_eq!(again.disposition, Disposition::Applied, "write {number}: {answer:?}");
                }
                Err(StorageError::OutcomeUnknown { .. }) if !is_whole => {}
                Err(error) => panic!("write {number}: {error}"),
            }
        }
        let next = self.0.len();
        assert_eq!(write(store, next).unwrap().disposition, Disposition::Applied);
        next + 1
    }
}
