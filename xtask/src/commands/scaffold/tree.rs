//! The files that a draft depends on, from the disk.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::paths::slashed;
use crate::scaffold::Tree;

/// What files are read, by their extensions.
const EXTENSIONS: [&str; 3] = ["rs", "sql", "jsonl"];

/// Reads the workspace's files. The error names the one that cannot be read.
pub(super) fn read(root: &Path) -> Result<Tree, (String, io::Error)> {
    let mut files = BTreeMap::new();
    for folder in Tree::FOLDERS {
        read_folder(root, &root.join(folder), &mut files)?;
    }
    Ok(Tree::new(files))
}

fn read_folder(
    root: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, String>,
) -> Result<(), (String, io::Error)> {
    let named = |path: &Path| slashed(path.strip_prefix(root).unwrap_or(path));
    let failed = |error| (named(folder), error);
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            read_folder(root, &path, files)?;
        } else if path.extension().is_some_and(|other| EXTENSIONS.iter().any(|known| other == *known)) {
            let text = fs::read_to_string(&path).map_err(|error| (named(&path), error))?;
            files.insert(named(&path), text);
        }
    }
    Ok(())
}
