//! Rows of a table in groups that belong to a row of another one: both are read side by side, in the order of their keys.

use std::fmt::Display;

use selene_contracts::row::Selection;

use super::{FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream};
use crate::failure::Failure;
use crate::rules::folds::Count;
use crate::session::Session;

/// A row of a stream: the key that it is grouped by, its place in the group, and what the fold takes of it.
pub(super) struct Entry<T, K = String> {
    pub(super) key: K,
    pub(super) place: String,
    pub(super) value: T,
}

/// How an entry is read from a row.
pub(super) type Read<T, K> = fn(&StoredRow) -> Result<Entry<T, K>, Failure>;

/// Rows in the order of their keys, handed out group by group.
pub(super) struct Groups<'a, S, T, K = String> {
    table: &'static str,
    /// The field that names the group.
    field: &'static str,
    rows: Stream<'a, S>,
    read: Read<T, K>,
    next: Option<Entry<T, K>>,
}

impl<'a, S: Session, T, K: Ord + Display> Groups<'a, S, T, K> {
    /// The rows of a type's table. Its primary key begins with what `read` gives as the key of an entry.
    pub(super) fn of<R: Selection>(
        db: &'a S,
        field: &'static str,
        read: Read<T, K>,
    ) -> Result<Self, Failure> {
        let mut groups = Self { table: R::TABLE, field, rows: Stream::of::<R>(db), read, next: None };
        groups.advance()?;
        Ok(groups)
    }

    fn advance(&mut self) -> Result<(), Failure> {
        self.next = self.rows.next().transpose()?.map(|row| (self.read)(&row)).transpose()?;
        Ok(())
    }

    /// Hands out the rows of one group. Groups must be asked for in order; rows of groups that nobody asked
    /// for belong to nothing.
    pub(super) fn each(
        &mut self,
        key: &K,
        report: &mut FoldReport,
        mut take: impl FnMut(Entry<T, K>, &mut FoldReport),
    ) -> Result<(), Failure> {
        while let Some(entry) = self.next.take_if(|entry| entry.key <= *key) {
            if entry.key == *key {
                take(entry, report);
            } else {
                self.unfounded(&entry, report);
            }
            self.advance()?;
        }
        Ok(())
    }

    /// All rows that are left belong to nothing.
    pub(super) fn finish(mut self, report: &mut FoldReport) -> Result<(), Failure> {
        while let Some(entry) = self.next.take() {
            self.unfounded(&entry, report);
            self.advance()?;
        }
        Ok(())
    }

    fn unfounded(&self, entry: &Entry<T, K>, report: &mut FoldReport) {
        let row = format!("{}, {}", entry.key, entry.place);
        report.add(self.table, row, self.field, FoldFaultKind::Unfounded);
    }
}

/// Takes the number of a ledger row and reports a gap before it.
pub(super) fn count(
    counted: &mut Count,
    report: &mut FoldReport,
    (table, field): (&'static str, &'static str),
    (group, number): (&str, u64),
) {
    report.ledger_rows += 1;
    if !counted.follows(number) {
        report.add(table, format!("{group}, {number}"), field, FoldFaultKind::Gap);
    }
}
