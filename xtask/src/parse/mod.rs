//! Trees become documents, a lexicon and a register of reason codes. Names are not looked up yet.
//!
//! What lives here: the shape of a document as read ([`document`]), the ways of writing specs ([`dialect`], one module per
//! dialect, and the table of them in [`dialects`]), the schema language ([`schema`]), and the two YAML files ([`lexicon`],
//! [`reason_codes`]).
//! What must not: looking a name up, or writing anything.

pub mod account;
pub mod backticks;
pub mod breaks;
pub mod bullet;
mod cells;
pub mod dialect;
pub mod dialects;
pub mod document;
pub mod heads;
pub mod keys;
pub mod lazy;
pub mod lettered;
pub mod levels;
pub mod lexicon;
pub mod lone_values;
pub mod page;
pub mod page_kind;
pub mod plain;
mod prose_codes;
pub mod readings;
pub mod reason_codes;
pub mod rows;
pub mod rust_names;
pub mod schema;
pub mod section;
pub mod sections;
pub mod set_in;
pub mod side_effect;
pub mod tight_heads;
pub mod unmarked;
mod values;

pub use dialects::parse_document;

use document::Document;
use lexicon::Lexicon;
use reason_codes::Register;

use crate::diagnostics::Diagnostics;
use crate::parallel;
use crate::read::SpecTrees;
use crate::source::{FileId, Sources};

/// Everything that the specs say, before any name is looked up.
#[derive(Debug)]
pub struct Parsed {
    /// One per page, in the order of the pages.
    pub documents: Vec<Document>,
    /// Absent where the file is missing or no YAML.
    pub lexicon: Option<Lexicon>,
    /// The file of the lexicon; absent where the file is missing.
    pub lexicon_file: Option<FileId>,
    /// Absent where the file is missing or no YAML.
    pub register: Option<Register>,
}

/// Parses the trees of a specs folder.
pub fn parse(trees: &SpecTrees, sources: &Sources, diagnostics: &mut Diagnostics) -> Parsed {
    let parsed = parallel::map(&trees.pages, |page| {
        let mut found = Diagnostics::default();
        (parse_document(page, sources, &mut found), found)
    });
    let mut documents = Vec::new();
    for (document, found) in parsed {
        documents.push(document);
        diagnostics.absorb(found, |_| true);
    }
    Parsed {
        documents,
        lexicon: trees.lexicon.as_ref().map(|(_, tree)| lexicon::read(tree, diagnostics)),
        lexicon_file: trees.lexicon.as_ref().map(|(file, _)| *file),
        register: trees
            .reason_codes
            .as_ref()
            .map(|(file, tree)| reason_codes::read(*file, tree, diagnostics)),
    }
}
