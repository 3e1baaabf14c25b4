//! The rows of a table in the order of its primary key, read page by page; or in no order, in one answer.
//!
//! Between two pages no answer is open, so several streams lie side by side on one connection, whatever the driver. What
//! must not live here: what a row means. A stream sees one state of the table only inside of a transaction.

use std::collections::VecDeque;
use std::rc::Rc;

use selene_contracts::row::{Column, Selection, Value};

use crate::failure::Failure;
use crate::seal::shown;
use crate::session::Session;

/// Rows of one page. It bounds the memory of a stream; every page costs one statement, which an index leads to its start.
const PAGE_ROWS: usize = 200;

/// A value that does not have the form of its column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unread {
    pub(crate) table: &'static str,
    /// The key of its row, as a report has it.
    pub(crate) row: String,
    pub(crate) column: &'static str,
}

/// One row as it is stored, whether its values have the form of their columns or not.
pub(crate) struct StoredRow<'v> {
    table: &'static str,
    key: &'static [&'static str],
    columns: Rc<[&'static str]>,
    values: Vec<Value<'v>>,
}

impl<'v> StoredRow<'v> {
    /// The values of all columns that were asked for, in their order.
    pub(crate) fn values(&self) -> &[Value<'v>] {
        &self.values
    }

    /// The value of a column, as it is stored.
    pub(crate) fn value(&self, column: &str) -> Result<&Value<'v>, Failure> {
        let value = self.position(column).and_then(|position| self.values.get(position));
        value.ok_or_else(|| Failure::Unreadable(format!("{}.{column}", self.table)))
    }

    /// The value of a column as its type.
    pub(crate) fn get<T: Column>(&self, column: &'static str) -> Result<T, Unread> {
        let value = self.values.get(self.position(column).unwrap_or(usize::MAX)).cloned();
        value.and_then(T::read).ok_or_else(|| self.unread(column))
    }

    /// That a value of the row does not have the form of its column.
    pub(crate) fn unread(&self, column: &'static str) -> Unread {
        Unread { table: self.table, row: self.shown(), column }
    }

    /// The key of the row, as a report has it, whatever form its values have.
    fn shown(&self) -> String {
        let positions = self.key.iter().filter_map(|column| self.position(column));
        let values = positions.filter_map(|position| self.values.get(position));
        values.map(shown).collect::<Vec<_>>().join(", ")
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| *name == column)
    }
}

/// Shows the rows of a table as the database finds them, in no order: no index is looked at, and no row is copied.
pub(crate) fn each_row(
    db: &impl Session,
    table: &'static str,
    columns: impl Into<Rc<[&'static str]>>,
    key: &'static [&'static str],
    visit: &mut dyn FnMut(StoredRow<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let list: Rc<[&'static str]> = columns.into();
    let (name, columns) = (table, list.join(", "));
    let sql = format!("SELECT {columns} FROM {name}");
    db.visit(&sql, &[], &mut |cells| {
        let values = (0..list.len()).map(|position| cells.cell(position)).collect();
        visit(StoredRow { table, key, columns: Rc::clone(&list), values })
    })
}

/// The rows of a table, in the order of its primary key. It ends with the last row, or with the first failure.
pub(crate) struct Stream<'a, S> {
    db: &'a S,
    table: &'static str,
    columns: Rc<[&'static str]>,
    key: &'static [&'static str],
    page_rows: usize,
    page: VecDeque<StoredRow<'static>>,
    /// The key of the last row of the page before; none before the first page.
    after: Option<Vec<Value<'static>>>,
    is_over: bool,
}

impl<'a, S: Session> Stream<'a, S> {
    /// The rows of a type's table, with the columns of the type.
    pub(crate) fn of<R: Selection>(db: &'a S) -> Self {
        Self::of_table(db, R::TABLE, R::COLUMNS, R::KEY)
    }

    /// The rows of a table with these columns, among them those of its primary key.
    pub(crate) fn of_table(
        db: &'a S,
        table: &'static str,
        columns: impl Into<Rc<[&'static str]>>,
        key: &'static [&'static str],
    ) -> Self {
        Self {
            db,
            table,
            columns: columns.into(),
            key,
            page_rows: PAGE_ROWS,
            page: VecDeque::new(),
            after: None,
            is_over: false,
        }
    }

    /// The same rows in pages of this many.
    #[cfg(test)]
    pub(crate) const fn in_pages_of(mut self, page_rows: usize) -> Self {
        self.page_rows = page_rows;
        self
    }

    fn read_page(&mut self) -> Result<(), Failure> {
        let sql = self.statement();
        let after = self.after.take().unwrap_or_default();
        let (table, key, columns, page) = (self.table, self.key, &self.columns, &mut self.page);
        self.db.visit(&sql, &after, &mut |cells| {
            let values = (0..columns.len()).map(|position| cells.cell(position).into_owned()).collect();
            page.push_back(StoredRow { table, key, columns: Rc::clone(columns), values });
            Ok(())
        })?;
        self.is_over = self.page.len() < self.page_rows;
        if let Some(last) = self.page.back() {
            let key = self.key.iter().map(|column| last.value(column).cloned());
            self.after = Some(key.collect::<Result<_, Failure>>()?);
        }
        Ok(())
    }

    /// The statement of the next page. Its parameters are the key of the row before it, where there is one.
    fn statement(&self) -> String {
        let (table, rows) = (self.table, self.page_rows);
        let (columns, key) = (self.columns.join(", "), self.key.join(", "));
        if self.after.is_none() {
            return format!("SELECT {columns} FROM {table} ORDER BY {key} LIMIT {rows}");
        }
        let parameters: Vec<String> = (1..=self.key.len()).map(|number| format!("${number}")).collect();
        let after = parameters.join(", ");
        format!("SELECT {columns} FROM {table} WHERE ({key}) > ({after}) ORDER BY {key} LIMIT {rows}")
    }
}

impl<S: Session> Iterator for Stream<'_, S> {
    type Item = Result<StoredRow<'static>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.page.is_empty()
            && !self.is_over
            && let Err(failure) = self.read_page()
        {
            self.page.clear();
            self.is_over = true;
            return Some(Err(failure));
        }
        self.page.pop_front().map(Ok)
    }
}
