//! The program, as a person starts it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The program that `cargo test` built.
pub fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_selene-store"))
}

pub fn command(words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(program());
    command.args(words);
    command
}

/// What a run came to.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Fails unless the run ended with this code, with all that it said.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        let said = format!("{}\n{}", self.out, self.err);
        assert!(said.contains(words), "{words:?} is not in: {said}");
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
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
