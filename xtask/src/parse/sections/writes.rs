//! `## 4) Writes`: one `###` per write, with its tables, event and dedupe key.

use std::collections::BTreeMap;

use selene_codegen::naming::without_schema;

use super::dedupe::{dedupe_words, is_dedupe_key, read_dedupe};
use super::reads::{leading_tables, schemas_of};
use super::unread::{lists_only, no_subsections, unknown_bullet};
use super::words::{bare_names, codes_below, looks_like_reason_code, pieces, repeated};
use super::written::{self, KEYS, OwnTables};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, Text, WriteText};
use crate::parse::section::Section;
use crate::read::markdown::{CodeSpan, Inline};
use crate::source::{Span, Spanned};

/// Reads the writes below the section: one for each heading, or one for each name where a heading has several, `A_COMMIT / B_COMMIT`.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    let names = document.tables.iter().map(|table| without_schema(&table.name.value).to_owned());
    let own = OwnTables { schemas: schemas_of(document), names: names.collect() };
    written::read(section, &own, document, diagnostics);
    for child in &section.sections {
        let Some(words) = child.heading else { continue };
        if written::is_of_sentences(child) {
            document.add_heading(child);
            super::prose::read(child, document, diagnostics);
            continue;
        }
        no_subsections(child, diagnostics);
        lists_only(child, diagnostics);
        let mut write = WriteText::new(Spanned::new(words.text(), words.span));
        let mut once: BTreeMap<&'static str, Span> = BTreeMap::new();
        for item in child.items() {
            let bullet = Bullet::new(item, diagnostics);
            if is_repeated(&bullet, &mut once, diagnostics) {
                continue;
            }
            read_bullet(&mut write, &bullet, &own, document, diagnostics);
        }
        report_missing(&write, &own, words.span, diagnostics);
        let several = several_names(words);
        let headings = if several.is_empty() { vec![write.heading.clone()] } else { several };
        document.writes.extend(headings.into_iter().map(|heading| WriteText { heading, ..write.clone() }));
    }
}

/// Whether a bullet says again which tables are written or what the dedupe key is, which is reported.
fn is_repeated(
    bullet: &Bullet<'_>,
    once: &mut BTreeMap<&'static str, Span>,
    diagnostics: &mut Diagnostics,
) -> bool {
    let name = bullet.name();
    let key = match name.as_str() {
        "writes" => "writes",
        _ if is_dedupe_key(&name) => "idempotency key rule",
        _ => return false,
    };
    let span = bullet.item.words.span;
    let Some(first) = once.get(key).copied() else {
        once.insert(key, span);
        return false;
    };
    repeated(key, span, first, diagnostics);
    true
}

/// The names of several writes that share what stands below their heading: `A_COMMIT / B_COMMIT`. None where it names one, or is a title.
fn several_names(words: &Inline) -> Vec<Text> {
    let separates = |c: char| c.is_whitespace() || matches!(c, '/' | '`');
    let names: Vec<Text> = pieces(words.raw(), words.span, separates).collect();
    let marks = words.raw().matches('/').count();
    let are_names = names.iter().all(|name| looks_like_reason_code(&name.value));
    if names.len() > 1 && marks + 1 == names.len() && are_names { names } else { Vec::new() }
}

fn report_missing(write: &WriteText, own: &OwnTables, span: Span, diagnostics: &mut Diagnostics) {
    let name = &write.heading.value;
    if write.tables.is_empty() {
        let stated = write.notes.iter().find(|(key, _)| key.value.eq_ignore_ascii_case("writes"));
        diagnostics.push(match stated {
            Some((_, words)) => {
                let message = format!("the `writes` of the write {name} name no table");
                Diagnostic::new(codes::MISSING_KEY, message, words.span, "names no table of this page")
                    .help(tables_to_name(own))
            }
            None => Diagnostic::new(
                codes::MISSING_KEY,
                format!("the write {name} has no `writes`"),
                span,
                "this write",
            )
            .help("add `` - writes: `audit_events` ``"),
        });
    }
    if write.dedupe.is_none() && write.dedupe_words.is_none() {
        let message = format!("the write {name} has no `idempotency key rule`");
        diagnostics.push(Diagnostic::new(codes::MISSING_KEY, message, span, "this write").help(
            "add a bullet `idempotency key rule:` with `` dedupe key = `(correlation_id, idempotency_key)` `` below it",
        ));
    }
}

/// What to write where the words name no table.
fn tables_to_name(own: &OwnTables) -> String {
    let names: Vec<String> = own.names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "write the name of a table in backticks, such as `audit_events`".to_owned(),
        [name] => format!("write the name of the table: {name}"),
        names => format!("write the names of the tables in full: {}", names.join(", ")),
    }
}

fn read_bullet(
    write: &mut WriteText,
    bullet: &Bullet<'_>,
    own: &OwnTables,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) {
    let name = bullet.name();
    match name.as_str() {
        "writes" => {
            let codes = bullet.all_codes();
            if codes.is_empty() {
                let (leading, _) = leading_tables(&bullet.value, &own.schemas);
                let is_own = |name: &str| own.names.contains(name);
                let named = if leading.is_empty() { bare_names(&bullet.value, is_own) } else { leading };
                write.tables.extend(named);
            }
            write.tables.extend(codes.into_iter().map(code_text));
            let has_words = bullet.value.find_outside_code(|c, _| c.is_alphanumeric()).is_some();
            if has_words || !bullet.item.children.is_empty() {
                write.notes.push(bullet.note());
            }
        }
        "required fields" => {
            for code in &bullet.value.codes {
                add_field(write, code, document, diagnostics);
            }
            for child in bullet.children(diagnostics) {
                read_fields(write, &child, document, diagnostics);
            }
        }
        _ if is_dedupe_key(&name) => {
            write.dedupe = read_dedupe(bullet, diagnostics);
            if write.dedupe.is_none() {
                write.dedupe_words = dedupe_words(bullet);
            }
        }
        _ => {
            if name.contains("reason code") {
                for code in codes_below(bullet.item) {
                    document.add_reason_code(code);
                }
            } else if name.is_empty()
                || nearest(&name, KEYS).is_some_and(|near| strsim::levenshtein(&name, near) <= 3)
            {
                unknown_bullet(&bullet.item.words, &name, &KEYS, diagnostics);
            }
            write.notes.push(bullet.note());
        }
    }
}

fn read_fields(
    write: &mut WriteText,
    bullet: &Bullet<'_>,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) {
    let name = bullet.name();
    if name.starts_with("payload") {
        write.payload_keys.extend(bullet.all_codes().into_iter().map(code_text));
        return;
    }
    if bullet.key.is_some() || bullet.value.codes.is_empty() {
        write.notes.push(bullet.note());
        return;
    }
    for code in &bullet.value.codes {
        add_field(write, code, document, diagnostics);
    }
    for child in bullet.children(diagnostics) {
        read_fields(write, &child, document, diagnostics);
    }
}

/// A field of the event: bare, or with the value that the spec fixes.
fn add_field(write: &mut WriteText, code: &CodeSpan, document: &mut Document, diagnostics: &mut Diagnostics) {
    if code.text.starts_with('(') && code.text.ends_with(')') {
        let names = pieces(&code.raw, code.span, |c| matches!(c, '(' | ')' | ',') || c.is_whitespace());
        write.required_fields.extend(names);
        return;
    }
    let Some((name, text)) = code.text.split_once('=') else {
        if code.text == "reason_code" {
            write.bare_reason = Some(code.span);
        }
        write.required_fields.push(code_text(code));
        return;
    };
    let name = name.trim();
    write.required_fields.push(Spanned::new(name.to_owned(), code.span));
    let value = |text: &str| Spanned::new(text.trim().to_owned(), code.span);
    match name {
        "engine" => write.engine = Some(value(text)),
        "event_type" => write.event_types.extend(text.split('|').map(value)),
        "reason_code" => {
            write.reason_code = Some(value(text));
            document.add_reason_code(value(text));
        }
        _ => diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_FIXED_FIELD,
                format!("a fixed `{name}` is not understood"),
                code.span,
                "",
            )
            .help("fix only `engine`, `event_type` and `reason_code`; write other fields without a value"),
        ),
    }
}
