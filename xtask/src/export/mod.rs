//! Contracts for callers in other languages: JSON Schema 2020-12, and OpenAPI 3.1 with the same schemas.
//!
//! A schema accepts what the Rust types write and what admission takes. What the language of schemas cannot say is in the
//! description: lengths are bytes and not characters, ids must not look like others, a payload has a bound in all.
//! What must not live here: reading specs, writing files.

mod calls;
mod capability;
mod definitions;
mod exported;
mod fields;
mod json_schema;
mod leaves;
mod openapi;
mod schemas;

pub use exported::Exported;
pub use json_schema::document as json_schema;
pub use openapi::document as openapi;
