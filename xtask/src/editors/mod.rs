//! A JSON Schema for each YAML file of specs, for editors, made from the words that the readers in
//! [`parse`](crate::parse) know.
//!
//! A schema states the shape of a file: keys, kinds, words of fixed lists. Whether names exist and numbers are free only `lint` can
//! check. `tests/editors.rs` changes a file that has every key at every place and asks reader and schema for the same answer. What
//! must not live here: reading a file.

mod lexicon;
mod register;
mod shape;

use serde_json::Value;

/// A schema and the file that it is written to.
pub struct Schema {
    /// The file of specs that it describes.
    pub describes: &'static str,
    /// Its path below the output folder.
    pub path: &'static str,
    /// Builds the schema as a JSON value.
    make: fn() -> Value,
}

/// The schemas of all files of specs that are YAML.
pub const ALL: [Schema; 2] = [
    Schema { describes: "lexicon.yaml", path: "schemas/lexicon.schema.json", make: lexicon::schema },
    Schema {
        describes: "reason_codes.yaml",
        path: "schemas/reason_codes.schema.json",
        make: register::schema,
    },
];

impl Schema {
    /// The schema as a value.
    #[must_use]
    pub fn value(&self) -> Value {
        (self.make)()
    }

    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}\n", self.value())
    }

    /// The first line of the file that it describes, as editors look for it.
    #[must_use]
    pub fn first_line(&self) -> String {
        format!("# yaml-language-server: $schema=../generated/{}", self.path)
    }
}
