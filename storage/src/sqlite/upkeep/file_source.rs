//! A file whose rows are copied into a database of another kind.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;

use super::error::UpkeepError;
use crate::check::{SavedHead, heads};
use crate::sqlite::open_error::OpenError;
use crate::sqlite::place::Place;
use crate::sqlite::store::StoreOptions;
use crate::transfer::{CopiedTable, MARK_TABLE, Numbered, Shape, Source, in_order};

/// A file in one state, whatever is written to it meanwhile. Its log grows then, as behind any long reader.
#[derive(Debug)]
pub struct FileSource {
    place: Place,
    /// With an open transaction.
    connection: Connection,
    heads: Vec<SavedHead>,
    tables: Vec<CopiedTable>,
}

impl FileSource {
    /// Opens a file of this build's schema version for reading only.
    ///
    /// # Errors
    /// There is no such file, it is no store, has another schema version, or cannot be read.
    pub fn open(path: &Path, options: &StoreOptions) -> Result<Self, UpkeepError> {
        let place = Place::read_only(path, options.busy_timeout)?;
        let connection = place.open_reader()?;
        // The first read takes the state, and the transaction keeps it.
        connection.execute_batch("BEGIN").map_err(UpkeepError::sqlite("begin to read"))?;
        let heads = heads::heads(&connection)?;
        let tables = tables(&connection)?;
        Ok(Self { place, connection, heads, tables })
    }

    /// The newest event of every chain in that state.
    #[must_use]
    pub fn heads(&self) -> &[SavedHead] {
        &self.heads
    }

    /// Its tables, in the order in which they are copied.
    #[must_use]
    pub fn tables(&self) -> &[CopiedTable] {
        &self.tables
    }

    /// Whether nothing was written since.
    ///
    /// # Errors
    /// The file cannot be read, or is not at its place any more.
    pub fn is_still_so(&self) -> Result<bool, UpkeepError> {
        self.place.check_presence().map_err(OpenError::from)?;
        self.place.check_seal().map_err(OpenError::from)?;
        Ok(heads::heads(&self.place.open_reader()?)? == self.heads)
    }
}

impl Source for FileSource {
    type Session = Connection;

    const NUMBERED: Numbered = Numbered::All;

    fn session(&self) -> &Connection {
        &self.connection
    }
}

/// The tables of a store, in the order in which they are copied.
pub(super) fn tables(connection: &Connection) -> Result<Vec<CopiedTable>, UpkeepError> {
    let shape = shape(connection).map_err(UpkeepError::sqlite("read the schema"))?;
    Ok(in_order(&shape)?)
}

fn shape(connection: &Connection) -> rusqlite::Result<Shape> {
    let mut shape = Shape::default();
    for table in crate::sqlite::schema::tables(connection)?.into_iter().filter(|table| table != MARK_TABLE) {
        let mut columns = Vec::new();
        connection.pragma(None, "table_info", &table, |row| {
            columns.push(row.get("name")?);
            Ok(())
        })?;
        let mut parents = BTreeSet::new();
        connection.pragma(None, "foreign_key_list", &table, |row| {
            parents.insert(row.get("table")?);
            Ok(())
        })?;
        shape.parents.insert(table.clone(), parents);
        shape.columns.insert(table, columns);
    }
    Ok(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::store::SqliteStore;

    #[test]
    fn every_table_comes_once_behind_those_that_it_refers_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        drop(SqliteStore::open(&path).unwrap());
        let source = FileSource::open(&path, &StoreOptions::default()).unwrap();
        let shape = shape(source.session()).unwrap();
        let names: Vec<&str> = source.tables().iter().map(CopiedTable::name).collect();
        assert_eq!(names.len(), shape.columns.len());
        for (place, table) in names.iter().enumerate() {
            let mut parents = shape.parents[*table].iter();
            assert!(parents.all(|parent| names[..place].contains(&parent.as_str())), "{table} in {names:?}");
        }
        let numbers =
            source.tables().iter().filter(|table| table.all_columns().count() > table.columns().len());
        let numbered: Vec<&str> = numbers.map(CopiedTable::name).collect();
        assert_eq!(numbered, ["audit_events", "idempotency_records", "wake_runtime_events"]);
    }

    #[test]
    fn a_table_or_a_column_that_no_contract_lists_is_not_left_behind() {
        let of = |sql: &str| {
            let connection = Connection::open_in_memory().unwrap();
            connection.execute_batch(sql).unwrap();
            tables(&connection).map(|tables| tables.len()).unwrap_err().to_string()
        };
        assert!(of("CREATE TABLE theirs (a)").contains("no contract lists the table theirs"));
        let columns =
            "device_id, user_id, device_type, last_seen_at, audio_profile_ref, tenant_id, row_version";
        for other in [columns.to_owned() + ", more", columns.replace("tenant_id, ", "")] {
            let error = of(&format!("CREATE TABLE devices ({other})"));
            assert!(error.contains("devices has other columns"), "{error}");
        }
    }
}
