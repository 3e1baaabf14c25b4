//! `## 2) Data Owned`.

use super::dedupe::bare_key;
use super::schemas::{self, parse_schema, plain_name};
use super::unread::{no_subsections, other_blocks, unknown_bullet};
use super::words::{is_lower_snake, is_table_name, labels, lone_paragraphs, value_text};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::breaks;
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, SchemaText, TableText, Text};
use crate::parse::keys;
use crate::parse::schema::ExprKind;
use crate::parse::section::{Section, without_mark};
use crate::read::characters;
use crate::read::markdown::{CodeSpan, Inline, Item};
use crate::source::{Span, Spanned};

const KEYS: [&str; 7] =
    ["truth_type", "primary key", "fields", "unique keys", "invariants", "renamed_from", "renamed columns"];

/// Reads one table per heading or bullet of the section; a heading that names none may group those below it.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    // Words with a colon lead to the headings below, and say nothing of their own.
    document.relations.constraints.extend(lone_paragraphs(section));
    for label in labels(section) {
        document.add_prose(label);
    }
    for item in section.items() {
        if !add_from_bullet(item, document, diagnostics) {
            unknown_bullet(&item.words, "", &["### `schema.table`"], diagnostics);
        }
    }
    for child in &section.sections {
        if read_heading(child, document, diagnostics) {
            continue;
        }
        if holds_sentences(child) {
            document.add_heading(child);
            super::prose::read(child, document, diagnostics);
        } else {
            malformed(child, diagnostics);
        }
    }
}

/// Reads a heading that names tables, or that groups such headings; whether it is one.
pub(super) fn read_heading(
    section: &Section<'_>,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) -> bool {
    let Some(words) = section.heading else { return true };
    let (names, behind) = names_of(words, is_table_or_word);
    if let Some(first) = names.first() {
        no_subsections(section, diagnostics);
        other_blocks(section, diagnostics);
        document.relations.constraints.extend(lone_paragraphs(section));
        for label in labels(section) {
            document.add_prose(label);
        }
        let mut table = TableText::new(first.clone());
        add_remark(&mut table, &behind, true);
        for item in section.items() {
            fill_table(&mut table, &Bullet::new(item, diagnostics), diagnostics);
        }
        let same = |name: Text| TableText { name, ..table.clone() };
        document.tables.extend(names.into_iter().map(same));
        return true;
    }
    let groups = section.sections.iter().any(|child| {
        child.heading.is_some_and(|words| !names_of(words, is_table_or_word).0.is_empty())
            || !child.sections.is_empty()
    });
    if groups {
        document.add_heading(section);
        read(section, document, diagnostics);
    }
    groups
}

/// The fewest words of a heading that is none of a table, and has sentences below it.
const FEWEST_WORDS: usize = 3;

/// Whether a heading is a title of words, with nothing below it that tables have, on a page that has lost the marks that distinguish them.
fn holds_sentences(section: &Section<'_>) -> bool {
    let is_title = section.heading.is_some_and(|words| {
        words.begins_its_line()
            && words.codes.is_empty()
            && words.plain().split_whitespace().count() >= FEWEST_WORDS
    });
    let is_of_a_table = |item: &Item| {
        keys::at_start(&item.words).is_some_and(|key| KEYS.contains(&key.name))
            || KEYS.iter().any(|key| item.words.plain().to_ascii_lowercase().starts_with(&format!("{key}:")))
    };
    is_title && !section.items().any(is_of_a_table) && section.sections.is_empty()
}

fn malformed(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    let Some(words) = section.heading else { return };
    diagnostics.push(
        Diagnostic::new(
            codes::MALFORMED_TABLE,
            format!("`{}` is not the heading of a table; nothing below it is read", words.plain()),
            words.span,
            "not understood",
        )
        .help("write the table's name in backticks: ``### `os_core.audit_events` ``"),
    );
}

/// The tables that words start with, in backticks or bare, and what stands behind them.
fn names_of(words: &Inline, is_bare_name: fn(&str) -> bool) -> (Vec<Text>, Inline) {
    let start = words.span.end - without_mark(words.raw()).len();
    let words = words.after(start);
    let mut names: Vec<Text> = Vec::new();
    let mut end = words.span.start;
    for code in &words.codes {
        let between = words.part(end..code.outer.start).text();
        if !matches!(between.as_str(), "" | "/" | "," | "+" | "and" | ", and")
            || between.is_empty() != names.is_empty()
        {
            break;
        }
        // A name that cannot be seen whole is none.
        if code.text.chars().any(|c| characters::refused(c).is_some()) {
            break;
        }
        names.push(code_text(code));
        end = code.outer.end;
    }
    if names.is_empty() && words.codes.is_empty() {
        let raw = words.raw();
        let length =
            raw.find(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '(')).unwrap_or(raw.len());
        let is_alone = raw[length..].trim_start().is_empty() || raw[length..].trim_start().starts_with('(');
        if is_alone && is_bare_name(&raw[..length]) {
            end = words.span.start + length;
            let span = Span::new(words.span.file, words.span.start, end);
            names.push(Spanned::new(raw[..length].to_owned(), span));
        }
    }
    (names, words.after(end))
}

/// Headings name tables of one word too.
fn is_table_or_word(text: &str) -> bool {
    text.split('.').all(is_lower_snake)
}

/// What stands behind the name of a table: its truth type, a note in brackets, or words that hold of it.
fn add_remark(table: &mut TableText, behind: &Inline, is_heading: bool) {
    if behind.raw().trim_matches(['.', ';', ',', ' ']).is_empty() {
        return;
    }
    let inner = behind.plain();
    let inner = inner.trim_end_matches([';', ',', '.']);
    let is_bracketed = inner.starts_with('(') && inner.ends_with(')');
    let inner = inner.trim_start_matches('(').trim_end_matches(')').trim();
    if matches!(inner.to_ascii_uppercase().as_str(), "LEDGER" | "CURRENT") {
        let span = behind.codes.first().map_or(behind.span, |code| code.span);
        table.truth_type = Some(Spanned::new(inner.to_owned(), span));
    } else if is_heading && !is_bracketed {
        table.invariants.push(Spanned::new(behind.text(), behind.span));
    } else {
        // `(PH1.K markers only)` says which rows the page is about; nothing keeps it of a row.
        table
            .notes
            .push((Spanned::new("note".to_owned(), behind.span), Spanned::new(behind.text(), behind.span)));
    }
}

/// A bullet that names tables: `` `schema.table` (`LEDGER`) `` with its properties below; whether it is one.
pub(super) fn add_from_bullet(item: &Item, document: &mut Document, diagnostics: &mut Diagnostics) -> bool {
    let (mut names, mut behind) = names_of(&item.words, is_table_name);
    if names.is_empty() && has_marks_of_a_table(item) {
        (names, behind) = names_of(&item.words, is_table_or_word);
    }
    let are_tables = names.iter().all(|name| name.value.split('.').all(is_lower_snake));
    let Some(first) = names.first().filter(|_| are_tables) else { return false };
    let mut table = TableText::new(first.clone());
    let raw = behind.raw();
    let rest = behind.after(behind.span.start + (raw.len() - raw.trim_start_matches([':', '-', ' ']).len()));
    add_remark(&mut table, &rest, false);
    let bullet = Bullet::new(item, diagnostics);
    for child in bullet.children(diagnostics) {
        fill_table(&mut table, &child, diagnostics);
    }
    let same = |name: Text| TableText { name, ..table.clone() };
    document.tables.extend(names.into_iter().map(same));
    true
}

/// Whether a bullet says what only tables have, so that one word is a table's name: `notes (LEDGER)`, or a key below it.
fn has_marks_of_a_table(item: &Item) -> bool {
    let words = item.words.plain().to_ascii_uppercase();
    words.ends_with("(LEDGER)")
        || words.ends_with("(CURRENT)")
        || item
            .children
            .iter()
            .any(|child| child.words.plain().to_ascii_lowercase().starts_with("primary key"))
}

/// Reports what a table does not say and must.
pub(super) fn report_missing(document: &Document, diagnostics: &mut Diagnostics) {
    for table in &document.tables {
        let found =
            [("truth_type", table.truth_type.is_some()), ("primary key", !table.primary_key.is_empty())];
        for (key, found) in found {
            if !found {
                let message = format!("the table `{}` has no `{key}`", table.name.value);
                diagnostics.push(
                    Diagnostic::new(codes::MISSING_KEY, message, table.name.span, "this table")
                        .help(format!("add `` - `{key}`: `…` ``")),
                );
            }
        }
    }
}

fn fill_table(table: &mut TableText, bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) {
    let name = bullet.name();
    match name.as_str() {
        "truth_type" | "truth type" => {
            table.truth_type = Some(first_code_or_words(bullet));
            let end = table.truth_type.as_ref().map_or(0, |text| text.span.end);
            if bullet.value.raw()[end - bullet.value.span.start..].contains(char::is_alphanumeric) {
                table.notes.push(bullet.note());
            }
        }
        "primary key" | "primary_key" | "pk" => {
            table.primary_key = key_names(bullet, diagnostics);
            let has_more_words = bullet.value.find_outside_code(|c, _| c.is_alphanumeric()).is_some();
            if has_more_words && !bullet.value.codes.is_empty() {
                table.notes.push(bullet.note());
            }
        }
        "fields" | "columns" | "field" | "column"
            if bullet.value.is_empty() && !bullet.item.children.is_empty() =>
        {
            // Rows with more cells have a key each.
            if bullet.item.children.first().is_some_and(|row| row.key.is_some()) {
                table.notes.push(bullet.note());
            } else {
                table.columns = Some(schemas::list(&bullet.item.children, &bullet.value));
            }
        }
        "fields" | "columns" => {
            let text = value_text(bullet);
            let raw = bullet.value.part(text.span.start..text.span.end);
            let tree = parse_schema(raw.raw(), text.span, diagnostics);
            table.columns = Some(SchemaText { text, tree });
        }
        "invariants" | "invariant" => table.invariants.extend(lines(bullet)),
        "renamed_from" | "renamed from" => table.renamed_from = Some(first_code_or_words(bullet)),
        "renamed columns" | "renamed_columns" => {
            for code in bullet.all_codes() {
                table.renamed_columns.extend(former_column(code, diagnostics));
            }
        }
        _ if name.contains("unique key") => {
            let codes = bullet.all_codes().into_iter();
            let keys = codes.map(|code| names_in(code, diagnostics)).filter(|names| !names.is_empty());
            let keys: Vec<_> = keys.collect();
            let bare = || bare_key(&bullet.value).filter(|_| bullet.value.codes.is_empty());
            table.unique_keys.extend(if keys.is_empty() { bare().into_iter().collect() } else { keys });
            if name != "unique keys" || bullet.value.find_outside_code(|c, _| c.is_alphanumeric()).is_some() {
                table.notes.push(bullet.note());
            }
        }
        _ if name.ends_with(" invariant") || name.ends_with(" invariants") => {
            table.invariants.push(Spanned::new(bullet.item.words.text(), bullet.item.words.span));
            nested_lines(&bullet.item.children, &mut table.invariants);
        }
        _ => {
            unknown_bullet(&bullet.item.words, &name, &KEYS, diagnostics);
            table.notes.push(bullet.note());
        }
    }
}

/// `note_no -> note_seq`: what a column was called, and what it is called.
fn former_column(code: &CodeSpan, diagnostics: &mut Diagnostics) -> Option<(Text, Text)> {
    let names = code.text.split_once("->").map(|(from, to)| (from.trim(), to.trim()));
    if let Some((from, to)) = names.filter(|(from, to)| is_lower_snake(from) && is_lower_snake(to)) {
        let text = |name: &str| Spanned::new(name.to_owned(), code.span);
        return Some((text(from), text(to)));
    }
    diagnostics.push(
        Diagnostic::new(codes::MALFORMED_KEY, "this is no column with its former name", code.span, "")
            .help("write `former_name -> name`"),
    );
    None
}

/// The columns of a key: in backticks, or bare where they follow the form `a` or `(a, b)`.
fn key_names(bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) -> Vec<Text> {
    let codes = bullet.all_codes();
    if !codes.is_empty() {
        return codes.into_iter().flat_map(|code| names_in(code, diagnostics)).collect();
    }
    let words = &bullet.value;
    let inner = words.raw().trim_start_matches('(').trim_end_matches(')');
    let lead = words.raw().len() - words.raw().trim_start_matches('(').len();
    let mut names = Vec::new();
    let mut start = words.span.start + lead;
    for part in inner.split(',') {
        let name = part.trim();
        let at = start + (part.len() - part.trim_start().len());
        if !is_lower_snake(name) {
            diagnostics.push(
                Diagnostic::new(
                    codes::MALFORMED_KEY,
                    "a key consists of plain names",
                    words.span,
                    "only words",
                )
                .help("write `(tenant_id, user_id)`, best in backticks"),
            );
            return Vec::new();
        }
        names.push(Spanned::new(name.to_owned(), Span::new(words.span.file, at, at + name.len())));
        start += part.len() + 1;
    }
    names
}

/// The code span that starts the value, else its words before a bracket.
fn first_code_or_words(bullet: &Bullet<'_>) -> Text {
    if let Some(code) = bullet.value.codes.first() {
        return code_text(code);
    }
    let value = &bullet.value;
    let end = value.find_outside_code(|c, _| c == '(').filter(|at| *at > value.span.start);
    let words = value.part(value.span.start..end.unwrap_or(value.span.end));
    Spanned::new(words.text(), words.span)
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

/// The value and the nested bullets, one text each.
fn lines(bullet: &Bullet<'_>) -> Vec<Text> {
    let mut found = Vec::new();
    if !bullet.value.is_empty() && bullet.key.is_some() {
        let entries = breaks::entries(&bullet.value, false);
        found.extend(entries.iter().map(|entry| Spanned::new(entry.text(), entry.span)));
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
