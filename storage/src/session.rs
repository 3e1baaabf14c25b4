//! What the life of a call needs of a database: statements with neutral values, rows read by type. One implementation per driver.
//!
//! What must not live here: a driver, a statement, knowledge of engines.

use selene_contracts::row::{
    Cells, CountedKey, CurrentRow, FoundBy, FromRow, Key, KeyStart, ListedBy, Selection, TableRow,
    Unreadable, Update, Value, key_condition,
};

use crate::chain::Place;
use crate::failure::Failure;
use crate::seal::{GroupSealer, RowSeal};

/// A connection, with or without an open transaction. Statements of calls are static texts, so that a driver can keep them
/// prepared; parameters are `$1..$n` in the order of first appearance.
pub trait Session {
    /// Runs a statement that gives no rows; says how many rows it changed.
    fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, Failure>;

    /// Adds a row by its values, in the order of its columns. A database may keep it back and send it with what comes next, at the
    /// latest with the end of the transaction.
    fn add<R: TableRow>(&self, values: &[Value<'_>]) -> Result<(), Failure> {
        check_written(R::TABLE, self.execute(R::INSERT, values)?, 1)
    }

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

    /// What the database itself finds wrong with its pages and indices, in its own words, which hold no row values, and with numbers of
    /// rows that no other check compares; none where it does not look. An index that lacks a row gives other answers than the table,
    /// which the checks read.
    fn page_faults(&self) -> Result<Option<Vec<String>>, Failure> {
        Ok(None)
    }

    /// Whether the answer has a row.
    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure>;

    /// The number that a statement gives, of rows or the highest of a column; zero where there is none.
    fn number(&self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, Failure> {
        let found = self.first::<(Option<u64>,)>(sql, values)?;
        Ok(found.and_then(|(number,)| number).unwrap_or(0))
    }

    /// The row of a key.
    fn by_key<R: FoundBy<K>, K: Key>(&self, key: &K) -> Result<Option<R>, Failure> {
        self.first(R::SELECT_BY, key.values().as_ref())
    }

    /// Whether a key has a row.
    fn has<K: Key>(&self, key: &K) -> Result<bool, Failure> {
        self.exists(K::EXISTS, key.values().as_ref())
    }

    /// The rows that share the start of a key, in the order of the key.
    fn listed<R: ListedBy<K>, K: Key, const N: usize>(
        &self,
        start: &KeyStart<'_, K, N>,
    ) -> Result<Vec<R>, Failure> {
        self.all(const { R::SELECT_LISTS[N] }, start.values())
    }

    /// How many rows of a ledger without gaps share all of a key but the number that counts them.
    fn counted<K: CountedKey, const N: usize>(&self, start: &KeyStart<'_, K, N>) -> Result<u64, Failure> {
        const { assert!(N + 1 == K::COLUMNS.len(), "all columns but the counter are given") };
        self.number(K::HIGHEST, start.values())
    }
}

/// Reads a row of an answer. The failure says which column of which table holds what cannot be read, and nothing of the value.
///
/// # Errors
/// [`Failure::Unreadable`].
pub fn read<R: FromRow>(cells: &(impl Cells + ?Sized)) -> Result<R, Failure> {
    R::from_row(cells).map_err(unreadable::<R>)
}

fn unreadable<R: FromRow>(Unreadable { position }: Unreadable) -> Failure {
    Failure::Unreadable(match R::column_at(position) {
        Some((table, column)) => format!("{table}.{column}"),
        None => format!("position {position} of an answer"),
    })
}

/// The rows that one commit writes; each leaves its seal for the event.
pub struct Changes<'a, S> {
    session: &'a S,
    place: Place,
    seals: Vec<RowSeal>,
}

impl<'a, S: Session> Changes<'a, S> {
    pub(crate) const fn new(session: &'a S, place: Place) -> Self {
        Self { session, place, seals: Vec::new() }
    }

    /// Adds a row, and notes its seal.
    pub fn insert<R: TableRow>(&mut self, row: &R) -> Result<(), Failure> {
        insert(self.session, row)?;
        self.seal(row);
        Ok(())
    }

    /// Adds a row, or writes what may change where its primary key is taken.
    pub fn insert_or_update<R: CurrentRow>(&mut self, row: &R) -> Result<(), Failure> {
        self.write_one::<R>(R::INSERT_OR_UPDATE, row.values().as_ref())
    }

    /// Writes what may change of the row with this primary key. A rule has seen the row in the same transaction, so its
    /// absence is a fault of the store.
    pub fn update<R: CurrentRow>(&mut self, row: &R) -> Result<(), Failure> {
        self.write_one::<R>(R::UPDATE, row.changes().as_ref())
    }

    /// Writes the named columns of the row with a primary key, and no others. A rule has seen the row in the same transaction,
    /// and that what is set once has no value, so that no row is found is a fault of the store.
    pub fn update_columns<R: CurrentRow, const N: usize>(
        &mut self,
        update: &Update<'_, R, N>,
    ) -> Result<(), Failure> {
        self.write_one::<R>(update.sql(), update.values())
    }

    fn write_one<R: CurrentRow>(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<(), Failure> {
        let mut count = 0;
        self.write::<R>(sql, values, &mut || count += 1)?;
        check_written(R::TABLE, count, 1)
    }

    /// Runs a statement that gives every row that it wrote, and seals each as it is stored: what a rule had in memory may have
    /// another form.
    fn write<R: CurrentRow>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        count: &mut dyn FnMut(),
    ) -> Result<(), Failure> {
        let seals = &mut self.seals;
        self.session.visit(sql, values, &mut |cells| {
            seals.push(RowSeal::of_stored::<R>(cells).map_err(unreadable::<R>)?);
            count();
            Ok(())
        })
    }

    /// Runs an `INSERT … SELECT` that adds every row of the table whose key starts with `group`, all equal beside the key, and
    /// seals them together. Says how many there are. None of them is held in memory.
    pub fn insert_group<R: CurrentRow>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
        group: &[Value<'_>],
    ) -> Result<usize, Failure> {
        let count = self.session.execute(sql, values)?;
        let (mut sealer, mut found, mut is_equal) = (GroupSealer::new(), 0, true);
        self.session.visit(&rows_of_group::<R>(group.len()), group, &mut |cells| {
            let row: Vec<Value<'_>> = (0..R::COLUMNS.len()).map(|position| cells.cell(position)).collect();
            let columns = || R::SEALED.iter().map(|(position, name)| (*name, &row[*position]));
            sealer.take_key(columns().take(R::KEY.len()));
            is_equal &= sealer.takes_columns(columns().skip(R::KEY.len()));
            found += 1;
            Ok(())
        })?;
        if found != count || !is_equal {
            return Err(unexpected(R::TABLE, found, count));
        }
        self.seals.push(sealer.seal(R::TABLE, group, 1));
        Ok(count)
    }

    /// Notes the seal of a new row, which may be written later in the same commit.
    pub(crate) fn seal<R: TableRow>(&mut self, row: &R) {
        self.seals.push(RowSeal::of(row, u64::from(R::IS_VERSIONED)));
    }

    /// The session, for what a change reads.
    pub const fn session(&self) -> &'a S {
        self.session
    }

    /// The place of the commit.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The seals of all rows, in the order in which they were written.
    pub(crate) fn into_seals(self) -> Vec<RowSeal> {
        self.seals
    }
}

/// Adds a row whose seal is noted already.
pub(crate) fn insert<R: TableRow>(session: &impl Session, row: &R) -> Result<(), Failure> {
    insert_values::<R>(session, row.values().as_ref())
}

/// Adds a row by its values, in the order of its columns. It has no seal.
pub(crate) fn insert_values<R: TableRow>(
    session: &impl Session,
    values: &[Value<'_>],
) -> Result<(), Failure> {
    session.add::<R>(values)
}

/// The rows of a table whose key starts with so many given values, in the order of the key. Texts are ordered by their bytes; a
/// database with another order declares that collation at its key columns.
fn rows_of_group<R: Selection>(given: usize) -> String {
    let group = key_condition(&R::KEY[..given]);
    let (columns, table, key) = (R::COLUMN_LIST, R::TABLE, R::KEY.join(", "));
    format!("SELECT {columns} FROM {table} WHERE {group} ORDER BY {key}")
}

/// Compares how many rows of a table a statement wrote with how many it had to.
///
/// # Errors
/// [`Failure::Inconsistent`].
pub fn check_written(table: &str, found: usize, expected: usize) -> Result<(), Failure> {
    if found == expected { Ok(()) } else { Err(unexpected(table, found, expected)) }
}

fn unexpected(table: &str, found: usize, expected: usize) -> Failure {
    Failure::Inconsistent(format!("{found} rows of {table} were written, not {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_number_of_rows_than_expected_is_told() {
        assert!(check_written("devices", 1, 1).is_ok());
        for found in [0, 2] {
            let failure = check_written("devices", found, 1).unwrap_err();
            let expected = format!("{found} rows of devices were written, not 1");
            assert!(matches!(failure, Failure::Inconsistent(detail) if detail == expected));
        }
    }
}
