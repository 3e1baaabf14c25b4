//! The two documents of one engine.

use selene_codegen::contract::SpecKind;

use crate::parse::document::{Document, Text};

/// The documents of one engine.
#[derive(Debug)]
pub struct EngineDocuments<'a> {
    /// `PH1.W`
    pub id: &'a Text,
    /// Its capability map.
    pub ecm: Option<&'a Document>,
    /// Its DB wiring.
    pub db_wiring: Option<&'a Document>,
}

impl EngineDocuments<'_> {
    /// The halves that are there.
    pub fn both(&self) -> impl Iterator<Item = &Document> {
        self.ecm.into_iter().chain(self.db_wiring)
    }

    /// The purpose of the engine: the one of its ECM, else the one of its wiring, else what an older header calls its role.
    #[must_use]
    pub fn purpose(&self) -> Option<&Text> {
        let stated = self.both().find_map(|page| page.header.purpose.as_ref());
        stated.or_else(|| self.both().find_map(role))
    }
}

/// What an older header calls a purpose.
#[must_use]
pub fn role(page: &Document) -> Option<&Text> {
    page.header.notes.iter().find(|(key, _)| key.value == "role").map(|(_, role)| role)
}

/// Documents by engine id. Of two documents for the same half the first counts; the next phase reports the other.
#[must_use]
pub fn group(documents: &[Document]) -> Vec<EngineDocuments<'_>> {
    let mut engines: Vec<EngineDocuments<'_>> = Vec::new();
    for document in documents {
        let (Some(id), Some(kind)) = (&document.header.engine_id, document.kind) else { continue };
        if !engines.iter().any(|engine| engine.id.value == id.value) {
            engines.push(EngineDocuments { id, ecm: None, db_wiring: None });
        }
        for engine in engines.iter_mut().filter(|engine| engine.id.value == id.value) {
            let half = match kind {
                SpecKind::Ecm => &mut engine.ecm,
                SpecKind::DbWiring => &mut engine.db_wiring,
            };
            half.get_or_insert(document);
        }
    }
    engines.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    engines
}

/// Whether a text is written as the id of an engine: words in upper case joined by dots, beginning with a letter.
#[must_use]
pub fn is_engine_id(id: &str) -> bool {
    let is_word =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    id.split('.').all(is_word) && id.starts_with(|c: char| c.is_ascii_uppercase())
}
