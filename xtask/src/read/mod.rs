//! Files become texts, and texts become trees. Nothing here knows what a spec means.
//!
//! What lives here: finding and opening files, the Markdown tree ([`markdown`]) and the YAML tree ([`yaml`]), both with
//! exact places, and which characters and numbers a text may hold. What must not: engine names, sections, keys.

pub mod block;
pub mod characters;
mod code_lines;
mod counters;
mod edits;
pub mod files;
pub mod guess;
pub mod inline;
pub mod markdown;
mod nesting;
pub mod number;
pub mod overlay;
pub mod plain_words;
pub mod remark;
pub mod signs;
mod tags;
mod text;
pub mod tree;
mod trees;
mod underlined;
mod wrapped;
pub mod yaml;

pub use files::{FoundDocument, SpecFiles, find_documents, read_specs};
pub use overlay::Overlay;
pub use tree::Tree;
pub use trees::{SpecTrees, read};
