//! A draft to the disk: all new files, then the lines that name them.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::scaffold::{Draft, NewFile};
use crate::write::replace;

/// Writes a draft. A file that is there already is never opened as a new one. Where one cannot be written, those that were written
/// are taken away again, so that nothing is there by half. The error names the file.
pub(super) fn apply(root: &Path, draft: &Draft) -> Result<(), (String, io::Error)> {
    for (index, file) in draft.files.iter().enumerate() {
        if let Err(error) = create(root, file) {
            for written in &draft.files[..index] {
                // What cannot be taken away either is shown by the next run.
                let _ = fs::remove_file(root.join(&written.path));
            }
            return Err((file.path.clone(), error));
        }
    }
    for registration in &draft.registrations {
        let path = root.join(&registration.path);
        let folder = path.parent().unwrap_or(root);
        replace(&path, &registration.new, folder).map_err(|error| (registration.path.clone(), error))?;
    }
    Ok(())
}

fn create(root: &Path, file: &NewFile) -> io::Result<()> {
    let path = root.join(&file.path);
    fs::create_dir_all(path.parent().unwrap_or(root))?;
    OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(file.text.as_bytes())
}
