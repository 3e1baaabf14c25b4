//! `## 5) Relations & Keys`: lists under a leading paragraph that says what they are.

use super::unread::other_blocks;
use super::words::{labelled, labels, lone_paragraphs};
use crate::diagnostics::Diagnostics;
use crate::parse::bullet::Bullet;
use crate::parse::document::Document;
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};
use crate::source::Spanned;

/// Reads the section.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    for (label, item) in labelled(section) {
        // Reported here because relations take any words, but no block inside of them.
        let _ = Bullet::new(item, diagnostics);
        let label = label.map(|words| words.plain().to_ascii_lowercase()).unwrap_or_default();
        read_item(&label, item, document);
    }
    document.relations.constraints.extend(lone_paragraphs(section));
    for label in labels(section) {
        document.add_prose(label);
    }
    for child in &section.sections {
        document.add_heading(child);
        read(child, document, diagnostics);
    }
}

fn read_item(label: &str, item: &Item, document: &mut Document) {
    if !add_foreign_key(&item.words, document) {
        let text = Spanned::new(item.words.text(), item.words.span);
        if label.contains("unique") || label.contains("dedupe") {
            document.relations.unique.push(text);
        } else {
            document.relations.constraints.push(text);
        }
    }
    for child in &item.children {
        read_item(label, child, document);
    }
}

/// `a.b -> c.d` in backticks, with an optional remark in brackets.
fn add_foreign_key(words: &Inline, document: &mut Document) -> bool {
    let Some(code) = words.codes.first().filter(|code| code.outer.start == words.span.start) else {
        return false;
    };
    let Some((from, to)) = code.text.split_once("->") else {
        return false;
    };
    let behind = words.after(code.outer.end).text();
    let remark = behind.trim_start_matches('(').trim_end_matches(')').to_owned();
    let text = |part: &str| Spanned::new(part.trim().to_owned(), code.span);
    document.read.push((words.span, "foreign_key"));
    document.relations.foreign_keys.push((text(from), text(to), (!remark.is_empty()).then_some(remark)));
    true
}
