//! Checking that the current rows are what their ledgers lead to, and which are not.
//!
//! Ledger and current rows are read side by side in key order, in one snapshot; memory does not grow with the
//! store.

mod agreements;
pub(crate) mod answers;
mod bindings;
pub(crate) mod counters;
mod enrollments;
mod groups;
mod memory;
mod positions;
mod report;

pub use report::{FoldFault, FoldFaultKind, FoldReport};

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::Selection as _;

use crate::failure::Failure;
use crate::session::Session;

/// Compares the current rows with what leads to them, and names the tables of the contracts and of the store, by their
/// names in `stored_tables`, that are compared with nothing. Runs in one snapshot.
///
/// # Errors
/// The database reports one. What is wrong is no error, it is what the report says, and so is a value that cannot be read.
pub fn check(
    db: &impl Session,
    stored_tables: impl IntoIterator<Item = String>,
) -> Result<FoldReport, Failure> {
    let mut report = FoldReport::default();
    memory::check(db, &mut report)?;
    enrollments::check(db, &mut report)?;
    positions::check(db, &mut report)?;
    bindings::check(db, &mut report)?;
    agreements::check(db, &mut report)?;
    answers::check(db, &mut report)?;
    counters::check(db, &mut report)?;
    // The check of the chains covers the events.
    report.cover(AuditEventsRow::TABLE);
    report.name_uncovered(stored_tables);
    Ok(report)
}
