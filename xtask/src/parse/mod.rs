//! Phase two: trees become documents, a lexicon and a register of reason codes. Names are not looked up yet.
//!
//! What lives here: the shape of a document as read ([`document`]), the ways of writing specs ([`dialect`], one module per
//! dialect, and the table of them in [`dialects`]), the schema language ([`schema`]), and the two YAML files ([`lexicon`], [`reason_codes`]).
//! What must not: looking a name up, or writing anything.

pub mod bullet;
pub mod dialect;
pub mod dialects;
pub mod document;
pub mod lexicon;
pub mod plain;
pub mod reason_codes;
pub mod rust_names;
pub mod schema;
pub mod section;
mod values;

pub use dialects::parse_document;
