//! Where the workspace lies, and how paths are shown: relative to it, with `/`, so that output is the same everywhere.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// The file that holds what all engines share, without its extension.
pub const SHARED: &str = "shared";

/// The workspace that this program is run in: the nearest folder, from the current one upwards, that holds `Cargo.toml` and
/// `specs/`; else the one that cargo runs this program from. `None` outside of any.
///
/// It is looked up when the program runs: a built program that was copied together with its checkout works on the copy.
#[must_use]
pub fn workspace_root() -> Option<&'static Path> {
    // The current folder of this program never changes.
    static ROOT: OnceLock<Option<PathBuf>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let here = std::env::current_dir().ok();
        let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        here.iter()
            .chain(&package)
            .find_map(|folder| folder.ancestors().find(|folder| is_workspace(folder)).map(Path::to_path_buf))
    })
    .as_deref()
}

fn is_workspace(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file() && folder.join("specs").is_dir()
}

/// A path for people.
#[must_use]
pub fn display(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let absolute = without_dots(&absolute);
    let shown = workspace_root().and_then(|root| absolute.strip_prefix(root).ok()).unwrap_or(&absolute);
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
