//! Writes that are stated in sentences: bullets under `Write paths:`, and headings below which nothing is written.

use std::collections::BTreeSet;

use selene_codegen::naming::without_schema;

use super::dedupe::{is_dedupe_key, read_dedupe};
use super::unread::other_blocks;
use super::words::{bare_names, is_table_name, label_text, labelled, labels, lone_words};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, Text, WriteText};
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};
use crate::source::Spanned;

/// Keys of a write.
pub(super) const KEYS: [&str; 3] = ["writes", "required fields", "idempotency key rule"];

/// The tables that the page declares.
pub(super) struct OwnTables {
    pub(super) schemas: BTreeSet<String>,
    /// The names of the tables, without their schemas.
    pub(super) names: BTreeSet<String>,
}

impl WriteText {
    /// A write of which only the heading is known.
    #[must_use]
    pub const fn new(heading: Text) -> Self {
        Self {
            heading,
            tables: Vec::new(),
            required_fields: Vec::new(),
            engine: None,
            event_types: Vec::new(),
            reason_code: None,
            bare_reason: None,
            payload_keys: Vec::new(),
            dedupe: None,
            dedupe_words: None,
            notes: Vec::new(),
        }
    }
}

/// Reads what stands right below the heading of the section.
pub(super) fn read(
    section: &Section<'_>,
    own: &OwnTables,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) {
    other_blocks(section, diagnostics);
    for words in lone_words(section) {
        document.relations.constraints.push(text(words));
    }
    labels(section).for_each(|label| document.add_prose(label));
    let mut group: Option<WriteText> = None;
    for (label, item) in labelled(section) {
        let bullet = Bullet::new(item, diagnostics);
        let name = label.map(|words| words.plain().to_ascii_lowercase()).unwrap_or_default();
        match label.filter(|_| name.starts_with("write")) {
            Some(label) => {
                let write = group.get_or_insert_with(|| WriteText::new(label_text(label)));
                add_to_group(write, &bullet, own, diagnostics);
            }
            None if name.contains("failure") => add_all(item, &mut document.failure_rules),
            None if label.is_some() || is_sentence(item) => {
                add_all(item, &mut document.relations.constraints);
            }
            None => unread(item, diagnostics),
        }
    }
    // Where no table is named, the bullets are sentences.
    match group {
        Some(write) if !write.tables.is_empty() => document.writes.push(write),
        Some(write) => document.relations.constraints.extend(write.notes.into_iter().map(|(_, note)| note)),
        None => {}
    }
}

/// Whether nothing below a heading is a key of a write, or nearly one, and the heading is a title.
pub(super) fn is_of_sentences(section: &Section<'_>) -> bool {
    let is_key = |item: &Item| {
        let name = Bullet::new(item, &mut Diagnostics::default()).name();
        let is_near = || nearest(&name, KEYS).is_some_and(|near| strsim::levenshtein(&name, near) <= 3);
        KEYS.contains(&name.as_str()) || is_dedupe_key(&name) || !name.is_empty() && is_near()
    };
    let is_title = section.heading.is_some_and(|words| {
        words.codes.is_empty()
            && words.raw().contains(' ')
            && words.raw().contains(|c: char| c.is_ascii_lowercase())
    });
    is_title && section.items().next().is_some() && !section.items().any(is_key)
}

fn text(words: &Inline) -> Text {
    Spanned::new(words.text(), words.span)
}

fn add_all(item: &Item, found: &mut Vec<Text>) {
    found.push(text(&item.words));
    item.children.iter().for_each(|child| add_all(child, found));
}

/// A line that ends as a sentence does.
fn is_sentence(item: &Item) -> bool {
    item.children.is_empty() && item.words.codes.is_empty() && item.words.raw().ends_with('.')
}

fn unread(item: &Item, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_BLOCK, "a list here is not understood", item.whole(), "not read")
            .help("move it into a section that is known, as a bullet"),
    );
}

/// The tables of the page that a bullet names, or the key that it is deduplicated by.
fn add_to_group(write: &mut WriteText, bullet: &Bullet<'_>, own: &OwnTables, diagnostics: &mut Diagnostics) {
    let words = &bullet.item.words;
    let is_about_key =
        ["dedupe", "idempot"].iter().any(|start| words.raw().to_ascii_lowercase().starts_with(start));
    let codes = bullet.all_codes();
    let has_key = codes.iter().any(|code| code.text.starts_with('('))
        || codes.is_empty() && bullet.flat().contains('(');
    if is_about_key && has_key && write.dedupe.is_none() {
        write.dedupe = read_dedupe(bullet, diagnostics);
    } else {
        let named = match words.codes.as_slice() {
            [] => bare_names(words, is_table_name),
            codes => codes.iter().map(code_text).collect(),
        };
        for name in named {
            let is_known = write.tables.iter().any(|table| table.value == name.value);
            if own.names.contains(without_schema(&name.value)) && !is_known {
                write.tables.push(name);
            }
        }
    }
    let span = bullet.item.whole();
    let key = Spanned::new("note".to_owned(), span);
    let mut lines = Vec::new();
    add_all(bullet.item, &mut lines);
    let lines: Vec<String> = lines.into_iter().map(|line| line.value).collect();
    write.notes.push((key, Spanned::new(lines.join("; "), span)));
}
