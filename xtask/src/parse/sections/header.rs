//! `## Engine Header` and `## Sources`.

use super::capability::read_callers;
use super::unread::{lists_only, no_children, no_subsections, unknown_bullet};
use super::words::{bare_names, each_key, is_lower_snake, is_table_name, value_text};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, Header, Text};
use crate::parse::section::Section;
use crate::read::markdown::Inline;
use crate::source::{Span, Spanned};

/// The bullets of the plain dialect.
const KEYS: [&str; 5] = ["engine_id", "purpose", "data_owned", "version", "status"];

/// Further bullets that are kept in their own words.
const NOTES: [&str; 10] = [
    "role",
    "layer",
    "authority",
    "placement",
    "implementation_id",
    "active_implementation_ids",
    "related_inputs",
    "hard boundary",
    "title",
    "owner",
];

/// Reads `engine_id`, `purpose`, `data_owned`, `version` and `status`, one bullet each, and what else is known.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    no_subsections(section, diagnostics);
    lists_only(section, diagnostics);
    each_key(section, diagnostics, |name, bullet, diagnostics| {
        if KEYS.contains(&name) {
            no_children(bullet, diagnostics);
        }
        let header = &mut document.header;
        match name {
            "engine_id" => read_engine_id(header, bullet),
            "purpose" => header.purpose = Some(value_text(bullet)),
            "version" => header.version = Some(value_text(bullet)),
            "status" => header.status = Some(value_text(bullet)),
            "data_owned" => {
                header.data_owned = match bullet.value.codes.as_slice() {
                    // Of words without backticks, those are tables that can be nothing else.
                    [] => bare_names(&bullet.value, |name| name.contains('_') && is_table_name(name)),
                    codes => codes.iter().map(code_text).collect(),
                };
                let is_word = |c: char, _| c.is_alphanumeric();
                if bullet.value.find_outside_code(is_word).is_some() {
                    header.notes.push(bullet.note());
                }
            }
            "allowed_callers" => header.callers = Some(read_callers(bullet, diagnostics)),
            _ => {
                if !NOTES.contains(&name) {
                    unknown_bullet(&bullet.item.words, name, &KEYS, diagnostics);
                }
                header.notes.push(bullet.note());
            }
        }
    });
}

/// An id; what stands in brackets behind it is a note.
fn read_engine_id(header: &mut Header, bullet: &Bullet<'_>) {
    let value = &without_brackets(&bullet.value);
    let bracket = value.find_outside_code(|c, _| c == '(').filter(|at| *at > value.span.start);
    let Some(at) = bracket else {
        header.engine_id = Some(match value.only_code() {
            Some(code) => code_text(code),
            None => Spanned::new(value.text(), value.span),
        });
        return;
    };
    let id = value.part(value.span.start..at);
    let span = id.only_code().map_or(id.span, |code| code.span);
    header.engine_id = Some(Spanned::new(id.plain(), span));
    let state = value.after(at);
    header.notes.push((Spanned::new("state".to_owned(), state.span), Spanned::new(state.text(), state.span)));
}

/// `[PH1.W]` as `PH1.W`.
fn without_brackets(value: &Inline) -> Inline {
    let inner = value.raw().strip_prefix('[').and_then(|raw| raw.strip_suffix(']'));
    match inner.filter(|inner| !inner.contains(['[', ']', ','])) {
        Some(_) => value.part(value.span.start + 1..value.span.end - 1),
        None => value.clone(),
    }
}

/// Reports what the header does not say and must.
pub(super) fn report_missing(document: &Document, keys: &[&str], at: Span, diagnostics: &mut Diagnostics) {
    let header = &document.header;
    let found = [&header.engine_id, &header.purpose, &header.version, &header.status];
    for (key, value) in ["engine_id", "purpose", "version", "status"].into_iter().zip(found) {
        if keys.contains(&key) && value.as_ref().is_none_or(|value: &Text| value.value.is_empty()) {
            diagnostics.push(
                Diagnostic::new(
                    codes::MISSING_KEY,
                    format!("the header has no `{key}`"),
                    at,
                    "in this section",
                )
                .help(format!("add `` - `{key}`: `…` ``")),
            );
        }
    }
}

/// Reads the Sources: the repository trait is the one name in `PascalCase` that ends with `Repo`.
pub fn read_sources(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    no_subsections(section, diagnostics);
    lists_only(section, diagnostics);
    for item in section.items() {
        let _ = Bullet::new(item, diagnostics);
        document.sources.push(Spanned::new(item.words.text(), item.whole()));
        let names = match item.words.codes.as_slice() {
            [] => bare_names(&item.words, is_trait),
            codes => {
                let mut names: Vec<Text> = codes.iter().map(code_text).collect();
                // The trait may be set off otherwise than the path before it.
                if !names.iter().any(|name| is_trait(&name.value)) {
                    names.extend(bare_names(&item.words, is_trait));
                }
                names
            }
        };
        for name in names {
            if is_trait(&name.value) && document.repo_trait.is_none() {
                document.repo_trait = Some(name);
            } else if is_trait(&name.value) {
                diagnostics.push(
                    Diagnostic::new(
                        codes::DUPLICATE_KEY,
                        "a second repository trait is named",
                        name.span,
                        "this one",
                    )
                    .help("name one trait per engine"),
                );
            } else if is_lower_snake(&name.value) {
                unknown_bullet(&item.words, &name.value, &["path/to/repo.rs", "NameOfTheRepo"], diagnostics);
            }
        }
    }
    if document.repo_trait.is_none() {
        let at = section.span().unwrap_or(Span::start_of(document.file));
        diagnostics.push(
            Diagnostic::new(
                codes::MISSING_TRAIT,
                "the Sources name no repository trait",
                at,
                "in this section",
            )
            .help("add a bullet such as `` - `crates/…/repo.rs` (`Ph1wWakeRepo`) ``"),
        );
    }
}

/// `PascalCase` that ends with `Repo`.
fn is_trait(name: &str) -> bool {
    name.ends_with("Repo")
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
