//! `## 2) Data Owned` and `## 3) Reads`.

use super::capability::parse_schema;
use super::unread::{lists_only, no_subsections, other_blocks, unknown_bullet};
use super::words::{labelled, lone_paragraphs, value_text};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, ReadText, SchemaText, TableText, Text};
use crate::parse::schema::{Expr, ExprKind};
use crate::parse::section::Section;
use crate::read::markdown::{CodeSpan, Inline, Item};
use crate::source::Spanned;

const KEYS: [&str; 5] = ["truth_type", "primary key", "fields", "unique keys", "invariants"];

/// Reads one table per heading below the section.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    document.relations.constraints.extend(lone_paragraphs(section));
    for (_, item) in labelled(section) {
        unknown_bullet(&item.words, "", &["### `schema.table`"], diagnostics);
    }
    for child in &section.sections {
        if let Some(table) = read_table(child, document, diagnostics) {
            document.tables.push(table);
        }
    }
}

fn read_table(
    section: &Section<'_>,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) -> Option<TableText> {
    let words = section.heading?;
    let Some(name) = words.codes.first().filter(|code| code.outer.start == words.span.start) else {
        diagnostics.push(
            Diagnostic::new(
                codes::MALFORMED_TABLE,
                format!("`{}` is not the heading of a table; nothing below it is read", words.plain()),
                words.span,
                "not understood",
            )
            .help("write the table's name in backticks: ``### `os_core.audit_events` ``"),
        );
        return None;
    };
    no_subsections(section, diagnostics);
    other_blocks(section, diagnostics);
    document.relations.constraints.extend(lone_paragraphs(section));
    let mut table = TableText {
        name: code_text(name),
        truth_type: None,
        primary_key: Vec::new(),
        columns: None,
        unique_keys: Vec::new(),
        invariants: Vec::new(),
    };
    let behind = words.after(name.outer.end);
    if !behind.is_empty() {
        table.invariants.push(Spanned::new(behind.text(), behind.span));
    }
    for item in section.items() {
        let bullet = Bullet::new(item, diagnostics);
        fill_table(&mut table, &bullet, diagnostics);
    }
    for (key, found) in
        [("truth_type", table.truth_type.is_some()), ("primary key", !table.primary_key.is_empty())]
    {
        if !found {
            let message = format!("the table `{}` has no `{key}`", table.name.value);
            diagnostics.push(
                Diagnostic::new(codes::MISSING_KEY, message, table.name.span, "this table")
                    .help(format!("add `` - `{key}`: `…` ``")),
            );
        }
    }
    Some(table)
}

fn fill_table(table: &mut TableText, bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) {
    let name = bullet.name();
    match name.as_str() {
        "truth_type" => table.truth_type = Some(first_code_or_words(bullet)),
        "primary key" | "primary_key" => {
            table.primary_key =
                bullet.all_codes().into_iter().flat_map(|code| names_in(code, diagnostics)).collect();
        }
        "fields" => {
            let text = value_text(bullet);
            let raw = bullet.value.part(text.span.start..text.span.end);
            let tree = parse_schema(raw.raw(), text.span, diagnostics);
            table.columns = Some(SchemaText { text, tree });
        }
        "unique keys" => {
            table.unique_keys = bullet
                .all_codes()
                .into_iter()
                .map(|code| names_in(code, diagnostics))
                .filter(|names| !names.is_empty())
                .collect();
        }
        "invariants" => table.invariants.extend(lines(bullet)),
        _ => unknown_bullet(&bullet.item.words, &name, &KEYS, diagnostics),
    }
}

/// The code span that starts the value, else its words.
fn first_code_or_words(bullet: &Bullet<'_>) -> Text {
    match bullet.value.codes.first() {
        Some(code) => code_text(code),
        None => Spanned::new(bullet.value.text(), bullet.value.span),
    }
}

/// The names of `a` or `(a, b)`.
fn names_in(code: &CodeSpan, diagnostics: &mut Diagnostics) -> Vec<Text> {
    let Some(tree) = parse_schema(&code.raw, code.span, diagnostics) else {
        return Vec::new();
    };
    let items = match tree.kind {
        ExprKind::Tuple(items) => items,
        _ => vec![tree],
    };
    items.into_iter().filter_map(|item| plain_name(item, diagnostics)).collect()
}

/// A bare name; anything else is reported.
pub(super) fn plain_name(expr: Expr, diagnostics: &mut Diagnostics) -> Option<Text> {
    if let ExprKind::Name(name) = expr.kind {
        return Some(Spanned::new(name, expr.span));
    }
    diagnostics.push(
        Diagnostic::new(codes::MALFORMED_KEY, "a key consists of plain names", expr.span, "not a plain name")
            .help("write `(tenant_id, user_id)`"),
    );
    None
}

/// The value and the nested bullets, one text each.
fn lines(bullet: &Bullet<'_>) -> Vec<Text> {
    let mut found = Vec::new();
    if !bullet.value.is_empty() && bullet.key.is_some() {
        found.push(Spanned::new(bullet.value.text(), bullet.value.span));
    }
    nested_lines(&bullet.item.children, &mut found);
    found
}

fn nested_lines(items: &[Item], found: &mut Vec<Text>) {
    for item in items {
        found.push(Spanned::new(item.words.text(), item.words.span));
        nested_lines(&item.children, found);
    }
}

/// Reads what the engine reads of others: a heading or a bullet per dependency.
pub fn read_dependencies(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    document.relations.constraints.extend(lone_paragraphs(section));
    for (_, item) in labelled(section) {
        let bullet = Bullet::new(item, diagnostics);
        let title = bullet.key.clone().unwrap_or_else(|| Spanned::new(item.words.text(), item.words.span));
        let mut read =
            ReadText { title, tables: Vec::new(), required_indices: Vec::new(), notes: Vec::new() };
        if bullet.key.is_some() && !bullet.value.is_empty() {
            let key = Spanned::new("note".to_owned(), bullet.value.span);
            read.notes.push((key, Spanned::new(bullet.value.text(), bullet.value.span)));
        }
        for child in bullet.children(diagnostics) {
            fill(&mut read, &child, diagnostics);
        }
        document.reads.push(read);
    }
    for child in &section.sections {
        let Some(words) = child.heading else { continue };
        no_subsections(child, diagnostics);
        lists_only(child, diagnostics);
        let title = Spanned::new(words.text(), words.span);
        let mut read =
            ReadText { title, tables: Vec::new(), required_indices: Vec::new(), notes: Vec::new() };
        for item in child.items() {
            let bullet = Bullet::new(item, diagnostics);
            fill(&mut read, &bullet, diagnostics);
        }
        document.reads.push(read);
    }
}

fn fill(read: &mut ReadText, bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) {
    let name = bullet.name();
    match name.as_str() {
        "reads" => {
            let (tables, says_more) = leading_tables(&bullet.value);
            read.tables.extend(tables);
            for child in &bullet.item.children {
                read.tables.extend(leading_tables(&child.words).0);
            }
            // Words beside the names (by which column, in what role) are kept as a note.
            if says_more || !bullet.item.children.is_empty() {
                read.notes.push(bullet.note());
            }
        }
        "required indices" => {
            read.required_indices.extend(bullet.all_codes().into_iter().map(code_text));
            let says_more = |item: &Item| {
                let behind = item
                    .words
                    .codes
                    .last()
                    .map_or_else(|| item.words.clone(), |code| item.words.after(code.outer.end));
                !matches!(behind.text().as_str(), "" | "(PK)")
            };
            if bullet.item.children.iter().any(says_more) {
                read.notes.push(bullet.note());
            }
        }
        _ => {
            let known = ["reads", "required indices"];
            if nearest(&name, known).is_some_and(|near| strsim::levenshtein(&name, near) <= 2) {
                unknown_bullet(&bullet.item.words, &name, &known, diagnostics);
            }
            read.notes.push(bullet.note());
        }
    }
}

/// The code spans that start the words, joined by commas or `and`; whether more words follow.
pub(super) fn leading_tables(words: &Inline) -> (Vec<Text>, bool) {
    let mut tables = Vec::new();
    let mut end = words.span.start;
    for code in &words.codes {
        let between = words.part(end..code.outer.start).text();
        if !matches!(between.as_str(), "" | "," | "and" | ", and") {
            break;
        }
        let table = code.text.split_once('.').map_or(code.text.as_str(), |(table, _)| table);
        let is_qualified = code.text.matches('.').count() == 1 && code.text.contains("os_core.");
        let name = if is_qualified { code.text.clone() } else { table.to_owned() };
        tables.push(Spanned::new(name, code.span));
        end = code.outer.end;
    }
    let says_more = !words.after(end).is_empty();
    (tables, says_more)
}
