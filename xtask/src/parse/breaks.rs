//! Several entries in one line of words: `a<br>b`, as cells of tables have them.
//!
//! What must not live here: what an entry says.

use crate::read::markdown::Inline;

/// Line breaks within a line.
const BREAKS: [&str; 3] = ["<br>", "<br/>", "<br />"];

/// The entries of words, each without the mark of a bullet; where `at_semicolons`, a semicolon ends one too.
#[must_use]
pub fn entries(words: &Inline, at_semicolons: bool) -> Vec<Inline> {
    let raw = words.raw();
    let mut found = Vec::new();
    let mut start = words.span.start;
    for at in words.all_outside_code(|c, _| c == '<' || (c == ';' && at_semicolons)) {
        let rest = &raw[at - words.span.start..];
        let is = |tag: &&&str| rest.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
        let length =
            if rest.starts_with(';') { Some(1) } else { BREAKS.iter().find(is).map(|tag| tag.len()) };
        if let Some(length) = length {
            found.push(without_mark(&words.part(start..at)));
            start = at + length;
        }
    }
    found.push(without_mark(&words.part(start..words.span.end)));
    found.retain(|entry| !entry.is_empty());
    found
}

fn without_mark(entry: &Inline) -> Inline {
    let raw = entry.raw();
    let marks = ["- ", "* ", "\u{2022} "];
    let rest = marks.iter().find_map(|mark| raw.strip_prefix(mark)).unwrap_or(raw);
    entry.after(entry.span.end - rest.len())
}
