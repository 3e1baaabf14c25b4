//! The demo runs to its end, tells the same story on every fresh file, and may be run again on a used one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The demo, which `cargo test` builds beside the tests.
fn demo() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap().join("examples/demo");
    assert!(built.exists(), "{} is not built: run `cargo build --example demo`", built.display());
    built
}

fn run(arguments: &[&str]) -> Output {
    let output = Command::new(demo()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn the_demo_tells_the_same_story_on_every_fresh_file() {
    let first = run(&[]);
    assert!(String::from_utf8_lossy(&first.stdout).contains("intact"), "the chains are verified at the end");
    assert_eq!(run(&[]).stdout, first.stdout);
}

#[test]
fn the_demo_may_be_run_again_on_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demo.db");
    let file = file.to_str().unwrap();
    run(&["--db", file]);
    let again = run(&["--db", file]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("replayed"), "a used file answers as before");
}
