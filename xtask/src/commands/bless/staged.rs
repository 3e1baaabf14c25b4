//! Texts in a folder of their own beside those of the workspace: what differs, shown and applied.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use crate::commands::difference::Difference;
use crate::paths;

/// Makes the folder that a test program writes to, with copies of what it reads.
pub fn prepare(from: &Path, to: &Path, reads: Option<&str>) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let Some(extension) = reads else { return Ok(()) };
    for (name, text) in texts(from, extension)? {
        fs::write(to.join(name), text)?;
    }
    Ok(())
}

/// Every text of a folder that differs between workspace and stage, by name. Where a text names its place in the stage, the place in the
/// workspace stands instead.
pub fn differences(root: &Path, stage: &Path, folder: &str, extension: &str) -> io::Result<Vec<Difference>> {
    let mut pinned = texts(&root.join(folder), extension)?;
    let mut made = texts(&stage.join(folder), extension)?;
    let package = folder.split('/').next().unwrap_or_default();
    let place = format!("{}/", paths::slashed(&stage.join(package)));
    let names: BTreeSet<String> = pinned.keys().chain(made.keys()).cloned().collect();
    let differ = |name: String| {
        let old = pinned.remove(&name);
        let new = made.remove(&name).map(|text| text.replace(&place, ""));
        Difference::between(format!("{folder}/{name}"), old, new)
    };
    Ok(names.into_iter().filter_map(differ).collect())
}

/// The texts of a folder with an extension, by name; none where there is no folder.
fn texts(folder: &Path, extension: &str) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|other| other == extension) && path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(found)
}
