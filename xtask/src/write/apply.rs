//! Changes to the disk. A file is replaced in one step, so that no reader ever sees half of it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::plan::Change;

/// Writes and deletes what a plan says, in its order.
///
/// # Errors
/// A folder cannot be made, or a file cannot be written or deleted; the message names it.
pub fn apply(changes: &[Change], out: &Path) -> io::Result<()> {
    for change in changes {
        let path = out.join(&change.path);
        let result = match &change.new {
            Some(text) => replace(&path, text),
            None => fs::remove_file(&path),
        };
        result.map_err(|error| {
            io::Error::new(error.kind(), format!("`{}`: {}", crate::paths::display(&path), error.kind()))
        })?;
    }
    Ok(())
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".regenerate-");
    // A temporary file is private by default; a generated one is as readable as any other source file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}
