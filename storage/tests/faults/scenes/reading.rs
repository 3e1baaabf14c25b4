//! Reads and checks: an error, or the truth.

use std::collections::BTreeMap;
use std::path::Path;

use selene_contracts::StorageError;
use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadRows};
use selene_contracts::shared::AuditEventRecord;
use selene_storage::test_support::TableRows;
use selene_storage::{ChainReport, FoldReport, RowReport, SqliteStore, StoreReport};

use super::files::{Template, open, verify};
use crate::common::context;
use crate::layer::in_child;
use crate::sweep::{Scene, sweep};

type Rows = BTreeMap<String, TableRows>;
type Answers = (Result<Vec<AuditEventRecord>, StorageError>, Result<Rows, StorageError>);

/// A list and all tables are read.
struct Reading {
    template: Template,
    events: Vec<AuditEventRecord>,
    rows: Rows,
}

fn read(store: &SqliteStore) -> Answers {
    (store.ph1j_read_rows(&context(1), Ph1jReadRows {}), store.every_row())
}

impl Scene for Reading {
    type Before = SqliteStore;
    type After = (SqliteStore, Vec<Answers>);

    fn begin(&self, folder: &Path) -> SqliteStore {
        open(&self.template.copy(folder)).unwrap()
    }

    fn act(&self, _folder: &Path, store: SqliteStore) -> Self::After {
        // The second time on a connection that may be broken.
        let answers = vec![read(&store), read(&store)];
        (store, answers)
    }

    fn check(&self, _folder: &Path, (store, answers): Self::After, is_whole: bool) {
        for (events, rows) in answers {
            assert!(!is_whole || events.is_ok() && rows.is_ok());
            assert!(events.is_err() || events.unwrap() == self.events, "a list is another one");
            assert!(rows.is_err() || rows.unwrap() == self.rows, "tables have other rows");
        }
        let (events, rows) = read(&store);
        assert!(events.unwrap() == self.events && rows.unwrap() == self.rows, "the handle reads no more");
    }
}

/// A store is checked.
struct Verifying {
    template: Template,
}

/// What the checks gave.
struct Reports {
    whole: Result<StoreReport, StorageError>,
    chains: Result<ChainReport, StorageError>,
    rows: Result<RowReport, StorageError>,
    folds: Result<FoldReport, StorageError>,
}

impl Scene for Verifying {
    type Before = SqliteStore;
    type After = (SqliteStore, Reports);

    fn begin(&self, folder: &Path) -> SqliteStore {
        open(&self.template.copy(folder)).unwrap()
    }

    fn act(&self, _folder: &Path, store: SqliteStore) -> Self::After {
        let reports = Reports {
            whole: store.verify(&self.template.heads),
            chains: store.verify_chains(&self.template.heads),
            rows: store.verify_rows(),
            folds: store.verify_folds(),
        };
        (store, reports)
    }

    fn check(&self, _folder: &Path, (store, reports): Self::After, is_whole: bool) {
        let Reports { whole, chains, rows, folds } = reports;
        let all_ran = whole.is_ok() && chains.is_ok() && rows.is_ok() && folds.is_ok();
        assert!(!is_whole || all_ran, "{whole:?} {chains:?} {rows:?} {folds:?}");
        // A disk that cannot be read is no row that somebody changed.
        assert!(whole.as_ref().is_ok_and(StoreReport::is_intact) || whole.is_err(), "{whole:?}");
        assert!(chains.as_ref().is_ok_and(ChainReport::is_intact) || chains.is_err(), "{chains:?}");
        assert!(rows.as_ref().is_ok_and(RowReport::is_intact) || rows.is_err(), "{rows:?}");
        assert!(folds.as_ref().is_ok_and(FoldReport::is_intact) || folds.is_err(), "{folds:?}");
        verify(&store, &self.template.heads);
    }
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_reads() {
    let template = Template::new(|_| ());
    let folder = tempfile::tempdir().unwrap();
    let (events, rows) = read(&open(&template.copy(folder.path())).unwrap());
    sweep("reading", &Reading { template, events: events.unwrap(), rows: rows.unwrap() });
}

#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child_that_verifies() {
    sweep("verifying", &Verifying { template: Template::new(|_| ()) });
}

#[test]
fn a_read_is_the_truth_or_an_error() {
    in_child("scenes::reading::child_that_reads");
}

#[test]
fn a_check_names_no_fault_where_a_disk_fails() {
    in_child("scenes::reading::child_that_verifies");
}
