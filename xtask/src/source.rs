//! The texts that are read and the places in them. Every extracted thing keeps a [`Span`] from here.
//!
//! What must not live here: opening files, or any knowledge of Markdown and YAML.

use std::sync::{Arc, OnceLock};

/// Names one text of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// A stretch of bytes in one text; `start <= end`, both on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text that the bytes are of.
    pub file: FileId,
    /// Offset of the first byte from the start of the text.
    pub start: usize,
    /// Offset behind the last byte.
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
    /// What was read there.
    pub value: T,
    /// The place in the file.
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
    /// Line in the text, from 1.
    pub line: usize,
    /// Column in characters, from 1.
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
    /// Made when the first place is asked for.
    index: OnceLock<PlaceIndex>,
}

impl SourceFile {
    /// A text that no [`Sources`] holds.
    #[must_use]
    pub fn new(path: impl Into<String>, relative: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), relative: relative.into(), text: text.into(), index: OnceLock::new() }
    }

    /// Where a byte stands; places behind the end mean the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        self.index().position(&self.text, offset)
    }

    /// The byte of a line (from 1) and a column (from 0, in characters); places behind the end mean the end.
    #[must_use]
    pub fn offset_of(&self, line: usize, column: usize) -> usize {
        self.index().offset_of(&self.text, line, column)
    }

    /// Where the line starts that holds a byte, and where the line behind it does.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> std::ops::Range<usize> {
        self.index().line_of(&self.text, offset)
    }

    fn index(&self) -> &PlaceIndex {
        self.index.get_or_init(|| PlaceIndex::of(&self.text))
    }
}

/// Every text that was read, in reading order.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds the text of a file, and gives its id.
    pub fn add(
        &mut self,
        path: impl Into<String>,
        relative: impl Into<String>,
        text: impl Into<Arc<str>>,
    ) -> FileId {
        self.files.push(SourceFile::new(path, relative, text));
        FileId(self.files.len() - 1)
    }

    /// The text of an id; ids come only from [`Self::add`], so it is always there.
    #[must_use]
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0]
    }

    /// Every text with its id, in reading order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index), file))
    }

    /// Where a byte of a text stands.
    #[must_use]
    pub fn position(&self, id: FileId, offset: usize) -> Position {
        self.get(id).position(offset)
    }

    /// The line on which a span starts.
    #[must_use]
    pub fn line(&self, span: Span) -> usize {
        self.position(span.file, span.start).line
    }
}

/// Bytes between two counts of characters.
const STEP: usize = 256;

/// Where lines start, and how many characters stand before every [`STEP`]th byte: no place is found by reading a text from
/// its beginning again.
#[derive(Debug)]
struct PlaceIndex {
    line_starts: Vec<usize>,
    /// Empty where every character is one byte.
    characters: Vec<usize>,
}

impl PlaceIndex {
    fn of(text: &str) -> Self {
        let line_starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(index, _)| index + 1)).collect();
        let mut characters = Vec::new();
        if !text.is_ascii() {
            characters.reserve(text.len() / STEP + 1);
            characters.push(0);
            let mut count = 0;
            for step in text.as_bytes().chunks_exact(STEP) {
                count += step.iter().filter(|byte| starts_a_character(**byte)).count();
                characters.push(count);
            }
        }
        Self { line_starts, characters }
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset);
        let start = self.line_starts[line];
        Position {
            line: line + 1,
            column: self.characters_before(text, offset) - self.characters_before(text, start) + 1,
        }
    }

    fn line_of(&self, text: &str, offset: usize) -> std::ops::Range<usize> {
        let line = self.line(offset.min(text.len()));
        self.line_starts[line]..self.line_starts.get(line + 1).copied().unwrap_or(text.len())
    }

    fn offset_of(&self, text: &str, line: usize, column: usize) -> usize {
        let Some(start) = self.line_starts.get(line.saturating_sub(1)).copied() else { return text.len() };
        if self.characters.is_empty() {
            return (start + column).min(text.len());
        }
        let wanted = self.characters_before(text, start) + column;
        // The last counted byte before which no more characters stand than are wanted.
        let counted = self.characters.partition_point(|count| *count <= wanted).saturating_sub(1);
        let mut count = self.characters[counted];
        let from = counted * STEP;
        for (index, byte) in text.as_bytes()[from..].iter().enumerate() {
            if starts_a_character(*byte) {
                if count == wanted {
                    return from + index;
                }
                count += 1;
            }
        }
        text.len()
    }

    /// The line that holds a byte, from 0.
    fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// How many characters start before a byte.
    fn characters_before(&self, text: &str, offset: usize) -> usize {
        if self.characters.is_empty() {
            return offset;
        }
        let counted = offset / STEP;
        let rest = &text.as_bytes()[counted * STEP..offset];
        self.characters[counted] + rest.iter().filter(|byte| starts_a_character(**byte)).count()
    }
}

const fn starts_a_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let file = SourceFile::new("", "", "ab\näc\n");
        assert_eq!(file.position(0), Position { line: 1, column: 1 });
        assert_eq!(file.position(5), Position { line: 2, column: 2 });
        assert_eq!(file.offset_of(2, 1), 5);
        assert_eq!(file.offset_of(9, 0), file.text.len());
        assert_eq!((file.line_of(0), file.line_of(4), file.line_of(99)), (0..3, 3..7, 7..7));
    }

    /// What the index must give, read from the beginning.
    fn counted(text: &str, offset: usize) -> Position {
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        Position { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }

    #[test]
    fn every_place_of_a_long_text_is_the_counted_one_and_leads_back() {
        for unit in ["a", "ä€\n", "𝄞x", "word\n", &"ü".repeat(300)] {
            for size in [0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP] {
                let text = unit.repeat(size.div_ceil(unit.len()));
                let file = SourceFile::new("", "", text.as_str());
                for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    let position = file.position(offset);
                    assert_eq!(position, counted(&text, offset), "{unit:?} {offset}");
                    if !text[..offset].ends_with('\n') || offset < text.len() {
                        assert_eq!(
                            file.offset_of(position.line, position.column - 1),
                            offset,
                            "{unit:?} {offset}"
                        );
                    }
                }
            }
        }
    }
}
