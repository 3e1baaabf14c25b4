//! What the life of a call needs of a database: statements with neutral values, rows read by type. One implementation per driver.
//!
//! What must not live here: a driver, a statement, knowledge of engines.

use selene_contracts::row::{Cells, CurrentRow, FromRow, Selection, TableRow, Unreadable, Value};

use crate::failure::Failure;

/// A connection, with or without an open transaction. Statements of calls are static texts, so that a driver can keep them
/// prepared; parameters are `$1..$n` in the order of first appearance.
pub trait Session {
    /// Runs a statement that gives no rows; says how many rows it changed.
    fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, Failure>;

    /// The first row of the answer, if there is one.
    fn first<R: FromRow>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, Failure>;

    /// Shows the cells of every row of the answer, in its order: for checks, which must see a value that no type takes.
    fn visit(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&dyn Cells) -> Result<(), Failure>,
    ) -> Result<(), Failure>;

    /// Shows every row of the answer, in its order, without holding more than one.
    fn each<R: FromRow>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(R) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.visit(sql, values, &mut |cells| visit(read(cells)?))
    }

    /// Every row of the answer, in its order.
    fn all<R: FromRow>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<R>, Failure> {
        let mut rows = Vec::new();
        self.each(sql, values, &mut |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Whether the answer has a row.
    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure>;

    /// The number that a statement gives, of rows or the highest of a column; zero where there is none.
    fn number(&self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, Failure> {
        let found = self.first::<(Option<u64>,)>(sql, values)?;
        Ok(found.and_then(|(number,)| number).unwrap_or(0))
    }

    /// The row of a primary key, whose values come in the key's order.
    fn by_key<R: Selection>(&self, key: &[Value<'_>]) -> Result<Option<R>, Failure> {
        self.first(R::SELECT_BY_KEY, key)
    }
}

/// Reads a row of an answer. The failure says which column of which table holds what cannot be read, and nothing of the value.
pub(crate) fn read<R: FromRow>(cells: &(impl Cells + ?Sized)) -> Result<R, Failure> {
    R::from_row(cells).map_err(|Unreadable { position }| {
        Failure::Unreadable(match R::column_at(position) {
            Some((table, column)) => format!("{table}.{column}"),
            None => format!("position {position} of an answer"),
        })
    })
}

/// The rows that one commit writes.
pub struct Changes<'a, S> {
    session: &'a S,
}

impl<'a, S: Session> Changes<'a, S> {
    pub(crate) const fn new(session: &'a S) -> Self {
        Self { session }
    }

    /// Adds a row.
    pub fn insert<R: TableRow>(&mut self, row: &R) -> Result<(), Failure> {
        let count = self.session.execute(R::INSERT, row.values().as_ref())?;
        expect_one::<R>(count, "inserted")
    }

    /// Adds a row, or writes what may change where its primary key is taken.
    pub fn insert_or_update<R: CurrentRow>(&mut self, row: &R) -> Result<(), Failure> {
        let count = self.session.execute(R::INSERT_OR_UPDATE, row.values().as_ref())?;
        expect_one::<R>(count, "written")
    }

    /// Writes what may change of the row with this primary key. A rule has seen the row in the same transaction, so its
    /// absence is a fault of the store.
    pub fn update<R: CurrentRow>(&mut self, row: &R) -> Result<(), Failure> {
        let count = self.session.execute(R::UPDATE, row.changes().as_ref())?;
        expect_one::<R>(count, "updated")
    }

    /// Runs an `UPDATE … RETURNING` every column, for changes that no primary key selects; gives the rows as they are now.
    pub fn update_where<R: CurrentRow>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<R>, Failure> {
        self.session.all(sql, values)
    }

    /// The session, for what a change reads.
    pub const fn session(&self) -> &'a S {
        self.session
    }
}

/// Fails where another number of rows was updated than the rule has seen in the same transaction.
pub(crate) fn expect_rows<R: Selection>(rows: &[R], count: usize) -> Result<(), Failure> {
    if rows.len() == count {
        return Ok(());
    }
    Err(Failure::Inconsistent(format!("{} rows of {} were updated, not {count}", rows.len(), R::TABLE)))
}

fn expect_one<R: Selection>(count: usize, what: &str) -> Result<(), Failure> {
    if count == 1 {
        return Ok(());
    }
    Err(Failure::Inconsistent(format!("{count} rows of {} were {what}, not one", R::TABLE)))
}
