//! What `lint` promises: a fixture per rule with the text that people are shown, three formats, exit codes, silences.
//!
//! A case below `fixtures/lint` holds only the files that differ from `fixtures/lint/base`.
//! `UPDATE_FIXTURES=1 cargo test -p xtask --test lint` writes the expected texts anew.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use common::{Sandbox, copy, fixtures, xtask};
use xtask::diagnostics::Severity;
use xtask::lint::list;

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(fixtures().join("lint")).expect("the fixtures exist");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
    cases.sort();
    cases
}

/// The sandbox of a case. What was written before only matters to the rules that compare with it.
fn sandbox(case: &std::path::Path) -> Sandbox {
    let sandbox = Sandbox::of_rule(case);
    if case.ends_with("reversed_meaning") || case.ends_with("changed_meaning") {
        let before = Sandbox::of_rule(&fixtures().join("lint/base"));
        assert_eq!(before.regenerate(&[]).code, Some(0));
        copy(&before.out(), &sandbox.out());
    }
    sandbox
}

#[test]
fn every_case_ends_in_the_expected_text() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for case in cases() {
        let run = sandbox(&case).lint(&[]);
        assert_eq!(run.stderr, "", "{case:?}");
        let expected = case.join("expected.txt");
        if update {
            fs::write(&expected, &run.stdout).expect("the expected text can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != run.stdout {
            wrong.push(format!("== {}\n{}", case.display(), run.stdout));
        }
        let has_errors = run.stdout.contains("error[");
        assert_eq!(run.code, Some(i32::from(has_errors)), "{case:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_fixture_that_names_it_and_is_explained() {
    let of_silences = list::OF_SILENCES.map(|(code, _)| code);
    let silences = [("E0701", "lint/malformed_silence"), ("W0702", "lint/unused_silence")];
    assert_eq!(of_silences.map(|code| code.id), silences.map(|(id, _)| id));
    let rules = list::all().map(|rule| (rule.code.id, rule.fixture));
    let mut ids = BTreeSet::new();
    for (id, fixture) in rules.chain(silences) {
        assert!(ids.insert(id), "{id} stands in the list twice");
        let expected = fixtures().join(fixture).join("expected.txt");
        let text = fs::read_to_string(&expected).unwrap_or_default();
        assert!(text.contains(&format!("[{id}]")), "{id}: {} does not name it", expected.display());
        let run = Sandbox::base().run(xtask().args(["lint", "--explain", id]));
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{id}");
        assert!(run.stdout.lines().filter(|line| !line.is_empty()).count() >= 3, "{id}: {}", run.stdout);
    }
}

#[test]
fn every_finding_of_a_rule_names_two_places_and_says_what_to_do() {
    for case in cases() {
        let run = sandbox(&case).lint(&["--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("the report is JSON");
        for finding in report["diagnostics"].as_array().expect("a list of findings") {
            let code = finding["code"].as_str().expect("a code");
            assert!(!finding["help"].as_str().unwrap_or_default().is_empty(), "{case:?}: {finding}");
            let labels = finding["labels"].as_array().expect("a list of places").len();
            // What nobody uses, a word that is none, and an entry that contradicts itself have one place; so has what an earlier
            // phase finds in one page.
            let has_one =
                ["W0603", "W0648", "E0682", "E0701", "W0702"].contains(&code) || &code[1..] < "0600";
            assert!(has_one || labels >= 2, "{case:?}: {finding}");
        }
    }
}

#[test]
fn regenerate_stops_at_errors_and_says_nothing_of_warnings() {
    for case in cases() {
        let sandbox = sandbox(&case);
        let run = sandbox.regenerate(&[]);
        let expected = fs::read_to_string(case.join("expected.txt")).expect("the text exists");
        let (errors, rest): (Vec<&str>, Vec<&str>) = expected
            .lines()
            .filter(|line| line.contains("[E0") || line.contains("[W0"))
            .partition(|line| line.starts_with("error"));
        for line in
            errors.iter().chain(rest.iter().filter(|line| !line.contains("[W06") && !line.contains("[W07")))
        {
            assert!(run.stderr.contains(line), "{case:?}: {line}\n{}", run.stderr);
        }
        assert!(!run.stderr.contains("[W06"), "{case:?}: {}", run.stderr);
        assert_eq!(run.code, Some(i32::from(!errors.is_empty())), "{case:?}: {}", run.stderr);
    }
}

#[test]
fn one_rule_can_be_run_alone() {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/foreign_write"));
    let run = sandbox.lint(&["--rule", "w0610"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "`W0610` finds nothing\n"));
    let run = sandbox.lint(&["--rule", "E0609"]);
    assert!(run.code == Some(1) && run.stdout.contains("error[E0609]"), "{}", run.stdout);
    // A page that cannot be read hides what the rule would find.
    sandbox.edit("db_wiring/PH1_T.md", "## 2) Data Owned (authoritative)", "## 2) Data");
    let run = sandbox.lint(&["--rule", "E0609"]);
    assert!(run.code == Some(1) && run.stdout.contains("error[E0103]"), "{}", run.stdout);
    let run = sandbox.lint(&["--rule", "E0699"]);
    assert!(run.code == Some(2) && run.stderr.contains("did you mean `E0690`?"), "{}", run.stderr);
}

#[test]
fn warnings_fail_where_they_are_denied() {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/unused_entry"));
    assert_eq!(sandbox.lint(&[]).code, Some(0));
    assert_eq!(sandbox.lint(&["--deny-warnings"]).code, Some(1));
    let clean = Sandbox::of_rule(&fixtures().join("lint/base"));
    assert_eq!(clean.lint(&["--deny-warnings"]).code, Some(0));
}

#[test]
fn a_workflow_gets_one_line_per_finding() {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/different_versions"));
    let run = sandbox.lint(&["--format", "github"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(
        run.stdout,
        "::error file=specs/db_wiring/PH1_T.md,line=7,col=15,title=E0601::the ECM is version `v1`, its DB wiring `v2`\
         %0Aspecs/ecm/PH1_T.md:7:15: the ECM's%0Ahelp: write `v1` on both pages, or bring the older one up to date\n"
    );
    let clean = Sandbox::of_rule(&fixtures().join("lint/base"));
    assert_eq!(clean.lint(&["--format", "github"]).stdout, "");
}

#[test]
fn tools_get_every_place() {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/different_versions"));
    let run = sandbox.lint(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("the report is JSON");
    assert_eq!((report["errors"].as_u64(), report["warnings"].as_u64()), (Some(1), Some(0)));
    let finding = &report["diagnostics"][0];
    assert_eq!((finding["code"].as_str(), finding["severity"].as_str()), (Some("E0601"), Some("error")));
    let places: Vec<(&str, u64)> = finding["labels"]
        .as_array()
        .expect("places")
        .iter()
        .map(|label| (label["file"].as_str().unwrap_or_default(), label["line"].as_u64().unwrap_or_default()))
        .collect();
    assert_eq!(places, [("specs/db_wiring/PH1_T.md", 7), ("specs/ecm/PH1_T.md", 7)]);
}

#[test]
fn every_rule_is_listed_with_its_severity_and_purpose() {
    let run = Sandbox::base().run(xtask().args(["lint", "--list"]));
    assert_eq!(run.code, Some(0));
    for rule in list::all() {
        let line =
            run.stdout.lines().find(|line| line.starts_with(rule.code.id)).expect("every rule has a line");
        assert!(line.ends_with(rule.code.purpose), "{line}");
        assert_eq!(rule.code.severity == Severity::Error, line.contains("  error  "), "{line}");
    }
}

#[test]
fn a_silence_covers_a_finding_from_either_of_its_pages() {
    for (file, line) in
        [("ecm/PH1_U.md", "- `data_owned`: no table of its own"), ("db_wiring/PH1_U.md", "### `app.labels`")]
    {
        let sandbox = Sandbox::of_rule(&fixtures().join("lint/declared_unowned"));
        assert_eq!(sandbox.lint(&[]).code, Some(1));
        let silence = "<!-- lint: allow E0606 because the labels are somebody else's -->";
        // The place that a page without tables of its own has is its id.
        let line = if file.starts_with("ecm") { "- `engine_id`: `PH1.U`" } else { line };
        sandbox.edit(file, line, &format!("{silence}\n{line}"));
        let run = sandbox.lint(&["--deny-warnings"]);
        assert_eq!(run.code, Some(0), "{file}: {}", run.stdout);
        assert_eq!(sandbox.regenerate(&[]).code, Some(0), "{file}");
    }
}

#[test]
fn silences_stand_among_nested_bullets_and_in_yaml() {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/unknown_payload_key"));
    let silence = "    <!-- lint: allow E0620 because the colour comes from the screen -->\n";
    sandbox.edit("db_wiring/PH1_U.md", "    - `colour`", &format!("{silence}    - `colour`"));
    let run = sandbox.lint(&["--deny-warnings"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    let contract = fs::read_to_string(sandbox.out().join("contracts/ph1_u.yaml")).expect("the contract");
    assert!(
        contract.contains("payload_keys: [label_id, colour]") || contract.contains("- colour"),
        "{contract}"
    );

    let sandbox = Sandbox::of_rule(&fixtures().join("lint/unused_entry"));
    sandbox.edit(
        "lexicon.yaml",
        "      subtitle:",
        "      # lint: allow W0648 because the next engine uses it\n\n      subtitle:",
    );
    let run = sandbox.lint(&["--deny-warnings"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
}
