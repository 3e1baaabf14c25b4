//! One small document per form of specs, beside it everything that is read from it, and what became of every stretch.
//!
//! `UPDATE_FIXTURES=1 cargo test -p xtask --test forms` writes the expected texts anew.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use common::{fixtures, xtask};
use serde_json::Value;

fn documents() -> Vec<PathBuf> {
    let entries = fs::read_dir(fixtures().join("../forms")).expect("the forms exist");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("the entry can be read").path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.sort();
    found
}

/// Values without those that are empty, so that a text shows what was read and nothing else.
fn without_empty(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(items) => {
            let items: Vec<Value> = items.into_iter().filter_map(without_empty).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(entries) => {
            let entries: serde_json::Map<String, Value> =
                entries.into_iter().filter_map(|(key, value)| Some((key, without_empty(value)?))).collect();
            (!entries.is_empty()).then_some(Value::Object(entries))
        }
        other => Some(other),
    }
}

fn shown(path: &PathBuf) -> String {
    let folder = path.parent().expect("a form lies in a folder");
    let name = path.file_name().expect("a form has a name");
    let output = xtask().args(["parse", "--format", "json"]).arg(name).current_dir(folder).output();
    let output = output.expect("xtask starts");
    let mut documents: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
    let mut document = documents[0].take();
    let stretches = document["stretches"].take();
    for diagnostic in document["diagnostics"].as_array_mut().into_iter().flatten() {
        let place = |label: &Value| format!("{}:{}", label["line"], label["column"]);
        let labels = diagnostic["labels"].as_array().into_iter().flatten();
        let places: Vec<String> = labels.map(place).collect();
        *diagnostic = Value::String(format!(
            "{} at {}: {} ({})",
            diagnostic["code"].as_str().unwrap_or_default(),
            places.join(", "),
            diagnostic["message"].as_str().unwrap_or_default(),
            diagnostic["help"].as_str().unwrap_or_default(),
        ));
    }
    let document = without_empty(document).expect("a document is never empty");
    let mut text = serde_json::to_string_pretty(&document).expect("a value can be written");
    text.push_str("\n\n");
    let source = fs::read_to_string(path).expect("the form can be read");
    let byte = |value: &Value| usize::try_from(value.as_u64().unwrap_or_default()).unwrap_or_default();
    for stretch in stretches.as_array().into_iter().flatten() {
        let words = &source[byte(&stretch["start"])..byte(&stretch["end"])];
        let read_as = stretch["read_as"].as_str().unwrap_or_default();
        if read_as != "mark" {
            let _ = writeln!(text, "{:>4}  {read_as:<28} {:?}", stretch["line"].to_string(), words.trim());
        }
    }
    text
}

#[test]
fn every_form_is_read_as_expected() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for path in documents() {
        let shown = shown(&path);
        let expected = path.with_extension("txt");
        if update {
            fs::write(&expected, &shown).expect("the expected text can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("== {}\n{shown}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
