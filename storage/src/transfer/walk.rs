//! The walk over all tables of a source, and the look at what has arrived.

use selene_contracts::row::{Cells, Value};

use super::error::TransferError;
use super::sum::RowSum;
use super::table::{CopiedTable, Numbered};
use crate::check::{CheckProgress, SavedHead, StoreReport, whole};
use crate::failure::Failure;
use crate::session::Session;

/// Rows between two reports.
const REPORT_EVERY: u64 = 1_000;

/// What is copied, in one state.
pub trait Source {
    /// A connection that sees that state.
    type Session: Session;

    /// Which rows have numbers of a file.
    const NUMBERED: Numbered;

    /// The session by which the source is read.
    fn session(&self) -> &Self::Session;
}

/// Where rows are copied to.
pub trait Target {
    /// A connection that reads what is there.
    type Session: Session;

    /// Reads in one state of what is there, no transaction being open.
    ///
    /// # Errors
    /// What `read` gives, or the database reports an error.
    fn in_snapshot<R>(&self, read: impl FnOnce(&Self::Session) -> Result<R, Failure>) -> Result<R, Failure>;

    /// Adds a row, whose cells come as [`CopiedTable::all_columns`] says. It is there for good behind the next [`Target::flush`].
    ///
    /// # Errors
    /// The target does not take it.
    fn add(&mut self, table: &CopiedTable, row: &dyn Cells) -> Result<(), TransferError>;

    /// Makes the rows durable that were added to a table, and their number in the mark.
    ///
    /// # Errors
    /// The target does not take them.
    fn flush(&mut self, table: &CopiedTable) -> Result<(), TransferError>;

    /// Gets ready for the checks, once all rows are there.
    ///
    /// # Errors
    /// The database reports an error.
    fn settle(&mut self, _tables: &[CopiedTable]) -> Result<(), TransferError> {
        Ok(())
    }
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransferProgress {
    /// The table whose rows are read.
    pub table: &'static str,
    /// Rows that were read of all tables so far.
    pub rows: u64,
    /// How many rows all tables of the source have, as they were counted before.
    pub total: u64,
}

/// How much of a copy is read, and the function that it is reported to.
struct Reading<'a> {
    on_progress: &'a mut dyn FnMut(TransferProgress),
    rows: u64,
    total: u64,
}

impl Reading<'_> {
    fn report(&mut self, table: &'static str) {
        (self.on_progress)(TransferProgress { table, rows: self.rows, total: self.total });
    }
}

/// The rows of a table of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopiedRows {
    /// The table by its name in SQL: `audit_events`.
    pub table: &'static str,
    /// How many of its rows were in the target already.
    pub found: u64,
    sum: RowSum,
}

impl CopiedRows {
    /// How many rows it has.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.sum.rows
    }
}

/// Reads every row of the source and adds those that are not in the target yet.
///
/// # Errors
/// As [`TransferError`] says.
pub fn copy_rows<S: Source, T: Target>(
    source: &S,
    target: &mut T,
    tables: &[CopiedTable],
    on_progress: &mut dyn FnMut(TransferProgress),
) -> Result<Vec<CopiedRows>, TransferError> {
    let each = tables.iter().map(|table| count(source.session(), table).map_err(TransferError::source));
    let total = each.sum::<Result<u64, _>>()?;
    let mut reading = Reading { on_progress, rows: 0, total };
    let copied = tables.iter().map(|table| copy_table(source, target, table, &mut reading));
    let copied = copied.collect::<Result<_, _>>()?;
    target.settle(tables)?;
    Ok(copied)
}

fn copy_table<S: Source, T: Target>(
    source: &S,
    target: &mut T,
    table: &CopiedTable,
    reading: &mut Reading<'_>,
) -> Result<CopiedRows, TransferError> {
    let name = table.name();
    let found = target.in_snapshot(|session| count(session, table)).map_err(TransferError::reading)?;
    let (mut sum, mut refused) = (RowSum::default(), None);
    reading.report(name);
    for sql in table.reads(S::NUMBERED) {
        let visited = source.session().visit(&sql, &[], &mut |row| {
            sum.add(table, row);
            reading.rows += 1;
            if reading.rows.is_multiple_of(REPORT_EVERY) {
                reading.report(name);
            }
            if sum.rows <= found {
                return Ok(());
            }
            target.add(table, row).map_err(|error| {
                refused = Some(error);
                Failure::Inconsistent("the target refused a row".to_owned())
            })
        });
        match (refused.take(), visited) {
            (Some(error), _) => return Err(error),
            (None, visited) => visited.map_err(TransferError::source)?,
        }
    }
    target.flush(table)?;
    if sum.rows < found {
        return Err(TransferError::Surplus { table: name });
    }
    Ok(CopiedRows { table: name, found, sum })
}

fn count(session: &impl Session, table: &CopiedTable) -> Result<u64, Failure> {
    let mut count = None;
    session.visit(&table.count(), &[], &mut |row| {
        count = match row.cell(0) {
            Value::Integer(count) => u64::try_from(count).ok(),
            _ => None,
        };
        Ok(())
    })?;
    count.ok_or_else(|| Failure::Unreadable(format!("the number of rows of {}", table.name())))
}

/// The result of the checks of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arrival {
    /// Every check of a store, against the heads of the source.
    pub report: StoreReport,
    /// Tables whose rows are not those of the source.
    pub differing: Vec<&'static str>,
}

impl Arrival {
    /// Whether all rows are there, and nothing is wrong with them.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.report.is_intact() && self.differing.is_empty()
    }
}

/// Compares every row of the target with the source, and runs every check of a store on it.
///
/// # Errors
/// The target cannot be read. What is wrong is no error, it is what the answer says.
pub fn verify<T: Target>(
    target: &T,
    tables: &[CopiedTable],
    copied: &[CopiedRows],
    heads: &[SavedHead],
    on_progress: &mut dyn FnMut(CheckProgress),
) -> Result<Arrival, TransferError> {
    let checked = target.in_snapshot(|session| {
        let mut differing = Vec::new();
        for (table, copied) in tables.iter().zip(copied) {
            let mut sum = RowSum::default();
            session.visit(&table.read_all(), &[], &mut |row| {
                sum.add(table, row);
                Ok(())
            })?;
            if sum != copied.sum {
                differing.push(table.name());
            }
        }
        let stored = tables.iter().map(|table| table.name().to_owned());
        let report = whole::check(session, heads, stored, Some(on_progress))?;
        Ok(Arrival { report, differing })
    });
    checked.map_err(TransferError::reading)
}
