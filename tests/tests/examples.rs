//! The crates in `examples/` stand outside the workspace and use it by path, as an OS crate does. Here they are built and
//! their tests run, with the versions that their own lock files name.

use std::path::PathBuf;
use std::process::Command;

use selene_acceptance::place;

#[test]
fn every_example_builds_and_passes_its_tests() {
    let root = place::workspace();
    let mut examples: Vec<PathBuf> = std::fs::read_dir(root.join("examples"))
        .expect("the folder of examples")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.join("Cargo.toml").exists())
        .collect();
    examples.sort();
    assert!(!examples.is_empty());
    for example in examples {
        let output = Command::new(place::cargo())
            .args(["test", "--locked", "--quiet", "--target-dir"])
            .arg(place::scratch("examples"))
            .current_dir(&example)
            .output()
            .expect("cargo runs");
        assert!(
            output.status.success(),
            "{}:\n{}{}",
            example.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
