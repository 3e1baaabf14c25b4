//! `## B) Ownership` of the lettered dialect: the tables that the engine owns, and what it reads and writes, in words.

use super::reads::{schemas_of, tables_in_words};
use super::table::{add_from_bullet, read_heading};
use super::unread::other_blocks;
use super::words::{bare_names, is_lower_snake, is_table_name, paragraphs};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{Document, ReadText, TableText};
use crate::parse::section::Section;
use crate::source::Spanned;

/// Reads the section; headings below it name tables, or hold sentences.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    for paragraph in paragraphs(section) {
        document.add_prose(paragraph);
    }
    let schemas = schemas_of(document);
    for item in section.items() {
        let bullet = Bullet::new(item, diagnostics);
        let name = bullet.name().replace('_', " ");
        match name.split_once(" (").map_or(name.as_str(), |(name, _)| name) {
            "tables owned" | "owned tables" | "data owned" | "tables" => {
                read_tables(&bullet, document, diagnostics);
            }
            "reads" => {
                let (title, text) = bullet.note();
                let words =
                    std::iter::once(&bullet.value).chain(item.children.iter().map(|child| &child.words));
                let tables = words.flat_map(|words| tables_in_words(words, &schemas)).collect();
                document.reads.push(ReadText {
                    tables,
                    notes: vec![(title.clone(), text)],
                    ..ReadText::new(title)
                });
            }
            _ => document.ownership.push(bullet.note()),
        }
    }
    for child in &section.sections {
        let name = child
            .heading
            .map(|words| words.codes.first().map_or_else(|| words.text(), |code| code.text.clone()));
        let may_name = name.is_some_and(|name| is_table_name(&name));
        if !may_name || !read_heading(child, document, diagnostics) {
            document.add_heading(child);
            super::prose::read(child, document, diagnostics);
        }
    }
}

/// `Tables owned: NONE`, names in the value, or one bullet per table below.
fn read_tables(bullet: &Bullet<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    document.ownership.push(bullet.note());
    let before = document.tables.len();
    let value = &bullet.value;
    let names = value.codes.iter().map(code_text).filter(|name| is_table_name(&name.value));
    document.tables.extend(names.map(TableText::new));
    let first = value.raw().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let owns_none = first.eq_ignore_ascii_case("none") || first.eq_ignore_ascii_case("no");
    if value.codes.is_empty() && !owns_none {
        document.tables.extend(bare_names(value, is_table_name).into_iter().map(TableText::new));
    }
    for item in &bullet.item.children {
        // Below `Tables owned:` a single word is a table too.
        let word = Some(item.words.text()).filter(|word| is_lower_snake(word) && word != "none");
        if let Some(word) = word.filter(|_| !is_table_name(&item.words.plain())) {
            document.tables.push(TableText::new(Spanned::new(word, item.words.span)));
        } else if !add_from_bullet(item, document, diagnostics) {
            document.add_prose(&item.words);
            super::prose::add_items(&item.children, document, diagnostics);
        }
    }
    if document.tables.len() == before && !owns_none {
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_BULLET,
                "the tables that are owned are not understood",
                bullet.item.words.span,
                "no name of a table here",
            )
            .help("write `NONE`, or the names in backticks: `` - Tables owned: `audit_events` ``"),
        );
    }
}
