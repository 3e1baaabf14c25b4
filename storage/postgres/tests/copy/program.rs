//! The program, as a person starts it.

use std::ffi::OsStr;
use std::process::Command;

pub use crate::run::Run;

/// The program that `cargo test` built.
pub fn command(words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selene-store-copy"));
    command.args(words).env_remove("PGPASSWORD");
    command
}

pub fn run(words: &[impl AsRef<OsStr>]) -> Run {
    Run::of(&command(words).output().unwrap())
}

/// Runs it in a process that may have so many files open.
pub fn run_with_files(files: u32, words: &[impl AsRef<OsStr>]) -> Run {
    let mut command = Command::new("sh");
    command.args(["-c", &format!(r#"ulimit -n {files}; exec "$@""#), "sh"]);
    command.arg(env!("CARGO_BIN_EXE_selene-store-copy")).args(words).env_remove("PGPASSWORD");
    Run::of(&command.output().unwrap())
}

/// Copies, with more words behind the two places.
pub fn copy(from: impl AsRef<OsStr>, to: impl AsRef<OsStr>, more: &[&str]) -> Run {
    let mut words = vec![from.as_ref(), to.as_ref()];
    words.extend(more.iter().map(OsStr::new));
    run(&words)
}
