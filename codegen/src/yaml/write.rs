//! A YAML tree as text, laid out as contracts have always been: blocks, lists not indented below their key.

use std::fmt::Write as _;

use serde_yaml::{Mapping, Value};

use super::plain::{is_escaped, is_plain, needs_escapes};

/// The text of a document, from its first line to the line end of its last.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Mapping(map) if !map.is_empty() => mapping(map, 0, &mut text),
        Value::Sequence(items) if !items.is_empty() => sequence(items, 0, &mut text),
        _ => {
            single(value, &mut text);
            text.push('\n');
        }
    }
    text
}

/// The entries of a map. The cursor stands behind the indentation of the first.
fn mapping(map: &Mapping, indent: usize, text: &mut String) {
    for (index, (key, value)) in map.iter().enumerate() {
        if index > 0 {
            spaces(indent, text);
        }
        single(key, text);
        text.push(':');
        match value {
            Value::Mapping(inner) if !inner.is_empty() => {
                text.push('\n');
                spaces(indent + 2, text);
                mapping(inner, indent + 2, text);
            }
            Value::Sequence(items) if !items.is_empty() => {
                text.push('\n');
                spaces(indent, text);
                sequence(items, indent, text);
            }
            _ => {
                text.push(' ');
                single(value, text);
                text.push('\n');
            }
        }
    }
}

/// The items of a list. The cursor stands behind the indentation of the first.
fn sequence(items: &[Value], indent: usize, text: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            spaces(indent, text);
        }
        text.push_str("- ");
        match item {
            Value::Mapping(inner) if !inner.is_empty() => mapping(inner, indent + 2, text),
            Value::Sequence(inner) if !inner.is_empty() => sequence(inner, indent + 2, text),
            _ => {
                single(item, text);
                text.push('\n');
            }
        }
    }
}

fn spaces(count: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', count));
}

/// A value that stands on one line.
fn single(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(words) => quoted(words, text),
        // Contracts have no tags and no keys that are collections; whatever reaches this is empty or such a key, and stands
        // in the form that YAML shares with JSON.
        Value::Sequence(items) => {
            flow('[', ']', items.len(), text, |index, text| single(&items[index], text));
        }
        Value::Mapping(map) => {
            let entries: Vec<_> = map.iter().collect();
            flow('{', '}', entries.len(), text, |index, text| {
                single(entries[index].0, text);
                text.push_str(": ");
                single(entries[index].1, text);
            });
        }
        Value::Tagged(tagged) => {
            let _ = write!(text, "{} ", tagged.tag);
            single(&tagged.value, text);
        }
    }
}

fn flow(open: char, close: char, count: usize, text: &mut String, item: impl Fn(usize, &mut String)) {
    text.push(open);
    for index in 0..count {
        if index > 0 {
            text.push_str(", ");
        }
        item(index, text);
    }
    text.push(close);
}

/// A text, in quotes where it needs them: single ones, or double ones with escapes.
fn quoted(words: &str, text: &mut String) {
    if is_plain(words) {
        text.push_str(words);
    } else if needs_escapes(words) {
        text.push('"');
        for c in words.chars() {
            match c {
                '"' | '\\' => text.extend(['\\', c]),
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\r' => text.push_str("\\r"),
                // Writing to a string cannot fail.
                c if is_escaped(c) => drop(write!(text, "\\u{:04X}", u32::from(c))),
                c => text.push(c),
            }
        }
        text.push('"');
    } else {
        text.push('\'');
        text.push_str(&words.replace('\'', "''"));
        text.push('\'');
    }
}
