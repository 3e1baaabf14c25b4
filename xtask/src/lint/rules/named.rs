//! What is named after whom.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::parse::document::Document;

/// `PH1W` of `PH1W_ENROLL_START_DRAFT_ROW`.
fn first_word(id: &str) -> &str {
    id.split('_').next().unwrap_or_default()
}

/// The word that most ids of a page begin with; of several, the first of the alphabet.
fn usual_word(page: &Document) -> Option<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for capability in &page.capabilities {
        *counts.entry(first_word(&capability.id.value)).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(word, _)| word)
}

/// Capabilities whose id begins as those of another engine do.
pub fn capabilities(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let pages = || subject.engines.iter().filter_map(|engine| Some((engine, engine.ecm?)));
    for (engine, page) in pages() {
        let Some(usual) = usual_word(page) else { continue };
        for capability in page.capabilities.iter().filter(|one| first_word(&one.id.value) != usual) {
            let word = first_word(&capability.id.value);
            let other = pages()
                .find(|(other, page)| other.id.value != engine.id.value && usual_word(page) == Some(word));
            let Some((other, of_other)) = other else { continue };
            let Some(first) = of_other.capabilities.iter().find(|one| first_word(&one.id.value) == word)
            else {
                continue;
            };
            let message =
                format!("`{}` is called as a capability of `{}`", capability.id.value, other.id.value);
            diagnostics.push(
                Diagnostic::new(
                    codes::CAPABILITY_OF_ANOTHER_ENGINE,
                    message,
                    capability.id.span,
                    "a capability of this engine",
                )
                .and(first.id.span, "one of the other")
                .help(format!("begin the id with `{usual}_`, or move the capability")),
            );
        }
    }
}
