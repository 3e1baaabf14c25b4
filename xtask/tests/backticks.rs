//! Pages without a single backtick have the same meaning as with them: names in lists are read all the same.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use common::{workspace, xtask};
use serde_json::Value;

/// Every page of the workspace as it is read, with its backticks or without any.
fn pages(folder: &Path, keeps_backticks: bool) -> Vec<Value> {
    for kind in ["ecm", "db_wiring"] {
        fs::create_dir_all(folder.join(kind)).expect("a folder");
        for entry in fs::read_dir(workspace().join("specs").join(kind)).expect("the specs").flatten() {
            let text = fs::read_to_string(entry.path()).expect("a page");
            let text = if keeps_backticks { text } else { text.replace('`', "") };
            fs::write(folder.join(kind).join(entry.file_name()), text).expect("a written page");
        }
    }
    let output = xtask().args(["parse", "ecm", "db_wiring", "--format", "json"]).current_dir(folder).output();
    serde_json::from_slice(&output.expect("xtask starts").stdout).expect("JSON")
}

/// The value without what differs in any case: marks, places within a line, and codes among the words of a sentence.
fn without_places(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('`', "")),
        Value::Array(items) => items.iter().map(without_places).collect(),
        Value::Object(map) => {
            let left_out = ["column", "diagnostics", "stretches", "reason_codes"];
            let kept = map.iter().filter(|(key, _)| !left_out.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key.clone(), without_places(value))).collect())
        }
        other => other.clone(),
    }
}

fn codes(page: &Value) -> BTreeSet<String> {
    page["reason_codes"].as_array().into_iter().flatten().map(ToString::to_string).collect()
}

#[test]
fn every_page_of_the_workspace_says_the_same_without_backticks() {
    let folder = tempfile::tempdir().expect("a folder");
    let (with, without) = (folder.path().join("with"), folder.path().join("without"));
    let (with, without) = (pages(&with, true), pages(&without, false));
    assert!(with.len() >= 20, "{} pages", with.len());
    assert_eq!(with.len(), without.len());
    let all: BTreeSet<String> = without.iter().flat_map(codes).collect();
    for (with, without) in with.iter().zip(&without) {
        let source = &with["source"];
        let (expected, found) = (without_places(with), without_places(without));
        for (key, expected) in expected.as_object().expect("a page") {
            assert_eq!(&found[key], expected, "{source}: {key}");
        }
        let lost: Vec<String> = codes(with).difference(&all).cloned().collect();
        assert_eq!(lost, [""; 0], "{source}: a code that no page lists any more");
        let before = with["diagnostics"].as_array().map_or(0, Vec::len);
        let after = without["diagnostics"].as_array().map_or(0, Vec::len);
        assert_eq!(after, before, "{source}: {}", without["diagnostics"]);
    }
}
