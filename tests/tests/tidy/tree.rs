//! The Rust files of the workspace, and which of them cargo takes as the root of a crate.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use selene_acceptance::place;

/// The text of every file by its path from the workspace, `/` between folders.
pub type Texts = BTreeMap<String, String>;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    place::workspace()
}

/// Every Rust file of the workspace.
pub fn rust_files() -> Texts {
    let mut files = Texts::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(shown, fs::read_to_string(&path).expect("UTF-8"));
            }
        }
    }
    files
}

/// The roots of all crates: libraries, programs, integration tests, examples and benchmarks.
pub fn crate_roots(files: &Texts) -> Vec<&str> {
    files.keys().map(String::as_str).filter(|file| is_crate_root(file)).collect()
}

/// Whether cargo takes a file as the root of a crate, by the folder of its package.
fn is_crate_root(file: &str) -> bool {
    let parts: Vec<&str> = file.split('/').collect();
    (1..parts.len()).any(|count| {
        let (package, rest) = parts.split_at(count);
        let is_package = || root().join(package.join("/")).join("Cargo.toml").is_file();
        match rest {
            ["src", "lib.rs" | "main.rs"]
            | ["src", "bin", _]
            | ["src", "bin", _, "main.rs"]
            | ["build.rs"]
            | ["tests" | "examples" | "benches" | "fuzz_targets", _]
            | ["tests" | "examples" | "benches", _, "main.rs"] => is_package(),
            _ => false,
        }
    })
}
