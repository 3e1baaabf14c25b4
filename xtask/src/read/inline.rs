//! A run of words with its code spans, every part of it at its place in the source.
//!
//! What must not live here: the Markdown tree, or what words mean.

use std::ops::Range;
use std::sync::Arc;

use super::signs::FILLER;
use crate::source::{FileId, Span};

/// A run of words, with its code spans.
#[derive(Debug, Clone)]
pub struct Inline {
    /// From its first to its last character.
    pub span: Span,
    /// Its code spans in order.
    pub codes: Vec<CodeSpan>,
    pub(super) source: Arc<str>,
}

/// A code span.
#[derive(Debug, Clone)]
pub struct CodeSpan {
    /// What stands between the backticks, with single spaces.
    pub text: String,
    /// The place of that text.
    pub span: Span,
    /// The same as it stands in the source, so that places within it can be counted.
    pub raw: String,
    /// The place with the backticks.
    pub outer: Range<usize>,
}

impl Inline {
    /// A stretch of a text that is no Markdown: code spans are what stands between two backticks.
    #[must_use]
    pub fn of_stretch(span: Span, source: &Arc<str>) -> Self {
        let mut codes = Vec::new();
        let marks: Vec<usize> =
            source[span.start..span.end].match_indices('`').map(|(index, _)| span.start + index).collect();
        for pair in marks.chunks_exact(2) {
            if let [open, close] = *pair {
                codes.push(code_span(span.file, source, open..close + 1));
            }
        }
        Self { span, codes, source: Arc::clone(source) }
    }

    /// The lines of the words, each with the code spans in it.
    #[must_use]
    pub fn lines(&self) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut start = self.span.start;
        for line in self.raw().split_inclusive('\n') {
            lines.push(self.part(start..start + line.len()));
            start += line.len();
        }
        lines
    }

    /// The words as written, with single spaces.
    #[must_use]
    pub fn text(&self) -> String {
        collapse(self.raw())
    }

    /// The words as written, with single spaces and without backticks.
    #[must_use]
    pub fn plain(&self) -> String {
        let text = self.text();
        if text.contains('`') { text.replace('`', "") } else { text }
    }

    /// The source as it stands.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.source[self.span.start..self.span.end]
    }

    /// Whether nothing stands before the words in their line, not even a mark.
    #[must_use]
    pub fn begins_its_line(&self) -> bool {
        let before = &self.source[..self.span.start];
        before.is_empty() || before.ends_with('\n')
    }

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw().trim().is_empty()
    }

    /// The words up to a byte behind them, with the code spans of this stretch.
    #[must_use]
    pub fn with_more(&self, end: usize) -> Self {
        let span = Span::new(self.span.file, self.span.start, end.max(self.span.end));
        let mut longer = Self::of_stretch(Span::new(span.file, self.span.end, span.end), &self.source);
        let mut codes = self.codes.clone();
        codes.append(&mut longer.codes);
        Self { span, codes, source: Arc::clone(&self.source) }
    }

    /// A part of the words, without white space around it. Code spans outside of it are dropped.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let slice = &self.source[range.clone()];
        let start = range.start + (slice.len() - slice.trim_start().len());
        let end = (range.end - (slice.len() - slice.trim_end().len())).max(start);
        Self {
            span: Span::new(self.span.file, start, end),
            codes: self.codes_within(start..end).to_vec(),
            source: Arc::clone(&self.source),
        }
    }

    /// The same words with these stretches of the source as code spans without backticks, in order.
    #[must_use]
    pub fn with_codes(&self, places: impl IntoIterator<Item = Range<usize>>) -> Self {
        let code = |place| code_span(self.span.file, &self.source, place);
        Self { codes: places.into_iter().map(code).collect(), ..self.clone() }
    }

    /// What stands behind the given byte.
    #[must_use]
    pub fn after(&self, offset: usize) -> Self {
        self.part(offset.clamp(self.span.start, self.span.end)..self.span.end)
    }

    /// The first byte of `wanted` that stands outside of every code span.
    #[must_use]
    pub fn find_outside_code(&self, wanted: impl Fn(char, Option<char>) -> bool) -> Option<usize> {
        self.all_outside_code(wanted).next()
    }

    /// Every byte of `wanted` that stands outside of every code span.
    pub fn all_outside_code(
        &self,
        wanted: impl Fn(char, Option<char>) -> bool,
    ) -> impl Iterator<Item = usize> {
        let mut codes = self.codes.iter().map(|code| code.outer.clone()).peekable();
        let mut characters = self.raw().char_indices().peekable();
        std::iter::from_fn(move || {
            while let Some((index, c)) = characters.next() {
                let offset = self.span.start + index;
                // Code spans stand in order: those that end before this character hold none behind it.
                while codes.next_if(|code| code.end <= offset).is_some() {}
                let in_code = codes.peek().is_some_and(|code| code.contains(&offset));
                if !in_code && wanted(c, characters.peek().map(|(_, next)| *next)) {
                    return Some(offset);
                }
            }
            None
        })
    }

    /// The code spans that lie in a stretch of the source; they stand in order.
    fn codes_within(&self, range: Range<usize>) -> &[CodeSpan] {
        let first = self.codes.partition_point(|code| code.outer.start < range.start);
        let last = self.codes.partition_point(|code| code.outer.end <= range.end);
        self.codes.get(first..last).unwrap_or_default()
    }

    /// Whether the words are one code span and nothing else, but for the sign that ends a sentence or an entry of a list.
    #[must_use]
    pub fn only_code(&self) -> Option<&CodeSpan> {
        let is_of_end = |c: char| c.is_whitespace() || matches!(c, '.' | ';' | ',');
        let end = self.span.start + self.raw().trim_end_matches(is_of_end).len();
        let is_all = |code: &&CodeSpan| {
            code.outer.start == self.span.start && code.outer.end == end.max(code.outer.start)
        };
        self.codes.first().filter(is_all)
    }
}

/// Words with single spaces and none around them. What fills up a place that a mark left says nothing, and separates no words.
#[must_use]
pub fn collapse(text: &str) -> String {
    if text.contains(FILLER) {
        return collapse(&text.replace(FILLER, ""));
    }
    let text = text.trim();
    // Most words stand as they are wanted, and looking costs less than putting them together anew.
    let mut behind_blank = false;
    let is_collapsed = text.bytes().all(|byte| {
        let is_blank = byte == b' ';
        let fits = byte.is_ascii_graphic() || (is_blank && !behind_blank);
        behind_blank = is_blank;
        fits
    });
    if is_collapsed {
        return text.to_owned();
    }
    let mut collapsed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

/// A code span of which the place with the backticks is known. Blanks behind it, which some readers count to the last span of a line, are no
/// part of it.
pub(super) fn code_span(file: FileId, text: &str, outer: Range<usize>) -> CodeSpan {
    let raw = text[outer.clone()].trim_end();
    let outer = outer.start..outer.start + raw.len();
    let inner = raw.trim_matches('`');
    let lead = raw.len() - raw.trim_start_matches('`').len();
    let start = outer.start + lead + (inner.len() - inner.trim_start().len());
    let end = start + inner.trim().len();
    CodeSpan {
        text: collapse(inner),
        raw: text[start..end].to_owned(),
        span: Span::new(file, start, end),
        outer,
    }
}
