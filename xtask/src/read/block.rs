//! Headings, paragraphs and lists, each with its place.
//!
//! What must not live here: how they are found in a text.

use super::inline::Inline;
use crate::source::Span;

/// A block of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// `## …`
    Heading {
        /// 1 to 6.
        level: u8,
        /// Words behind the marks.
        words: Inline,
    },
    /// Words that stand alone.
    Paragraph(Inline),
    /// Bullets or numbers.
    List(Vec<Item>),
    /// Anything else, which no spec form uses.
    Other {
        /// What it is, for people.
        what: &'static str,
        /// The place of the block in the file.
        span: Span,
    },
}

/// One item of a list, with the items below it.
#[derive(Debug, Clone)]
pub struct Item {
    /// The key of the words, where it stands elsewhere: in the head of a table.
    pub key: Option<Inline>,
    /// Words of the item itself.
    pub words: Inline,
    /// Where its mark stands in its line; 0 for what is no bullet on the page.
    pub column: usize,
    /// How deep it stands by its mark, where marks say so: `•`, `o`, `▪`.
    pub rank: usize,
    /// Bullets below it.
    pub children: Vec<Item>,
    /// What stands in it beside words and bullets.
    pub strays: Vec<(&'static str, Span)>,
}

impl Item {
    /// An item of which only the words are known.
    #[must_use]
    pub const fn new(words: Inline) -> Self {
        Self { key: None, words, column: 0, rank: 0, children: Vec::new(), strays: Vec::new() }
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.children.is_empty() && self.strays.is_empty()
    }

    /// From its first word to the last one of the bullets below it.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.children.last().map_or(self.words.span, |child| self.words.span.to(child.whole()))
    }
}

impl Block {
    /// The first byte of its words.
    #[must_use]
    pub fn start(&self) -> usize {
        match self {
            Self::Heading { words, .. } | Self::Paragraph(words) => words.span.start,
            Self::List(items) => items.first().map_or(0, |item| item.words.span.start),
            Self::Other { span, .. } => span.start,
        }
    }
}
