//! The checks of a store, for every database: each sees one state of it.

use std::cell::RefCell;

use selene_contracts::StorageError;

use super::watched::CheckProgress;
use super::{
    ChainError, ChainReport, FoldReport, RowReport, SavedHead, StoreReport, folds, heads, seals, verify,
    whole,
};
use crate::commit::store::{Patience, Store};
use crate::failure::Failure;
use crate::rules::ph1_j;

/// The newest event of every chain.
///
/// # Errors
/// The store is unavailable, or a newest event holds a value that cannot be read.
pub fn heads(store: &impl Store) -> Result<Vec<SavedHead>, ChainError> {
    let read = store.query(ph1_j::refusals(), Patience::Unlimited, heads::named_heads)?;
    read.map_err(ChainError::Damaged)
}

/// Every check; `on_progress`, if there is one, is called with how far it has come. One that loses its connection begins again.
///
/// # Errors
/// The store is unavailable.
pub fn whole<S: Store>(
    store: &S,
    saved: &[SavedHead],
    on_progress: Option<&mut dyn FnMut(CheckProgress)>,
) -> Result<StoreReport, StorageError> {
    let on_progress = on_progress.map(RefCell::new);
    in_snapshot(store, |db| {
        let mut report = on_progress
            .as_ref()
            .map(|on_progress| |progress: CheckProgress| (on_progress.borrow_mut())(progress));
        let report = report.as_mut().map(|report| report as &mut dyn FnMut(CheckProgress));
        whole::check(db, saved, S::tables_of_rows(db)?, report)
    })
}

/// Every row against the newest event that seals it.
///
/// # Errors
/// The store is unavailable.
pub fn rows(store: &impl Store) -> Result<RowReport, StorageError> {
    in_snapshot(store, seals::check)
}

/// Every chain, against itself and against heads that were saved before.
///
/// # Errors
/// The store is unavailable.
pub fn chains(store: &impl Store, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
    in_snapshot(store, |db| verify::check(db, saved))
}

/// The current rows against their ledgers.
///
/// # Errors
/// The store is unavailable.
pub fn folds<S: Store>(store: &S) -> Result<FoldReport, StorageError> {
    in_snapshot(store, |db| folds::check(db, S::tables_of_rows(db)?))
}

fn in_snapshot<S: Store, R>(
    store: &S,
    check: impl Fn(&S::Reader) -> Result<R, Failure>,
) -> Result<R, StorageError> {
    store.snapshot(ph1_j::refusals(), Patience::Unlimited, check)
}
