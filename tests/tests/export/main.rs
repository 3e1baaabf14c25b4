//! `cargo xtask export`: its schemas take what the Rust types write and what admission takes, and refuse all else.

#[path = "../../../generated/tests/cases/mod.rs"]
mod cases;
mod documents;
mod inputs;
mod outputs;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jsonschema::Validator;
use selene_codegen::naming::module_name;
use serde_json::{Value, json};
use xtask::export::{Exported, json_schema};
use xtask::pipeline::{self, Run};

/// The specs of the workspace, read once.
fn run() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let workspace: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let run = pipeline::run(&workspace.join("specs"), &workspace.join("generated"));
        assert!(!run.diagnostics.has_errors());
        run
    })
}

/// The schema of one engine.
fn schema(engine: &str) -> Value {
    let resolved = &run().resolved;
    json_schema(Exported { contracts: &resolved.contracts, shared: &resolved.shared, engines: &[engine] })
}

/// A validator of one definition of an engine's schema: `Ph1wEnrollStartDraftRow`.
fn validator(schema: &Value, engine: &str, name: &str) -> Validator {
    validator_of(schema, &json!({ "$ref": format!("#/$defs/{}.{name}", module_name(engine)) }))
}

/// A validator of a schema that refers to the definitions of another one.
fn validator_of(schema: &Value, root: &Value) -> Validator {
    let mut whole = root.clone();
    whole["$defs"] = schema["$defs"].clone();
    jsonschema::draft202012::new(&whole).unwrap_or_else(|error| panic!("{root}: {error}"))
}
