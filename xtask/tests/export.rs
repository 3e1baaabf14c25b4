//! `cargo xtask export`, run as a person runs it. What the schemas accept is tested against the Rust types, in `tests/tests/export`.

mod common;

use std::process::{Command, Output};

use common::Sandbox;
use serde_json::Value;

fn export(sandbox: &Sandbox, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("export").arg("--specs").arg(sandbox.specs()).args(arguments).output().expect("xtask starts")
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn one_document_goes_to_standard_output_and_is_the_same_each_time() {
    let sandbox = Sandbox::base();
    let schema = export(&sandbox, &["--format", "json-schema"]);
    assert_eq!(json(&schema)["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema.stdout, export(&sandbox, &["--format", "json-schema"]).stdout);
    let described = json(&export(&sandbox, &["--format", "openapi"]));
    assert_eq!(described["openapi"], "3.1.0");
    assert!(described["info"]["description"].as_str().unwrap().starts_with("There is no server"));
}

#[test]
fn a_folder_gets_a_file_for_each_engine() {
    let sandbox = Sandbox::of_rule(std::path::Path::new("none"));
    let out = sandbox.root().join("schemas");
    let written = export(&sandbox, &["--format", "openapi", "--out", out.to_str().unwrap()]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let mut names: Vec<String> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| name.ends_with(".openapi.json")), "{names:?}");
}

#[test]
fn an_unknown_engine_and_an_unknown_format_are_refused() {
    let sandbox = Sandbox::base();
    let unknown = export(&sandbox, &["--format", "openapi", "--engine", "PH9.NONE"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no engine `PH9.NONE`"));
    assert_eq!(export(&sandbox, &["--format", "xml"]).status.code(), Some(2));
}
