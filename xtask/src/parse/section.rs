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
        mark_of(&words).is_some_and(|(mark, _)| mark.starts_with(|c: char| c.is_ascii_uppercase()))
    }

    /// The heading's place.
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

/// `2) Data Owned`, `2A) Data Owned`, `B1) Custody` and `2.1 Data Owned` without what counts them.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    mark_of(text).map_or(text, |(_, rest)| rest).trim()
}

/// What counts a heading, and the words behind it: a number or one letter, with a bracket or dots.
fn mark_of(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if let Some((mark, rest)) = text.split_once(')')
        && mark.len() <= 4
        && mark.chars().all(|c| c.is_ascii_alphanumeric())
    {
        let mut rest_of_mark = mark.chars();
        let counts = match rest_of_mark.next() {
            Some(first) if first.is_ascii_digit() => true,
            Some(first) => first.is_ascii_uppercase() && rest_of_mark.all(|c| c.is_ascii_digit()),
            None => false,
        };
        return counts.then_some((mark, rest));
    }
    let (mark, rest) = text.split_once(' ')?;
    let counts = mark.starts_with(|c: char| c.is_ascii_digit())
        && mark.contains('.')
        && mark.chars().all(|c| c.is_ascii_digit() || c == '.');
    counts.then_some((mark, rest))
}
