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
    /// The heading without backticks and without a leading `2)`.
    #[must_use]
    pub fn name(&self) -> String {
        self.heading.map(|words| without_number(&words.plain()).to_owned()).unwrap_or_default()
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

/// `2) Data Owned` and `2A) Data Owned` without the number; `A) Header` keeps its letter, which is another dialect's.
#[must_use]
pub fn without_number(text: &str) -> &str {
    match text.split_once(')') {
        Some((number, rest)) if number.starts_with(|c: char| c.is_ascii_digit()) && number.len() <= 4 => {
            rest.trim()
        }
        _ => text.trim(),
    }
}
