//! `cargo xtask explain`: a page for each kind of thing, on two small engines with a few sources and records.

mod common;

use common::workspace::{Workspace, called};
use common::{Run, xtask};
use serde_json::Value;
use xtask::coverage::record::{Outcome, Seen};

fn explain(workspace: &Workspace, arguments: &[&str]) -> Run {
    workspace.run("explain", arguments)
}

/// A workspace in which one test saw a note committed and refused.
fn recorded() -> Workspace {
    let workspace = Workspace::new();
    workspace.write("storage/src/rows/notes.rs", ROWS);
    let outcomes = [Outcome::Applied, Outcome::SimulationRequired];
    let mut seen = called("PH1T_NOTE_COMMIT_ROW", &outcomes, &["T_NOTE_COMMIT", "T_REFUSED"]);
    seen.locks.insert("notes".to_owned(), std::iter::once("DELETE".to_owned()).collect());
    workspace.record("on_disk::at_t_db_01_note_is_kept", seen);
    workspace
}

const ROWS: &str = "\
impl StoredWrite for Ph1tNoteCommitRow {
    fn load() {
        sql!(\"SELECT {stars} FROM {@notes} WHERE {user_id} = $1\")
    }
}
";

#[test]
fn a_capability_is_followed_from_its_line_to_its_tests() {
    insta::assert_snapshot!(explain(&recorded(), &["ph1t_note_commit_row"]).stdout);
}

#[test]
fn a_code_says_what_returns_it() {
    insta::assert_snapshot!(explain(&recorded(), &["T_STARS_INVALID"]).stdout);
}

#[test]
fn a_table_says_who_writes_it_and_what_keeps_its_sentences() {
    insta::assert_snapshot!(explain(&recorded(), &["app.notes"]).stdout);
}

#[test]
fn a_field_stands_in_inputs_columns_and_records() {
    let workspace = recorded();
    insta::assert_snapshot!(explain(&workspace, &["stars"]).stdout);
    let one = explain(&workspace, &["notes.stars"]).stdout;
    assert!(one.contains("columns") && !one.contains("inputs"), "{one}");
}

#[test]
fn an_acceptance_test_says_what_it_saw_by_its_id_and_by_its_function() {
    let workspace = recorded();
    let by_id = explain(&workspace, &["AT-T-DB-01"]).stdout;
    assert_eq!(explain(&workspace, &["at_t_db_01_note_is_kept"]).stdout, by_id);
    insta::assert_snapshot!(by_id);
}

#[test]
fn a_failed_test_is_shown_as_failed() {
    let workspace = Workspace::new();
    let fail = |record: &mut xtask::coverage::record::Record| record.passed = false;
    workspace.record_as("on_disk::at_t_db_01_note_is_kept", Seen::default(), fail);
    let page = explain(&workspace, &["AT-T-DB-01"]).stdout;
    assert!(page.contains("acceptance: on_disk::at_t_db_01_note_is_kept failed"), "{page}");
}

#[test]
fn a_diagnostic_is_explained_without_a_workspace_as_lint_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let output =
        xtask().args(["explain", "e0201"]).current_dir(folder.path()).output().expect("xtask starts");
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success() && page.starts_with("E0201 (diagnostic)\n\nerror\n"), "{page}");
    let workspace = Workspace::new();
    let rule = explain(&workspace, &["W0648"]).stdout;
    assert!(rule.contains("<!-- lint: allow W0648 because"), "{rule}");
}

#[test]
fn types_records_engines_and_kinds_of_changes_have_pages() {
    let workspace = recorded();
    let page = |name: &str| explain(&workspace, &[name]).stdout;
    let kind = page("Kind");
    assert!(kind.starts_with("Kind (type)\n\nspec\n  specs/lexicon.yaml:"), "{kind}");
    assert!(kind.contains("one of WORK, HOME. What a note is about."), "{kind}");
    assert!(kind.contains("PH1.U: column labels.kind"), "{kind}");
    let record = page("NoteRecord");
    assert!(record.starts_with("NoteRecord (record of PH1.T)\n"), "{record}");
    assert!(record.contains("answers\n  PH1T_NOTE_COMMIT_ROW\n  PH1T_READ_NOTE_ROWS\n"), "{record}");
    let engine = page("ph1.t");
    assert!(engine.starts_with("PH1.T (engine)\n") && engine.contains("Ph1tNoteRepo"), "{engine}");
    assert!(engine.contains("AT-T-DB-02: a note never changes"), "{engine}");
    let change = page("c0508");
    assert!(change.starts_with("C0508 (kind of change)\n\nweaker proof\n"), "{change}");
}

#[test]
fn pages_are_one_list_in_json() {
    let run = explain(&recorded(), &["notes", "--format", "json"]);
    let pages: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((pages[0]["kind"].as_str(), pages[0]["engine"].as_str()), (Some("table"), Some("PH1.T")));
    let sections = pages[0]["sections"].as_array().expect("a list");
    let spec = sections.iter().find(|section| section["title"] == "spec").expect("a section");
    let line = spec["lines"][0].as_str().expect("a text");
    assert!(line.starts_with("specs/db_wiring/PH1_T.md:12: "), "{line}");
}

#[test]
fn an_unknown_name_gets_the_nearest_known_one() {
    let workspace = Workspace::new();
    let run = explain(&workspace, &["T_STAR_INVALID"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("did you mean `T_STARS_INVALID`?"), "{}", run.stderr);
    let run = explain(&workspace, &["nothing_like_it"]);
    assert!(run.code == Some(1) && run.stderr.contains("cargo xtask coverage --all"), "{}", run.stderr);
    workspace.0.edit("ecm/PH1_U.md", "label_id, note_seq, kind", "label_id, note_seq, kin");
    let run = explain(&workspace, &["PH1U_LABEL_COMMIT_ROW"]);
    assert!(run.code == Some(1) && run.stderr.contains("E0201"), "{}", run.stderr);
}
