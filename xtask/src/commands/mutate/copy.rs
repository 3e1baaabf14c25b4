//! The copy of the workspace that mutants are put into.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::kept::REASONS;
use crate::written::digest;

/// The copy below the workspace's target folder; it has a target folder of its own, which stays warm.
pub(super) struct Copy {
    folder: PathBuf,
    /// Over what the stages are built from.
    pub(super) digests: Digests,
}

/// Over the paths and the bytes of what tests are built from and read. The tool itself is left out: tests take from it how records look
/// and where a line of the specs stands, and neither is a constraint.
#[derive(Debug, Clone, Default)]
pub(super) struct Digests {
    /// The digest of what the promises are built from and read.
    pub(super) promises: String,
    /// The digest of what the tests of the schema are built from and read.
    pub(super) schema: String,
    /// The digest of what the tests of all stages are built from and read.
    pub(super) all: String,
}

/// What every test is built from.
const CONTRACTS: [&str; 5] = [".cargo/", "Cargo.", "codegen/", "generated/contracts/", "generated/src/"];
const PROMISES: [&str; 2] = ["generated/Cargo.toml", "generated/tests/"];
const SCHEMA: [&str; 5] =
    ["storage/Cargo.toml", "storage/src/", "tests/Cargo.toml", "tests/src/", "tests/tests/conformance/"];
const ALL: [&str; 5] = ["generated/", "storage/Cargo.toml", "storage/src/", "storage/tests/", "tests/"];

impl Digests {
    fn of(files: &BTreeMap<String, String>) -> Self {
        let over = |name: &str, places: &[&str]| {
            let is_there = |file: &str| CONTRACTS.iter().chain(places).any(|place| file.starts_with(place));
            let built = files.iter().filter(|(file, _)| *file != REASONS && is_there(file));
            // Two of them differ in their names where there is no file that only one of them has.
            let lines = built.map(|(file, digest)| format!("{digest}  {file}\n"));
            digest(format!("{name}\n{}", lines.collect::<String>()).as_bytes())
        };
        Self {
            promises: over("promises", &PROMISES),
            schema: over("schema", &SCHEMA),
            all: over("all", &ALL),
        }
    }
}

/// Holds the copy for one run, until what is returned is dropped: two runs would change each other's contracts.
pub(super) fn hold(root: &Path) -> Result<File, String> {
    let folder = root.join("target/mutate");
    let cannot = |error: io::Error| format!("the copy below target/mutate cannot be held: {error}");
    fs::create_dir_all(&folder).map_err(cannot)?;
    let file = File::create(folder.join("lock")).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err("another run of `cargo xtask mutate` works in the copy below target/mutate\nhelp: wait until it has ended".to_owned()),
        Err(TryLockError::Error(error)) => Err(cannot(error)),
    }
}

impl Copy {
    /// Brings the copy up to the state of the workspace: every file that git knows or would take. Files that are the same stay
    /// untouched, so that cargo builds only what follows from a change.
    pub(super) fn of(root: &Path) -> io::Result<Self> {
        let folder = root.join("target/mutate/copy");
        fs::create_dir_all(&folder)?;
        let files = files(root)?;
        let mut digests = BTreeMap::new();
        for file in &files {
            let Ok(bytes) = fs::read(root.join(file)) else { continue };
            digests.insert(file.clone(), digest(&bytes));
            let to = folder.join(file);
            if fs::read(&to).ok().as_deref() != Some(&bytes) {
                fs::create_dir_all(to.parent().unwrap_or(&folder))?;
                fs::write(to, bytes)?;
            }
        }
        remove_others(&folder, &folder, &files)?;
        Ok(Self { folder, digests: Digests::of(&digests) })
    }

    /// The root of the copy.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs something with other texts of contracts, and puts the right ones back.
    pub(super) fn with<T>(&self, texts: &BTreeMap<String, String>, run: impl FnOnce() -> T) -> io::Result<T> {
        let mut right = Vec::new();
        for (file, text) in texts {
            let path = self.folder.join("generated/contracts").join(format!("{file}.yaml"));
            right.push((path.clone(), fs::read(&path)?));
            fs::write(path, text)?;
        }
        let result = run();
        for (path, bytes) in right {
            fs::write(path, bytes)?;
        }
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
