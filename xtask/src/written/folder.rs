//! What lies in `contracts/`, the one folder in which files may be deleted. Links are never followed.

use std::fs;
use std::path::{Path, PathBuf};

/// Its path below the output folder.
pub const CONTRACTS: &str = "contracts";

/// Something in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name for people; not every system's names are text.
    pub name: String,
    /// Its path, with the folder before it.
    pub path: PathBuf,
    /// The kind of the entry: a file, a folder, or something else.
    pub kind: EntryKind,
}

/// What an entry is in itself, not what it may point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file with bytes of its own.
    File,
    /// A folder, whose entries are not listed.
    Folder,
    /// A link, a pipe and the like: something that must not be read.
    Other,
}

/// Everything in the folder, by name. A folder that is itself a link counts as empty.
#[must_use]
pub fn entries(out: &Path) -> Vec<Entry> {
    let folder = out.join(CONTRACTS);
    if !folder.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Vec::new();
    }
    let mut found: Vec<Entry> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| Entry {
            name: entry.file_name().to_string_lossy().into_owned(),
            path: entry.path(),
            kind: kind(&entry.path()),
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// What lies at a path.
#[must_use]
pub fn kind(path: &Path) -> EntryKind {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => EntryKind::File,
        Ok(metadata) if metadata.is_dir() => EntryKind::Folder,
        _ => EntryKind::Other,
    }
}
