//! A block of code as the entries that stand in it: a line each, or the lines up to the bracket that closes what they open.
//!
//! What must not live here: what an entry says, or where blocks are found.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::block::{Block, Item};

/// Names behind a fence that say no language.
const OF_TEXT: [&str; 3] = ["text", "txt", "plain"];

/// Whether a block of code is the value of the words before it: of the last bullet, or of a paragraph where no language is named.
pub(super) fn is_value_of(before: Option<&Block>, kind: &CodeBlockKind<'_>) -> bool {
    match (before, kind) {
        (Some(Block::List(items)), _) => {
            items.last().map(last_of).is_some_and(|item| item.words.raw().ends_with(':'))
        }
        (Some(Block::Paragraph(words)), CodeBlockKind::Fenced(language)) => {
            let language = language.trim();
            words.raw().ends_with(':') && (language.is_empty() || OF_TEXT.contains(&language))
        }
        _ => false,
    }
}

/// Adds bullets below the last one of a list, however deep it stands.
pub(super) fn add_below_last(above: &mut [Item], items: Vec<Item>) {
    let Some(last) = above.last_mut() else { return };
    if last.children.is_empty() {
        last.children = items;
    } else {
        add_below_last(&mut last.children, items);
    }
}

fn last_of(item: &Item) -> &Item {
    item.children.last().map_or(item, last_of)
}

/// The entries of a block, of which the stretches of text are given.
pub(super) fn entries(text: &str, stretches: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut depth = 0_usize;
    for stretch in stretches {
        let mut start = stretch.start;
        for line in text[stretch.clone()].split_inclusive('\n') {
            let words = line.trim();
            let at = start + (line.len() - line.trim_start().len());
            start += line.len();
            match found.last_mut().filter(|_| depth > 0) {
                Some(open) if !words.is_empty() => open.end = at + words.len(),
                None if !words.is_empty() => found.push(at..at + words.len()),
                _ => {}
            }
            for c in words.chars() {
                match c {
                    '(' | '{' | '[' | '<' => depth += 1,
                    ')' | '}' | ']' | '>' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
        }
    }
    for entry in &mut found {
        entry.end = entry.start + text[entry.clone()].trim_end_matches([',', ';']).len();
    }
    found.retain(|entry| !entry.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_goes_on_while_a_bracket_is_open() {
        for (text, expected) in [
            ("a,\n\n  b;\n", &["a", "b"][..]),
            ("(a,\n b)\n", &["(a,\n b)"]),
            ("A<\n  B,\n\n  C\n>\nd", &["A<\n  B,\n\n  C\n>", "d"]),
            ("a -> b\nc", &["a -> b", "c"]),
            ("(a\nb", &["(a\nb"]),
            (",\n", &[]),
            ("", &[]),
        ] {
            let whole = 0..text.len();
            let found = entries(text, std::slice::from_ref(&whole));
            let found: Vec<&str> = found.into_iter().map(|entry| &text[entry]).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
