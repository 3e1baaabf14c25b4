//! `cargo xtask coverage`: every state, on two small engines with a few sources and records.

mod common;

use std::collections::BTreeMap;

use common::workspace::{Workspace, called};
use serde_json::Value;
use xtask::coverage::record::{Check, Keeper, Outcome, Seen};

/// The state of everything by name, as the JSON report has it.
fn states(workspace: &Workspace) -> BTreeMap<String, String> {
    let run = workspace.run("coverage", &["--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let items = report["items"].as_array().expect("a list");
    items.iter().map(|item| (text(&item["name"]), text(&item["state"]))).collect()
}

fn assert_states(workspace: &Workspace, expected: &[(&str, &str)]) {
    let states = states(workspace);
    for (name, state) in expected {
        assert_eq!(states.get(*name).map(String::as_str), Some(*state), "{name}: {states:#?}");
    }
}

#[test]
fn without_a_record_nothing_is_tested() {
    let workspace = Workspace::new();
    assert_states(
        &workspace,
        &[
            ("PH1T_NOTE_COMMIT_ROW", "implemented"),
            ("PH1T_READ_NOTE_ROWS", "skeleton"),
            // Its contract says how it is served.
            ("PH1T_APPEND_ONLY_GUARD", "implemented"),
            ("PH1U_LABEL_COMMIT_ROW", "missing"),
            ("T_STARS_INVALID", "implemented"),
            ("AT-T-DB-01", "implemented"),
            ("AT-T-DB-02", "skeleton"),
            ("AT-U-DB-01", "missing"),
            ("notes: append-only", "missing"),
            ("PH1T_NOTE_COMMIT_ROW: caller", "implemented"),
            ("PH1T_NOTE_COMMIT_ROW: simulation", "implemented"),
            ("notes", "implemented"),
        ],
    );
    let run = workspace.run("coverage", &[]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("no test has left a record in target/coverage"), "{}", run.stderr);
}

#[test]
fn what_a_test_saw_is_tested_and_nothing_else() {
    let workspace = Workspace::new();
    let outcomes = [Outcome::Applied, Outcome::SimulationRequired];
    let mut seen = called("PH1T_NOTE_COMMIT_ROW", &outcomes, &["T_NOTE_COMMIT"]);
    seen.checks.insert(Check::Folds);
    let kept = |sentence: &str, keeper: Keeper| (sentence.to_owned(), keeper.as_str().to_owned());
    let sentences = BTreeMap::from([
        kept("append-only", Keeper::Schema),
        kept("`note_seq` counts the notes", Keeper::Folds),
        kept("a note of the kind WORK has a `title`", Keeper::Chains),
    ]);
    seen.sentences.insert("notes".to_owned(), sentences);
    workspace.record("on_disk::at_t_db_01_note_is_kept", seen);
    let guarded = [Outcome::AppendOnlyViolation];
    let mut guard = called("PH1T_APPEND_ONLY_GUARD", &guarded, &["T_REFUSED"]);
    guard.locks.insert("notes".to_owned(), std::iter::once("UPDATE".to_owned()).collect());
    workspace.record("labels_are_kept", guard);
    assert_states(
        &workspace,
        &[
            ("PH1T_NOTE_COMMIT_ROW", "tested"),
            ("PH1T_READ_NOTE_ROWS", "skeleton"),
            ("PH1T_APPEND_ONLY_GUARD", "tested"),
            ("T_NOTE_COMMIT", "tested"),
            ("T_REFUSED", "tested"),
            ("T_STARS_INVALID", "implemented"),
            ("AT-T-DB-01", "tested"),
            ("notes: append-only", "tested"),
            ("notes: `note_seq` counts the notes", "tested"),
            // No test has seen at work what is stated to keep it.
            ("notes: a note of the kind WORK has a `title`", "missing"),
            ("PH1T_NOTE_COMMIT_ROW: caller", "implemented"),
            ("PH1T_NOTE_COMMIT_ROW: simulation", "tested"),
            ("notes", "tested"),
        ],
    );
    insta::assert_snapshot!(workspace.run("coverage", &["--engine", "ph1_t"]).stdout);
}

#[test]
fn a_record_of_another_contract_or_of_a_test_that_is_no_more_is_stale() {
    let workspace = Workspace::new();
    let applied = |codes: &[&str]| called("PH1U_LABEL_COMMIT_ROW", &[Outcome::Applied], codes);
    workspace.record("labels_are_kept", applied(&["U_LABEL_COMMIT"]));
    workspace.record("it_was_renamed", called("PH1T_NOTE_COMMIT_ROW", &[Outcome::Applied], &[]));
    assert_states(&workspace, &[("PH1U_LABEL_COMMIT_ROW", "tested"), ("PH1T_NOTE_COMMIT_ROW", "stale")]);
    workspace.0.edit("ecm/PH1_U.md", "Commit the label of one note", "Write the label of one note");
    assert_states(&workspace, &[("PH1U_LABEL_COMMIT_ROW", "stale"), ("U_LABEL_COMMIT", "stale")]);
    let run = workspace.run("coverage", &["--engine", "PH1.U", "--deny", "skeleton,stale"]);
    assert_eq!(run.code, Some(1));
    let line = "error: specs/ecm/PH1_U.md:12: capability `PH1U_LABEL_COMMIT_ROW` is stale";
    assert!(run.stderr.contains(line), "{}", run.stderr);
    assert!(run.stdout.contains("it ran against another contract"), "{}", run.stdout);
}

#[test]
fn an_acceptance_test_that_fails_or_makes_no_call_proves_nothing() {
    let workspace = Workspace::new();
    let seen = || called("PH1T_NOTE_COMMIT_ROW", &[Outcome::Applied], &[]);
    let failed = called("PH1T_NOTE_COMMIT_ROW", &[Outcome::Applied], &["T_NOTE_COMMIT"]);
    workspace.record("in_memory::at_t_db_01_note_is_kept", Seen::default());
    assert_states(&workspace, &[("AT-T-DB-01", "implemented")]);
    workspace.record("in_memory::at_t_db_01_note_is_kept", seen());
    assert_states(&workspace, &[("AT-T-DB-01", "tested")]);
    workspace.record_as("on_disk::at_t_db_01_note_is_kept", failed, |record| record.passed = false);
    assert_states(&workspace, &[("AT-T-DB-01", "failed"), ("T_NOTE_COMMIT", "implemented")]);
    let run = workspace.run("coverage", &["--deny", "failed"]);
    assert_eq!(run.code, Some(1));
    let line = "error: specs/db_wiring/PH1_T.md:62: acceptance test `AT-T-DB-01` fails";
    assert!(run.stderr.contains(line), "{}", run.stderr);
}

#[test]
fn denied_states_fail_and_others_do_not() {
    let workspace = Workspace::new();
    for (denied, code) in [("missing", 1), ("skeleton,stale", 1), ("stale,excused", 0), ("nothing", 2)] {
        assert_eq!(workspace.run("coverage", &["--deny", denied]).code, Some(code), "{denied}");
    }
    assert_eq!(workspace.run("coverage", &["--engine", "PH1.X"]).code, Some(1));
}

#[test]
fn what_no_test_can_see_has_a_reason_as_long_as_none_does() {
    let workspace = Workspace::new();
    workspace.write("tests/unproven.yaml", "U_REFUSED: Nobody refuses a label.\n");
    assert_states(&workspace, &[("U_REFUSED", "excused")]);
    let run = workspace.run("coverage", &[]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("Nobody refuses a label."), "{}", run.stdout);
    let refused = called("PH1U_LABEL_COMMIT_ROW", &[Outcome::ContractViolation], &["U_REFUSED"]);
    workspace.record("labels_are_kept", refused);
    let run = workspace.run("coverage", &[]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("`U_REFUSED` is proven after all"), "{}", run.stderr);
    workspace.write("tests/unproven.yaml", "U_REFUSE: Nobody refuses a label.\n");
    let run = workspace.run("coverage", &[]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("nothing is called `U_REFUSE`"), "{}", run.stderr);
}

#[test]
fn what_is_announced_and_what_is_over_has_to_be_proven_by_nobody() {
    let workspace = Workspace::new();
    let planned = "### `PH1U_LABEL_MERGE_COMMIT_ROW` (planned)\n- `name`: Merge two labels\n\
                   - `side_effects`: `DECLARED (DB_WRITE)`\n\n## Failure Modes";
    workspace.0.edit("ecm/PH1_U.md", "## Failure Modes", planned);
    let retired = "U_LOST: { number: 0x00020009, class: refusal, retired: true, meaning: \"The label was lost.\", \
                   source: \"ECM: Failure Modes + Reason Codes\" }\n      U_REFUSED:";
    workspace.0.edit("reason_codes.yaml", "U_REFUSED:", retired);
    assert_states(&workspace, &[("PH1U_LABEL_MERGE_COMMIT_ROW", "planned"), ("U_LOST", "retired")]);
    assert_eq!(workspace.run("coverage", &["--deny", "stale"]).code, Some(0));
}

#[test]
fn a_file_that_is_no_record_is_named() {
    let workspace = Workspace::new();
    workspace.write("target/coverage/acceptance/broken.json", "{");
    let run = workspace.run("coverage", &[]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("acceptance/broken.json`: EOF"), "{}", run.stderr);
    assert!(run.stderr.contains("help: delete it"), "{}", run.stderr);
}

#[test]
fn specs_with_an_error_are_not_held_against_anything() {
    let workspace = Workspace::new();
    workspace.0.edit("ecm/PH1_U.md", "label_id, note_seq, kind", "label_id, note_seq, kin");
    let run = workspace.run("coverage", &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
}

#[test]
fn the_page_of_check_fails_for_what_nobody_has_written_as_soon_as_tests_have_run() {
    let workspace = Workspace::new();
    let section = || {
        let page = workspace.run("check", &["--format", "json"]).stdout;
        let page: Value = serde_json::from_str(&page).expect("JSON");
        let sections = page["sections"].as_array().expect("a list").clone();
        sections.into_iter().find(|section| section["title"] == "coverage").expect("a section")
    };
    assert_eq!(section()["verdict"], "not compared");
    workspace.record("labels_are_kept", called("PH1U_LABEL_COMMIT_ROW", &[Outcome::Applied], &[]));
    let failed = section();
    assert_eq!(failed["verdict"], "failed");
    let problems = failed["data"]["problems"].as_array().expect("a list");
    assert!(problems.contains(&Value::from("capability `PH1T_READ_NOTE_ROWS` is skeleton")), "{failed:#}");
    let github = workspace.run("check", &["--format", "github"]).stdout;
    assert!(github.contains("title=not proven::acceptance test `AT-U-DB-01` is missing"), "{github}");
}
