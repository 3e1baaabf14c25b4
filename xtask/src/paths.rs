//! Where the workspace lies, and how paths are shown: relative to it, with `/`, so that output is the same everywhere.

use std::path::{Component, Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`, known when this program is compiled.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// A path for people.
#[must_use]
pub fn display(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let absolute = without_dots(&absolute);
    let shown = absolute.strip_prefix(workspace_root()).unwrap_or(&absolute);
    let shown = slashed(shown);
    if shown.is_empty() { ".".to_owned() } else { shown }
}

/// A path with `/` between its parts on every system.
#[must_use]
pub fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Takes `.` and `..` out of an absolute path without asking the file system.
fn without_dots(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}
