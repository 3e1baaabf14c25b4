//! A contract under another name: wherever a name stands as a name, and in the sentences that quote it.

use selene_codegen::naming::without_schema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::stated::{Noun, Rename};

/// Keys of a contract whose values are words of the format, or names that others store.
const KEPT: [&str; 17] = [
    "id",
    "effect",
    "kind",
    "repr",
    "class",
    "classes",
    "read_scope",
    "truth_type",
    "missing",
    "keys",
    "space",
    "payload_keys",
    "required_fields",
    "stored_name",
    "doc",
    "meaning",
    "purpose",
];
/// Keys of values with spaces that are no sentences.
const CONDITIONS: [&str; 3] = ["checks", "where", "required_indices"];

/// Writes a contract with the other name. Where that would be none, it stays as it is.
pub(super) fn renamed<T: Serialize + DeserializeOwned>(contract: &mut T, rename: &Rename) {
    let Ok(mut value) = serde_json::to_value(&*contract) else { return };
    match &rename.noun {
        Noun::Column(table) => in_table(&mut value, table, rename),
        _ => replace(&mut value, "", rename),
    }
    if let Ok(renamed) = serde_json::from_value(value) {
        *contract = renamed;
    }
}

/// A column is renamed in its table, in references and in indices.
fn in_table(value: &mut Value, table: &str, rename: &Rename) {
    for one in value["tables"].as_array_mut().into_iter().flatten() {
        if one["name"].as_str().is_some_and(|name| without_schema(name) == table) {
            replace(one, "", rename);
        }
    }
    let is_of = |text: &str| text.split(['.', '(']).any(|part| part == table);
    for key in ["relations", "reads"] {
        each_text(&mut value[key], &mut |text| {
            if is_of(text) {
                *text = with_token(text, &rename.from, &rename.to);
            }
        });
    }
}

fn each_text(value: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => change(text),
        Value::Array(list) => list.iter_mut().for_each(|one| each_text(one, change)),
        Value::Object(map) => map.values_mut().for_each(|one| each_text(one, change)),
        _ => {}
    }
}

fn replace(value: &mut Value, key: &str, rename: &Rename) {
    match value {
        Value::String(text) if text.contains(' ') && !CONDITIONS.contains(&key) => {
            let quoted = |name: &str| format!("`{name}`");
            *text = text.replace(&quoted(&rename.from), &quoted(&rename.to));
        }
        Value::String(text) => *text = with_token(text, &rename.from, &rename.to),
        Value::Array(list) => list.iter_mut().for_each(|one| replace(one, key, rename)),
        Value::Object(map) => {
            for (key, one) in map.iter_mut().filter(|(key, _)| !KEPT.contains(&key.as_str())) {
                replace(one, key, rename);
            }
        }
        _ => {}
    }
}

/// A text with another name in the place of every whole one.
pub(super) fn with_token(text: &str, from: &str, to: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let length = rest[start..].find(|c| !is_part(c)).unwrap_or(rest.len() - start);
        let word = &rest[start..start + length];
        out.push_str(&rest[..start]);
        out.push_str(if word == from { to } else { word });
        rest = &rest[start + length..];
    }
    out + rest
}
