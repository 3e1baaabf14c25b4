//! Where the checkout lies in which the tests run, asked while they run: a path that was compiled in would lead from a
//! copied checkout back to the original.

use std::path::{Path, PathBuf};

/// The folder of this package.
///
/// # Panics
/// Cargo does not run the tests.
#[must_use]
pub fn package() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests"))
}

/// The folder of the workspace.
///
/// # Panics
/// Cargo does not run the tests.
#[must_use]
pub fn workspace() -> PathBuf {
    package().parent().expect("the package lies in the workspace").to_owned()
}

/// A folder for what a test keeps from one run to the next, within the target folder that the tests were built into.
///
/// # Panics
/// The test does not lie in a target folder.
#[must_use]
pub fn scratch(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    // target/debug/deps/test
    test.ancestors().nth(3).expect("a target folder").join("tmp").join(name)
}

/// The cargo that runs the tests.
#[must_use]
pub fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| Path::new("cargo").to_owned(), PathBuf::from)
}
