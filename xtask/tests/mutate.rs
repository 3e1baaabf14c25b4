//! `cargo xtask mutate`: what is run, what is kept, and what is reported. A script stands in for cargo and notices what it is written
//! to notice, so that nothing is built here.
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use common::{Run, Sandbox, git, program};
use serde_json::Value;

/// Notices that a gate is gone, in its second stage, and lets everything else pass. It counts its runs beside the copy.
const CARGO: &str = r#"#!/bin/sh
echo run >> ../../../runs
case "$*" in
  *selene-contracts*) grep -q "retired_word" generated/contracts/ph1_t.yaml && { echo "error[E0425]: cannot find"; exit 1; } ; exit 0 ;;
  *selene-storage*--lib*) grep -q "simulation_gated: true" generated/contracts/ph1_t.yaml || { echo "test gates::held ... FAILED"; exit 1; } ;;
esac
exit 0
"#;

struct Checkout {
    sandbox: Sandbox,
}

impl Checkout {
    fn new(script: &str) -> Self {
        let sandbox = Sandbox::of_rule(&common::fixtures().join("lint/base"));
        let root = sandbox.root();
        fs::write(root.join("Cargo.toml"), "[workspace]\n").expect("a file");
        fs::write(root.join(".gitignore"), "/target\n/cargo.sh\n/runs\n").expect("a file");
        fs::write(root.join("cargo.sh"), script).expect("a file");
        fs::set_permissions(root.join("cargo.sh"), fs::Permissions::from_mode(0o755)).expect("a program");
        let run = sandbox.regenerate(&[]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        fs::rename(sandbox.out(), root.join("generated")).expect("a folder");
        git(root, &["init", "-q", "-b", "main"]);
        Self { sandbox }
    }

    fn mutate(&self, arguments: &[&str]) -> Run {
        let root = self.sandbox.root();
        let mut command = std::process::Command::new(program());
        command.arg("mutate").args(arguments).current_dir(root).env("CARGO", root.join("cargo.sh"));
        self.sandbox.run(command.env_remove("CARGO_MANIFEST_DIR"))
    }

    fn runs(&self) -> usize {
        fs::read_to_string(self.sandbox.root().join("runs")).unwrap_or_default().lines().count()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.sandbox.root().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

const GATES: [&str; 2] = ["--operator", "gate-dropped"];

#[test]
fn a_mutant_that_a_test_notices_is_reported_with_the_test() {
    let checkout = Checkout::new(CARGO);
    let run = checkout.mutate(&GATES);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("noticed by rules: gates::held\n"), "{}", run.stderr);
    assert!(run.stdout.contains("│ gate-dropped ┆"), "{}", run.stdout);
    let contract = "generated/contracts/ph1_t.yaml";
    let [own, copied] = [contract.to_owned(), format!("target/mutate/copy/{contract}")]
        .map(|file| fs::read_to_string(checkout.sandbox.root().join(file)).expect("a contract"));
    assert_eq!(own, copied, "the right contract is back in the copy");
}

/// Ends the command that has started it, as long as there is a file `end`.
const ENDING: &str = r#"#!/bin/sh
grep -q "simulation_gated: true" generated/contracts/ph1_t.yaml && exit 0
[ -e ../../../end ] && kill -9 $PPID
echo "test gates::held ... FAILED"
exit 1
"#;

#[test]
fn a_run_that_was_ended_leaves_nothing_behind() {
    let checkout = Checkout::new(ENDING);
    let contract = "generated/contracts/ph1_t.yaml";
    let text = |file: &str| fs::read_to_string(checkout.sandbox.root().join(file)).expect("a contract");
    let copied = format!("target/mutate/copy/{contract}");
    checkout.write("end", "");
    let run = checkout.mutate(&GATES);
    assert_eq!((run.code, run.stdout.as_str()), (None, ""), "it was ended");
    assert_ne!(text(contract), text(&copied), "in the middle of a mutant");
    fs::remove_file(checkout.sandbox.root().join("end")).expect("a file");
    let run = checkout.mutate(&GATES);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!(text(contract), text(&copied));
}

#[test]
fn two_runs_do_not_share_a_copy() {
    let checkout = Checkout::new(CARGO);
    checkout.write("target/mutate/lock", "");
    let lock = fs::File::open(checkout.sandbox.root().join("target/mutate/lock")).expect("a file");
    lock.lock().expect("a lock");
    let run = checkout.mutate(&GATES);
    assert_eq!((run.code, checkout.runs()), (Some(1), 0));
    assert!(run.stderr.contains("another run of `cargo xtask mutate` works in the copy"), "{}", run.stderr);
    drop(lock);
    assert_eq!(checkout.mutate(&GATES).code, Some(0));
}

#[test]
fn what_was_found_is_kept_until_a_file_changes_that_tests_are_built_from() {
    let checkout = Checkout::new(CARGO);
    checkout.mutate(&GATES);
    let runs = checkout.runs();
    assert!(runs > 0);
    assert_eq!(checkout.mutate(&GATES).code, Some(0));
    assert_eq!(checkout.runs(), runs, "nothing is run again");
    checkout.mutate(&[&GATES[..], &["--fresh"]].concat());
    assert_eq!(checkout.runs(), 2 * runs);
    checkout.write("docs/NEW.md", "No test is built from this.\n");
    checkout.mutate(&GATES);
    assert_eq!(checkout.runs(), 2 * runs);
    checkout.write("storage/src/new.rs", "// new\n");
    checkout.mutate(&GATES);
    assert_eq!(checkout.runs(), 3 * runs);
}

/// A promise of the first capability notices that a gate is gone, and so does one that no mutant explains where the file `strange` is.
const PROMISES: &str = r#"#!/bin/sh
echo run >> ../../../runs
case "$*" in
  *--test=promises*--format*) grep -q "simulation_gated: true" generated/contracts/ph1_t.yaml || {
    id=$(sed -n 's/^- id: //p' generated/contracts/ph1_t.yaml | head -n 1 | tr A-Z a-z)
    echo "test ph1_t::$id::gate ... FAILED"; echo "broken: ph1_t::$id::gate: Ok(())"
    [ -e ../../../strange ] && echo "broken: ph1_t::another_one::gate: Ok(())"
    exit 1; } ;;
esac
exit 0
"#;

#[test]
fn a_promise_notices_the_mutant_that_it_is_about_and_no_other_one() {
    let checkout = Checkout::new(PROMISES);
    let run = checkout.mutate(&GATES);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("noticed by promises: ph1_t::"), "{}", run.stderr);
    checkout.write("strange", "");
    let run = checkout.mutate(&[&GATES[..], &["--fresh"]].concat());
    assert!(!run.stderr.contains("noticed by promises"), "{}", run.stderr);
    assert!(
        run.stderr.contains("noticed by contracts: ph1_t::"),
        "alone, it is noticed by all stages: {}",
        run.stderr
    );
}

#[test]
fn an_open_mutant_fails_and_names_its_line_unless_it_has_a_reason() {
    let checkout = Checkout::new(CARGO);
    let callers = ["--operator", "caller-added"];
    let run = checkout.mutate(&[&callers[..], &["--format", "json"]].concat());
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let mutants = report["mutants"].as_array().expect("a list");
    assert_eq!(report["open"], mutants.len());
    assert!(
        mutants.iter().all(|mutant| mutant["place"].as_str().is_some_and(|place| place.contains(".md:")))
    );
    let entry = |mutant: &Value| format!("- mutant: {}\n  reason: nobody else calls it\n", mutant["id"]);
    checkout.write("tests/mutants.yaml", &mutants.iter().map(entry).collect::<String>());
    let run = checkout.mutate(&callers);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_reason_of_no_use_is_an_error() {
    let checkout = Checkout::new(CARGO);
    let listed = checkout.mutate(&[&GATES[..], &["--list"]].concat()).stdout;
    let noticed = listed.lines().next().expect("a mutant");
    checkout.write(
        "tests/mutants.yaml",
        &format!(
            "- mutant: \"{noticed}\"\n  reason: it is noticed\n- mutant: PH1.X/gone\n  reason: it is gone\n"
        ),
    );
    let run = checkout.mutate(&GATES);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains(&format!("`{noticed}`, which a test notices\n")), "{}", run.stderr);
    assert!(run.stderr.contains("`PH1.X/gone`, which is no mutant\n"), "{}", run.stderr);
}

#[test]
fn tests_that_fail_without_a_change_end_the_run() {
    let checkout = Checkout::new("#!/bin/sh\necho 'test a ... FAILED'\nexit 1\n");
    let run = checkout.mutate(&GATES);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("the tests fail without any change"), "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

#[test]
fn a_list_for_tools_has_each_mutant_with_its_place() {
    let checkout = Checkout::new(CARGO);
    let run = checkout.mutate(&["--list", "--sample", "2", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&run.stdout).expect("one object");
    let mutants = list["mutants"].as_array().expect("a list");
    assert_eq!(mutants.len(), 2);
    for mutant in mutants {
        assert!(
            mutant["id"].as_str().is_some_and(|id| id.contains(mutant["operator"].as_str().unwrap_or("?")))
        );
        assert!(mutant["place"].as_str().is_some_and(|place| place.contains(':')), "{mutant}");
    }
    assert_eq!(checkout.runs(), 0);
}

#[test]
fn a_sample_is_the_same_every_time_and_names_are_guessed() {
    let checkout = Checkout::new(CARGO);
    let sample = |count: &str| checkout.mutate(&["--list", "--sample", count]).stdout;
    assert_eq!(sample("5"), sample("5"));
    assert_eq!(sample("5").lines().count(), 10, "each with its place");
    let run = checkout.mutate(&["--list", "--operator", "gate-droped"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("there is no operator `gate-droped`\nhelp: did you mean `gate-dropped`"),
        "{}",
        run.stderr
    );
    assert_eq!(checkout.runs(), 0);
}
