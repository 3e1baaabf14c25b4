//! The worked example of README.md, carried to its end.
//!
//! At the end every test of the workspace passes. Here run those that an edit of specs can turn red. Left out, since they look at
//! storage and commits whatever the specs are, and would take longer than everything else: random sequences of calls (`models`),
//! the crash tests and the other integration tests of storage, the trials of every lock and invariant (`conformance`, of which the
//! comparison with the contracts runs), the tests of the tools that stand on fixtures, and these examples.

use super::checkout::{Checkout, OF_EVERY_ENGINE};
use super::document::{Section, shows};

/// What runs at the end, by the arguments of `cargo test`.
const GREEN: [&[&str]; 8] = [
    &["--package", "selene-contracts", "--tests"],
    // What is asked of the workspace's own specs; all else stands on fixtures.
    &[
        "--package",
        "xtask",
        "--test",
        "editors",
        "--test",
        "parse",
        "--test",
        "planted",
        "--test",
        "regenerate",
        "workspace",
    ],
    &["--package", "selene-storage", "--lib"],
    &["--package", "selene-storage", "--test", "calls", "reasons::"],
    &["--package", "selene-storage", "--test", "calls", "star_imports::"],
    &["--package", "selene-acceptance", "--lib"],
    OF_EVERY_ENGINE,
    &["--package", "selene-acceptance", "--test", "conformance", "contracts_and_schema_agree"],
];

#[test]
fn the_worked_example_of_the_readme_is_true() {
    let example = Section::of("README.md", "## Worked example");
    let checkout = Checkout::new();

    // One edit of a spec, one of the registry.
    let [spec, registry, code, promise] = example.blocks("diff");
    checkout.apply(spec);
    checkout.apply(registry);

    let [regenerated, refused, accepted] = example.blocks("text");
    let ran = checkout.cargo(&["xtask", "regenerate"]);
    assert!(ran.is_success, "{}", ran.text);
    shows(&ran.text, regenerated);

    let ran = checkout.cargo(&["check", "--package", "selene-storage"]);
    assert!(!ran.is_success, "a capability that no backend serves must not compile");
    shows(&ran.text, refused);

    // What the compiler asks for, what is promised by hand, and what is pinned.
    checkout.apply(code);
    checkout.apply(promise);
    // First all of it is shown, and nothing is written.
    let ran = checkout.cargo(&["xtask", "bless"]);
    assert!(!ran.is_success, "{}", ran.text);
    shows(&ran.text, "3 texts differ; to accept: cargo xtask bless --accept");
    let is_pinned = || checkout.read("generated/tests/pinned/taken.txt").contains("WRITE_TRUNCATED");
    assert!(!is_pinned(), "what was not accepted is not written");
    let ran = checkout.cargo(&["xtask", "bless", "--accept"]);
    assert!(ran.is_success, "{}", ran.text);
    shows(&ran.text, accepted);
    assert!(is_pinned(), "what was accepted is written");
    let ran = checkout.cargo(&["xtask", "bless"]);
    assert!(ran.is_success, "{}", ran.text);
    shows(&ran.text, "every pinned text is as the specs have it");

    for tests in GREEN {
        let arguments = [&["test", "--no-fail-fast"], tests].concat();
        let ran = checkout.cargo(&arguments);
        assert!(ran.is_success, "{arguments:?}:\n{}", ran.text);
    }
}
