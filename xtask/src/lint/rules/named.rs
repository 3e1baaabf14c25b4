//! What is named after whom: capabilities, titles, Sources, groups of callers.

use std::collections::BTreeMap;

use selene_codegen::naming::module_name;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::code_spans;
use crate::lint::subject::{Engine, head};
use crate::parse::document::Document;
use crate::source::Span;

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

/// Whether a word is written as the id of an engine.
pub(super) fn is_engine_id(word: &str) -> bool {
    let parts = word.strip_prefix("PH").and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(number, name)| {
        !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
            && name.starts_with(|c: char| c.is_ascii_uppercase())
    })
}

/// Titles that name another engine than the header below them.
pub fn titles(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for page in subject.engines.iter().flat_map(Engine::each_page) {
        let (Some(title), Some(id)) = (&page.title, &page.header.engine_id) else { continue };
        let named = title.value.split_whitespace().find(|word| is_engine_id(word));
        if let Some(named) = named.filter(|named| *named != id.value) {
            let message = format!("the title names `{named}`, and the header `{}`", id.value);
            diagnostics.push(
                Diagnostic::new(codes::TITLE_OF_ANOTHER, message, title.span, "this title")
                    .and(id.span, "this engine")
                    .help("name the same engine in both"),
            );
        }
    }
}

/// ECMs whose Sources name the DB wiring of another engine: `docs/DB_WIRING/PH1_W.md`.
pub fn wirings(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const FOLDER: &str = "DB_WIRING/";
    for engine in &subject.engines {
        let Some(page) = engine.ecm else { continue };
        let text = &subject.sources.get(page.file).text;
        for (at, _) in text.match_indices(FOLDER) {
            let start = at + FOLDER.len();
            let name = text[start..].split(".md").next().unwrap_or_default();
            let is_file = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !is_file || name.to_ascii_lowercase() == module_name(&engine.id.value) {
                continue;
            }
            let place = Span::new(page.file, start, start + name.len());
            let message = format!("the ECM of `{}` comes with the DB wiring `{name}`", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::WIRING_OF_ANOTHER, message, place, "of another engine")
                    .and(engine.wiring.map_or(engine.id.span, head), "its own DB wiring")
                    .help(format!("write `docs/DB_WIRING/{}.md`", engine.id.value.replace('.', "_"))),
            );
        }
    }
}

/// Groups of callers that are named after one of them, `SELENE_OS_ONLY`, and hold others.
pub fn callers(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (name, callers) in subject.lexicon().iter().flat_map(|lexicon| &lexicon.callers) {
        let Some(only) = name.value.strip_suffix("_ONLY") else { continue };
        if callers.len() == 1 && callers[0].value == only {
            continue;
        }
        let place =
            callers.iter().find(|caller| caller.value != only).map_or(name.span, |caller| caller.span);
        let message = format!("`{}` holds other callers than `{only}`", name.value);
        diagnostics.push(
            Diagnostic::new(codes::CALLERS_AGAINST_NAME, message, name.span, "this name")
                .and(place, "these callers")
                .help(format!("write `[{only}]`, or give the group another name")),
        );
    }
}

/// `engine=PH1.W` and `engine=Other("PH1.W")` in sentences of a page of another engine.
pub fn engine_in_sentence(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for page in engine.each_page() {
            let invariants = page.tables.iter().flat_map(|table| &table.invariants);
            let sentences = invariants.chain(&page.relations.constraints).chain(&page.audit_rules);
            for (code, place) in sentences.flat_map(|text| code_spans(text.span, subject.sources)) {
                let Some(named) = code.strip_prefix("engine=") else { continue };
                let named = named.trim().trim_start_matches("Other(").trim_end_matches(')').trim_matches('"');
                if !is_engine_id(named) || named == engine.id.value {
                    continue;
                }
                let message = format!("a page of `{}` names events of `{named}`", engine.id.value);
                diagnostics.push(
                    Diagnostic::new(codes::ENGINE_IN_SENTENCE, message, place, "this engine")
                        .and(engine.id.span, "the header's")
                        .help(format!("write `engine={}`", engine.id.value)),
                );
            }
        }
    }
}
