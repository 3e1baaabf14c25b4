//! Holds a value against a schema, with the words of JSON Schema that ours use and no others.

use serde_json::{Map, Value};

/// Words that describe a schema to people.
const WORDS_FOR_PEOPLE: [&str; 4] = ["$schema", "title", "description", "definitions"];

/// The first thing that a schema has against a value, with its place.
pub fn problem(schema: &Value, value: &Value) -> Option<String> {
    Checker { root: schema }.problem(schema, value)
}

struct Checker<'a> {
    root: &'a Value,
}

impl Checker<'_> {
    fn problem(&self, schema: &Value, value: &Value) -> Option<String> {
        let Value::Object(words) = schema else {
            return (schema == &Value::Bool(false)).then(|| "is refused".to_owned());
        };
        words.iter().find_map(|(word, wanted)| self.against(word, wanted, words, value))
    }

    fn against(&self, word: &str, wanted: &Value, all: &Map<String, Value>, value: &Value) -> Option<String> {
        let problem_if = |is_wrong: bool| is_wrong.then(|| format!("{value} against {word} {wanted}"));
        let number = |value: &Value| value.as_u64();
        match word {
            "$ref" => {
                let name =
                    wanted.as_str().and_then(|path| path.strip_prefix("#/definitions/")).expect("a name");
                self.problem(&self.root["definitions"][name], value)
            }
            "type" => problem_if(!kinds(wanted).any(|kind| is_of(kind, value))),
            "enum" => problem_if(!list(wanted).contains(value)),
            "minimum" => problem_if(number(value).is_some_and(|value| Some(value) < number(wanted))),
            "maximum" => problem_if(number(value).is_some_and(|value| Some(value) > number(wanted))),
            "minItems" => {
                problem_if(value.as_array().is_some_and(|items| Some(size(items.len())) < number(wanted)))
            }
            "maxItems" => {
                problem_if(value.as_array().is_some_and(|items| Some(size(items.len())) > number(wanted)))
            }
            "items" => list(value).iter().find_map(|item| self.problem(wanted, item)),
            "required" => {
                let entries = value.as_object()?;
                problem_if(
                    list(wanted).iter().any(|key| !entries.contains_key(key.as_str().unwrap_or_default())),
                )
            }
            "properties" => {
                let entries = value.as_object()?;
                entries.iter().find_map(|(key, value)| self.problem(wanted.get(key)?, value))
            }
            "additionalProperties" => {
                let known = all.get("properties").and_then(Value::as_object);
                let others = value.as_object()?.iter();
                let mut others =
                    others.filter(|(key, _)| !known.is_some_and(|known| known.contains_key(*key)));
                others.find_map(|(key, value)| Some(format!("/{key}: {}", self.problem(wanted, value)?)))
            }
            "anyOf" => {
                let problems: Option<Vec<String>> =
                    list(wanted).iter().map(|schema| self.problem(schema, value)).collect();
                problems.map(|problems| problems.join(", and "))
            }
            _ => {
                assert!(WORDS_FOR_PEOPLE.contains(&word), "no schema of ours says `{word}`");
                None
            }
        }
    }
}

fn size(length: usize) -> u64 {
    u64::try_from(length).expect("a length")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn kinds(wanted: &Value) -> impl Iterator<Item = &str> {
    list(wanted).iter().chain((!wanted.is_array()).then_some(wanted)).filter_map(Value::as_str)
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no kind `{other}`"),
    }
}
