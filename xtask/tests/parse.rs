//! What `parse` promises: one object per document, with the names that tools rely on, whatever the document looks like.

mod common;

use std::fs;
use std::path::Path;

use common::{Sandbox, ten_engines, workspace, xtask};
use serde_json::{Value, json};

fn parse(sandbox: &Sandbox, arguments: &[&str]) -> (Option<i32>, Value, String) {
    let mut command = xtask();
    command.arg("parse").args(arguments).args(["--format", "json"]).current_dir(sandbox.root());
    let run = sandbox.run(&mut command);
    (run.code, serde_json::from_str(&run.stdout).expect("the output is JSON"), run.stderr)
}

#[test]
fn an_ecm_gives_its_capabilities_as_written() {
    let sandbox = Sandbox::base();
    let (code, documents, stderr) = parse(&sandbox, &["specs/ecm/PH1_T.md"]);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let document = &documents[0];
    assert_eq!(document["source"], "specs/ecm/PH1_T.md");
    assert_eq!(document["kind"], "ecm");
    assert_eq!(document["engine_id"], "PH1.T");
    assert_eq!(document["title"], "PH1.T ECM Spec");
    assert_eq!(document["reason_codes"], json!(["T_STARS_INVALID", "T_REFUSED", "T_NOTE_COMMIT"]));
    assert_eq!(document["diagnostics"], json!([]));
    assert_eq!(document["capabilities"].as_array().map(Vec::len), Some(3));
    let capability = &document["capabilities"][0];
    assert_eq!(capability["id"], "PH1T_NOTE_COMMIT_ROW");
    assert_eq!(capability["name"], "Commit one note");
    let schema = "(now, user_id, title?, stars, note quality fields, reason_code, idempotency_key)";
    assert_eq!(capability["input_schema"], schema);
    assert_eq!(capability["output_schema"], "Result<NoteRecord, StorageError>");
    assert_eq!(capability["allowed_callers"], "SELENE_OS_ONLY (simulation-gated)");
    assert_eq!(capability["side_effects"], "DECLARED (DB_WRITE)");
    assert_eq!(capability["line"], 12);
    assert_eq!(capability["notes"], json!({ "gate_rule": "only while the person is awake." }));
}

#[test]
fn a_db_wiring_gives_its_tables_and_tests() {
    let sandbox = Sandbox::base();
    let (code, documents, _) = parse(&sandbox, &["specs/db_wiring"]);
    assert_eq!(code, Some(0));
    let document = &documents[0];
    assert_eq!(document["kind"], "db_wiring");
    let table = &document["tables"][0];
    assert_eq!(table["name"], "app.notes");
    assert_eq!(table["truth_type"], "LEDGER");
    assert_eq!(table["primary_key"], json!(["user_id", "note_seq"]));
    assert_eq!(table["invariants"], json!(["append-only"]));
    let test = &document["acceptance_tests"][0];
    assert_eq!(test["id"], "AT-T-DB-01");
    assert_eq!(test["test_fn"], "at_t_db_01_note_is_kept");
    assert_eq!(test["title"], "a note is kept");
}

#[test]
fn a_document_in_an_unknown_form_still_gives_an_object_with_findings() {
    let sandbox = Sandbox::base();
    let unknown = "# PH1_X DB Wiring (draft)\n\n## Overview\n- engine_id: PH1.X\n";
    fs::write(sandbox.root().join("unknown.md"), unknown).expect("a file can be written");
    fs::write(sandbox.root().join("bare.md"), "words without any mark\n1) Engine Header\n")
        .expect("a file can be written");
    fs::write(sandbox.root().join("empty.md"), "").expect("a file can be written");
    fs::write(sandbox.root().join("latin.md"), b"# \xe4\n").expect("a file can be written");
    let (code, documents, _) =
        parse(&sandbox, &["unknown.md", "bare.md", "empty.md", "latin.md", "nowhere.md"]);
    assert_eq!(code, Some(1));
    let documents = documents.as_array().expect("an array");
    let sources: Vec<&str> = documents.iter().filter_map(|document| document["source"].as_str()).collect();
    assert_eq!(sources, ["unknown.md", "bare.md", "empty.md", "latin.md", "nowhere.md"]);
    for document in documents {
        for key in ["capabilities", "reason_codes", "tables", "acceptance_tests"] {
            assert_eq!(document[key], json!([]), "{document}");
        }
        assert!(document["diagnostics"].as_array().is_some_and(|list| !list.is_empty()), "{document}");
    }
    assert_eq!(documents[0]["kind"], "db_wiring");
    assert_eq!(documents[0]["diagnostics"][0]["code"], "E0101");
}

#[test]
fn folders_are_searched_at_any_depth_and_in_order() {
    let sandbox = Sandbox::base();
    let deep = sandbox.root().join("docs/b/c");
    fs::create_dir_all(&deep).expect("folders can be made");
    for name in ["docs/z.md", "docs/b/c/y.MD", "docs/a.md"] {
        fs::copy(sandbox.specs().join("ecm/PH1_T.md"), sandbox.root().join(name))
            .expect("a copy can be made");
    }
    fs::write(sandbox.root().join("docs/note.txt"), "not Markdown").expect("a file can be written");
    let (code, documents, _) = parse(&sandbox, &["docs"]);
    let sources: Vec<&str> = documents
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|document| document["source"].as_str())
        .collect();
    assert_eq!((code, sources), (Some(0), vec!["docs/a.md", "docs/b/c/y.MD", "docs/z.md"]));
}

#[test]
fn yaml_says_the_same_as_json_and_text_names_every_line() {
    let sandbox = Sandbox::base();
    let run = |format: &str| {
        let mut command = xtask();
        command.args(["parse", "specs", "--format", format]).current_dir(sandbox.root());
        sandbox.run(&mut command)
    };
    let yaml: Value = selene_codegen::yaml::from_str(&run("yaml").stdout).expect("the output is YAML");
    let json: Value = serde_json::from_str(&run("json").stdout).expect("the output is JSON");
    assert_eq!(yaml, json);
    let text = run("text").stdout;
    assert!(text.contains("    12  capability   PH1T_NOTE_COMMIT_ROW"), "{text}");
    assert!(text.contains("    12  table        app.notes"), "{text}");
}

/// The documents of a specs folder, in which nothing may be left that was not understood.
fn understood(specs: &Path) -> Vec<Value> {
    let output = xtask().args(["parse", "--format", "json"]).arg(specs).output().expect("xtask starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let documents: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let documents: Vec<Value> = documents.as_array().cloned().unwrap_or_default();
    for document in &documents {
        assert_eq!(document["diagnostics"], json!([]), "{}", document["source"]);
    }
    documents
}

#[test]
fn the_specs_of_this_workspace_are_understood_to_the_last_word() {
    assert!(!understood(&workspace().join("specs")).is_empty());
}

#[test]
fn every_capability_of_ten_engines_is_read() {
    let mut capabilities = std::collections::BTreeMap::new();
    for document in understood(&ten_engines().join("specs")) {
        if document["kind"] == "ecm" {
            let id = document["engine_id"].as_str().unwrap_or_default().to_owned();
            capabilities.insert(id, document["capabilities"].as_array().map_or(0, Vec::len));
        }
    }
    let expected =
        [("PH1.VOICE.ID", 6), ("PH1.W", 10), ("PH1.ONB", 12), ("PH1.PERSONA", 2), ("PH1.WRITE", 2)];
    for (id, count) in expected {
        assert_eq!(capabilities.get(id), Some(&count), "{id}");
    }
}

#[test]
fn help_teaches_with_examples() {
    for command in ["regenerate", "parse", "demo"] {
        let output = xtask().args([command, "--help"]).output().expect("xtask starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && text.contains("Examples:"), "{text}");
        assert!(text.contains(&format!("cargo xtask {command} ")), "{text}");
    }
    let output = xtask().arg("regenerate").arg("--wrong").output().expect("xtask starts");
    assert_eq!(output.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn the_demo_passes_its_arguments_and_its_exit_code_on() {
    let sandbox = Sandbox::base();
    // `CARGO` names the program to start: one that prints what it was given, and one that fails.
    let mut command = xtask();
    command.args(["demo", "--db", "file.sqlite"]).env("CARGO", "echo");
    let run = sandbox.run(&mut command);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("run --quiet --package selene-storage --example demo"), "{}", run.stdout);
    assert!(run.stdout.trim_end().ends_with("-- --db file.sqlite"), "{}", run.stdout);
    let owner = "postgres://owner@localhost/selene";
    for db in ["postgres://selene@localhost/selene", "host=/run/postgresql dbname=selene user=selene"] {
        let mut command = xtask();
        command.args(["demo", "--db", db, "--owner", owner]).env("CARGO", "echo");
        let run = sandbox.run(&mut command);
        assert!(
            run.stdout.contains("--package selene-storage-postgres --example postgres_demo"),
            "{}",
            run.stdout
        );
        assert!(run.stdout.trim_end().ends_with(&format!("-- --db {db} --owner {owner}")), "{}", run.stdout);
    }
    let mut command = xtask();
    command.args(["demo", "--db", "file.sqlite", "--owner", owner]).env("CARGO", "echo");
    assert_eq!(sandbox.run(&mut command).code, Some(2), "a file has no owner");
    let mut command = xtask();
    command.arg("demo").env("CARGO", "false");
    assert_eq!(sandbox.run(&mut command).code, Some(1));
    let mut command = xtask();
    command.arg("demo").env("CARGO", "/nowhere/cargo");
    let run = sandbox.run(&mut command);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("cargo cannot be started"), "{}", run.stderr);
}

#[test]
fn schemas_over_several_lines_are_one_schema_and_keep_their_places() {
    let sandbox = Sandbox::base();
    let path = "specs/db_wiring/PH1_T.md";
    sandbox.edit(
        "db_wiring/PH1_T.md",
        "`(user_id, note_seq, title?, stars, tags[])`",
        "`(user_id, note_seq,\n  títle?,\n   , stars, tags[])`",
    );
    let (code, documents, _) = parse(&sandbox, &[path]);
    assert_eq!(code, Some(1));
    let found = &documents[0]["diagnostics"][0];
    assert_eq!(
        (&found["code"], &found["line"], &found["column"]),
        (&json!("E0109"), &json!(17), &json!(4)),
        "{found}"
    );
}

#[test]
fn a_source_is_the_path_as_it_was_given() {
    let sandbox = Sandbox::base();
    let absolute = sandbox.specs().join("ecm").display().to_string();
    let below = |folder: &str| format!("{folder}/PH1_T.md");
    for (given, shown) in [
        ("specs/ecm/PH1_T.md", "specs/ecm/PH1_T.md".to_owned()),
        ("specs/ecm", below("specs/ecm")),
        ("./specs/ecm/", below("./specs/ecm")),
        ("specs/db_wiring/../ecm", below("specs/db_wiring/../ecm")),
        (absolute.as_str(), below(&absolute)),
    ] {
        let mut command = xtask();
        command.args(["parse", given, "--format", "json"]).current_dir(sandbox.root());
        let output = command.output().expect("xtask starts");
        let documents: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
        assert_eq!(documents[0]["source"], shown, "given `{given}`");
    }
}
