//! The texts that are read and the places in them. Every extracted thing keeps a [`Span`] from here.
//!
//! What must not live here: opening files, or any knowledge of Markdown and YAML.

use std::sync::Arc;

/// Names one text of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// A stretch of bytes in one text; `start <= end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span of one text.
    #[must_use]
    pub const fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start, end }
    }

    /// The very start of a text, for what concerns the whole file.
    #[must_use]
    pub const fn start_of(file: FileId) -> Self {
        Self { file, start: 0, end: 0 }
    }

    /// The smallest span that holds both; both must be of the same text.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A value together with the place it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value and its place.
    #[must_use]
    pub const fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// A line and a column, both counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// One text and the path that people are shown.
#[derive(Debug)]
pub struct SourceFile {
    /// Path for people, with `/` on every system.
    pub path: String,
    /// Path below the folder that was asked for, so that records do not depend on where the folder lies.
    pub relative: String,
    /// The text, without a byte order mark.
    pub text: Arc<str>,
}

/// Every text that was read, in reading order.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a text.
    pub fn add(
        &mut self,
        path: impl Into<String>,
        relative: impl Into<String>,
        text: impl Into<Arc<str>>,
    ) -> FileId {
        self.files.push(SourceFile { path: path.into(), relative: relative.into(), text: text.into() });
        FileId(self.files.len() - 1)
    }

    /// The text of an id; ids come only from [`Self::add`], so it is always there.
    #[must_use]
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0]
    }

    /// Where a byte of a text stands.
    #[must_use]
    pub fn position(&self, id: FileId, offset: usize) -> Position {
        position_in(&self.get(id).text, offset)
    }

    /// The line on which a span starts.
    #[must_use]
    pub fn line(&self, span: Span) -> usize {
        self.position(span.file, span.start).line
    }
}

/// Where a byte of `text` stands.
#[must_use]
pub fn position_in(text: &str, offset: usize) -> Position {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |index| index + 1);
    Position {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// The byte of a line (from 1) and a column (from 0, in characters); places behind the end mean the end.
#[must_use]
pub fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match text[start..].find('\n') {
            Some(index) => start += index + 1,
            None => return text.len(),
        }
    }
    text[start..].char_indices().nth(column).map_or(text.len(), |(index, _)| start + index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let text = "ab\näc\n";
        assert_eq!(position_in(text, 0), Position { line: 1, column: 1 });
        assert_eq!(position_in(text, 5), Position { line: 2, column: 2 });
        assert_eq!(offset_of(text, 2, 1), 5);
        assert_eq!(offset_of(text, 9, 0), text.len());
    }
}
