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
