//! What findings say that is missing: read from their codes and the names that they are about, never from their words.

use std::collections::BTreeSet;

use crate::diagnostics::{Code, Diagnostics, Place};
use crate::source::Span;

/// A name that a finding is about.
pub(super) struct Unknown<'a> {
    pub(super) code: &'static Code,
    pub(super) engine: &'a str,
    pub(super) name: &'a str,
    pub(super) span: Span,
}

/// Every name that findings are about, in the order in which they were found, each once.
pub(super) fn unknown(diagnostics: &Diagnostics) -> Vec<Unknown<'_>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for one in diagnostics.iter() {
        let first = one.labels.iter().find_map(|label| match &label.place {
            Place::Span(span) => Some(*span),
            Place::Outside { .. } => None,
        });
        let Some(span) = first else { continue };
        for about in &one.about {
            let Some(engine) = about.engine.as_deref() else { continue };
            if seen.insert((one.code.id, engine, about.name.as_str())) {
                found.push(Unknown { code: one.code, engine, name: &about.name, span });
            }
        }
    }
    found
}
