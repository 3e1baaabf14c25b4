//! The program, as a person starts it.

use std::ffi::OsStr;
use std::process::{Command, Output};

use serde_json::Value;

/// The program that `cargo test` built.
pub fn command(words: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_selene-store-copy"));
    command.args(words).env_remove("PGPASSWORD");
    command
}

/// What a run came to.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Run {
    fn of(output: &Output) -> Self {
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
