//! `cargo xtask check`: the page, its exit code, and what it says where there is nothing to compare with.

mod common;

use common::{Run, Sandbox, fixtures, git, xtask};
use serde_json::Value;
use std::fs;

fn check(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = xtask();
    command.arg("check").arg("--specs").arg(sandbox.specs()).arg("--out").arg(sandbox.out()).args(arguments);
    sandbox.run(&mut command)
}

fn as_json(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&check(sandbox, &["--format", "json"]).stdout).expect("the page is JSON")
}

/// Two engines without a finding, and what their specs give.
fn generated() -> Sandbox {
    let sandbox = Sandbox::of_rule(&fixtures().join("lint/base"));
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    sandbox
}

/// A sandbox in a repository, everything committed on `main`.
fn committed() -> Sandbox {
    let sandbox = generated();
    git(sandbox.root(), &["init", "-q", "-b", "main"]);
    git(sandbox.root(), &["add", "-A"]);
    git(sandbox.root(), &["commit", "-qm", "one engine"]);
    sandbox
}

#[test]
fn a_page_of_what_holds_has_one_line_per_section() {
    let sandbox = committed();
    let run = check(&sandbox, &["--deny-warnings"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{}", run.stdout);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let [specs, contracts, main, coverage] = lines[..] else { panic!("{}", run.stdout) };
    assert_eq!(specs, "passed        specs         2 engines, 0 errors, 0 warnings");
    assert_eq!(contracts, "passed        contracts     out is what specs say");
    assert!(main.starts_with("passed        main branch   no file of specs differs from `main` ("), "{main}");
    let unrecorded = "no test has left a record; `cargo test -p selene-acceptance` makes them";
    assert_eq!(coverage, format!("not compared  coverage      {unrecorded}"));
}

#[test]
fn an_error_in_the_specs_fails_and_nothing_is_held_against_them() {
    let sandbox = committed();
    sandbox.edit("ecm/PH1_T.md", "title?", "titel?");
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("failed        specs         2 engines, 1 errors"), "{}", run.stdout);
    assert!(run.stdout.contains("not compared  contracts "), "{}", run.stdout);
    assert!(run.stdout.contains("error[E0201]") && run.stdout.ends_with("failed: specs\n"), "{}", run.stdout);
    let github = check(&sandbox, &["--format", "github"]).stdout;
    assert!(github.starts_with("::error file=specs/ecm/PH1_T.md,line="), "{github}");
}

#[test]
fn a_difference_fails_with_its_cause_in_every_format() {
    let sandbox = committed();
    sandbox.edit("ecm/PH1_T.md", "Keep notes of a person", "Keep all notes of a person");
    let before = sandbox.written();
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, Some(1));
    assert_eq!(sandbox.written(), before, "a check writes nothing");
    assert!(run.stdout.contains("caused by specs/ecm/PH1_T.md:"), "{}", run.stdout);
    assert!(run.stdout.contains("1 files of specs differ from `main`"), "{}", run.stdout);
    assert!(run.stdout.contains("== main branch\necm/PH1_T.md\n"), "{}", run.stdout);

    let page = as_json(&sandbox);
    assert_eq!(page["passed"], false);
    let verdicts: Vec<&str> =
        page["sections"].as_array().into_iter().flatten().filter_map(|one| one["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["passed", "failed", "passed", "not compared"]);
    assert_eq!(page["sections"][1]["data"]["differences"][0]["file"], "out/contracts/ph1_t.yaml");
    assert_eq!(page["sections"][2]["data"]["files"][0], "ecm/PH1_T.md");

    let github = check(&sandbox, &["--format", "github"]);
    assert_eq!(github.code, Some(1));
    assert!(
        github.stdout.starts_with("::error file=out/contracts/ph1_t.yaml,line=")
            && github.stdout.contains("title=stale::the file is stale%0Acaused by specs/ecm/PH1_T.md:"),
        "{}",
        github.stdout
    );
}

#[test]
fn a_break_of_what_main_holds_fails_until_it_is_acknowledged() {
    let sandbox = committed();
    sandbox.edit("ecm/PH1_T.md", "title?, stars", "title, stars");
    sandbox.edit("ecm/PH1_T.md", "- `name`: Commit one note", "- `name`: Commit a note");
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    let summary = "): 1 breaking for callers, 1 wording only\n";
    assert!(
        run.stdout.contains("failed        main branch   1 files of specs differ")
            && run.stdout.contains(summary)
    );
    assert!(run.stdout.contains("\nC0204  `PH1T_NOTE_COMMIT_ROW.title`: must be there"), "{}", run.stdout);
    assert!(run.stdout.ends_with("failed: main branch\n"), "{}", run.stdout);
    let github = check(&sandbox, &["--format", "github"]).stdout;
    assert!(github.starts_with("::error file=specs/ecm/PH1_T.md,line=14,col=35,title=C0204::"), "{github}");
    assert_eq!(as_json(&sandbox)["sections"][2]["data"]["diff"]["changes"][0]["id"], "C0204");

    let input = "- `input_schema`: `(now";
    let because = "<!-- breaking: callers because every note has a title -->";
    sandbox.edit("ecm/PH1_T.md", input, &format!("{because}\n{input}"));
    let run = check(&sandbox, &["--deny-warnings"]);
    assert!(run.code == Some(0) && run.stdout.contains("(1 acknowledged)"), "{}", run.stdout);
    git(sandbox.root(), &["commit", "-qam", "a title"]);
    let run = check(&sandbox, &["--deny-warnings"]);
    assert_eq!(run.code, Some(0), "what was acknowledged has nothing to say any more: {}", run.stdout);
}

#[test]
fn warnings_fail_where_they_are_denied() {
    let sandbox = generated();
    fs::write(sandbox.specs().join("ecm/notes.txt"), "Read by nobody.\n").expect("a file can be written");
    assert_eq!(check(&sandbox, &[]).code, Some(0));
    let run = check(&sandbox, &["--deny-warnings"]);
    assert!(run.code == Some(1) && run.stdout.contains("warning[W0010]"), "{}", run.stdout);
}

#[test]
fn files_that_are_new_or_committed_on_the_branch_count_as_changed() {
    let sandbox = committed();
    git(sandbox.root(), &["checkout", "-q", "-b", "work"]);
    sandbox.edit("lexicon.yaml", "types:\n", "# A comment.\ntypes:\n");
    git(sandbox.root(), &["commit", "-qam", "a comment"]);
    fs::write(sandbox.specs().join("ecm/notes.txt"), "Read by nobody.\n").expect("a file can be written");
    let page = as_json(&sandbox);
    assert_eq!(page["sections"][2]["data"]["files"], serde_json::json!(["ecm/notes.txt", "lexicon.yaml"]));
}

#[test]
fn what_is_not_compared_is_reported_and_fails_nothing() {
    // No repository, a branch that is not there, a clone that is too shallow.
    let outside = generated();
    let run = check(&outside, &[]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(
        run.stdout.contains("not compared  main branch   this folder lies in no git repository"),
        "{}",
        run.stdout
    );

    let sandbox = committed();
    git(sandbox.root(), &["branch", "-m", "trunk"]);
    let run = check(&sandbox, &[]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let known = "this clone knows no `origin/main` and no `main`; `git fetch origin main` brings it";
    assert!(run.stdout.contains(known), "{}", run.stdout);
    let github = check(&sandbox, &["--format", "github"]).stdout;
    assert!(github.starts_with("::notice title=not compared with the main branch::"), "{github}");
    git(sandbox.root(), &["branch", "-m", "main"]);

    git(sandbox.root(), &["checkout", "-q", "-b", "work"]);
    for (branch, file) in [("work", "one"), ("main", "other")] {
        git(sandbox.root(), &["checkout", "-q", branch]);
        fs::write(sandbox.root().join(file), file).expect("a file can be written");
        git(sandbox.root(), &["add", "-A"]);
        git(sandbox.root(), &["commit", "-qm", branch]);
    }
    let clone = generated();
    let source = format!("file://{}", sandbox.root().display());
    let copy = clone.root().join("clone");
    let place = copy.to_str().expect("a path");
    git(
        clone.root(),
        &["clone", "-q", "--depth", "1", "--no-single-branch", "--branch", "work", &source, place],
    );
    let mut command = xtask();
    command.arg("check").arg("--specs").arg(copy.join("specs")).arg("--out").arg(copy.join("out"));
    let run = clone.run(&mut command);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(run.stdout.contains("too shallow to know where it left `origin/main`"), "{}", run.stdout);
}

#[test]
fn a_revision_that_does_not_exist_fails() {
    let sandbox = committed();
    let run = check(&sandbox, &["--against", "nowhere"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(run.stdout.contains("this clone knows no `nowhere`; give --against"), "{}", run.stdout);
    let github = check(&sandbox, &["--against", "nowhere", "--format", "github"]).stdout;
    assert!(github.starts_with("::error title=not compared with the main branch::"), "{github}");
    assert_eq!(check(&sandbox, &["--against", "HEAD"]).code, Some(0));
}

#[test]
fn a_wrong_command_line_is_another_failure_and_help_teaches() {
    assert_eq!(check(&generated(), &["--format", "xml"]).code, Some(2));
    let help = Sandbox::base().run(xtask().args(["check", "--help"])).stdout;
    for words in ["Examples:", "Exit codes:", "main branch", "contracts"] {
        assert!(help.contains(words), "{words}: {help}");
    }
}
