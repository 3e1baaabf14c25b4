//! One folder per kind of bad input, each with the text that people are shown for it.
//!
//! The fixtures below `lint` are those of its rules (`tests/lint.rs`), those below `diff` of its kinds (`tests/diff`).
//!
//! A case holds only the files that differ from `base`. `UPDATE_FIXTURES=1 cargo test -p xtask --test fixtures` writes the
//! expected texts anew.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use common::{Sandbox, fixtures};

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(fixtures()).expect("the fixtures exist");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
    cases.retain(|case| case.is_dir() && !case.ends_with("lint") && !case.ends_with("diff"));
    cases.sort();
    cases
}

/// Cases that are worth a warning only: everything else must not write a single file.
const HARMLESS: [&str; 12] = [
    "additions",
    "alternatives",
    "base",
    "constraints",
    "missing_half",
    "mixed_line_ends",
    "unknown_file",
    "unknown_fixed_field",
    "unknown_section_and_bullet",
    "strange_blocks",
    "unnamed_code_of_half",
    "unread_words",
];

#[test]
fn every_bad_input_ends_in_the_expected_text_and_nothing_is_written() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.file_name().expect("a case has a name").to_string_lossy().into_owned();
        let sandbox = Sandbox::of_case(&case);
        if name == "changed_and_vanished_number" {
            // Only what was written before can have changed since.
            let before = Sandbox::base();
            assert_eq!(before.regenerate(&[]).code, Some(0));
            common::copy(&before.out(), &sandbox.out());
        }
        let before = sandbox.written();
        let run = sandbox.regenerate(&[]);
        let harmless = HARMLESS.contains(&name.as_str());
        assert_eq!(run.code, Some(i32::from(!harmless)), "{name}: {}", run.stderr);
        assert!(harmless || sandbox.written() == before, "{name} wrote files");
        let expected = case.join("expected.txt");
        if update {
            fs::write(&expected, &run.stderr).expect("the expected text can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != run.stderr {
            wrong.push(format!("== {name}\n{}", run.stderr));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_finding_names_a_place_and_says_what_to_do() {
    for case in cases() {
        let sandbox = Sandbox::of_case(&case);
        let run = sandbox.regenerate(&["--format", "json", "--dry-run"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("the report is JSON");
        for finding in report["diagnostics"].as_array().expect("a list of findings") {
            assert!(!finding["file"].as_str().unwrap_or_default().is_empty(), "{case:?}: {finding}");
            assert!(
                finding["line"].as_u64() >= Some(1) && finding["column"].as_u64() >= Some(1),
                "{case:?}: {finding}"
            );
            assert!(!finding["help"].as_str().unwrap_or_default().is_empty(), "{case:?}: {finding}");
        }
    }
}

/// Findings of earlier phases that hold one thing against another.
const OF_TWO: [&str; 12] = [
    "E0212", "E0213", "E0221", "E0222", "E0301", "E0303", "E0311", "E0312", "E0402", "E0405", "E0411",
    "E0416",
];

#[test]
fn what_is_held_against_something_shows_both() {
    let mut seen = BTreeSet::new();
    for case in cases() {
        let run = Sandbox::of_case(&case).regenerate(&["--format", "json", "--dry-run"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("the report is JSON");
        for finding in report["diagnostics"].as_array().expect("a list of findings") {
            let code = finding["code"].as_str().expect("a code");
            let Some(known) = OF_TWO.iter().find(|known| **known == code) else { continue };
            seen.insert(*known);
            let labels = finding["labels"].as_array().expect("a list of places").len();
            assert!(labels >= 2, "{case:?}: {finding}");
        }
    }
    assert_eq!(seen.len(), OF_TWO.len(), "{seen:?}");
}
