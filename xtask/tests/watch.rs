//! `cargo xtask watch`: it runs at once, after every change, and not without one.

mod common;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use common::{Sandbox, fixtures, xtask};

/// Long enough for a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running `watch`; it is ended with the test.
struct Watching {
    child: Child,
    printed: Receiver<String>,
}

impl Watching {
    fn of(sandbox: &Sandbox, command: &str) -> Self {
        let mut child = xtask()
            .args(["watch", command, "--interval-ms", "20", "--specs"])
            .arg(sandbox.specs())
            .arg("--out")
            .arg(sandbox.out())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("xtask starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let (sender, printed) = channel();
        // It ends with the program.
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, printed }
    }

    /// Waits for a line that holds some words; gives how many lines with the other words came before.
    fn wait_for(&self, words: &str, others: &str) -> usize {
        let mut count = 0;
        loop {
            let line = self.printed.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|error| panic!("{words:?} is not printed: {error}"));
            if line.contains(words) {
                return count;
            }
            count += usize::from(line.contains(others));
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn lint_runs_at_once_and_again_after_an_edit() {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/base"));
    let watching = Watching::of(&sandbox, "lint");
    let clean = "rules find nothing";
    watching.wait_for(clean, "error[");
    sandbox.edit("ecm/PH1_T.md", "title?", "titel?");
    watching.wait_for("error[E0201]", clean);
    sandbox.edit("ecm/PH1_T.md", "titel?", "title?");
    assert_eq!(watching.wait_for(clean, "error["), 0, "each change is acted upon once");
}

#[test]
fn regenerate_writes_after_every_edit() {
    let sandbox = Sandbox::base();
    let watching = Watching::of(&sandbox, "regenerate");
    watching.wait_for("new, ", "nothing changed");
    sandbox.edit("ecm/PH1_T.md", "Keep notes of a person", "Keep all notes of a person");
    assert_eq!(watching.wait_for("+1 -1 lines", "nothing changed"), 0, "it does not run without a change");
    let written = sandbox.written();
    let contract = written.iter().find(|(name, _)| name.ends_with("ph1_t.yaml")).expect("the contract");
    assert!(String::from_utf8_lossy(&contract.1).contains("Keep all notes of a person"));
}

#[test]
fn a_folder_that_does_not_exist_ends_it() {
    let sandbox = Sandbox::base();
    let run = sandbox.run(xtask().args(["watch", "--specs", "nowhere", "--out", "out"]));
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("nowhere` is not a folder"), "{}", run.stderr);
    let run = sandbox.run(xtask().args(["watch", "demo"]));
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(sandbox.run(xtask().args(["watch", "--help"])).stdout.contains("Exit codes:"));
}
