//! A copy of a file, made while others write to it: a backup, or what a backup is restored to.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;

use super::error::UpkeepError;
use super::look::look_into;
use super::partial::Partial;
use crate::check::{CheckProgress, SavedHead, StoreReport};
use crate::session::Session as _;
use crate::sqlite::place::Place;
use crate::sqlite::schema::{self, Identity};
use crate::sqlite::store::{SqliteStore, StoreOptions};

/// Pages that are copied between two reports, 4 MiB of a store.
const PAGES_AT_ONCE: i32 = 1_024;
/// How long to wait for a lock that is in the way.
const AGAIN_AFTER: Duration = Duration::from_millis(5);

/// How far a copy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyProgress {
    /// Pages that are copied.
    pub copied: u64,
    /// Pages of the database.
    pub pages: u64,
}

/// A copy that has no name yet: `NAME.partial`. Dropped, it is deleted.
#[derive(Debug)]
pub struct CopyDraft {
    partial: Partial,
    schema_version: i32,
    bytes: u64,
}

/// What the checks of a copy found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CopyCheck {
    /// Every check of a store.
    Store(Box<StoreReport>),
    /// The copy has an earlier schema version, so its chains and rows were not checked. What SQLite says of its pages and indices;
    /// empty where nothing is wrong.
    Pages(Vec<String>),
}

impl CopyCheck {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        match self {
            Self::Store(report) => report.is_intact(),
            Self::Pages(faults) => faults.is_empty(),
        }
    }
}

/// Copies a database of this or of an earlier schema version in one state, while other programs read and write it, and writes the copy
/// to the disk. It is readable by its owner only, and lies at `to` with `.partial` behind the name until [`CopyDraft::keep`]. While it is
/// made, the log of a store that is written to grows as it does behind any long reader.
///
/// # Errors
/// `from` is no store that can be read; something has the name `to` or one that SQLite would take for its log; another program writes a
/// copy of that name; the disk is full.
pub fn copy(
    from: &Path,
    to: &Path,
    options: &StoreOptions,
    mut on_progress: impl FnMut(CopyProgress),
) -> Result<CopyDraft, UpkeepError> {
    let (_place, source) = look_into(from, options)?;
    let failed = || UpkeepError::sqlite("copy the database");
    // All pages are of this state: SQLite would begin anew whenever somebody has written.
    let snapshot = source.unchecked_transaction().map_err(failed())?;
    let schema_version = Identity::read(&snapshot).map_err(failed())?.user_version;
    let partial = Partial::create(to)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let mut target = Connection::open_with_flags(partial.path(), flags).map_err(failed())?;
    // A copy that is not finished is deleted, so nothing of it has to be taken back; it is synced once, at its end.
    for (setting, value) in [("journal_mode", "off"), ("synchronous", "off")] {
        target.pragma_update(None, setting, value).map_err(failed())?;
    }
    let backup = Backup::new(&snapshot, &mut target).map_err(failed())?;
    let mut waited = Duration::ZERO;
    loop {
        match backup.step(PAGES_AT_ONCE).map_err(failed())? {
            StepResult::Done => break,
            StepResult::Busy | StepResult::Locked if waited >= options.busy_timeout => {
                return Err(UpkeepError::Busy(from.to_owned()));
            }
            StepResult::Busy | StepResult::Locked => {
                std::thread::sleep(AGAIN_AFTER);
                waited += AGAIN_AFTER;
            }
            _ => {
                let at = backup.progress();
                let count = |pages: i32| u64::try_from(pages).unwrap_or_default();
                on_progress(CopyProgress {
                    copied: count(at.pagecount - at.remaining),
                    pages: count(at.pagecount),
                });
            }
        }
    }
    drop(backup);
    target.close().map_err(|(_, error)| UpkeepError::sqlite("close the copy")(error))?;
    partial.sync()?;
    let bytes = std::fs::metadata(partial.path()).map_err(UpkeepError::file(partial.path()))?.len();
    Ok(CopyDraft { partial, schema_version, bytes })
}

impl CopyDraft {
    /// The schema version of the copy.
    #[must_use]
    pub const fn schema_version(&self) -> i32 {
        self.schema_version
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Runs every check of a store on the copy, against heads that were saved before; where it has an earlier schema version, those of
    /// SQLite alone. `on_progress` is called with how far it has come.
    ///
    /// # Errors
    /// The copy cannot be read. What is wrong is no error, it is what the report says.
    pub fn verify(
        &self,
        saved: &[SavedHead],
        options: &StoreOptions,
        on_progress: impl FnMut(CheckProgress),
    ) -> Result<CopyCheck, UpkeepError> {
        let place = Place::untouched(self.partial.path(), options.busy_timeout)?;
        if self.schema_version == schema::NEWEST {
            let store = SqliteStore::at(place, options)?;
            return Ok(CopyCheck::Store(Box::new(store.verify_watched(saved, on_progress)?)));
        }
        Ok(CopyCheck::Pages(place.open_reader()?.page_faults()?.unwrap_or_default()))
    }

    /// Gives the copy its name in one step, and writes that to the disk. Killed at any moment, nothing or the whole copy has the name.
    ///
    /// # Errors
    /// Something has the name by now, or the system refuses.
    pub fn keep(self) -> Result<(), UpkeepError> {
        self.partial.name()
    }
}
