//! What differs between the files to be and the files that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::yaml;

use super::render::{ENGINES_FILE, Rendered, SHARED_FILE, engines};
use crate::paths::SHARED;
use crate::written::{CONTRACTS, EntryKind, Recorded, SOURCES_FILE, digest, entries, kind};

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
    /// Its path on the disk.
    pub place: PathBuf,
    /// Whether the file is new, changed or removed.
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
    let expected: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for entry in entries(out) {
        let path = format!("{CONTRACTS}/{}", entry.name);
        if !expected.contains(path.as_str()) {
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
        Some(bytes) if is_hand_edited(&file.path, bytes, recorded, out) => ChangeKind::HandEdited,
        Some(_) => ChangeKind::Stale,
    };
    let old = bytes.map(|bytes| lossy(&bytes)).unwrap_or_default();
    Some(Change { path: file.path.clone(), place, kind, old, new: Some(file.text.clone()) })
}

/// Whether a file that differs is not as any run wrote it, as far as that can be seen.
fn is_hand_edited(path: &str, bytes: &[u8], recorded: &Recorded, out: &Path) -> bool {
    match path {
        SHARED_FILE => true,
        // It follows from the contracts, so no digest of it is kept: that would change with every engine's.
        ENGINES_FILE => engines_as_written(recorded, out).is_some_and(|text| text.as_bytes() != bytes),
        _ => recorded.digest_of(path).is_some_and(|known| known != digest(bytes)),
    }
}

/// The list of engines that the contracts on the disk give. Nothing where one of them is not as it was written.
fn engines_as_written(recorded: &Recorded, out: &Path) -> Option<String> {
    if recorded.changed_contracts(out).next().is_some() {
        return None;
    }
    let is_shared = |name: &str| name.trim_end_matches(".yaml") == SHARED;
    let texts = recorded.intact_contracts(out);
    let shared: SharedContract =
        texts.iter().find(|(name, _)| is_shared(name)).and_then(|(_, text)| yaml::from_str(text).ok())?;
    let contracts: Result<Vec<Contract>, _> =
        texts.iter().filter(|(name, _)| !is_shared(name)).map(|(_, text)| yaml::from_str(text)).collect();
    Some(engines(&contracts.ok()?, &shared))
}

/// The bytes of a file that is no link: whatever else stands in its place counts as no file.
fn read(path: &Path) -> Option<Vec<u8>> {
    if kind(path) == EntryKind::File { fs::read(path).ok() } else { None }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
