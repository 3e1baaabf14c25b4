//! What an auditor takes out of a store, for every database: each sees one state of it.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::ops::ControlFlow;

use selene_contracts::StorageError;
use selene_contracts::shared::AuditEventRecord;

use super::{Contents, ExportError, ExportQuery, ExportSummary, TrailQuery, contents, export, trail};
use crate::check::ChainError;
use crate::commit::store::{Patience, Store, lost_after};
use crate::failure::Failure;
use crate::rules::ph1_j;

/// Shows every event that is asked for, until `visit` breaks.
///
/// # Errors
/// The store is unavailable, also where the connection is lost after events were shown, or an event holds a value that cannot be read.
pub fn visit_trail(
    store: &impl Store,
    query: &TrailQuery,
    visit: impl FnMut(AuditEventRecord) -> ControlFlow<()>,
) -> Result<(), ChainError> {
    let (visit, has_shown) = (RefCell::new(visit), Cell::new(false));
    let fault = store.snapshot(ph1_j::refusals(), Patience::Unlimited, |db| {
        if has_shown.get() {
            return Err(lost_after("events were shown"));
        }
        trail::visit(db, query, |event| {
            has_shown.set(true);
            (visit.borrow_mut())(event)
        })
    })?;
    fault.map_or(Ok(()), |fault| Err(ChainError::Damaged(fault)))
}

/// Writes chains and ledger rows as lines of JSON.
///
/// # Errors
/// The store is unavailable, also where the connection is lost after something was written, the output takes nothing more, or the store is
/// not what its events say.
pub fn export(
    store: &impl Store,
    query: &ExportQuery,
    out: impl Write,
) -> Result<ExportSummary, ExportError> {
    let (out, has_written) = (RefCell::new(out), Cell::new(false));
    store.snapshot(ph1_j::refusals(), Patience::Unlimited, |db| {
        if has_written.get() {
            return Err(lost_after("a part of the export was written"));
        }
        let mut out = Noted { out: &mut *out.borrow_mut(), has_written: &has_written };
        Ok(export::export(db, query, &mut out))
    })?
}

/// What a store holds, and in the same state what its database says of itself: `more` gives it, with the tables whose rows are counted.
///
/// # Errors
/// The store is unavailable, or holds an event that cannot be read.
pub fn contents<S: Store, T>(
    store: &S,
    more: impl Fn(&S::Reader) -> Result<(T, Vec<String>), Failure>,
) -> Result<(Contents, T), StorageError> {
    store.snapshot(ph1_j::refusals(), Patience::Unlimited, |db| {
        let (more, tables) = more(db)?;
        Ok((contents::contents(db, tables)?, more))
    })
}

/// An output that remembers that something was written to it.
struct Noted<'a, W> {
    out: &'a mut W,
    has_written: &'a Cell<bool>,
}

impl<W: Write> Write for Noted<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.has_written.set(true);
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
