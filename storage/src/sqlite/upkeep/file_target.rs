//! A new file that takes the rows of a store in a database of another kind.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use selene_contracts::row::Cells;

use super::error::UpkeepError;
use super::file_source::tables;
use super::partial::Partial;
use crate::check::heads;
use crate::failure::Failure;
use crate::sqlite::authorizer;
use crate::sqlite::bound::Bound;
use crate::sqlite::schema;
use crate::sqlite::settings::{self, Medium, Role};
use crate::sqlite::store::StoreOptions;
use crate::transfer::{CopiedTable, MARK_TABLE, Mark, Target, TransferError};

/// Rows of one transaction at most.
const ROWS_AT_ONCE: u64 = 2_000;

/// A file on its way: it lies at its name with `.partial` behind it, and carries the mark of an unfinished copy, by which every opening of
/// a store refuses it. Dropped, or left by a process that was killed, it stays and is gone on with.
#[derive(Debug)]
pub struct FileTarget {
    connection: Connection,
    // Behind the connection: its lock is let go last.
    partial: Partial,
    tables: Vec<CopiedTable>,
    mark: Mark,
    /// Rows that the open transaction has added.
    pending: u64,
    /// The table that rows are added to, and how.
    insert: Option<(&'static str, String)>,
    is_continued: bool,
}

impl FileTarget {
    /// Begins a file for a copy of the source that `mark` stands for, or goes on with one that was begun. What another command left of a
    /// file of that name is replaced.
    ///
    /// # Errors
    /// Something has the name `to` or one that SQLite would take for its log; another program writes there; the file was begun from
    /// another source, or by another build; the disk is full.
    pub fn open(to: &Path, mark: &Mark, options: &StoreOptions) -> Result<Self, UpkeepError> {
        let busy = options.busy_timeout;
        let connect = |partial: &Partial| -> rusqlite::Result<Connection> {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
                | OpenFlags::SQLITE_OPEN_EXRESCODE;
            let connection = Connection::open_with_flags(partial.path(), flags)?;
            connection.busy_timeout(busy)?;
            Ok(connection)
        };
        if let Some(partial) = Partial::left(to)?
            // A file that is no database is replaced, as one of something else.
            && let Ok(connection) = connect(&partial)
        {
            if let Some(found) = read_mark(&connection) {
                return Self::go_on(partial.staying(), connection, mark, found);
            }
            // One that was ended between its last two steps is whole, and is checked once more.
            if is_copied_from(&connection, mark) {
                set_mark(&connection, mark)?;
                return Self::go_on(partial.staying(), connection, mark, mark.clone());
            }
        }
        let partial = Partial::create(to)?;
        let mut connection = connect(&partial).map_err(UpkeepError::sqlite("begin the file"))?;
        settings::apply(&connection, Role::Writer, Medium::File)?;
        schema::migrate(&mut connection)?;
        let tables = tables(&connection)?;
        set_mark(&connection, mark)?;
        Self::of(partial.staying(), connection, tables, mark.clone(), false)
    }

    fn go_on(
        partial: Partial,
        connection: Connection,
        mark: &Mark,
        found: Mark,
    ) -> Result<Self, UpkeepError> {
        let refused = |source| UpkeepError::Unfinished { path: partial.path().to_owned(), source };
        mark.continues(&found).map_err(refused)?;
        settings::apply(&connection, Role::Writer, Medium::File)?;
        schema::check_unfinished(&connection)?;
        let tables = tables(&connection)?;
        Self::of(partial, connection, tables, found, true)
    }

    fn of(
        partial: Partial,
        mut connection: Connection,
        tables: Vec<CopiedTable>,
        mark: Mark,
        is_continued: bool,
    ) -> Result<Self, UpkeepError> {
        authorizer::lock(&mut connection).map_err(UpkeepError::sqlite("lock the ledgers"))?;
        Ok(Self { connection, partial, tables, mark, pending: 0, insert: None, is_continued })
    }

    /// Its tables, in the order in which they are copied.
    #[must_use]
    pub fn tables(&self) -> &[CopiedTable] {
        &self.tables
    }

    /// Whether a copy that was begun before is gone on with.
    #[must_use]
    pub const fn is_continued(&self) -> bool {
        self.is_continued
    }

    /// Takes the mark away, writes everything to the disk, and gives the file its name in one step. Killed at any moment, nothing or the
    /// whole store has the name.
    ///
    /// # Errors
    /// Something has the name by now, or the system refuses.
    pub fn finish(self) -> Result<(), UpkeepError> {
        // The connection is dropped first where something fails.
        let Self { partial, mut connection, .. } = self;
        let failed = || UpkeepError::sqlite("finish the file");
        // Nothing but the mark goes.
        authorizer::unlock(&mut connection).map_err(failed())?;
        connection.execute_batch(&format!("DROP TABLE {MARK_TABLE}")).map_err(failed())?;
        connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            .map_err(UpkeepError::sqlite("carry the log into the database"))?;
        connection.close().map_err(|(_, error)| failed()(error))?;
        partial.sync()?;
        partial.name()
    }

    fn insert_row(&mut self, table: &CopiedTable, row: &dyn Cells) -> Result<(), Failure> {
        if self.pending == 0 {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
        }
        // Counted first, so that a transaction that was begun is never begun again.
        self.pending += 1;
        if self.insert.as_ref().is_none_or(|(name, _)| *name != table.name()) {
            let columns: Vec<&str> = table.all_columns().collect();
            let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
            let (name, columns, places) = (table.name(), columns.join(", "), places.join(", "));
            self.insert = Some((name, format!("INSERT INTO {name} ({columns}) VALUES ({places})")));
        }
        let sql = self.insert.as_ref().map_or("", |(_, sql)| sql);
        let mut statement = self.connection.prepare_cached(sql)?;
        for place in 0..table.all_columns().count() {
            // A row without a number gets the next one from SQLite.
            statement.raw_bind_parameter(place + 1, Bound(&row.cell(place)))?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    /// Commits with the mark's count; says whether that was as this copy left it.
    fn commit(&mut self) -> Result<bool, Failure> {
        let values = [self.pending, self.mark.rows].map(u64::cast_signed);
        let is_ours = self.connection.execute(Mark::ADD_ROWS, values)? == 1;
        self.connection.execute_batch(if is_ours { "COMMIT" } else { "ROLLBACK" })?;
        self.mark.rows += self.pending;
        self.pending = 0;
        Ok(is_ours)
    }
}

/// The mark of a copy in a file; none where there is no such table, or it cannot be read.
fn read_mark(connection: &Connection) -> Option<Mark> {
    connection.query_row(Mark::SELECT, [], |row| row.try_into().map(Mark::of_row)).ok()
}

/// Whether a file is a whole store with the heads that a mark stands for.
fn is_copied_from(connection: &Connection, mark: &Mark) -> bool {
    schema::check_for_reading(connection).is_ok()
        && heads::heads(connection).is_ok_and(|heads| mark.continues(&Mark::of(&heads)).is_ok())
}

fn set_mark(connection: &Connection, mark: &Mark) -> Result<(), UpkeepError> {
    let failed = || UpkeepError::sqlite("mark the file");
    let made = format!(
        "CREATE TABLE {MARK_TABLE} (format TEXT NOT NULL, source TEXT NOT NULL, rows INTEGER NOT NULL) STRICT"
    );
    let begun = connection.unchecked_transaction().map_err(failed())?;
    begun.execute_batch(&made).map_err(failed())?;
    begun.execute(Mark::INSERT, [&mark.format, &mark.source]).map_err(failed())?;
    begun.commit().map_err(failed())
}

impl Target for FileTarget {
    type Session = Connection;

    fn in_snapshot<R>(&self, read: impl FnOnce(&Connection) -> Result<R, Failure>) -> Result<R, Failure> {
        let snapshot = self.connection.unchecked_transaction()?;
        let answer = read(&snapshot)?;
        snapshot.rollback()?;
        Ok(answer)
    }

    fn add(&mut self, table: &CopiedTable, row: &dyn Cells) -> Result<(), TransferError> {
        self.insert_row(table, row).map_err(|failure| TransferError::target(table.name(), failure))?;
        if self.pending >= ROWS_AT_ONCE { self.flush(table) } else { Ok(()) }
    }

    fn flush(&mut self, table: &CopiedTable) -> Result<(), TransferError> {
        if self.pending == 0 {
            return Ok(());
        }
        match self.commit() {
            Ok(true) => Ok(()),
            Ok(false) => Err(TransferError::Rival),
            Err(failure) => Err(TransferError::target(table.name(), failure)),
        }
    }
}
