//! Rows of a table in groups that belong to a row of another one: both are read side by side, in the order of their keys.

use std::fmt::Display;

use selene_contracts::row::Selection;

use super::{FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream, Unread};
use crate::failure::Failure;
use crate::rules::folds::Count;
use crate::session::Session;

/// A row of a stream: the key that it is grouped by, and what the fold takes of it where its values can be read.
pub(super) struct Entry<T, K = String> {
    pub(super) key: K,
    pub(super) read: Result<Content<T>, Unread>,
}

/// The place of a row in its group, and what the fold takes of it.
pub(super) struct Content<T> {
    pub(super) place: String,
    pub(super) value: T,
}

/// How the key of a group is read from a row.
pub(super) type ReadKey<K> = fn(&StoredRow<'_>) -> Result<K, Unread>;
/// How the rest is read.
pub(super) type Read<T> = fn(&StoredRow<'_>) -> Result<Content<T>, Unread>;

/// Rows in the order of their keys, handed out group by group.
pub(super) struct Groups<'a, S, T, K = String> {
    table: &'static str,
    /// The field that names the group.
    field: &'static str,
    rows: Stream<'a, S>,
    read_key: ReadKey<K>,
    read: Read<T>,
    next: Option<Entry<T, K>>,
}

impl<'a, S: Session, T, K: Ord + Display> Groups<'a, S, T, K> {
    /// The rows of a type's table. Its primary key begins with what `read_key` gives as the key of an entry.
    pub(super) fn of<R: Selection>(
        db: &'a S,
        field: &'static str,
        read_key: ReadKey<K>,
        read: Read<T>,
        report: &mut FoldReport,
    ) -> Result<Self, Failure> {
        let mut groups =
            Self { table: R::TABLE, field, rows: Stream::of::<R>(db), read_key, read, next: None };
        groups.advance(report)?;
        Ok(groups)
    }

    /// Comes to the next row whose key can be read.
    fn advance(&mut self, report: &mut FoldReport) -> Result<(), Failure> {
        self.next = None;
        while self.next.is_none()
            && let Some(row) = self.rows.next().transpose()?
        {
            match (self.read_key)(&row) {
                Ok(key) => self.next = Some(Entry { key, read: (self.read)(&row) }),
                Err(unread) => report.add_unread(unread),
            }
        }
        Ok(())
    }

    /// Hands out the rows of one group, and none for a row that cannot be read, which is a fault. Groups must be asked for in
    /// order; rows of groups that nobody asked for belong to nothing.
    pub(super) fn each(
        &mut self,
        key: &K,
        report: &mut FoldReport,
        mut take: impl FnMut(Option<Content<T>>, &mut FoldReport),
    ) -> Result<(), Failure> {
        while let Some(entry) = self.next.take_if(|entry| entry.key <= *key) {
            if entry.key == *key {
                let content = entry.read.map_err(|unread| report.add_unread(unread)).ok();
                take(content, report);
            } else {
                self.unfounded(entry, report);
            }
            self.advance(report)?;
        }
        Ok(())
    }

    /// All rows that are left belong to nothing.
    pub(super) fn finish(mut self, report: &mut FoldReport) -> Result<(), Failure> {
        while let Some(entry) = self.next.take() {
            self.unfounded(entry, report);
            self.advance(report)?;
        }
        Ok(())
    }

    fn unfounded(&self, entry: Entry<T, K>, report: &mut FoldReport) {
        match entry.read {
            Ok(content) => {
                let row = format!("{}, {}", entry.key, content.place);
                report.add(self.table, row, self.field, FoldFaultKind::Unfounded);
            }
            Err(unread) => report.add_unread(unread),
        }
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
