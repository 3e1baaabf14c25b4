//! `## 5) Relations & Keys`: lists under a leading paragraph that says what they are.

use super::unread::other_blocks;
use super::words::{labelled, labels, lone_words};
use crate::diagnostics::Diagnostics;
use crate::parse::backticks::marked;
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::Document;
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};
use crate::source::{Span, Spanned};

/// Reads the section.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    for (label, item) in labelled(section) {
        // Reported here because relations take any words, but no block inside of them.
        let _ = Bullet::new(item, diagnostics);
        let label = label.map(|words| words.plain().to_ascii_lowercase()).unwrap_or_default();
        read_item(&label, item, document);
    }
    // A reference may stand alone, one for each line.
    for line in lone_words(section).flat_map(lines_of_references) {
        if !add_foreign_key(&line, document) {
            document.relations.constraints.push(Spanned::new(line.text(), line.span));
        }
    }
    for label in labels(section) {
        document.add_prose(label);
    }
    for child in &section.sections {
        document.add_heading(child);
        read(child, document, diagnostics);
    }
}

/// The lines of a paragraph where each is a reference; else the paragraph as it is.
fn lines_of_references(words: &Inline) -> Vec<Inline> {
    let lines: Vec<Inline> = words.lines().iter().map(marked).collect();
    let mut trial = Document::new(words.span.file);
    if lines.iter().all(|line| add_foreign_key(line, &mut trial)) { lines } else { vec![words.clone()] }
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

/// `a.b -> c.d` in backticks, with an optional remark in brackets; `optional` or `FK` may stand before it. Or two names in
/// backticks, joined by `FK ->` or `references`.
fn add_foreign_key(words: &Inline, document: &mut Document) -> bool {
    let Some(code) = words.codes.first() else { return false };
    let before = words.part(words.span.start..code.outer.start).text().to_ascii_lowercase();
    if !matches!(before.as_str(), "" | "fk" | "optional" | "optional fk") {
        return false;
    }
    let text = |part: &str, span: Span| Spanned::new(part.trim().to_owned(), span);
    let second = words.codes.get(1).filter(|second| {
        let between = words.part(code.outer.end..second.outer.start).text().to_ascii_lowercase();
        matches!(between.as_str(), "fk ->" | "->" | "\u{2192}" | "=>" | "references")
    });
    let joined = ["->", "\u{2192}", "=>"].into_iter().find_map(|arrow| code.text.split_once(arrow));
    let (from, to, end) = match (joined, second) {
        (Some((from, to)), _) => (text(from, code.span), text(to, code.span), code.outer.end),
        (None, Some(second)) if code.text.contains('.') && second.text.contains(['.', '(']) => {
            // `identities(user_id)` names a column as `identities.user_id` does.
            let to = second.text.replacen('(', ".", 1).replace(')', "");
            (code_text(code), Spanned::new(to, second.span), second.outer.end)
        }
        _ => return false,
    };
    let behind = words.after(end).text();
    let behind = behind.trim_end_matches('.').trim_start_matches('(').trim_end_matches(')');
    let remarks = [before.strip_suffix("fk").unwrap_or(&before).trim(), behind];
    let remark = remarks.iter().filter(|remark| !remark.is_empty()).copied().collect::<Vec<_>>().join(", ");
    document.read.push((words.span, "foreign_key"));
    document.relations.foreign_keys.push((from, to, (!remark.is_empty()).then_some(remark)));
    true
}
