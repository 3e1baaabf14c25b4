//! `## Failure Modes + Reason Codes` and the audit sections: sentences, reason codes, event types.

use std::collections::BTreeSet;

use super::unread::{no_subsections, other_blocks};
use super::words::{
    codes_below, codes_in, empty_labels, is_lower_snake, labels, lone_paragraphs, lone_words,
    looks_like_reason_code, names_reason_codes, paragraphs,
};
use crate::diagnostics::Diagnostics;
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::cells::Table;
use crate::parse::document::{Document, Text};
use crate::parse::section::Section;
use crate::read::markdown::{Block, Inline, Item};
use crate::source::Spanned;

/// Reads the failure section: every code span that looks like a reason code is one.
pub fn read_failures(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    let mut sentences = Vec::new();
    for label in labels(section) {
        document.add_prose(label);
    }
    for words in lone_words(section) {
        if let Some((before, table)) = Table::of(words) {
            sentences.extend(before.map(|words| Spanned::new(words.text(), words.span)));
            read_rows(&table, &mut sentences, document);
        } else {
            sentences.push(Spanned::new(words.text(), words.span));
            read_lines(words, document);
        }
    }
    for words in paragraphs(section).filter(|words| !words.codes.is_empty() && Table::of(words).is_none()) {
        for code in codes_in(words) {
            document.add_reason_code(code);
        }
    }
    for item in section.items() {
        let bullet = Bullet::new(item, diagnostics);
        sentences.extend(sentences_of(item));
        for code in bullet_codes(&bullet) {
            if !is_capability(document, &code.value) {
                document.add_reason_code(code);
            }
        }
    }
    document.failure_rules.extend(sentences);
    for child in &section.sections {
        document.add_heading(child);
        read_failures(child, document, diagnostics);
    }
}

/// Reads lines that begin with codes and no bullet: `NOTE_GONE`, `NOTE_LATE: when it is late`.
fn read_lines(words: &Inline, document: &mut Document) {
    for line in words.lines().iter().filter(|_| words.codes.is_empty()) {
        let mut codes = Vec::new();
        let mut end = line.span.start;
        for code in codes_in(line) {
            let between = line.part(end..code.span.start);
            let joins =
                between.is_empty() || !codes.is_empty() && matches!(between.raw(), "," | "|" | "/" | ";");
            if !joins {
                break;
            }
            end = code.span.end;
            codes.push(code);
        }
        let behind = line.after(end);
        let stands_alone = behind.is_empty() || behind.raw().starts_with(BEHIND_A_CODE);
        for code in codes.into_iter().filter(|_| stands_alone) {
            if !is_capability(document, &code.value) {
                document.add_reason_code(code);
            }
        }
    }
}

/// What joins a code to the words that say what it means.
const BEHIND_A_CODE: [char; 8] = [':', '(', '-', '\u{2013}', '\u{2014}', '=', '.', ';'];

/// Reads a table of reason codes: a row is a sentence, and the codes are those of the column that is named so, else those in backticks.
fn read_rows(table: &Table, sentences: &mut Vec<Text>, document: &mut Document) {
    let is_of_codes = |cell: &Inline| {
        let name = cell.plain().to_ascii_lowercase();
        names_reason_codes(&name) || matches!(name.as_str(), "code" | "codes" | "reason")
    };
    let column = table.head.iter().position(is_of_codes);
    if let (Some(first), Some(last)) = (table.head.first(), table.head.last()) {
        document.read.push((first.span.to(last.span), "key"));
    }
    for row in &table.rows {
        let cells = match column {
            Some(column) => row.get(column).map_or(&[][..], std::slice::from_ref),
            None => row,
        };
        for code in cells.iter().filter(|cell| column.is_some() || !cell.codes.is_empty()).flat_map(codes_in)
        {
            if !is_capability(document, &code.value) {
                document.add_reason_code(code);
            }
        }
        if let (Some(first), Some(last)) = (row.first(), row.last()) {
            let whole = first.with_more(last.span.end);
            sentences.push(Spanned::new(whole.text(), whole.span));
        }
    }
}

/// Reads an audit section.
pub fn read_audit(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    no_subsections(section, diagnostics);
    other_blocks(section, diagnostics);
    let mut sentences = lone_paragraphs(section);
    for label in empty_labels(section) {
        document.add_prose(label);
    }
    let mut label: Option<&Inline> = None;
    for block in &section.blocks {
        match block {
            Block::Paragraph(words) => label = Some(words),
            Block::List(items) => {
                // A paragraph that leads a list is the head of its bullets.
                sentences.extend(label.take().map(|words| Spanned::new(words.text(), words.span)));
                for item in items {
                    let bullet = Bullet::new(item, diagnostics);
                    sentences.extend(sentences_of(item));
                    read_bullet(&bullet, document, diagnostics);
                }
            }
            _ => {}
        }
    }
    document.audit_rules.extend(sentences);
}

fn read_bullet(bullet: &Bullet<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    let head = bullet.item.words.plain().to_ascii_lowercase();
    let lists_event_types =
        head.contains("event class") || head.contains("event_type") || head.contains("event type");
    let lists_fields = head.contains("event") && !head.contains("payload") && !lists_event_types;
    for child in bullet.children(diagnostics) {
        match child.item.words.only_code() {
            Some(code) if is_lower_snake(&code.text) && lists_fields => {
                document.audit.required_fields.push(code_text(code));
            }
            Some(code) if looks_like_reason_code(&code.text) && !lists_event_types => {
                if names_reason_codes(&head) || has_known_prefix(document, &code.text) {
                    document.audit.codes.push(code_text(code));
                    document.add_reason_code(code_text(code));
                }
            }
            Some(_) => {}
            None if lists_event_types => {
                if let (Some(key), Some(code)) = (&child.key, child.value.only_code()) {
                    document.audit.event_types.push((key.clone(), code_text(code)));
                }
            }
            None => add_known(&child, document),
        }
    }
    if !lists_event_types {
        for code in codes_in(&bullet.item.words) {
            if has_known_prefix(document, &code.value) && !is_capability(document, &code.value) {
                document.add_reason_code(code);
            }
        }
    }
}

fn add_known(bullet: &Bullet<'_>, document: &mut Document) {
    for code in bullet_codes(bullet) {
        if has_known_prefix(document, &code.value) && !is_capability(document, &code.value) {
            document.add_reason_code(code);
        }
    }
}

/// Codes in a bullet and in those below it, each place once.
fn bullet_codes(bullet: &Bullet<'_>) -> Vec<Text> {
    let mut seen = BTreeSet::new();
    codes_below(bullet.item).into_iter().filter(|code| seen.insert(code.span)).collect()
}

/// Outside of lists of reason codes a name counts as one only if the engine's failure codes start the same way, or if it
/// starts with the engine's own short name: event types and table names look alike otherwise.
fn has_known_prefix(document: &Document, text: &str) -> bool {
    if !looks_like_reason_code(text) {
        return false;
    }
    let wanted = text.split('_').next().unwrap_or_default();
    let short = document.header.engine_id.as_ref().and_then(|id| id.value.rsplit('.').next());
    short == Some(wanted) || document.has_code_prefix(wanted)
}

fn is_capability(document: &Document, text: &str) -> bool {
    document.has_capability(text)
}

/// A bullet as sentences. Nested names join the words above them; nested sentences stand on their own.
fn sentences_of(item: &Item) -> Vec<Text> {
    let names_only = !item.children.is_empty()
        && item.children.iter().all(|child| child.words.only_code().is_some() && child.children.is_empty());
    if names_only {
        let names: Vec<String> = item.children.iter().map(|child| child.words.text()).collect();
        let text = format!("{} {}", item.words.text(), names.join(", "));
        return vec![Spanned::new(text, item.whole())];
    }
    let mut sentences = vec![Spanned::new(item.words.text(), item.words.span)];
    for child in &item.children {
        sentences.extend(sentences_of(child));
    }
    sentences
}
