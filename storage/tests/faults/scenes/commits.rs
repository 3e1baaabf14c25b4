//! Commits of one caller and of many at one moment, and the checkpoint with which a store is closed.

use std::path::Path;

use selene_storage::SqliteStore;

use super::files::{Template, database, open, verify, verify_anew};
use super::writes::Writes;
use crate::layer::in_child;
use crate::sweep::{Scene, sweep};

/// Events of the file that a scene begins with.
const EVENTS: u64 = 6;

/// Some callers write, each once; a single one writes twice.
struct Commits {
    template: Template,
    callers: usize,
}

impl Scene for Commits {
    type Before = SqliteStore;
    type After = (SqliteStore, Writes);

    fn begin(&self, folder: &Path) -> SqliteStore {
        open(&self.template.copy(folder)).unwrap()
    }

    fn act(&self, _folder: &Path, store: SqliteStore) -> Self::After {
        let writes = if self.callers == 1 {
            Writes::of_one(&store, 2)
        } else {
            Writes::of_callers(&store, self.callers)
        };
        (store, writes)
    }

    fn check(&self, folder: &Path, (store, writes): Self::After, is_whole: bool) {
        let made = writes.check(&store, is_whole);
        let heads = store.chain_heads().unwrap();
        assert_eq!(verify(&store, &self.template.heads), EVENTS + u64::try_from(made).unwrap());
        drop(store);
        verify_anew(&database(folder), &heads);
    }
}

/// A store is opened, written to and closed: its log is carried over and deleted.
struct Closing {
    template: Template,
}

impl Scene for Closing {
    type Before = SqliteStore;
    type After = Writes;

    fn begin(&self, folder: &Path) -> SqliteStore {
        open(&self.template.copy(folder)).unwrap()
    }

    fn act(&self, _folder: &Path, store: SqliteStore) -> Writes {
        let writes = Writes::of_one(&store, 1);
        drop(store);
        writes
    }

    fn check(&self, folder: &Path, writes: Writes, is_whole: bool) {
        let store = verify_anew(&database(folder), &self.template.heads);
        let made = writes.check(&store, is_whole);
        assert_eq!(verify(&store, &self.template.heads), EVENTS + u64::try_from(made).unwrap());
    }
}

fn commits(callers: usize) {
    let template = Template::new(|_| ());
    sweep(&format!("commits of {callers}"), &Commits { template, callers });
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_of_one_caller() {
    commits(1);
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_of_four_callers() {
    commits(4);
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_of_many_callers() {
    commits(64);
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_closes() {
    sweep("closing", &Closing { template: Template::new(|_| ()) });
}

#[test]
fn one_caller_is_answered_the_truth() {
    in_child("scenes::commits::child_of_one_caller");
}

#[test]
fn four_callers_are_answered_the_truth() {
    in_child("scenes::commits::child_of_four_callers");
}

#[test]
fn many_callers_are_answered_the_truth() {
    in_child("scenes::commits::child_of_many_callers");
}

#[test]
fn a_store_that_is_closed_loses_nothing() {
    in_child("scenes::commits::child_that_closes");
}
