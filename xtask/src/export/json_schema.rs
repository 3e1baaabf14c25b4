//! The JSON Schema of the 2020-12 draft: every input, output, record, enum and error is one of its `$defs`.

use serde_json::{Value, json};

use super::definitions::Definitions;
use super::exported::{Exported, NOTES};
use super::schemas;

/// The schema of the chosen engines.
#[must_use]
pub fn document(exported: Exported<'_>) -> Value {
    let definitions = Definitions::new(exported, "#/$defs/");
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": exported.title(),
        "description": NOTES,
        "$defs": schemas::all(definitions),
    })
}
