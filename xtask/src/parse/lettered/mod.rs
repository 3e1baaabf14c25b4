//! The older dialect: `## A) Engine Header`, `## B) Ownership`, `### capability_id: X`, keys without backticks, schemas as
//! bare lists, reason codes inside capabilities.
//!
//! Pages mix it freely with the plain one, so both share the readers of [`sections`]. What lives here: how
//! its pages are recognized, and what they must have, which is less: it has no versions, no sources and no names of
//! capabilities. What must not: reading a section, or looking names up.

use selene_codegen::contract::SpecKind;

use super::dialect::Dialect;
use super::document::Document;
use super::keys;
use super::section::Section;
use super::sections::{self, Known, Rules};
use crate::diagnostics::Diagnostics;

/// Specs with headings such as `## B) Ownership` or `### capability_id: X`.
pub struct Lettered;

static RULES: Rules = Rules {
    required: |kind| match kind {
        SpecKind::Ecm => &[Known::EngineHeader, Known::CapabilityList],
        SpecKind::DbWiring => &[Known::EngineHeader, Known::Ownership, Known::AcceptanceTests],
    },
    header_keys: &["engine_id"],
    capability_keys: &["input_schema", "output_schema", "allowed_callers", "side_effects"],
    tables_are_complete: false,
};

impl Dialect for Lettered {
    fn recognizes(&self, root: &Section<'_>) -> bool {
        let tops = sections::tops(root);
        let is_known = |section: &&Section<'_>| Known::of(section).is_some_and(|known| known != Known::Prose);
        let has_letters = tops.iter().any(|section| section.is_lettered() && is_known(section));
        let lists = tops.iter().filter(|section| Known::of(section) == Some(Known::CapabilityList));
        // Only this form states what is owned in words, and no tables of its own.
        let has = |known| tops.iter().any(|section| Known::of(section) == Some(known));
        let owns_in_words = has(Known::Ownership) && !has(Known::DataOwned);
        let has_tables = has(Known::DataOwned) && !has(Known::Ownership);
        let mut headers = tops.iter().filter(|section| Known::of(section) == Some(Known::EngineHeader));
        let is_older = has_letters || headers.any(|header| has_a_role(header));
        (is_older && !has_tables)
            || owns_in_words
            || lists.into_iter().any(|list| sections::names_capabilities_by_key(list))
    }

    fn parse(&self, root: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
        sections::read(root, &RULES, document, diagnostics);
    }
}

/// Whether a header says what an engine is for by its role or its place, and not by a purpose.
fn has_a_role(header: &Section<'_>) -> bool {
    let has = |wanted: &str| {
        header.items().any(|item| keys::at_start(&item.words).is_some_and(|key| key.name == wanted))
    };
    ["role", "layer", "placement"].into_iter().any(has) && !has("purpose")
}
