//! Sentences for people: what stands before the sections, boundaries, constraints, how an engine is called.
//!
//! Their words are kept with their places; nothing in them becomes part of a contract.

use super::unread::other_blocks;
use super::words::{codes_below, names_reason_codes};
use crate::diagnostics::Diagnostics;
use crate::parse::bullet::Bullet;
use crate::parse::document::Document;
use crate::parse::section::Section;
use crate::read::markdown::{Block, Item};

/// Reads a section of sentences with everything below it.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    introduction(section, document, diagnostics);
    for child in &section.sections {
        document.add_heading(child);
        read(child, document, diagnostics);
    }
}

/// Reads what stands right below a heading.
pub fn introduction(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    for block in &section.blocks {
        match block {
            Block::Paragraph(words) => document.add_prose(words),
            Block::List(items) => add_items(items, document, diagnostics),
            _ => {}
        }
    }
}

/// Keeps bullets as sentences.
pub(super) fn add_items(items: &[Item], document: &mut Document, diagnostics: &mut Diagnostics) {
    for item in items {
        // Reported here because sentences may be any words, but no block inside of them.
        let bullet = Bullet::new(item, diagnostics);
        // `Reason codes: …` declares codes, wherever it stands.
        if names_reason_codes(&bullet.name()) {
            for code in codes_below(item) {
                document.add_reason_code(code);
            }
        }
        document.add_prose(&item.words);
        add_items(&item.children, document, diagnostics);
    }
}
