//! What `diff` promises: a fixture per kind of change with the text that people are shown, three formats, exit codes,
//! acknowledgements, and revisions of git.
//!
//! A case below `fixtures/diff` says what is edited in `fixtures/lint/base` to make the new specs (`new.txt`) and the old ones
//! (`old.txt`). `UPDATE_FIXTURES=1 cargo test -p xtask --test diff` writes the expected texts anew.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Run, Sandbox, copy, edits, fixtures, git, ten_engines, xtask};
use serde_json::Value;
use xtask::diff::{Class, kinds};

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(fixtures().join("diff")).expect("the fixtures exist");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
    cases.sort();
    cases
}

/// The new specs of a case, with the old ones in the folder `old` beside them.
fn sandbox(case: &Path) -> Sandbox {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/base"));
    let old = sandbox.root().join("old/specs");
    copy(&sandbox.specs(), &old);
    for (name, specs) in [("new.txt", sandbox.specs()), ("old.txt", old)] {
        let text = fs::read_to_string(case.join(name)).unwrap_or_default();
        edits::apply(&edits::read(&text), &specs, &format!("{}/{name}", case.display()));
    }
    sandbox
}

fn case(name: &str) -> Sandbox {
    sandbox(&fixtures().join("diff").join(name))
}

fn diff(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = xtask();
    command.current_dir(sandbox.root()).arg("diff").arg("--specs").arg(sandbox.specs()).args(arguments);
    sandbox.run(&mut command)
}

fn as_json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let run = diff(sandbox, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("no JSON: {}{}", run.stdout, run.stderr))
}

fn changes(report: &Value) -> &Vec<Value> {
    report["changes"].as_array().expect("a list of changes")
}

#[test]
fn every_case_ends_in_the_expected_text() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for case in cases() {
        let sandbox = sandbox(&case);
        let run = diff(&sandbox, &["--against", "old"]);
        assert_eq!(run.stderr, "", "{case:?}");
        let expected = case.join("expected.txt");
        if update {
            fs::write(&expected, &run.stdout).expect("the expected text can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != run.stdout {
            wrong.push(format!("== {}\n{}", case.display(), run.stdout));
        }
        let report = as_json(&sandbox, &["--against", "old"]);
        let is_wrong = report["breaking"] == true || report["errors"] != serde_json::json!([]);
        assert_eq!(run.code, Some(i32::from(is_wrong)), "{case:?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_change_has_a_fixture() {
    let texts =
        cases().into_iter().map(|case| fs::read_to_string(case.join("expected.txt")).unwrap_or_default());
    let texts: Vec<String> = texts.collect();
    let is_shown =
        |id: &str| texts.iter().any(|text| text.lines().any(|line| line.starts_with(&format!("{id}  "))));
    let missing: Vec<&str> = kinds::ALL.iter().map(|kind| kind.id).filter(|id| !is_shown(id)).collect();
    assert!(missing.is_empty(), "no fixture below fixtures/diff shows {missing:?}");
}

#[test]
fn every_change_has_both_places_and_says_what_to_do() {
    for case in cases() {
        let report = as_json(&sandbox(&case), &["--against", "old"]);
        for change in changes(&report) {
            for side in ["old", "new"] {
                let place = &change[side];
                assert!(place["line"].as_u64() >= Some(1), "{case:?}: {change}");
                let is_old = place["file"].as_str().is_some_and(|file| file.starts_with("old/specs/"));
                assert_eq!(is_old, side == "old", "{case:?}: {change}");
            }
            assert!(!change["to_do"].as_str().unwrap_or_default().is_empty(), "{case:?}: {change}");
            assert!(!change["items"].as_array().expect("items").is_empty(), "{case:?}: {change}");
        }
    }
}

#[test]
fn the_same_specs_have_not_changed_whichever_they_are() {
    for case in cases() {
        let sandbox = sandbox(&case);
        let run = diff(&sandbox, &["--against", "specs"]);
        assert!(run.stdout.ends_with("against `specs`: nothing has changed\n"), "{case:?}: {}", run.stdout);
    }
    let ten = ten_engines().join("specs");
    let run = Sandbox::base().run(xtask().arg("diff").arg("--specs").arg(&ten).arg("--against").arg(&ten));
    assert!(run.code == Some(0) && run.stdout.contains("nothing has changed"), "{}", run.stdout);
}

#[test]
fn a_break_fails_until_it_is_acknowledged() {
    let sandbox = case("value_removed");
    assert_eq!(diff(&sandbox, &["--against", "old"]).code, Some(1));
    sandbox.edit("lexicon.yaml", "  Kind:", "  # breaking: callers because nobody says HOME\n  Kind:");
    assert_eq!(diff(&sandbox, &["--against", "old"]).code, Some(1), "rows still hold it");
    sandbox.edit("lexicon.yaml", "callers because", "callers, C0402 HOME because");
    let run = diff(&sandbox, &["--against", "old"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    sandbox.edit("lexicon.yaml", "C0402 HOME", "C0402 WORK");
    let run = diff(&sandbox, &["--against", "old"]);
    assert!(run.code == Some(1) && run.stdout.contains("error[E0802]"), "{}", run.stdout);
}

#[test]
fn weaker_proof_fails_where_it_is_denied_and_not_acknowledged() {
    let sandbox = case("tests");
    assert_eq!(diff(&sandbox, &["--against", "old"]).code, Some(0));
    assert_eq!(diff(&sandbox, &["--against", "old", "--deny-weaker-proof"]).code, Some(1));
    let acknowledged = case("acknowledged");
    assert_eq!(diff(&acknowledged, &["--against", "old", "--deny-weaker-proof"]).code, Some(0));
}

#[test]
fn an_acknowledgement_is_part_of_no_page() {
    let sandbox = case("acknowledged");
    let run = sandbox.lint(&["--deny-warnings", "--format", "json"]);
    assert!(!run.stdout.contains("breaking:"), "{}", run.stdout);
    let page = sandbox.specs().join("ecm/PH1_T.md");
    let run = sandbox.run(xtask().arg("parse").arg(page).args(["--format", "json"]));
    assert!(run.stdout.contains("\"read_as\": \"acknowledgement\""), "{}", run.stdout);
}

#[test]
fn tools_get_both_places_of_a_change() {
    let report = as_json(&case("value_removed"), &["--against", "old"]);
    assert_eq!((&report["against"], &report["breaking"]), (&"old".into(), &true.into()));
    assert_eq!(report["counts"]["stored_data"], serde_json::json!({ "all": 1, "acknowledged": 0 }));
    let change = changes(&report).iter().find(|one| one["id"] == "C0402").expect("rows hold the value");
    assert_eq!(change["class"], "stored_data");
    assert!(change["message"].as_str().is_some_and(|words| words.contains("`app.labels.kind`")), "{change}");
    for side in ["old", "new"] {
        assert_eq!((&change[side]["line"], &change[side]["column"]), (&23.into(), &3.into()));
        assert!(change[side]["text"].as_str().is_some_and(|line| line.starts_with("Kind: {")), "{change}");
    }
}

#[test]
fn a_comment_has_a_heading_per_class() {
    let run = diff(&case("value_removed"), &["--against", "old", "--format", "markdown"]);
    assert_eq!(run.code, Some(1));
    let expected = "\
## What this change of the specs breaks

Against `old`: 1 breaking for callers, 1 breaking for stored data.

### Breaking for callers

- **C0401** `Kind`: `HOME` is gone, of `LabelRecord.kind`, `PH1U_LABEL_COMMIT_ROW.kind`
  - before `old/specs/lexicon.yaml:23`: `Kind: { kind: enum, values: [WORK, HOME], doc: \"What a note is about.\" }`
";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    let errors = diff(&case("unused_acknowledgement"), &["--against", "old", "--format", "markdown"]).stdout;
    assert!(errors.contains("### Errors\n\n- **E0801** `specs/ecm/PH1_T.md:13`"), "{errors}");
}

/// A sandbox in a repository: the old specs of a case in the first commit, the new ones in the folder.
fn committed(name: &str) -> Sandbox {
    let sandbox = case(name);
    let (new, old) = (sandbox.root().join("new"), sandbox.root().join("old"));
    fs::rename(sandbox.specs(), &new).expect("the folder can be renamed");
    copy(&old.join("specs"), &sandbox.specs());
    git(sandbox.root(), &["init", "-q", "-b", "main"]);
    git(sandbox.root(), &["add", "specs"]);
    git(sandbox.root(), &["commit", "-qm", "specs"]);
    fs::remove_dir_all(sandbox.specs()).expect("the folder can be removed");
    fs::rename(new, sandbox.specs()).expect("the folder can be renamed");
    sandbox
}

#[test]
fn a_revision_says_what_its_folder_says() {
    for name in ["value_removed", "engine_added", "without_our_lexicon", "partly_read"] {
        let sandbox = committed(name);
        let run = diff(&sandbox, &["--against", "main"]);
        let folder = diff(&sandbox, &["--against", "old"]);
        assert_eq!(run.code, folder.code, "{name}");
        assert_eq!(run.stdout.replace("main:", "old/").replace("`main`", "`old`"), folder.stdout, "{name}");
    }
}

#[test]
fn a_history_may_have_had_its_specs_elsewhere_and_in_no_folders() {
    let sandbox = case("input_optional");
    let flat = sandbox.root().join("docs/pages");
    fs::create_dir_all(&flat).expect("a folder can be made");
    for kind in ["ecm", "db_wiring"] {
        for engine in ["PH1_T", "PH1_U"] {
            let page = sandbox.root().join(format!("old/specs/{kind}/{engine}.md"));
            fs::copy(page, flat.join(format!("{kind}_{engine}.md"))).expect("the page can be copied");
        }
    }
    git(sandbox.root(), &["init", "-q", "-b", "main"]);
    git(sandbox.root(), &["add", "docs"]);
    git(sandbox.root(), &["commit", "-qm", "pages"]);
    let report = as_json(&sandbox, &["--against", "HEAD:docs"]);
    let ids: Vec<&str> = changes(&report).iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(ids, ["C0204", "C0205"], "{report}");
    let place = &changes(&report)[0]["old"]["file"];
    assert_eq!(place, "HEAD:docs/pages/ecm_PH1_T.md");
}

#[test]
fn what_cannot_be_compared_is_another_failure() {
    let sandbox = committed("value_removed");
    for (against, words) in [
        ("nowhere", "there is no folder `nowhere`, and this clone knows no revision `nowhere`"),
        ("main:docs", "`main` has no folder `docs`"),
        ("--upload-pack", "unexpected argument '--upload-pack'"),
    ] {
        let run = diff(&sandbox, &["--against", against]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{against}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{against}: {}", run.stderr);
    }
    fs::create_dir(sandbox.root().join("empty")).expect("a folder can be made");
    let run = diff(&sandbox, &["--against", "empty"]);
    assert!(run.code == Some(2) && run.stderr.contains("`empty` holds no spec"), "{}", run.stderr);
    assert_eq!(diff(&sandbox, &[]).code, Some(2), "nothing to compare with");
    let outside = case("value_removed");
    let run = diff(&outside, &["--against", "main"]);
    assert!(run.code == Some(2) && run.stderr.contains("lies in no git repository"), "{}", run.stderr);
}

#[test]
fn every_kind_is_listed_with_its_class_and_help_teaches() {
    let run = Sandbox::base().run(xtask().args(["diff", "--list"]));
    assert_eq!(run.code, Some(0));
    assert_eq!(run.stdout.lines().count(), kinds::ALL.len());
    for (line, kind) in run.stdout.lines().zip(kinds::ALL) {
        assert!(line.starts_with(kind.id) && line.contains(kind.class.as_str()), "{line}");
        assert!(line.ends_with(kind.purpose), "{line}");
    }
    let help = Sandbox::base().run(xtask().args(["diff", "--help"])).stdout;
    let classes = Class::ALL.into_iter().filter(|class| class.can_be_acknowledged());
    for words in ["Examples:", "Exit codes:", "because"].into_iter().chain(classes.map(Class::as_str)) {
        assert!(help.contains(words), "{words}: {help}");
    }
}
