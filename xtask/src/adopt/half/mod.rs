//! The missing half of a pair as a skeleton: every line of it follows from the half that is there, or says what it was guessed from.

mod columns;
mod ecm;
mod fields;
mod lines;
mod wiring;

use selene_codegen::contract::SpecKind;

use super::subject::{Drafts, Subject};

/// Adds the half that an engine lacks to the drafts, and the fields of its tables where both halves are there and neither names
/// them.
pub(super) fn add(subject: &Subject<'_>, drafts: &mut Drafts) {
    for engine in &subject.engines {
        let (kind, text) = match (engine.pages.ecm, engine.pages.db_wiring) {
            (Some(ecm), None) => (SpecKind::DbWiring, wiring::draft(subject, engine, ecm)),
            // Without tables and writes nothing says what an engine can do.
            (None, Some(wiring)) if wiring.tables.is_empty() && wiring.writes.is_empty() => continue,
            (None, Some(wiring)) => (SpecKind::Ecm, ecm::draft(subject, engine, wiring)),
            _ => continue,
        };
        drafts.insert(format!("{}/{}.md", kind.as_str(), engine.id.replace('.', "_")), text);
    }
    fields::add(subject, drafts);
}
