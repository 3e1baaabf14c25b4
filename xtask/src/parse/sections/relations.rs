//! `## 5) Relations & Keys`: lists under a leading paragraph that says what they are.

use super::unread::other_blocks;
use super::words::{is_lower_snake, labelled, labels, lone_words};
use crate::diagnostics::Diagnostics;
use crate::parse::backticks::marked;
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::Document;
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};
use crate::read::signs::ARROWS;
use crate::source::{Span, Spanned};

/// Reads the section of keys and boundaries.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    other_blocks(section, diagnostics);
    for (label, item) in labelled(section) {
        // Reported here because relations take any words, but no block inside of them.
        let _ = Bullet::new(item, diagnostics);
        let label = label.map(|words| words.plain().to_ascii_lowercase()).unwrap_or_default();
        read_item(&label, item, document);
    }
    // A reference may stand alone, one for each line.
    for words in lone_words(section) {
        // The first row of a table names its columns.
        let mut is_head = true;
        for line in lines_of_references(words) {
            if line.raw().starts_with('|') {
                if !add_row(&line, document) {
                    if is_head {
                        document.add_prose(&line);
                    } else {
                        document.relations.constraints.push(Spanned::new(line.text(), line.span));
                    }
                }
                is_head = false;
            } else if !add_foreign_key(&line, document) {
                document.relations.constraints.push(Spanned::new(line.text(), line.span));
            }
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

/// The lines of a paragraph where each is a reference or a row of a table; else the paragraph as it is.
fn lines_of_references(words: &Inline) -> Vec<Inline> {
    if words.lines().iter().any(|line| line.raw().starts_with('|')) {
        return words.lines().into_iter().filter(|line| !is_rule(line)).collect();
    }
    let lines: Vec<Inline> = words.lines().iter().map(marked).collect();
    let mut trial = Document::new(words.span.file);
    if lines.iter().all(|line| add_foreign_key(line, &mut trial)) { lines } else { vec![words.clone()] }
}

/// `| --- | --- |`, which separates the head of a table from its rows.
fn is_rule(line: &Inline) -> bool {
    line.raw().starts_with('|') && line.raw().chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// A row of a table: a reference in its first cell, or its two ends in the first two, and remarks behind them.
fn add_row(row: &Inline, document: &mut Document) -> bool {
    let bars: Vec<usize> = row.all_outside_code(|c, _| c == '|').chain([row.span.end]).collect();
    let cells: Vec<Inline> =
        bars.windows(2).map(|pair| row.part(pair[0] + 1..pair[1].max(pair[0] + 1))).collect();
    let [first, rest @ ..] = cells.as_slice() else { return false };
    let remark_of = |cells: &[Inline]| cells.iter().find(|cell| !cell.is_empty()).map(Inline::text);
    if add_foreign_key(&marked(first), document) {
        let added = document.relations.foreign_keys.last_mut();
        if let Some((_, _, remark @ None)) = added {
            *remark = remark_of(rest);
        }
        document.read.push((row.span, "foreign_key"));
        return true;
    }
    let end = |cell: &Inline| {
        let code = cell.only_code();
        let text = code.map_or_else(|| cell.text(), |code| code.text.clone());
        let text = text.replacen('(', ".", 1).replace(')', "");
        let is_column = text.contains('.') && text.split('.').all(is_lower_snake);
        is_column.then(|| Spanned::new(text, code.map_or(cell.span, |code| code.span)))
    };
    let [second, remarks @ ..] = rest else { return false };
    let (Some(from), Some(to)) = (end(first), end(second)) else { return false };
    document.read.push((row.span, "foreign_key"));
    document.relations.foreign_keys.push((from, to, remark_of(remarks)));
    true
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
    // A bullet that ends in a colon says what those below it are, as a paragraph does.
    let lead = item.words.plain().to_ascii_lowercase();
    let label = if lead.ends_with(':') && names_a_kind(&lead) { &lead } else { label };
    for child in &item.children {
        read_item(label, child, document);
    }
}

/// Whether words are the name of a list of unique constraints, and no sentence about them.
fn names_a_kind(lead: &str) -> bool {
    const MOST_WORDS: usize = 4;
    ["unique", "dedupe"].iter().any(|kind| lead.contains(kind))
        && lead.split_whitespace().count() <= MOST_WORDS
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
        matches!(between.as_str(), "fk ->" | "references") || ARROWS.contains(&between.as_str())
    });
    let joined = ARROWS.into_iter().find_map(|arrow| code.text.split_once(arrow));
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
    let behind = behind.trim_end_matches(['.', ';', ',', ' ']).trim_start_matches('(').trim_end_matches(')');
    let remarks = [before.strip_suffix("fk").unwrap_or(&before).trim(), behind];
    let remark = remarks.iter().filter(|remark| !remark.is_empty()).copied().collect::<Vec<_>>().join(", ");
    document.read.push((words.span, "foreign_key"));
    document.relations.foreign_keys.push((from, to, (!remark.is_empty()).then_some(remark)));
    true
}
