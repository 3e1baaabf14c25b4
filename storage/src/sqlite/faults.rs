//! Faults that tests ask for: what a disk does only when it breaks.

use rusqlite::ffi;

/// What the next commit does instead of committing quietly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum CommitFault {
    /// Nothing: it commits.
    #[default]
    None,
    /// It commits and reports an error all the same.
    ReportsAfter,
    /// It reports an error and does not commit.
    ReportsInstead,
}

/// The faults of one writer.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) next_commit: CommitFault,
}

impl Faults {
    /// Commits as the next fault says, once.
    pub(crate) fn commit(&mut self, commit: impl FnOnce() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
        let failed = rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR_FSYNC), None);
        match std::mem::take(&mut self.next_commit) {
            CommitFault::None => commit(),
            CommitFault::ReportsAfter => commit().and(Err(failed)),
            CommitFault::ReportsInstead => Err(failed),
        }
    }
}
