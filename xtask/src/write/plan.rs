//! What differs between the files to be and the files that are there.

use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{self, CONTRACTS, EntryKind};
use super::recorded::{Recorded, SOURCES_FILE, digest};
use super::render::Rendered;

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It does not exist.
    Missing,
    /// It is as it was written, but the specs have moved on.
    Stale,
    /// It is not as it was written.
    HandEdited,
    /// No spec gives it any more.
    Extra,
    /// It is a folder where only files are expected. Folders are named, but never deleted.
    ExtraFolder,
}

impl ChangeKind {
    /// The word for people and tools.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::HandEdited => "hand-edited",
            Self::Extra | Self::ExtraFolder => "extra",
        }
    }
}

/// A file that differs.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its path below the output folder, for people.
    pub path: String,
    /// Where it lies.
    pub place: PathBuf,
    /// How it differs.
    pub kind: ChangeKind,
    /// Its text now; empty where there is none.
    pub old: String,
    /// Its text to be; `None` means that it is deleted, unless it is a folder.
    pub new: Option<String>,
}

/// Compares the files to be with the output folder. `sources.json` comes last.
#[must_use]
pub fn plan(files: &[Rendered], record: &Recorded, recorded: &Recorded, out: &Path) -> Vec<Change> {
    let mut changes: Vec<Change> = files.iter().filter_map(|file| compare(file, recorded, out)).collect();
    for entry in folder::entries(out) {
        let path = format!("{CONTRACTS}/{}", entry.name);
        if !files.iter().any(|file| file.path == path) {
            let kind =
                if entry.kind == EntryKind::Folder { ChangeKind::ExtraFolder } else { ChangeKind::Extra };
            let old = read(&entry.path).map(|bytes| lossy(&bytes)).unwrap_or_default();
            changes.push(Change { path, place: entry.path, kind, old, new: None });
        }
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    let side = Rendered { path: SOURCES_FILE.to_owned(), text: record.to_text() };
    // The record holds no digest of itself: whatever differs there counts as out of date.
    changes.extend(compare(&side, &Recorded::default(), out));
    changes
}

fn compare(file: &Rendered, recorded: &Recorded, out: &Path) -> Option<Change> {
    let place = out.join(&file.path);
    let bytes = read(&place);
    if bytes.as_deref() == Some(file.text.as_bytes()) {
        return None;
    }
    let kind = match &bytes {
        None => ChangeKind::Missing,
        Some(bytes) => match recorded.files.get(&file.path) {
            Some(known) if *known != digest(bytes) => ChangeKind::HandEdited,
            _ => ChangeKind::Stale,
        },
    };
    let old = bytes.map(|bytes| lossy(&bytes)).unwrap_or_default();
    Some(Change { path: file.path.clone(), place, kind, old, new: Some(file.text.clone()) })
}

/// The bytes of a file that is no link: whatever else stands in its place counts as no file.
fn read(path: &Path) -> Option<Vec<u8>> {
    if folder::kind(path) == EntryKind::File { fs::read(path).ok() } else { None }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
