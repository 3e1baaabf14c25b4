//! What a page is, and what a stretch of it was read as.

use crate::source::Span;

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// One half of an engine.
    Spec,
    /// A page about other pages: their order, their state, where they lie.
    Index,
    /// A page that says itself that it holds no more.
    Deprecated,
    /// A page without words, or with a title only.
    Empty,
}

impl PageKind {
    /// The word for tools.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Index => "index",
            Self::Deprecated => "deprecated",
            Self::Empty => "empty",
        }
    }
}

/// A stretch of a page; the stretches of a page lie side by side, from its first byte to its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The place in the file.
    pub span: Span,
    /// What it was read as: the path of a field, `prose`, `key`, `mark`, or `diagnostic CODE`.
    pub read_as: String,
}
