//! The guide docs/NEW_ENGINE.md, block by block on a copy of the workspace: from two rough pages to a served call.
//!
//! In the order of the guide: a `diff` is applied, a `console` is run, a `text` stands in what the command before it printed, and a
//! `rust` is written to the file that its head names. Where a command has to fail, the head of its block says so.

use std::fs;

use selene_acceptance::place;

use super::checkout::{Checkout, OF_EVERY_ENGINE};
use super::document::{blocks, shows};

const GUIDE: &str = "docs/NEW_ENGINE.md";

/// What runs at the end, by the arguments of `cargo test`: what is asked of every engine, its tables, its rows and its calls. The
/// other tests know nothing of engines, or are asked by the guide itself.
const GREEN: [&[&str]; 5] = [
    &["--package", "selene-storage", "--lib"],
    &["--package", "selene-storage", "--test", "migrations"],
    OF_EVERY_ENGINE,
    &["--package", "selene-acceptance", "--test", "conformance", "contracts_and_schema_agree"],
    // The sequences of the other engines know nothing of this one.
    &[
        "--package",
        "selene-acceptance",
        "--test",
        "models",
        "--",
        "drafted",
        "these_engines",
        "every_engine",
        "every_table",
    ],
];

#[test]
fn the_guide_to_a_new_engine_is_true() {
    let guide = fs::read_to_string(place::workspace().join(GUIDE)).expect("the guide is there");
    let checkout = Checkout::new();
    let (mut printed, mut by_hand) = (String::new(), 0);
    for (head, text) in blocks(&guide) {
        let mut words = head.split(' ');
        match (words.next(), words.next()) {
            (Some("diff"), None) => {
                checkout.apply(&text);
                let is_added = |line: &&str| line.starts_with('+') && !line.starts_with("+++");
                by_hand += text.lines().filter(is_added).count();
            }
            (Some("console"), outcome) => printed = run(&checkout, &text, outcome == Some("fails")),
            (Some("text"), None) => shows(&printed, &text),
            (Some("rust"), Some(file)) => checkout.write(file, &text),
            (Some("yaml"), None) => {}
            _ => panic!("nobody knows what to do with a block of `{head}`"),
        }
    }
    let counted = format!("{by_hand} lines by hand");
    assert!(guide.contains(&counted), "the guide has to say: {counted}");
    for tests in GREEN {
        let arguments = [&["test", "--no-fail-fast"], tests].concat();
        let ran = checkout.cargo(&arguments);
        assert!(ran.is_success, "{arguments:?}:\n{}", ran.text);
    }
}

/// Runs the commands of a block, `$ cargo …` each, and gives what they printed.
fn run(checkout: &Checkout, commands: &str, has_to_fail: bool) -> String {
    let mut printed = String::new();
    for command in commands.lines() {
        let arguments =
            command.strip_prefix("$ cargo ").unwrap_or_else(|| panic!("`{command}` is no command"));
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let ran = checkout.cargo(&arguments);
        assert_eq!(ran.is_success, !has_to_fail, "{command}:\n{}", ran.text);
        printed.push_str(&ran.text);
    }
    printed
}
