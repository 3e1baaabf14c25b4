//! Values and presence: what pages and the lexicon say that columns and fields hold.

use selene_codegen::contract::{Constraint, Index, TypeRef};
use selene_codegen::naming::{upper_snake, without_schema};

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{Word, code_spans, is_capital, is_lower_snake, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// Fields whose values other rules ask for.
pub(super) const OTHERS: [&str; 3] = ["engine", "event_type", "reason_code"];

/// Further bullets of capabilities, writes and reads.
pub(super) fn notes(page: &Document) -> impl Iterator<Item = &(Text, Text)> {
    let capabilities = page.capabilities.iter().flat_map(|capability| &capability.notes);
    let writes = page.writes.iter().flat_map(|write| &write.notes);
    capabilities.chain(writes).chain(page.reads.iter().flat_map(|read| &read.notes))
}

/// `field=Value` in any words of a page, and values below a bullet that names a field: `format_mode examples`.
pub fn of_fields(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for page in engine.each_page() {
            let invariants = page.tables.iter().flat_map(|table| &table.invariants);
            let relations = page.relations.constraints.iter().chain(&page.relations.unique);
            let rules = page.audit_rules.iter().chain(&page.failure_rules);
            let sentences = invariants.chain(relations).chain(rules).map(|text| text.span);
            let notes = || notes(page).map(|(key, note)| (key, bullet(note.span, subject)));
            for span in sentences.chain(notes().map(|(_, span)| span)) {
                for (code, place) in code_spans(span, subject.sources) {
                    if let Some((field, value)) = code.split_once('=') {
                        check((field.trim(), value.trim()), place, engine, subject, diagnostics);
                    }
                }
            }
            for key in page.writes.iter().flat_map(|write| &write.payload_keys) {
                if let Some((field, value)) = key.value.split_once('=') {
                    check((field.trim(), value.trim()), key.span, engine, subject, diagnostics);
                }
            }
            for (key, span) in notes() {
                let field = key.value.split_whitespace().map(|word| word.trim_matches('`')).find(|word| {
                    !OTHERS.contains(word) && subject.values_of(&engine.id.value, word).is_some()
                });
                let Some(field) = field else { continue };
                for (value, place) in
                    code_spans(span, subject.sources).into_iter().filter(|code| is_capital(code.0))
                {
                    check((field, value), place, engine, subject, diagnostics);
                }
            }
        }
    }
}

/// A bullet with those below it, which are indented more deeply.
pub(super) fn bullet(span: Span, subject: &Subject<'_>) -> Span {
    let source = subject.sources.get(span.file);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let line = source.line_of(span.start);
    let own = indent(&source.text[line.clone()]);
    let lines = source.text[line.end..].split_inclusive('\n');
    let below = lines.take_while(|line| !line.trim().is_empty() && indent(line) > own);
    Span::new(span.file, span.start, span.end.max(line.end + below.map(str::len).sum::<usize>()))
}

fn check(
    (field, value): (&str, &str),
    place: Span,
    engine: &Engine<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    if OTHERS.contains(&field) || !is_lower_snake(field) {
        return;
    }
    let Some((values, of_type)) = subject.values_of(&engine.id.value, field) else { return };
    let name = upper_snake(value);
    if values.contains(&name) {
        return;
    }
    let known = values.iter().map(String::as_str);
    let message = format!("`{field}` is never `{value}`");
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_VALUE_OF_FIELD, message, place, "this value")
            .and(of_type, "its values")
            .help(guess_or(&name, known, &format!("use one of `{}`", values.join("`, `")))),
    );
}

/// What the lexicon says that keeps an invariant, against the values and columns of its sentence. What only stays the same
/// or counts names no values.
pub fn checks(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let entries = lexicon.engine(&engine.id.value).map_or(&[][..], |scope| &scope.tables);
        for (text, table) in wiring.tables.iter().zip(&engine.contract.tables) {
            let Some(entry) = entries.iter().find(|entry| entry.name.value == without_schema(&table.name))
            else {
                continue;
            };
            for (constraint, of_lexicon) in table.constraints.iter().zip(&entry.constraints) {
                let kept = constraint.keeps.as_ref();
                let sentence = text.invariants.iter().find(|sentence| Some(&sentence.value) == kept);
                let (Some(sentence), Some(kept)) = (sentence, kept_by(constraint)) else { continue };
                let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
                let Some((word, place)) = missing(sentence, &kept, &columns, subject) else { continue };
                let message = match place {
                    Some(_) => {
                        format!("what keeps this invariant of `{}` does not name `{word}`", table.name)
                    }
                    None => format!(
                        "an invariant of `{}` does not name `{word}`, and what keeps it does",
                        table.name
                    ),
                };
                diagnostics.push(
                    Diagnostic::new(
                        codes::CHECK_AGAINST_SENTENCE,
                        message,
                        place.unwrap_or(sentence.span),
                        "this sentence",
                    )
                    .and(of_lexicon.span, "kept by this")
                    .help("mend the sentence in the DB wiring and in lexicon.yaml, or what stands behind it"),
                );
            }
        }
    }
}

/// The conditions and columns that keep an invariant, as one text; none where it has no condition.
fn kept_by(constraint: &Constraint) -> Option<String> {
    let of_index = |index: &Index| {
        format!("{} {}", index.columns.join(" "), index.condition.as_deref().unwrap_or_default())
    };
    let mut parts = constraint.checks.clone();
    parts.extend(constraint.unique_where.iter().map(of_index));
    if parts.is_empty() {
        return None;
    }
    parts.extend(constraint.fixed.iter().chain(&constraint.set_once).chain(&constraint.counter).cloned());
    Some(parts.join(" "))
}

/// The first value or column of the sentence that does not keep it, with its place; else the first value that keeps it and
/// is not in the sentence.
fn missing<'a>(
    sentence: &Text,
    kept: &'a str,
    columns: &[&str],
    subject: &'a Subject<'_>,
) -> Option<(&'a str, Option<Span>)> {
    let of_kept: Vec<&str> = kept.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let of_sentence = words(sentence.span, subject.sources);
    let is_meant =
        |word: &Word<'_>| is_capital(word.0) || columns.contains(&word.0) && is_code_there(word, subject);
    let lost = of_sentence.iter().find(|word| is_meant(word) && !of_kept.contains(&word.0));
    if let Some((word, place)) = lost {
        return Some((word, Some(*place)));
    }
    // Between quotes.
    let values = kept.split('\'').skip(1).step_by(2).filter(|value| !value.is_empty());
    let mut strange = values.filter(|value| !of_sentence.iter().any(|(word, _)| word == value));
    strange.next().map(|value| (value, None))
}

/// Whether a word stands in backticks.
fn is_code_there((_, span): &Word<'_>, subject: &Subject<'_>) -> bool {
    let text = &subject.sources.get(span.file).text;
    let before = text.get(..span.start).unwrap_or_default();
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    line.matches('`').count() % 2 == 1
}

/// Invariants that say when a column is there, of columns that are always there.
pub fn presence(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for declared in subject.tables.values().flatten() {
        for sentence in &declared.text.invariants {
            let text = raw(sentence.span, subject.sources);
            let Some((before, _)) = text.split_once("` is there ") else { continue };
            let name = before.rsplit('`').next().unwrap_or_default();
            let column = declared.columns.iter().find(|column| column.name == name);
            if column.is_none_or(|column| matches!(column.ty, TypeRef::Option(_))) {
                continue;
            }
            let message = format!(
                "every row of `{}` has `{name}`, and a sentence says when it is there",
                declared.text.name.value
            );
            diagnostics.push(
                Diagnostic::new(codes::PRESENCE_AGAINST_FIELD, message, sentence.span, "this sentence")
                    .and(subject.column_place(declared, name), "this column")
                    .help(format!("write `{name}?` among the fields, or take the sentence out")),
            );
        }
    }
}

/// What says that every row has a column, and what says that some rows lack it; right behind its name.
pub(super) const ALWAYS: [&str; 8] = [
    "is always there",
    "is never absent",
    "is never null",
    "is never NULL",
    "is never missing",
    "is required",
    "is mandatory",
    "is in every row",
];
/// The same, right before its name.
const HAS_ALWAYS: [&str; 5] =
    ["always has a", "always has an", "always have a", "never lacks a", "never lacks its"];
pub(super) const SOMETIMES: [&str; 7] = [
    "may be absent",
    "may be null",
    "may be NULL",
    "may be missing",
    "is optional",
    "can be absent",
    "is absent when",
];

/// Invariants that say that a column may be absent, or never is, where the column says otherwise.
pub fn absence(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for declared in subject.tables.values().flatten() {
        for sentence in &declared.text.invariants {
            for (name, place) in code_spans(sentence.span, subject.sources) {
                let Some(column) = declared.columns.iter().find(|column| column.name == name) else {
                    continue;
                };
                let text = &subject.sources.get(place.file).text[place.end..sentence.span.end];
                let behind = text.trim_start_matches('`').trim_start();
                let before =
                    raw(Span::new(place.file, sentence.span.start, place.start - 1), subject.sources);
                let has_any = |list: &[&str]| list.iter().any(|words| behind.starts_with(words));
                let always = has_any(&ALWAYS)
                    || HAS_ALWAYS.iter().any(|words| before.trim_end().ends_with(words)) && behind.is_empty();
                let is_optional = matches!(column.ty, TypeRef::Option(_));
                let message = match (always, has_any(&SOMETIMES), is_optional) {
                    (true, _, true) => {
                        format!("`{name}` is always there by a sentence, and its column is optional")
                    }
                    (_, true, false) => format!("`{name}` may be absent by a sentence, and every row has it"),
                    _ => continue,
                };
                diagnostics.push(
                    Diagnostic::new(codes::ABSENCE_AGAINST_FIELD, message, place, "this sentence")
                        .and(subject.column_place(declared, name), "this column")
                        .help(format!("write `{name}?` among the fields where a row may lack it, `{name}` where none does")),
                );
            }
        }
    }
}
