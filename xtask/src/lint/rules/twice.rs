//! What stands in one list twice, and capabilities that are called the same.

use std::collections::BTreeMap;

use selene_codegen::contract::Index;
use selene_codegen::naming::without_schema;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::subject::Engine;
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// Tables, indices, fields, foreign keys and codes that stand in their list twice.
pub fn named(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for page in subject.engines.iter().flat_map(Engine::each_page) {
        of_page(page, diagnostics);
    }
}

fn of_page(page: &Document, diagnostics: &mut Diagnostics) {
    let table = |name: &Text| without_schema(&name.value).to_owned();
    let whole = |name: &Text| name.value.clone();
    repeated(&page.header.data_owned, table, "among the tables that the engine owns", diagnostics);
    repeated(&page.audit.required_fields, whole, "among the fields of every event", diagnostics);
    for read in &page.reads {
        let list = format!("in the read `{}`", read.title.value);
        repeated(&read.tables, table, &list, diagnostics);
        repeated(&read.required_indices, index, &list, diagnostics);
    }
    for write in &page.writes {
        let list = format!("in the write `{}`", write.heading.value.replace('`', ""));
        repeated(&write.tables, table, &list, diagnostics);
        repeated(&write.required_fields, whole, &list, diagnostics);
        repeated(&write.event_types, whole, &list, diagnostics);
    }
    for capability in &page.capabilities {
        let list = format!("in the capability `{}`", capability.id.value);
        repeated(&capability.reason_codes, whole, &list, diagnostics);
        repeated(&capability.failure_modes, whole, &list, diagnostics);
    }
    let keys: Vec<Text> = page
        .relations
        .foreign_keys
        .iter()
        .map(|(from, to, _)| Text::new(format!("{} -> {}", from.value, to.value), from.span))
        .collect();
    repeated(&keys, whole, "among the foreign keys", diagnostics);
}

/// An index by its table and its columns, however it is spaced.
fn index(text: &Text) -> String {
    match Index::table_and_columns(&text.value) {
        Some((table, columns)) => format!("{}({})", without_schema(table), columns.join(", ")),
        None => text.value.clone(),
    }
}

fn repeated(names: &[Text], meaning: impl Fn(&Text) -> String, list: &str, diagnostics: &mut Diagnostics) {
    let mut known: BTreeMap<String, Span> = BTreeMap::new();
    for name in names {
        let key = meaning(name);
        if let Some(first) = known.get(&key) {
            diagnostics.push(
                Diagnostic::new(
                    codes::NAMED_TWICE,
                    format!("`{key}` stands twice {list}"),
                    name.span,
                    "again",
                )
                .and(*first, "first here")
                .help("take one of them out, or name what was meant"),
            );
        } else {
            known.insert(key, name.span);
        }
    }
}

/// Capabilities with the name of another one.
pub fn titles(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let mut known: BTreeMap<String, &Text> = BTreeMap::new();
    for capability in subject.engines.iter().filter_map(|engine| engine.ecm).flat_map(|ecm| &ecm.capabilities)
    {
        let Some(name) = &capability.name else { continue };
        let words = name.value.to_ascii_lowercase();
        if let Some(first) = known.get(&words) {
            let message = format!("two capabilities are called `{}`", name.value);
            diagnostics.push(
                Diagnostic::new(codes::SAME_TITLE, message, name.span, "this one too")
                    .and(first.span, "called so here")
                    .help("say in each name what only this capability does"),
            );
        } else {
            known.insert(words, name);
        }
    }
    of_tests(subject, diagnostics);
}

/// Acceptance tests with the title of another one of their page.
fn of_tests(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for page in subject.engines.iter().filter_map(|engine| engine.wiring) {
        let mut known: BTreeMap<String, &Text> = BTreeMap::new();
        for test in &page.acceptance_tests {
            let words = test.title.value.trim().to_ascii_lowercase();
            let Some(first) = known.get(&words).filter(|_| !words.is_empty()) else {
                known.insert(words, &test.id);
                continue;
            };
            // Several tests in one line share what it says.
            if subject.sources.line(first.span) == subject.sources.line(test.id.span) {
                continue;
            }
            let message = format!("`{}` says what `{}` says", test.id.value, first.value);
            diagnostics.push(
                Diagnostic::new(codes::SAME_TITLE, message, test.id.span, "this test")
                    .and(first.span, "the first one")
                    .help("say in each title what only this test proves, or take one of them out"),
            );
        }
    }
}

/// Reason codes of one engine that mean the same: whoever gets one of them cannot know which it is.
pub fn meanings(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in subject.register().iter().flat_map(|register| &register.engines) {
        let mut known: BTreeMap<String, &Text> = BTreeMap::new();
        for code in engine.codes.iter().filter(|code| !code.retired) {
            let words = code.meaning.trim_end_matches('.').to_ascii_lowercase();
            if let Some(first) = known.get(&words).filter(|_| !words.is_empty()) {
                let message = format!("`{}` and `{}` mean the same", first.value, code.name.value);
                diagnostics.push(
                    Diagnostic::new(codes::SAME_MEANING, message, code.name.span, "this one too")
                        .and(first.span, "means the same")
                        .help("say in each meaning what only this code says"),
                );
            } else {
                known.insert(words, &code.name);
            }
        }
    }
}
