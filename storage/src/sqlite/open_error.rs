//! Why a store does not open.

use std::path::PathBuf;

use crate::sqlite::presence::Misplaced;

/// Why a database cannot be opened. Nothing of a refused file is changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be created or read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file as the caller named it.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no SQLite database.
    #[error("the file is not an SQLite database; nothing was changed")]
    NotADatabase,
    /// The database belongs to another program.
    #[error(
        "the database belongs to another program (application_id {application_id:#010x}); nothing was changed"
    )]
    Foreign {
        /// The owner's mark in the file's header; zero where it has none.
        application_id: i32,
    },
    /// A newer build made the database.
    #[error("the database has schema version {found}, this build knows up to {known}; use a newer build")]
    Newer {
        /// Version of the file.
        found: i32,
        /// Newest version that this build knows.
        known: i32,
    },
    /// An older build made the database, and it was to be opened for reading only.
    #[error(
        "the database has schema version {found}, and reading needs {needed}; open it once for writing, \
         or a copy of it, which brings it to that version"
    )]
    Older {
        /// Version of the file.
        found: i32,
        /// Version that this build reads.
        needed: i32,
    },
    /// The log beside the file holds what the file does not, and cannot be read where the file lies.
    #[error(
        "the log beside the database (-wal) holds {bytes} bytes that may not be in the file yet, and it cannot be read \
         in a folder that does not take the index of the log; copy the file together with its log to a folder that \
         can be written"
    )]
    UnreadableLog {
        /// Length of the log.
        bytes: u64,
    },
    /// The store was opened for reading only.
    #[error("the store was opened read only; nothing is written through it")]
    ReadOnly,
    /// The file is not the one that the store has open.
    #[error(transparent)]
    Misplaced(#[from] Misplaced),
    /// A table, an index or a trigger is not what this build's migrations made: a lock of a ledger may be gone.
    #[error(
        "the schema of the database is not as this build makes it: {}; another program changed it, or an unreleased build \
         made it. Restore these objects, or a copy of the file",
        listed(differences)
    )]
    Schema {
        /// All differences, by the names of the objects.
        differences: Vec<SchemaDifference>,
    },
    /// The rows of another database are being copied into this one, or that was begun and not brought to its end.
    #[error(
        "a copy into this database is not finished, so it is no store yet; run the same copy again to its end"
    )]
    UnfinishedCopy,
    /// After a migration a row would name another one that is not there; the migration was taken back.
    #[error("a row of {table} names a row of {parent} that is not there, so the database was not migrated")]
    Dangling {
        /// The table of the row.
        table: String,
        /// The table that it refers to.
        parent: String,
    },
    /// Rows lack what a newer schema keeps of each; the migration was taken back.
    #[error(
        "{rows} rows of {table} cannot be carried over to the newer schema, which needs of each: {needs}; the database was not \
         migrated. Use a copy of the file in which they are as they were written"
    )]
    Unfilled {
        /// The table of the rows.
        table: String,
        /// How many they are.
        rows: u64,
        /// What each of them needs.
        needs: String,
    },
    /// The newer form of a table would have other rows than the older one; the migration was taken back.
    #[error("{table} has {before} rows, and {after} in the newer schema, so the database was not migrated")]
    NotCarriedOver {
        /// The table by its name in SQL: `audit_events`.
        table: String,
        /// The number of its rows before the migration.
        before: u64,
        /// The rows that it would have.
        after: u64,
    },
    /// A setting that the store depends on did not take.
    #[error("the database setting {setting} is {found}, not {expected}")]
    Setting {
        /// Name of the pragma: `journal_mode`.
        setting: &'static str,
        /// What it must be.
        expected: String,
        /// What was read back.
        found: String,
    },
    /// SQLite reported an error.
    #[error("cannot {step}: {source}")]
    Sqlite {
        /// What was tried, behind `cannot`: `configure the connection`.
        step: &'static str,
        /// The error of SQLite.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// How one object of a schema, named by its kind and name, differs from what the migrations make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaDifference {
    /// The database lacks it.
    #[error("{0} is missing")]
    Missing(String),
    /// Its statement is another one.
    #[error("{0} was altered")]
    Altered(String),
    /// No migration makes it.
    #[error("{0} is unknown")]
    Unknown(String),
}

fn listed(differences: &[SchemaDifference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl OpenError {
    /// An error that SQLite reported during `step`.
    pub(crate) fn sqlite(step: &'static str, error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::NotADatabase,
            _ => Self::Sqlite { step, source: Box::new(error) },
        }
    }

    /// Whether SQLite could not make what a log needs beside the file.
    pub(crate) fn is_unwritable(&self) -> bool {
        use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
        let Self::Sqlite { source, .. } = self else { return false };
        let code = source.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
        matches!(code, Some(CannotOpen | PermissionDenied | ReadOnly))
    }

    /// Whether SQLite found pages that are none of a database: the file is damaged, or was cut off.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        let Self::Sqlite { source, .. } = self else { return false };
        let code = source.downcast_ref::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
        matches!(code, Some(rusqlite::ErrorCode::DatabaseCorrupt))
    }

    /// Whether another connection was in the way for as long as the opening waited.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let Self::Sqlite { source, .. } = self else { return false };
        source.downcast_ref::<rusqlite::Error>().is_some_and(crate::sqlite::trouble::is_busy)
    }
}
