//! The copy of the workspace that mutants are put into.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::written::digest;

/// The copy below the workspace's target folder; it has a target folder of its own, which stays warm.
pub(super) struct Copy {
    folder: PathBuf,
    /// Over the paths and the bytes of all files.
    pub(super) digest: String,
}

impl Copy {
    /// Brings the copy up to the state of the workspace: every file that git knows or would take. Files that are the same stay
    /// untouched, so that cargo builds only what follows from a change.
    pub(super) fn of(root: &Path) -> io::Result<Self> {
        let folder = root.join("target/mutate/copy");
        fs::create_dir_all(&folder)?;
        let files = files(root)?;
        let mut digests = String::new();
        for file in &files {
            let Ok(bytes) = fs::read(root.join(file)) else { continue };
            // Writing to a string cannot fail.
            let _ = writeln!(digests, "{}  {file}", digest(&bytes));
            let to = folder.join(file);
            if fs::read(&to).ok().as_deref() != Some(&bytes) {
                fs::create_dir_all(to.parent().unwrap_or(&folder))?;
                fs::write(to, bytes)?;
            }
        }
        remove_others(&folder, &folder, &files)?;
        Ok(Self { folder, digest: digest(digests.as_bytes()) })
    }

    /// The root of the copy.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs something with another text of a contract, and puts the right one back.
    pub(super) fn with_contract<T>(&self, file: &str, text: &str, run: impl FnOnce() -> T) -> io::Result<T> {
        let path = self.folder.join("generated/contracts").join(format!("{file}.yaml"));
        let right = fs::read(&path)?;
        fs::write(&path, text)?;
        let result = run();
        fs::write(&path, right)?;
        Ok(result)
    }
}

/// Every file of the workspace that git knows or would take, below its root, in order.
fn files(root: &Path) -> io::Result<BTreeSet<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(names.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
}

/// Removes what the workspace does not have any more; folders that cargo writes to stay.
fn remove_others(folder: &Path, root: &Path, files: &BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            if entry.file_name() != "target" {
                remove_others(&path, root, files)?;
            }
        } else {
            let relative = path.strip_prefix(root).map(crate::paths::slashed).unwrap_or_default();
            if !files.contains(&relative) {
                fs::remove_file(&path)?;
            }
        }
    }
    Ok(())
}
