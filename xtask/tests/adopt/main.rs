//! `cargo xtask adopt`: what is missing is drafted, what stands stays, and what was accepted is enough for `regenerate`.

#[path = "../common/mod.rs"]
mod common;

mod accepted;
mod broken;
mod forms;
mod guesses;
mod standing;

use std::path::PathBuf;

use common::{Run, Sandbox};

/// A pair of pages that no lexicon knows: a folder below `pairs`.
fn pair(name: &str) -> Vec<PathBuf> {
    vec![common::ten_engines().join("../adopt/pairs").join(name)]
}

/// Adopts and accepts a pair among ten engines.
fn adopted(name: &str) -> (Sandbox, Run) {
    let sandbox = Sandbox::ten_engines();
    let run = sandbox.adopt(&pair(name), &["--accept"]);
    (sandbox, run)
}

/// The lines that were added to a file of the specs, without those of the ten engines.
fn added(sandbox: &Sandbox, file: &str) -> String {
    let old = std::fs::read_to_string(common::ten_engines().join("specs").join(file)).expect("a spec");
    let new = std::fs::read_to_string(sandbox.specs().join(file)).expect("a spec");
    let mut old = old.lines().peekable();
    let mut lines = String::new();
    for line in new.lines() {
        if old.next_if(|known| *known == line).is_none() {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    assert_eq!(old.next(), None, "{file} lost a line");
    lines
}
