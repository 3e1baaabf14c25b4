//! The program, as a person starts it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

pub use crate::run::Run;

/// The program that `cargo test` built.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_selene-store"))
}

/// Makes a copy of the program. A child writes it: what this process has open for writing while another test starts a program would be
/// busy, and could not be run.
#[cfg(unix)]
pub fn copy_to(path: &std::path::Path) {
    let status = Command::new("cp").arg(program()).arg(path).status().unwrap();
    assert!(status.success(), "{} is not copied: {status}", path.display());
}

pub fn command(words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(program());
    command.args(words);
    command
}

pub fn run(words: &[impl AsRef<OsStr>]) -> Run {
    Run::of(&command(words).output().unwrap())
}

/// Runs a command on a file.
pub fn on(name: &str, file: &Path, more: &[&str]) -> Run {
    let mut words: Vec<&OsStr> = vec![name.as_ref(), file.as_ref()];
    words.extend(more.iter().map(OsStr::new));
    run(&words)
}

/// Runs a command on a file, and keeps its output in another one.
pub fn keep(name: &str, file: &Path, more: &[&str], to: &Path) {
    let run = on(name, file, more).ends_with(0);
    std::fs::write(to, run.out).unwrap();
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
