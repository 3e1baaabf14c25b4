//! Findings about what stands in a section and is not read there.

use super::known::Known;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::bullet::Bullet;
use crate::parse::section::Section;
use crate::read::markdown::{Block, HEAD_OF_A_TABLE, Inline};
use crate::read::remark::REMARK;
use crate::source::Span;

/// Reports a section whose heading the dialect does not know.
pub(super) fn unknown_heading(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    if let Some(span) = section.span() {
        let name = section.name();
        let message = format!("the section `{name}` is not known; nothing in it is read");
        diagnostics.push(Diagnostic::new(codes::UNKNOWN_HEADING, message, span, "not known").help(guess_or(
            &name,
            Known::NAMED.into_iter().map(Known::name),
            "move what matters into a section that is known",
        )));
    }
}

/// Reports everything that stands right below a heading where nothing may.
pub(super) fn stray_blocks(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for block in &section.blocks {
        let (what, span) = match block {
            Block::Paragraph(words) => ("a paragraph", words.span),
            Block::List(items) => match (items.first(), items.last()) {
                (Some(first), Some(last)) => ("a list", first.words.span.to(last.whole())),
                _ => continue,
            },
            Block::Other { what: REMARK | HEAD_OF_A_TABLE, .. } => continue,
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
pub(super) fn other_blocks(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for block in &section.blocks {
        if let Block::Other { what, span } = block
            && ![REMARK, HEAD_OF_A_TABLE].contains(what)
        {
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
pub(super) fn lists_only(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for block in &section.blocks {
        if let Block::Paragraph(words) = block {
            unread("a paragraph", words.span, diagnostics);
        }
    }
    other_blocks(section, diagnostics);
}

/// Reports bullets below one that takes none.
pub(super) fn no_children(bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) {
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
pub(super) fn no_subsections(section: &Section<'_>, diagnostics: &mut Diagnostics) {
    for child in &section.sections {
        unknown_heading(child, diagnostics);
        no_subsections(child, diagnostics);
    }
}

/// Reports a bullet that a section does not know.
pub(super) fn unknown_bullet(words: &Inline, name: &str, known: &[&str], diagnostics: &mut Diagnostics) {
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
