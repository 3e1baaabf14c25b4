//! Documents among each other: their folders, files and engine ids, and the names that must be unique.

use selene_codegen::contract::SpecKind;
use selene_codegen::naming::module_name;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, codes};
use crate::parse::document::{Document, TestText, Text};
use crate::parse::lexicon::Lexicon;
use crate::resolve::{Lost, is_engine_id};
use crate::source::{Sources, Span};

/// Checks every document against its folder, its file name and the other documents.
pub fn check_documents(
    documents: &[Document],
    lexicon: Option<&Lexicon>,
    lost: &Lost,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: Vec<(&str, SpecKind, Span)> = Vec::new();
    for document in documents {
        check_place(document, documents, sources, diagnostics);
        let (Some(id), Some(kind)) = (&document.header.engine_id, document.kind) else { continue };
        let first = seen.iter().find(|(known, half, _)| *known == id.value && *half == kind);
        if let Some((_, _, first)) = first {
            let message = format!("two documents are the `{}` half of `{}`", kind.as_str(), id.value);
            diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_ENGINE, message, id.span, "the second one")
                    .and(*first, "the first one")
                    .help("keep one of them"),
            );
        }
        seen.push((&id.value, kind, id.span));
    }
    check_unique(documents, diagnostics);
    for (engine, _) in lexicon.iter().flat_map(|lexicon| &lexicon.engines) {
        if !seen.iter().any(|(known, ..)| *known == engine.value) && !lost.concerns(&engine.value) {
            unknown_engine(&engine.value, engine.span, seen.iter().map(|(known, ..)| *known), diagnostics);
        }
    }
}

/// Capabilities, tests and traits have names of their own across all engines.
fn check_unique(documents: &[Document], diagnostics: &mut Diagnostics) {
    let capabilities = documents.iter().flat_map(|document| &document.capabilities).map(|one| &one.id);
    report_twice("capability", capabilities, codes::DUPLICATE_CAPABILITY, diagnostics);
    let tests = || documents.iter().flat_map(|document| &document.acceptance_tests);
    report_twice("acceptance test", tests().map(|one| &one.id), codes::DUPLICATE_TEST, diagnostics);
    let functions = tests().flat_map(TestText::functions);
    report_twice("test function", functions, codes::DUPLICATE_TEST, diagnostics);
    let traits = documents.iter().filter_map(|document| document.repo_trait.as_ref());
    report_twice("repository trait", traits, codes::DUPLICATE_TRAIT, diagnostics);
}

fn report_twice<'a>(
    what: &str,
    names: impl Iterator<Item = &'a Text>,
    code: &'static Code,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: Vec<&Text> = Vec::new();
    for name in names {
        if let Some(first) = seen.iter().find(|known| known.value == name.value) {
            diagnostics.push(
                Diagnostic::new(
                    code,
                    format!("the {what} `{}` stands in the specs twice", name.value),
                    name.span,
                    "again",
                )
                .and(first.span, "first here")
                .help("give one of them another name"),
            );
        }
        seen.push(name);
    }
}

/// Reports an engine of a YAML file that no spec describes.
pub(super) fn unknown_engine<'a>(
    id: &str,
    span: Span,
    known: impl Iterator<Item = &'a str>,
    diagnostics: &mut Diagnostics,
) {
    diagnostics.push(
        Diagnostic::new(
            codes::UNKNOWN_ENGINE,
            format!("no spec describes the engine `{id}`"),
            span,
            "not known",
        )
        .help(crate::diagnostics::guess_or(
            id,
            known,
            "add its ECM or DB wiring, or remove it here (released reason codes stay, with `retired: true`)",
        )),
    );
}

/// The other page with the name of this file, or the title of this one.
fn namesake(document: &Document, documents: &[Document], name: &str, sources: &Sources) -> (Span, String) {
    let is_other = |other: &&Document| {
        let relative = &sources.get(other.file).relative;
        other.file != document.file && relative.rsplit('/').next() == Some(name)
    };
    let other = documents.iter().find(is_other).and_then(|other| other.header.engine_id.as_ref());
    match (other, &document.title) {
        (Some(id), _) => (id.span, format!("the engine of the other `{name}`")),
        (None, Some(title)) => (title.span, "the page".to_owned()),
        (None, None) => (Span::start_of(document.file), "the page".to_owned()),
    }
}

fn check_place(
    document: &Document,
    documents: &[Document],
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    let file = sources.get(document.file);
    let (folder, name) = file.relative.rsplit_once('/').unwrap_or(("", &file.relative));
    let title = document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span);
    if let Some(kind) = document.kind
        && kind.as_str() != folder
    {
        let message = format!("this is a `{}` document, but lies in `{folder}`", kind.as_str());
        diagnostics.push(
            Diagnostic::new(codes::WRONG_FOLDER, message, title, "by its title")
                .help(format!("move it to `{}/`, or mend the title", kind.as_str())),
        );
    }
    let Some(id) = &document.header.engine_id else { return };
    if !is_engine_id(&id.value) {
        let engines = engines_in(&id.value);
        let (message, help) = match engines.len() {
            0 | 1 => (
                format!("`{}` is not an engine id", id.value),
                "write upper-case words joined by dots, as `PH1.VOICE.ID`",
            ),
            count => (
                format!("`{}` names {count} engines, and a page is about one", id.value),
                "name the engine that has these tables and writes, or write a page for each",
            ),
        };
        diagnostics.push(Diagnostic::new(codes::MALFORMED_NAME, message, id.span, "").help(help));
        return;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.to_ascii_lowercase() != module_name(&id.value) {
        let wanted = id.value.replace('.', "_");
        let (at, what) = namesake(document, documents, name, sources);
        diagnostics.push(
            Diagnostic::new(
                codes::WRONG_ENGINE_ID,
                format!("the file `{name}` describes the engine `{}`", id.value),
                id.span,
                "this id does not fit the file's name",
            )
            .beside(at, what)
            .help(format!("name the file `{wanted}.md`, or mend the id")),
        );
    }
}

/// The ids of a list of them: `PH1.A / PH1.B`; none where anything else stands among them.
fn engines_in(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | '+' | '&'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && *word != "and").collect();
    if words.iter().all(|word| is_engine_id(word)) { words } else { Vec::new() }
}
