//! Moving a store: from a file of SQLite to a server, and back.
//!
//! Chains, heads, answers and every row arrive as they were, so that saved heads stay good and a call that is made again is answered as
//! before. The source is read in one state, and must not be written to until the copy is finished; the target must be empty, or an
//! unfinished copy of the same source. While a target is unfinished no store opens there, and what stores have it open from before are
//! refused every write. A copy that was killed goes on behind the rows that are there.
//!
//! What lives here: both ends of a copy on a server. What must not: the order of tables, sums, the mark, which are the same everywhere.

mod encode;
mod error;
mod fence;
mod options;
mod server_source;
mod server_target;

use std::path::Path;

use selene_storage::backend::transfer::{self, CopiedTable, Mark, Source, Target};
use selene_storage::upkeep::{FileSource, FileTarget};
use selene_storage::{CheckProgress, SavedHead};

pub use error::CopyError;
pub use options::CopyOptions;
pub use selene_storage::backend::transfer::{Arrival, CopiedRows, TransferError, TransferProgress};

use self::server_source::ServerSource;
use self::server_target::ServerTarget;
pub use crate::connection::address::{database_name, with_password};
use crate::schema;

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyProgress {
    /// Rows are being copied: how many so far.
    Rows(TransferProgress),
    /// What has arrived is checked.
    Checks(CheckProgress),
}

/// What a copy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CopyReport {
    /// Every table with its rows, in the order in which they were copied.
    pub tables: Vec<CopiedRows>,
    /// Whether a copy that was begun before was brought to its end.
    pub is_continued: bool,
    /// What has arrived. Where something is wrong with it, the target stays unfinished.
    pub arrival: Arrival,
}

impl CopyReport {
    /// Whether the target is a store now.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.arrival.is_intact()
    }
}

/// Copies a file into a database of a server. The address is that of the owner of the tables.
///
/// # Errors
/// As [`CopyError`] says. Nothing of the source is changed; the target is as it was, or stays unfinished.
pub fn to_server(
    from: &Path,
    to: &str,
    options: &CopyOptions,
    mut on_progress: impl FnMut(CopyProgress),
) -> Result<CopyReport, CopyError> {
    let source = FileSource::open(from, &options.of_file()).map_err(CopyError::File)?;
    if let Some(role) = &options.role {
        schema::migrate(to, role).map_err(CopyError::Server)?;
    }
    let (heads, tables) = (source.heads(), source.tables());
    let mut target = ServerTarget::open(to, &Mark::of(heads), tables, options)?;
    let is_continued = target.is_continued();
    let (copied, arrival) = carry(&source, &mut target, tables, heads, &mut on_progress)?;
    if arrival.is_intact() {
        if !source.is_still_so().map_err(CopyError::File)? {
            return Err(CopyError::SourceMoved);
        }
        target.finish()?;
    }
    Ok(CopyReport { tables: copied, is_continued, arrival })
}

/// Copies a database of a server into a new file. The address is that of the role of the stores.
///
/// # Errors
/// As [`CopyError`] says. Nothing of the source is changed; there is no file `to`.
pub fn to_file(
    from: &str,
    to: &Path,
    options: &CopyOptions,
    mut on_progress: impl FnMut(CopyProgress),
) -> Result<CopyReport, CopyError> {
    let source = ServerSource::open(from, options)?;
    let mut target =
        FileTarget::open(to, &Mark::of(source.heads()), &options.of_file()).map_err(CopyError::File)?;
    let (is_continued, tables) = (target.is_continued(), target.tables().to_vec());
    let (copied, arrival) = carry(&source, &mut target, &tables, source.heads(), &mut on_progress)?;
    if arrival.is_intact() {
        if !source.is_still_so()? {
            return Err(CopyError::SourceMoved);
        }
        target.finish().map_err(CopyError::File)?;
    }
    Ok(CopyReport { tables: copied, is_continued, arrival })
}

fn carry<T: Target>(
    source: &impl Source,
    target: &mut T,
    tables: &[CopiedTable],
    heads: &[SavedHead],
    on_progress: &mut impl FnMut(CopyProgress),
) -> Result<(Vec<CopiedRows>, Arrival), CopyError> {
    let copied = transfer::copy_rows(source, target, tables, &mut |progress| {
        on_progress(CopyProgress::Rows(progress));
    })?;
    let arrival = transfer::verify(target, tables, &copied, heads, &mut |progress| {
        on_progress(CopyProgress::Checks(progress));
    })?;
    Ok((copied, arrival))
}
