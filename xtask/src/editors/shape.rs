//! The pieces that the schemas are put together from, each as the readers take it.

use serde_json::{Map, Value, json};

/// The dialect of the schemas, which editors know.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// A whole schema with its definitions.
pub fn file(title: &str, root: Value, definitions: Vec<(&str, Value)>) -> Value {
    let mut root = root;
    root["$schema"] = json!(DIALECT);
    root["title"] = json!(title);
    root["definitions"] = definitions.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    root
}

/// One of the definitions.
pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// A single value. YAML takes `15` for a number and `true` for a flag; the readers take it as it is written.
pub fn text(description: &str) -> Value {
    json!({ "description": description, "type": ["string", "number", "boolean"] })
}

/// A whole number up to a largest one.
pub fn number(description: &str, least: u64, most: Option<u64>) -> Value {
    let mut value = json!({ "description": description, "type": "integer", "minimum": least });
    if let Some(most) = most {
        value["maximum"] = json!(most);
    }
    value
}

/// `true` or `false`.
pub fn flag(description: &str) -> Value {
    json!({ "description": description, "type": "boolean" })
}

/// One of the words of a list.
pub fn word<'a>(description: &str, words: impl IntoIterator<Item = &'a str>) -> Value {
    json!({ "description": description, "enum": words.into_iter().collect::<Vec<_>>() })
}

/// A list; nothing counts as an empty one.
pub fn list(description: &str, items: Value) -> Value {
    let mut list = json!({ "description": description, "type": ["array", "null"] });
    list["items"] = items;
    list
}

/// A map from names to values of one shape; nothing counts as an empty one.
pub fn map(description: &str, values: Value) -> Value {
    let mut map = json!({ "description": description, "type": ["object", "null"] });
    map["additionalProperties"] = values;
    map
}

/// Keys with their values.
pub type Keys = Vec<(&'static str, Value)>;

/// A map with known keys. Nothing counts as a map without keys, where none must be there.
pub fn object(description: &str, required: &[&str], keys: Keys) -> Value {
    let kind = if required.is_empty() { json!(["object", "null"]) } else { json!("object") };
    let keys: Map<String, Value> = keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({
        "description": description,
        "type": kind,
        "additionalProperties": false,
        "required": required,
        "properties": keys,
    })
}
