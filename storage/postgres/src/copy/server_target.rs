//! A database of a server that takes the rows of a file.

use std::pin::pin;

use bytes::Bytes;
use futures_util::SinkExt as _;
use selene_contracts::row::{Cells, Value};
use selene_storage::backend::Failure;
use selene_storage::backend::transfer::{CopiedTable, Mark, Target, TransferError};
use tokio_postgres::types::Type;

use super::encode::Rows;
use super::error::CopyError;
use super::fence;
use super::options::CopyOptions;
use crate::connection::Connection;
use crate::connection::address::Address;
use crate::connection::trouble;
use crate::schema;
use crate::server::Server;
use crate::statement::value::Bound;

/// Bytes and rows of one transaction at most.
const BYTES_AT_ONCE: usize = 4 << 20;
const ROWS_AT_ONCE: u64 = 10_000;

/// A database on its way to be a store.
pub(super) struct ServerTarget {
    connection: Connection,
    mark: Mark,
    rows: Rows,
    /// The table that rows are added to, the types of its columns, and the statement that takes them.
    taking: Option<Taking>,
    is_continued: bool,
}

struct Taking {
    table: &'static str,
    types: Vec<Type>,
    sql: String,
}

fn connect(address: &str, options: &CopyOptions) -> Result<Connection, CopyError> {
    let server = Server::new(Address::parse(address).map_err(CopyError::Server)?, options.of_server());
    server.connect_as_owner().map_err(CopyError::Server)
}

impl ServerTarget {
    /// Connects as the owner of the tables, and begins a copy of the source that `mark` stands for, or goes on with one.
    pub(super) fn open(
        address: &str,
        mark: &Mark,
        tables: &[CopiedTable],
        options: &CopyOptions,
    ) -> Result<Self, CopyError> {
        let connection = connect(address, options)?;
        schema::check_target(&connection).map_err(CopyError::Server)?;
        let is_continued = schema::is_marked(&connection).map_err(CopyError::Server)?;
        let mark = if is_continued {
            let found = fence::read(&connection)?;
            mark.continues(&found).map_err(CopyError::Unfinished)?;
            found
        } else {
            fence::begin(&connection, mark, tables)?;
            mark.clone()
        };
        Ok(Self { connection, mark, rows: Rows::default(), taking: None, is_continued })
    }

    /// Whether a copy that was begun before is gone on with.
    pub(super) const fn is_continued(&self) -> bool {
        self.is_continued
    }

    /// Removes the mark of an unfinished copy, so that stores can open the database.
    pub(super) fn finish(self) -> Result<(), CopyError> {
        if fence::finish(&self.connection, &self.mark)? { Ok(()) } else { Err(TransferError::Rival.into()) }
    }

    /// Gets ready to take rows of a table.
    fn taking(&mut self, table: &CopiedTable) -> Result<(), Failure> {
        if self.taking.as_ref().is_some_and(|taking| taking.table == table.name()) {
            return Ok(());
        }
        let (name, columns) = (table.name(), table.all_columns().collect::<Vec<_>>().join(", "));
        let statement = self.connection.statement(&format!("SELECT {columns} FROM {name}"))?;
        let types = statement.columns().iter().map(|column| column.type_().clone()).collect();
        let sql = format!("COPY {name} ({columns}) FROM STDIN (FORMAT binary)");
        self.taking = Some(Taking { table: name, types, sql });
        Ok(())
    }

    /// Commits the rows that are here, with the mark's count; says whether that was as this copy left it.
    fn commit(&mut self) -> Result<bool, Failure> {
        let Some(taking) = &self.taking else { return Ok(true) };
        let count = self.rows.count();
        let values = [count, self.mark.rows].map(|number| Value::Integer(number.cast_signed()));
        self.connection.run("BEGIN")?;
        let counted = self.connection.statement(Mark::ADD_ROWS)?;
        let client = self.connection.client();
        if self.connection.ask(client.execute_raw(&counted, values.iter().map(Bound)))? != 1 {
            self.connection.run("ROLLBACK")?;
            return Ok(false);
        }
        let bytes = self.rows.take().freeze();
        let taken = self.connection.ask(async {
            let mut sink = pin!(client.copy_in::<_, Bytes>(&taking.sql).await?);
            sink.send(bytes).await?;
            sink.finish().await
        })?;
        if taken != count {
            return Err(Failure::Inconsistent(format!("the server took {taken} rows of {count}")));
        }
        self.connection.run("COMMIT")?;
        self.mark.rows += count;
        Ok(true)
    }
}

impl Target for ServerTarget {
    type Session = Connection;

    fn in_snapshot<R>(&self, read: impl FnOnce(&Connection) -> Result<R, Failure>) -> Result<R, Failure> {
        self.connection.begin_snapshot()?;
        let answer = read(&self.connection)?;
        self.connection.end("ROLLBACK").map_err(|error| trouble::failure(&error))?;
        Ok(answer)
    }

    fn add(&mut self, table: &CopiedTable, row: &dyn Cells) -> Result<(), TransferError> {
        self.taking(table).map_err(|failure| TransferError::target(table.name(), failure))?;
        let types = self.taking.as_ref().map_or(&[][..], |taking| &taking.types);
        self.rows.add(types, row).map_err(|(position, why)| TransferError::Unstorable {
            table: table.name(),
            column: table.columns().get(position).copied().unwrap_or("a number"),
            why,
        })?;
        if self.rows.len() >= BYTES_AT_ONCE || self.rows.count() >= ROWS_AT_ONCE {
            self.flush(table)?;
        }
        Ok(())
    }

    fn flush(&mut self, table: &CopiedTable) -> Result<(), TransferError> {
        if self.rows.count() == 0 {
            return Ok(());
        }
        match self.commit() {
            Ok(true) => Ok(()),
            Ok(false) => Err(TransferError::Rival),
            Err(failure) => Err(TransferError::target(table.name(), failure)),
        }
    }

    /// The planner knows nothing of rows that have just come, and the checks ask much of it.
    fn settle(&mut self, tables: &[CopiedTable]) -> Result<(), TransferError> {
        let names: Vec<&str> = tables.iter().map(CopiedTable::name).collect();
        self.connection.run(&format!("ANALYZE {}", names.join(", "))).map_err(TransferError::reading)
    }
}
