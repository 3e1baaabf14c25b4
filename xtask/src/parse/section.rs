//! A page as headings with what stands below them.

use crate::read::markdown::{Block, Inline, Item, Page};
use crate::source::Span;

/// A heading and everything up to the next heading of its level or above.
#[derive(Debug)]
pub struct Section<'a> {
    /// The heading's words; a page's first words may stand below none.
    pub heading: Option<&'a Inline>,
    /// 1 to 6; 0 for what stands before every heading.
    pub level: u8,
    /// Blocks before the first heading below this one.
    pub blocks: Vec<&'a Block>,
    /// Headings below this one.
    pub sections: Vec<Section<'a>>,
}

impl<'a> Section<'a> {
    /// The heading without backticks and without a leading `2)` or `B)`.
    #[must_use]
    pub fn name(&self) -> String {
        self.heading.map(|words| without_mark(&words.plain()).to_owned()).unwrap_or_default()
    }

    /// Whether the heading starts with a letter and a bracket, as `B) Ownership` and `B1) Custody`.
    #[must_use]
    pub fn is_lettered(&self) -> bool {
        let words = self.heading.map(Inline::plain).unwrap_or_default();
        mark_of(&words).is_some_and(|mark| mark.counter.starts_with(|c: char| c.is_ascii_uppercase()))
    }

    /// The place of the heading in the file.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.heading.map(|words| words.span)
    }

    /// All bullets of all lists that stand right below the heading.
    pub fn items(&self) -> impl Iterator<Item = &'a Item> {
        self.blocks.iter().flat_map(|block| match block {
            Block::List(items) => items.as_slice(),
            _ => &[],
        })
    }
}

/// Cuts a page into sections. The first one holds what stands before every heading.
#[must_use]
pub fn sections(page: &Page) -> Section<'_> {
    let mut root = Section { heading: None, level: 0, blocks: Vec::new(), sections: Vec::new() };
    for block in &page.blocks {
        if let Block::Heading { level, words } = block {
            let section =
                Section { heading: Some(words), level: *level, blocks: Vec::new(), sections: Vec::new() };
            parent(&mut root, *level).sections.push(section);
        } else {
            last(&mut root).blocks.push(block);
        }
    }
    root
}

fn parent<'r, 'a>(section: &'r mut Section<'a>, level: u8) -> &'r mut Section<'a> {
    let goes_deeper = section.sections.last().is_some_and(|child| child.level < level);
    if goes_deeper && let Some(index) = section.sections.len().checked_sub(1) {
        return parent(&mut section.sections[index], level);
    }
    section
}

fn last<'r, 'a>(section: &'r mut Section<'a>) -> &'r mut Section<'a> {
    match section.sections.len().checked_sub(1) {
        Some(index) => last(&mut section.sections[index]),
        None => section,
    }
}

/// `2) Data Owned`, `2A) Data Owned`, `B1) Custody`, `2.1 Data Owned` and `Section 2: Data Owned` without what counts them.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    mark_of(text).map_or(text, |mark| mark.rest).trim()
}

/// Whether a text starts with what counts a heading, and a sign behind it: `2) …`, and not `2 …`.
#[must_use]
pub fn is_counted(text: &str) -> bool {
    mark_of(text).is_some_and(|mark| mark.has_sign)
}

/// What counts a heading.
struct Mark<'a> {
    /// `2`, `2A`, `2.1`, `B`, `B1`, `IV`; empty where only a picture stands before the words.
    counter: &'a str,
    /// Whether a bracket, a dot, a colon or a dash stands behind it.
    has_sign: bool,
    /// The words of the heading behind the counter.
    rest: &'a str,
}

/// Words before a counter.
const OF_COUNTERS: [&str; 5] = ["section", "sec.", "sec", "part", "chapter"];

fn mark_of(text: &str) -> Option<Mark<'_>> {
    let text = text.trim_start();
    // Pictures and paragraph signs say nothing.
    let words = text.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric()).trim_start();
    let (word, behind) = words.split_once(char::is_whitespace).unwrap_or(("", words));
    let has_word = OF_COUNTERS.iter().any(|known| known.eq_ignore_ascii_case(word));
    let start = if has_word { behind.trim_start() } else { words };
    counted(start, has_word || words.len() < text.len()).or_else(|| {
        let has_picture = words.len() < text.len() && !words.is_empty();
        has_picture.then_some(Mark { counter: "", has_sign: false, rest: words })
    })
}

/// A counter with the words behind it; `is_led` where something before it says that it is one.
fn counted(text: &str, is_led: bool) -> Option<Mark<'_>> {
    let inner = text.strip_prefix(['(', '[']);
    let start = inner.unwrap_or(text);
    let counter = &start[..counter_length(start)];
    let behind = &start[counter.len()..];
    let has_dot = counter.contains('.');
    let counter = counter.trim_end_matches('.');
    let rest = match inner {
        Some(_) => behind.strip_prefix([')', ']'])?,
        None => behind,
    };
    let words = rest.trim_start();
    let signs = words.len() - words.trim_start_matches([')', '.', ':', '-', '\u{2013}', '\u{2014}']).len();
    // A sign that joins words, as in `A-B`, is none.
    let is_apart = words[signs..].starts_with(char::is_whitespace) || words[signs..].is_empty();
    let has_sign = inner.is_some() || has_dot || (signs > 0 && is_apart);
    let rest = if signs > 0 && is_apart { &words[signs..] } else { rest };
    let has_gap = rest.is_empty() || rest.starts_with(char::is_whitespace);
    let is_number = counter.starts_with(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start();
    let is_title = rest.starts_with(|c: char| c.is_ascii_uppercase() || c == '`');
    let is_small = counter.starts_with(|c: char| c.is_ascii_lowercase());
    let counts = match (is_number, has_sign) {
        (true, true) => true,
        (true, false) => is_title || is_led,
        (false, true) => !is_small || words.starts_with([')', '.']) || inner.is_some(),
        (false, false) => is_led,
    };
    (!counter.is_empty() && has_gap && counts).then_some(Mark { counter, has_sign, rest })
}

/// How long the counter is that a text starts with: a number with dots and a letter, one letter with a number, a Roman number.
fn counter_length(text: &str) -> usize {
    let end =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))).unwrap_or(text.len());
    let word = &text[..end];
    let bare = word.trim_end_matches('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let letters = bare.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let is_numbered = bare.starts_with(|c: char| c.is_ascii_digit())
        && letters.len() <= 2
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        && bare[..bare.len() - letters.len()].trim_end_matches('.').split('.').all(is_number);
    let mut rest = bare.chars();
    let is_lettered = rest.next().is_some_and(|c| c.is_ascii_alphabetic())
        && (rest.as_str().is_empty()
            || is_number(rest.as_str()) && bare.starts_with(|c: char| c.is_ascii_uppercase()));
    let is_roman =
        !bare.is_empty() && bare.len() <= 5 && bare.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    if is_numbered || is_lettered || is_roman { word.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_a_heading_is_no_part_of_its_name() {
        for mark in [
            "2) ",
            "2A) ",
            "12) ",
            "B) ",
            "B1) ",
            "2.1 ",
            "2. ",
            "2.1. ",
            "2 ",
            "2 - ",
            "2 \u{2013} ",
            "2: ",
            "(2) ",
            "[2] ",
            "Section 2: ",
            "section 2 ",
            "Part B: ",
            "\u{a7}2 ",
            "\u{a7} 2.1 ",
            "IV. ",
            "A. ",
            "a) ",
            "A - ",
            "\u{2705} ",
            "",
        ] {
            let heading = format!("{mark}Data Owned");
            assert_eq!(without_mark(&heading), "Data Owned", "{heading}");
        }
        assert_eq!(without_mark("2.1 `app.notes` (`LEDGER`)"), "`app.notes` (`LEDGER`)");
    }

    #[test]
    fn words_are_no_counters() {
        for heading in [
            "PH1.K DB Wiring Spec",
            "A note of two",
            "I am",
            "3 tries are enough",
            "2fa_codes",
            "A-B of two",
            "NOTE_KEEP",
            "Section",
            "Parts of a note",
            "e.g. a note",
            "(old) notes",
            "`a.b` (`LEDGER`)",
            "AT-X-01: a note",
        ] {
            assert_eq!(without_mark(heading), heading);
        }
    }
}
