//! Calls of engines whose models are drafted, and what they give: as JSON, so that one mechanism serves all of them.

use std::fmt;

use selene_contracts::{CapabilitySpec, Effect};
use serde_json::Value;

/// A call of any capability.
#[derive(Clone, PartialEq)]
pub struct EngineCall {
    /// What the contract says of the capability.
    pub capability: &'static CapabilitySpec,
    /// Its input in the JSON form of the input type.
    pub input: Value,
}

impl EngineCall {
    /// Whether the call is a write: no read, and no guard.
    pub fn is_write(&self) -> bool {
        self.capability.effect == Effect::Write
    }

    /// The fields of the input with their values, and the alternative of the input where there are several.
    ///
    /// # Panics
    /// The input has not the form of its type, which no call of this module has.
    pub fn fields(&self) -> (Option<&str>, &serde_json::Map<String, Value>) {
        let whole = self.input.as_object().expect("an input is an object");
        if self.capability.variants.is_empty() {
            return (None, whole);
        }
        let (variant, fields) = whole.iter().next().expect("an alternative");
        (Some(variant), fields.as_object().expect("an alternative is an object"))
    }

    /// The value of a field as a text, unless it is absent or no single value.
    pub fn text(&self, field: &str) -> Option<String> {
        plain(self.fields().1.get(field)?)
    }
}

impl fmt::Debug for EngineCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.capability.id, self.input)
    }
}

/// What a call gives, in the JSON form of the output type.
#[derive(Debug, Clone, PartialEq)]
pub struct EngineValue {
    /// The capability that gave it.
    pub capability: &'static str,
    /// The answer of the call, as JSON.
    pub value: Value,
}

/// A single value as a text; numbers in decimal.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is_true) => Some(is_true.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The value with other texts, wherever they stand in it.
pub(super) fn renamed(value: &Value, rename: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(rename(text)),
        Value::Array(items) => items.iter().map(|item| renamed(item, rename)).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), renamed(value, rename))).collect())
        }
        other => other.clone(),
    }
}

/// Every id that the model made, with what stands at its place in the other value.
pub(super) fn made_ids<'v>(model: &'v Value, store: &'v Value, found: &mut Vec<(&'v str, &'v str)>) {
    match (model, store) {
        (Value::String(model), Value::String(store)) if model.starts_with(MADE) => found.push((model, store)),
        (Value::Array(model), Value::Array(store)) => {
            model.iter().zip(store).for_each(|(model, store)| made_ids(model, store, found));
        }
        (Value::Object(model), Value::Object(store)) => {
            for (key, model) in model {
                if let Some(store) = store.get(key) {
                    made_ids(model, store, found);
                }
            }
        }
        _ => {}
    }
}

/// What an id begins with that a model made: the store has another one in its place.
pub(super) const MADE: char = '#';

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_of_the_model_are_paired_with_what_stands_in_their_place() {
        let model = json!({ "note_id": "#note_id_1", "title": "a", "parts": [{ "id": "#part_1" }, "#gone"] });
        let store = json!({ "note_id": "nte_77", "title": "b", "parts": [{ "id": "prt_5" }] });
        let mut found = Vec::new();
        made_ids(&model, &store, &mut found);
        assert_eq!(found, [("#note_id_1", "nte_77"), ("#part_1", "prt_5")]);
    }

    #[test]
    fn texts_are_renamed_wherever_they_stand() {
        let value = json!({ "a": ["x", { "b": "y", "c": 1 }], "x": null });
        let renamed = renamed(&value, &|text| format!("{text}!"));
        assert_eq!(renamed, json!({ "a": ["x!", { "b": "y!", "c": 1 }], "x": null }));
    }
}
