//! The dialect with plain or numbered headings: `## Capability List`, `## 4) Writes (outputs)`, keys in backticks.
//!
//! One module per group of sections. What must not live here: looking names up.

mod audit;
mod capability;
mod header;
mod relations;
mod table;
mod tests;
mod writes;

use std::collections::BTreeMap;

use selene_codegen::contract::SpecKind;

use super::bullet::Bullet;
use super::dialect::Dialect;
use super::document::{Document, Text};
use super::section::Section;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::read::markdown::{Block, Inline, Item};
use crate::source::{Span, Spanned};

/// The dialect.
pub struct Plain;

type Reader = fn(&Section<'_>, &mut Document, &mut Diagnostics);

/// A section of the dialect: its name, the halves that must have it, and who reads it.
struct Known {
    name: &'static str,
    required_in: &'static [SpecKind],
    read: Reader,
}

const ECM: &[SpecKind] = &[SpecKind::Ecm];
const DB: &[SpecKind] = &[SpecKind::DbWiring];

static SECTIONS: [Known; 12] = [
    Known { name: "Engine Header", required_in: &[SpecKind::Ecm, SpecKind::DbWiring], read: header::read },
    Known { name: "Capability List", required_in: ECM, read: capability::read },
    Known { name: "Failure Modes + Reason Codes", required_in: ECM, read: audit::read_failures },
    Known { name: "Audit Emission Requirements Per Capability", required_in: ECM, read: audit::read_audit },
    Known { name: "Sources", required_in: ECM, read: header::read_sources },
    Known { name: "Data Owned", required_in: DB, read: table::read },
    Known { name: "Reads", required_in: DB, read: table::read_dependencies },
    Known { name: "Writes", required_in: DB, read: writes::read },
    Known { name: "Relations & Keys", required_in: DB, read: relations::read },
    Known { name: "Reason Codes", required_in: &[], read: audit::read_failures },
    Known { name: "Audit Emissions", required_in: DB, read: audit::read_audit },
    Known { name: "Acceptance Tests", required_in: DB, read: tests::read },
];

impl Dialect for Plain {
    fn recognizes(&self, root: &Section<'_>) -> bool {
        tops(root).iter().any(|section| known(section).is_some())
    }

    fn parse(&self, root: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
        stray_blocks(root, diagnostics);
        for title in root.sections.iter().filter(|section| section.level == 1) {
            stray_blocks(title, diagnostics);
        }
        let mut seen: Vec<(&'static str, Span)> = Vec::new();
        for section in tops(root) {
            let span = section.span().unwrap_or(Span::start_of(document.file));
            let Some(known) = known(section) else {
                unknown_heading(section, diagnostics);
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(name, _)| *name == known.name) {
                let message = format!("the section `{}` stands here twice", known.name);
                diagnostics.push(
                    Diagnostic::new(codes::DUPLICATE_SECTION, message, span, "again here")
                        .and(*first, "first here")
                        .help("join the two sections"),
                );
            }
            if !seen.iter().any(|(name, _)| *name == known.name) {
                seen.push((known.name, span));
            }
            (known.read)(section, document, diagnostics);
        }
        let at = document.title.as_ref().map_or(Span::start_of(document.file), |title| title.span);
        for known in &SECTIONS {
            let wanted = document.kind.is_some_and(|kind| known.required_in.contains(&kind));
            if wanted && !seen.iter().any(|(name, _)| *name == known.name) {
                document.missing.push(known.name);
                let message = format!("the section `{}` is missing", known.name);
                diagnostics.push(
                    Diagnostic::new(codes::MISSING_SECTION, message, at, "in this document")
                        .help(format!("add `## {}`", known.name)),
                );
            }
        }
    }
}

/// Every section below the titles.
fn tops<'r, 'a>(root: &'r Section<'a>) -> Vec<&'r Section<'a>> {
    root.sections
        .iter()
        .flat_map(
            |section| if section.level == 1 { section.sections.iter().collect() } else { vec![section] },
        )
        .collect()
}

/// The dialect's section of that heading; what stands in brackets behind the name does not count.
fn known(section: &Section<'_>) -> Option<&'static Known> {
    let name = section.name();
    let name = name.split_once(" (").map_or(name.as_str(), |(name, _)| name).trim();
    let name = if name.eq_ignore_ascii_case("Audit/Proof Emissions") { "Audit Emissions" } else { name };
    SECTIONS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

fn unknown_heading(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    if let Some(span) = section.span() {
        let name = section.name();
        let message = format!("the section `{name}` is not known; nothing in it is read");
        diagnostics.push(Diagnostic::new(codes::UNKNOWN_HEADING, message, span, "not known").help(guess_or(
            &name,
            SECTIONS.iter().map(|known| known.name),
            "move what matters into a section that is known",
        )));
    }
}

/// Reports everything that stands right below a heading where nothing may.
fn stray_blocks(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for block in &section.blocks {
        let (what, span) = match block {
            Block::Paragraph(words) => ("a paragraph", words.span),
            Block::List(items) => match items.first() {
                Some(item) => ("a list", item.words.span),
                None => continue,
            },
            Block::Other { what, span } => (*what, *span),
            Block::Heading { words, .. } => ("a heading", words.span),
        };
        unread(what, span, diagnostics);
    }
}

fn unread(what: &str, span: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_BLOCK, format!("{what} here is not understood"), span, "not read")
            .help("move it into a section that is known, as a bullet"),
    );
}

/// Reports code blocks, tables and the like in a section that knows words and bullets only.
fn other_blocks(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for block in &section.blocks {
        if let Block::Other { what, span } = block {
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_BLOCK,
                    format!("a {what} here is not understood"),
                    *span,
                    "not read",
                )
                .help("write it as bullets"),
            );
        }
    }
}

/// Reports everything but bullets in a section that knows bullets only.
fn lists_only(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for block in &section.blocks {
        if let Block::Paragraph(words) = block {
            unread("a paragraph", words.span, diagnostics);
        }
    }
    other_blocks(section, diagnostics);
}

/// Reports bullets below one that takes none.
fn no_children(bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) {
    for child in &bullet.item.children {
        diagnostics.push(
            Diagnostic::new(
                codes::TRAILING_WORDS,
                "a bullet below this property is not understood",
                child.words.span,
                "",
            )
            .help("say it in a bullet of its own, or in the lexicon"),
        );
    }
}

/// Reports headings below a section that knows none.
fn no_subsections(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for child in &section.sections {
        unknown_heading(child, diagnostics);
        no_subsections(child, diagnostics);
    }
}

/// Reports a bullet that a section does not know.
fn unknown_bullet(words: &Inline, name: &str, known: &[&str], diagnostics: &mut Diagnostics) {
    let message = if name.is_empty() {
        "this bullet is not understood".to_owned()
    } else {
        format!("the bullet `{name}` is not known here")
    };
    diagnostics.push(Diagnostic::new(codes::UNKNOWN_BULLET, message, words.span, "not read").help(guess_or(
        name,
        known.iter().copied(),
        &format!("use one of `{}`", known.join("`, `")),
    )));
}

/// Bullets with the paragraph that stands right before their list.
fn labelled<'a>(section: &Section<'a>) -> Vec<(Option<&'a Inline>, &'a Item)> {
    let mut label = None;
    let mut found = Vec::new();
    for block in &section.blocks {
        match block {
            Block::Paragraph(words) => label = Some(words),
            Block::List(items) => found.extend(items.iter().map(|item| (label, item))),
            _ => label = None,
        }
    }
    found
}

/// Paragraphs that no list follows: sentences of their own.
fn lone_paragraphs(section: &Section<'_>) -> Vec<Text> {
    let mut found = Vec::new();
    for (index, block) in section.blocks.iter().enumerate() {
        let list_follows = matches!(section.blocks.get(index + 1), Some(Block::List(_)));
        if let Block::Paragraph(words) = block
            && !list_follows
        {
            found.push(Spanned::new(words.text(), words.span));
        }
    }
    found
}

/// The value of a bullet as one text: its only code span, or its words.
fn value_text(bullet: &Bullet<'_>) -> Text {
    match bullet.value.only_code() {
        Some(code) => Spanned::new(code.text.clone(), code.span),
        None => Spanned::new(bullet.value.text(), bullet.value.span),
    }
}

/// `UPPER_SNAKE` of at least two words.
fn looks_like_reason_code(text: &str) -> bool {
    let words: Vec<&str> = text.split('_').collect();
    words.len() > 1
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && words.iter().all(|word| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        })
}

/// `lower_snake`.
fn is_lower_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Reads the bullets of a section, each key once; a key that stands there again is told and left out.
fn each_key<'a>(
    section: &Section<'a>,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(&str, &Bullet<'a>, &mut Diagnostics),
) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for item in section.items() {
        let bullet = Bullet::new(item, diagnostics);
        let name = bullet.name();
        if let Some(first) = seen.get(&name).filter(|_| !name.is_empty()) {
            diagnostics.push(
                Diagnostic::new(
                    codes::DUPLICATE_KEY,
                    format!("`{name}` stands here twice"),
                    item.words.span,
                    "again",
                )
                .and(*first, "first here")
                .help("keep one of them"),
            );
            continue;
        }
        seen.insert(name.clone(), item.words.span);
        read(&name, &bullet, diagnostics);
    }
}
