//! Changes to the disk. A file is replaced in one step, so that no reader ever sees half of it, and a run that is ended
//! at any moment leaves every file old or new.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::plan::{Change, ChangeKind};
use crate::written::CONTRACTS;

/// How the names of files start that are not complete yet. Those of generated files all lie in `contracts/`, where the
/// next run deletes what an ended one left.
pub const TEMPORARY: &str = ".regenerate-";

/// Writes and deletes what a plan says, in its order. Folders stay.
///
/// # Errors
/// A folder cannot be made, or a file cannot be written or deleted; the message names it.
pub fn apply(changes: &[Change], out: &Path) -> io::Result<()> {
    for change in changes.iter().filter(|change| change.kind != ChangeKind::ExtraFolder) {
        let result = match &change.new {
            Some(text) => replace(&change.place, text, &out.join(CONTRACTS)),
            // This takes a link away, never what it points to, and fails on a folder.
            None => fs::remove_file(&change.place),
        };
        result.map_err(|error| {
            let shown = crate::paths::display(&change.place);
            io::Error::new(error.kind(), format!("`{shown}`: {}", error.kind()))
        })?;
    }
    Ok(())
}

/// Writes a file in one step; its folder is made where there is none.
///
/// # Errors
/// A folder cannot be made, or the file cannot be written; it is as it was then.
pub fn replace(path: &Path, text: &str, temporary: &Path) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    prepared(text, temporary)?.persist(path).map(drop).map_err(|error| error.error)
}

/// A text in a file without a name yet, in a folder that is made where there is none. It takes its place in one step, if that
/// is on the same disk.
///
/// # Errors
/// The folder cannot be made, or the file cannot be written.
pub fn prepared(text: &str, temporary: &Path) -> io::Result<NamedTempFile> {
    fs::create_dir_all(temporary)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // A temporary file is private by default; a generated one is as readable as any other source file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(temporary)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}
