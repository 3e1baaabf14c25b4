//! The schemas of what has no fields: named types, builtin ones, reason codes.

use selene_codegen::contract::{ReasonCode, TypeDef, TypeKind};
use serde_json::{Value, json};

/// Something in a text that is more than white space, as Unicode knows it.
const NOT_BLANK: &str =
    "[^\\u0009-\\u000D\\u0020\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]";

/// ASCII and nothing else.
const ASCII: &str = "^[\\u0000-\\u007F]*$";

/// Most bytes of one character in UTF-8.
const BYTES_OF_A_CHARACTER: u32 = 4;

/// A type of the lexicon.
pub(super) fn of_type(ty: &TypeDef) -> Value {
    let mut schema = match &ty.kind {
        TypeKind::Text { min_len, max_len, ascii, free } => text(*min_len, *max_len, *ascii, *free),
        TypeKind::Integer { repr, min, max, unit } => {
            let mut schema = integer(min.unwrap_or(0), max.unwrap_or(repr.largest()));
            schema["format"] = json!(format!("uint{}", repr.as_str().trim_start_matches('u')));
            if let Some(unit) = unit {
                schema["x-unit"] = json!(unit);
            }
            schema
        }
        TypeKind::Enum { values } => json!({ "type": "string", "enum": values }),
    };
    if !ty.doc.is_empty() {
        schema["description"] = json!(ty.doc);
    }
    schema
}

fn text(min: u32, max: u32, ascii: bool, is_free: bool) -> Value {
    let mut schema = json!({
        "type": "string",
        "minLength": if ascii { min } else { min.div_ceil(BYTES_OF_A_CHARACTER) },
        "maxLength": max,
        "x-min-bytes": min,
        "x-max-bytes": max,
        "x-id": !is_free,
    });
    match (min > 0, ascii) {
        (true, true) => schema["allOf"] = json!([{ "pattern": NOT_BLANK }, { "pattern": ASCII }]),
        (true, false) => schema["pattern"] = json!(NOT_BLANK),
        (false, true) => schema["pattern"] = json!(ASCII),
        (false, false) => {}
    }
    schema
}

/// A whole number within bounds, both inclusive.
pub(super) fn integer(min: u128, max: u128) -> Value {
    json!({ "type": "integer", "minimum": number(min), "maximum": number(max) })
}

/// A number above 64 bits becomes the nearest one that a reader of JSON holds.
fn number(value: u128) -> Value {
    #[allow(clippy::cast_precision_loss, reason = "JSON has no larger whole numbers that every reader keeps")]
    u64::try_from(value).map_or_else(|_| json!(value as f64), |small| json!(small))
}

/// Registered codes, with their numbers, classes and meanings beside.
pub(super) fn of_codes<'c>(codes: impl Iterator<Item = &'c ReasonCode>, about: &str) -> Value {
    let codes: Vec<&ReasonCode> = codes.collect();
    let names: Vec<&str> = codes.iter().map(|code| code.name.as_str()).collect();
    let known: Vec<Value> = codes
        .iter()
        .map(|code| {
            json!({
                "name": code.name,
                "number": code.number,
                "class": code.class.as_str(),
                "meaning": code.meaning,
                "retired": code.retired,
            })
        })
        .collect();
    json!({ "type": "string", "enum": names, "description": about, "x-codes": known })
}

/// The payload of an audit event.
pub(super) fn payload() -> Value {
    json!({
        "type": "object",
        "description": "Bounded references and codes: keys and values have at most 2,048 bytes in all.",
        "maxProperties": 16,
        "propertyNames": { "pattern": "^[a-z][a-z0-9_]{0,63}$" },
        "additionalProperties": {
            "type": "string",
            "minLength": 1,
            "maxLength": 256,
            "pattern": NOT_BLANK,
            "x-max-bytes": 256,
        },
    })
}

/// A 32-byte hash.
pub(super) fn digest() -> Value {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "A 32-byte hash in hexadecimal digits." })
}
