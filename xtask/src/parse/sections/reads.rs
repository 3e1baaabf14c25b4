//! `## 3) Reads`: what the engine reads of others.

use std::collections::BTreeSet;

use super::unread::{no_subsections, other_blocks, unknown_bullet};
use super::words::{
    bare_names, empty_labels, is_lower_snake, is_table_name, label_text, labelled, labels, lone_paragraphs,
    paragraphs,
};
use crate::diagnostics::{Diagnostics, nearest};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, ReadText, Text};
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};
use crate::source::Spanned;

/// Reads what the engine reads of others: a heading or a bullet per dependency.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    let schemas = schemas_of(document);
    document.relations.constraints.extend(lone_paragraphs(section));
    let others = labels(section).filter(|label| !is_of_all_reads(label));
    for label in others.chain(empty_labels(section).filter(|label| is_of_all_reads(label))) {
        document.add_prose(label);
    }
    let mut group: Option<ReadText> = None;
    for (label, item) in labelled(section) {
        let bullet = Bullet::new(item, diagnostics);
        if let Some(label) = label.filter(|label| is_of_all_reads(label)) {
            let is_same = group.as_ref().is_some_and(|read| read.title.span.start == label.span.start);
            if !is_same {
                document.reads.extend(group.replace(ReadText::new(label_text(label))));
            }
            if let Some(read) = &mut group {
                add_to_group(read, &bullet);
            }
            continue;
        }
        let title = bullet.key.clone().unwrap_or_else(|| Spanned::new(item.words.text(), item.words.span));
        let mut read = ReadText::new(title);
        if bullet.name() == "reads" {
            fill(&mut read, &bullet, &schemas, diagnostics);
        } else {
            if bullet.key.is_some() && !bullet.value.is_empty() {
                let key = Spanned::new("note".to_owned(), bullet.value.span);
                read.notes.push((key, Spanned::new(bullet.value.text(), bullet.value.span)));
            }
            if bullet.key.is_none() {
                read.tables.extend(
                    leading_tables(&item.words, &schemas)
                        .0
                        .into_iter()
                        .filter(|table| is_table_name(&table.value)),
                );
            }
            for child in bullet.children(diagnostics) {
                fill(&mut read, &child, &schemas, diagnostics);
            }
        }
        document.reads.push(read);
    }
    document.reads.extend(group);
    for child in &section.sections {
        let Some(words) = child.heading else { continue };
        no_subsections(child, diagnostics);
        other_blocks(child, diagnostics);
        // Words of which nothing has to be known stay words.
        for words in paragraphs(child) {
            document.add_prose(words);
        }
        let title = Spanned::new(words.text(), words.span);
        let mut read = ReadText::new(title);
        for item in child.items() {
            let bullet = Bullet::new(item, diagnostics);
            fill(&mut read, &bullet, &schemas, diagnostics);
        }
        document.reads.push(read);
    }
}

/// A paragraph over a list that is about all reads: `Required indices:`, `Scope rules:`.
fn is_of_all_reads(label: &Inline) -> bool {
    let words = label.plain().to_ascii_lowercase();
    ["required indices", "required indexes", "scope rules"].iter().any(|known| words.starts_with(known))
}

fn add_to_group(read: &mut ReadText, bullet: &Bullet<'_>) {
    let words = &bullet.item.words;
    let names_index = !read.title.value.to_ascii_lowercase().starts_with("scope");
    let leading = words.codes.first().filter(|code| names_index && code.outer.start == words.span.start);
    if let Some(code) = leading {
        read.required_indices.push(code_text(code));
    } else {
        let key = Spanned::new("note".to_owned(), words.span);
        read.notes.push((key, Spanned::new(words.text(), words.span)));
    }
}

fn fill(read: &mut ReadText, bullet: &Bullet<'_>, schemas: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    let name = bullet.name();
    match name.as_str() {
        "reads" => {
            let (tables, has_more_words) = leading_tables(&bullet.value, schemas);
            read.tables.extend(tables);
            for child in &bullet.item.children {
                read.tables.extend(leading_tables(&child.words, schemas).0);
            }
            // Words beside the names (by which column, in what role) are kept as a note.
            if has_more_words || !bullet.item.children.is_empty() {
                read.notes.push(bullet.note());
            }
        }
        "required indices" => {
            read.required_indices.extend(bullet.all_codes().into_iter().map(code_text));
            let has_more_words = |item: &Item| {
                let behind = item
                    .words
                    .codes
                    .last()
                    .map_or_else(|| item.words.clone(), |code| item.words.after(code.outer.end));
                !matches!(behind.text().as_str(), "" | "(PK)")
            };
            if bullet.item.children.iter().any(has_more_words) {
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

/// The schemas that the page's own tables lie in: `os_core` of `os_core.audit_events`.
pub(super) fn schemas_of(document: &Document) -> BTreeSet<String> {
    let names = document.tables.iter().filter_map(|table| table.name.value.split_once('.'));
    names.map(|(schema, _)| schema.to_owned()).collect()
}

/// `audit_events` of itself and of `audit_events.event_id`, where no schema is called `audit_events`.
fn table_of<'a>(name: &'a str, schemas: &BTreeSet<String>) -> &'a str {
    match name.split_once('.') {
        Some((first, rest)) if !is_schema(first, schemas) || rest.contains('.') => first,
        _ => name,
    }
}

fn is_schema(name: &str, schemas: &BTreeSet<String>) -> bool {
    schemas.contains(name) || name.starts_with("os_") || name.ends_with("_core")
}

/// The tables that start the words, joined by commas or `and`, remarks in brackets aside: in backticks, or all of the words.
/// Whether more words stand there.
pub(super) fn leading_tables(words: &Inline, schemas: &BTreeSet<String>) -> (Vec<Text>, bool) {
    let mut tables = Vec::new();
    let mut end = words.span.start;
    let mut has_more_words = false;
    for code in &words.codes {
        let between = words.part(end..code.outer.start).text();
        let (remark, joint) =
            between.strip_prefix('(').and_then(|rest| rest.split_once(')')).unwrap_or(("", &between));
        if !matches!(joint.trim(), "" | "," | "+" | "and" | ", and") || tables.is_empty() != joint.is_empty()
        {
            break;
        }
        has_more_words |= !remark.is_empty();
        tables.push(Spanned::new(table_of(&code.text, schemas).to_owned(), code.span));
        end = code.outer.end;
    }
    if words.codes.is_empty() {
        (tables, end) = bare_tables(words, schemas);
    }
    (tables, has_more_words || !words.after(end).is_empty())
}

/// Words behind the name of a table that say how it is read.
const WAYS: [&str; 8] = ["by", "for", "lookup", "lookups", "replay", "rows", "row", "scan"];

/// `identities, devices, sessions (scope checks)`: names without backticks, where the words hold nothing else before a bracket.
fn bare_tables(words: &Inline, schemas: &BTreeSet<String>) -> (Vec<Text>, usize) {
    let start = words.span.start;
    let length = words.raw().find('(').unwrap_or(words.raw().len());
    let head = words.part(start..start + length);
    let names = bare_names(&head, |name| !matches!(name, "and"));
    let are_joined = head.raw().split([',', '+']).flat_map(|part| part.split(" and ")).all(|part| {
        let part = part.trim();
        part.is_empty() || !part.contains(char::is_whitespace)
    });
    // `audit_events by correlation_id`, `audit_events replay`: a table, and how it is read.
    if let [table, how, ..] = names.as_slice()
        && is_table_name(&table.value)
        && WAYS.contains(&how.value.as_str())
    {
        let name = Spanned::new(table_of(&table.value, schemas).to_owned(), table.span);
        return (vec![name], table.span.end);
    }
    let are_tables = names.iter().all(|name| name.value.split('.').all(is_lower_snake));
    let is_none = |name: &Text| matches!(name.value.as_str(), "none" | "nothing" | "no");
    if !are_joined || !are_tables || names.iter().any(is_none) {
        return (Vec::new(), start);
    }
    let end = names.last().map_or(start, |name| name.span.end);
    let tables =
        names.into_iter().map(|name| Spanned::new(table_of(&name.value, schemas).to_owned(), name.span));
    (tables.collect(), end)
}

/// The tables that a dependency in words names: those that start it, and those with a schema among its words.
pub(super) fn tables_in_words(words: &Inline, schemas: &BTreeSet<String>) -> Vec<Text> {
    let (mut tables, _) = leading_tables(words, schemas);
    tables.retain(|table| is_table_name(&table.value));
    let behind = tables.last().map_or(words.span.start, |table| table.span.end);
    let further = words.codes.iter().filter(|code| code.span.start > behind && code.text.contains('.'));
    tables.extend(further.filter(|code| is_table_name(&code.text)).map(code_text));
    tables
}
