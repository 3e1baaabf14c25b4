//! `cargo xtask bless`: what differs is shown, and written only where it is accepted. A script stands in for cargo and makes the
//! texts, so that nothing is built here; `tests/tests/worked_examples` runs it on a copy of the workspace.
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use common::{Run, Sandbox, program, xtask};

/// Makes an outline and a message of the compiler, whose case it finds in the stage; the folder of codes stays empty.
const CARGO: &str = r#"#!/bin/sh
case "$*" in
  *" expansion") printf 'pub trait New {}\n' > "$SELENE_PINNED/tests/tests/snapshots/expansion__a.snap" ;;
  *" ui") cat "$SELENE_PINNED/generated/tests/ui/case.rs" > /dev/null || exit 1
        printf 'error: no\n --> %s/generated/tests/ui/case.rs:1:1\n' "$SELENE_PINNED" > "$SELENE_PINNED/generated/tests/ui/case.stderr" ;;
esac
"#;

struct Checkout {
    sandbox: Sandbox,
    cargo: PathBuf,
}

impl Checkout {
    fn with_cargo(script: &str) -> Self {
        let sandbox = Sandbox::base();
        let root = sandbox.root();
        for folder in ["tests/tests/snapshots", "generated/tests/ui", "generated/tests/pinned"] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        let cargo = root.join("cargo.sh");
        for (file, text) in [
            ("Cargo.toml", "[workspace]\n"),
            ("tests/tests/snapshots/expansion__a.snap", "pub trait Old {}\n"),
            ("generated/tests/ui/case.rs", "fn case() {}\n"),
            ("generated/tests/ui/case.stderr", "error: no\n --> tests/ui/case.rs:1:1\n"),
            ("generated/tests/pinned/gone.txt", "W_GONE\n"),
            ("cargo.sh", script),
        ] {
            fs::write(root.join(file), text).expect("a file");
        }
        let (specs, out) = (sandbox.specs(), root.join("generated"));
        let run = sandbox.run(xtask().arg("regenerate").arg("--specs").arg(specs).arg("--out").arg(out));
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("a program");
        Self { sandbox, cargo }
    }

    fn bless(&self, arguments: &[&str]) -> Run {
        let mut command = std::process::Command::new(program());
        command.arg("bless").args(arguments).current_dir(self.sandbox.root()).env("CARGO", &self.cargo);
        self.sandbox.run(command.env_remove("CARGO_MANIFEST_DIR"))
    }

    fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.sandbox.root().join(file)).ok()
    }
}

const OUTLINE: &str = "tests/tests/snapshots/expansion__a.snap";
const GONE: &str = "generated/tests/pinned/gone.txt";

#[test]
fn what_differs_is_shown_and_nothing_is_written_without_a_word() {
    let checkout = Checkout::with_cargo(CARGO);
    let run = checkout.bless(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    for line in [
        format!("changed  {OUTLINE}\n"),
        "-pub trait Old {}".to_owned(),
        "+pub trait New {}".to_owned(),
        format!("gone     {GONE}\n"),
        "-W_GONE".to_owned(),
    ] {
        assert!(run.stdout.contains(&line), "{line:?} is missing in\n{}", run.stdout);
    }
    assert!(
        !run.stdout.contains("case.stderr"),
        "a place in the stage is one in the workspace: {}",
        run.stdout
    );
    assert_eq!(run.stderr, "2 texts differ; to accept: cargo xtask bless --accept\n");
    assert_eq!(checkout.read(OUTLINE).as_deref(), Some("pub trait Old {}\n"));
    assert!(checkout.read(GONE).is_some());
}

#[test]
fn what_is_accepted_is_written_and_then_nothing_differs() {
    let checkout = Checkout::with_cargo(CARGO);
    let run = checkout.bless(&["--accept", "outlines"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(run.stdout.ends_with("accepted 1 text\n"), "{}", run.stdout);
    assert_eq!(checkout.read(OUTLINE).as_deref(), Some("pub trait New {}\n"));
    assert!(checkout.read(GONE).is_some(), "only what was named is accepted");
    assert_eq!(checkout.bless(&["--accept"]).code, Some(0));
    assert!(checkout.read(GONE).is_none());
    let run = checkout.bless(&[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "every pinned text is as the specs have it\n"));
}

#[test]
fn texts_of_a_test_that_fails_are_not_believed() {
    let failing = format!("{CARGO}\ncase \"$*\" in *\" reasons\") echo broken; exit 1 ;; esac\n");
    let checkout = Checkout::with_cargo(&failing);
    let run = checkout.bless(&["--accept"]);
    assert_eq!(run.code, Some(1));
    let words = "`cargo test --package selene-contracts --test reasons` fails:\nbroken\n";
    assert!(run.stderr.contains(words) && run.stderr.ends_with("nothing was written\n"), "{}", run.stderr);
    assert_eq!(checkout.read(OUTLINE).as_deref(), Some("pub trait Old {}\n"));
}

#[test]
fn texts_of_contracts_that_are_not_regenerated_are_not_made() {
    let checkout = Checkout::with_cargo(CARGO);
    checkout.sandbox.edit("ecm/PH1_T.md", "- `version`: `v1`", "- `version`: `v2`");
    checkout.sandbox.edit("db_wiring/PH1_T.md", "- `version`: `v1`", "- `version`: `v2`");
    let run = checkout.bless(&["--accept"]);
    let words = "error: generated/ is not what the specs say: `cargo xtask regenerate` mends it\nnothing was written\n";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(1), "", words));
    checkout.sandbox.edit("lexicon.yaml", "title: { type: Title", "heading: { type: Title");
    let run = checkout.bless(&[]);
    assert!(run.code == Some(1) && run.stderr.contains("`cargo xtask lint` shows them"), "{}", run.stderr);
    assert_eq!(checkout.read(OUTLINE).as_deref(), Some("pub trait Old {}\n"));
}

#[test]
fn a_wrong_name_is_another_failure_and_help_teaches() {
    let checkout = Checkout::with_cargo(CARGO);
    let run = checkout.bless(&["outline"]);
    assert!(run.code == Some(2) && run.stderr.contains("outlines"), "{}", run.stderr);
    let help = checkout.sandbox.run(xtask().args(["bless", "--help"])).stdout;
    for words in ["Examples:", "Exit codes:", "--accept", "messages"] {
        assert!(help.contains(words), "{words}: {help}");
    }
}
