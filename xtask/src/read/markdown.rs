//! A Markdown text as a small tree of headings, paragraphs and lists. Every node keeps its exact place.
//!
//! Text is taken from the source as written, not from the Markdown events: a spec's words must survive as they stand.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, OffsetIter, Parser, Tag, TagEnd};

use crate::source::{FileId, SourceFile, Span};

/// A Markdown text.
#[derive(Debug)]
pub struct Page {
    /// The file that it was read from.
    pub file: FileId,
    /// The whole text of the file.
    pub text: Arc<str>,
    /// Its blocks in order.
    pub blocks: Vec<Block>,
}

/// A block of a page.
#[derive(Debug)]
pub enum Block {
    /// `## …`
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its words.
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
        /// Where it is.
        span: Span,
    },
}

/// A bullet.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its words.
    pub words: Inline,
    /// Bullets below it.
    pub children: Vec<Item>,
    /// What stands in it beside words and bullets.
    pub strays: Vec<(&'static str, Span)>,
}

impl Item {
    /// From its first word to the last one of the bullets below it.
    #[must_use]
    pub fn whole(&self) -> Span {
        self.children.last().map_or(self.words.span, |child| self.words.span.to(child.whole()))
    }
}

/// A run of words, with its code spans.
#[derive(Debug, Clone)]
pub struct Inline {
    /// From its first to its last character.
    pub span: Span,
    /// Its code spans in order.
    pub codes: Vec<CodeSpan>,
    source: Arc<str>,
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

    /// Whether there are no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw().trim().is_empty()
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

    /// Whether the words are one code span and nothing else.
    #[must_use]
    pub fn only_code(&self) -> Option<&CodeSpan> {
        self.codes
            .first()
            .filter(|code| code.outer.start == self.span.start && code.outer.end == self.span.end)
    }
}

/// Words with single spaces and none around them.
#[must_use]
pub fn collapse(text: &str) -> String {
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

/// Reads a text as Markdown.
#[must_use]
pub fn read(file: FileId, source: &SourceFile) -> Page {
    let text = Arc::clone(&source.text);
    let parser = Parser::new(&text);
    let mut definitions: Vec<Range<usize>> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    definitions.sort_by_key(|range| range.start);
    let mut builder = Builder { depth: 0, file, text: Arc::clone(&text), events: parser.into_offset_iter() };
    let blocks = with_definitions(builder.blocks(), definitions.into_iter().map(|range| builder.span(range)));
    Page { file, text: Arc::clone(&text), blocks }
}

/// Puts definitions of links and footnotes, which have no event of their own, where they stand.
fn with_definitions(blocks: Vec<Block>, definitions: impl Iterator<Item = Span>) -> Vec<Block> {
    let mut definitions = definitions.peekable();
    let mut all = Vec::with_capacity(blocks.len());
    let other = |span| Block::Other { what: "definition of a link or footnote", span };
    for block in blocks {
        while let Some(span) = definitions.next_if(|span| span.start < block.start()) {
            all.push(other(span));
        }
        all.push(block);
    }
    all.extend(definitions.map(other));
    all
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

struct Builder<'a> {
    file: FileId,
    text: Arc<str>,
    events: OffsetIter<'a>,
    /// How many lists are open.
    depth: usize,
}

/// Bullets below this depth are not read: no spec nests so deeply, and input of any depth must not exhaust the stack.
const DEEPEST: usize = 24;

/// Collects the place of words and the code spans among them.
#[derive(Default)]
struct Gathered {
    range: Option<Range<usize>>,
    codes: Vec<CodeSpan>,
}

impl Builder<'_> {
    fn blocks(&mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    let words = self.words(range, TagEnd::Heading(level));
                    blocks.push(Block::Heading { level: depth(level), words });
                }
                Event::Start(Tag::Paragraph) => {
                    blocks.push(Block::Paragraph(self.words(range, TagEnd::Paragraph)));
                }
                Event::Start(Tag::List(_)) => blocks.push(Block::List(self.items())),
                Event::Start(tag) => {
                    self.skip();
                    blocks.push(Block::Other { what: name_of(&tag), span: self.span(range) });
                }
                Event::Rule => {}
                _ => blocks.push(Block::Other { what: "text", span: self.span(range) }),
            }
        }
        blocks
    }

    fn span(&self, range: Range<usize>) -> Span {
        let end = range.start + self.text[range.clone()].trim_end().len();
        Span::new(self.file, range.start, end)
    }

    /// Skips to the end of the block that was just opened.
    fn skip(&mut self) {
        let mut depth = 1_usize;
        for (event, _) in self.events.by_ref() {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn words(&mut self, whole: Range<usize>, until: TagEnd) -> Inline {
        let mut gathered = Gathered::default();
        while let Some((event, range)) = self.events.next() {
            if event == Event::End(until) {
                break;
            }
            self.gather(&mut gathered, &event, range);
        }
        self.inline(gathered, whole.start)
    }

    fn gather(&self, gathered: &mut Gathered, event: &Event<'_>, range: Range<usize>) {
        if let Event::Code(_) = event {
            gathered.codes.push(code_span(self.file, &self.text, range.clone()));
        }
        if matches!(event, Event::SoftBreak | Event::HardBreak) {
            return;
        }
        gathered.range = Some(match gathered.range.take() {
            Some(known) => known.start.min(range.start)..known.end.max(range.end),
            None => range,
        });
    }

    fn inline(&self, gathered: Gathered, otherwise: usize) -> Inline {
        let range = gathered.range.unwrap_or(otherwise..otherwise);
        Inline { span: self.span(range), codes: gathered.codes, source: Arc::clone(&self.text) }
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        self.depth += 1;
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.item(range.start)),
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        self.depth -= 1;
        items
    }

    fn item(&mut self, start: usize) -> Item {
        let mut gathered = Gathered::default();
        let mut children = Vec::new();
        let mut strays = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::End(TagEnd::Item) => break,
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                Event::Start(Tag::List(_)) if self.depth < DEEPEST => children.extend(self.items()),
                Event::Start(tag) if !is_inline(&tag) => {
                    self.skip();
                    strays.push((name_of(&tag), self.span(range)));
                }
                // Words behind the nested bullets cannot join those before them.
                event if !children.is_empty() => {
                    if !matches!(event, Event::SoftBreak | Event::HardBreak) {
                        strays.push(("words behind the nested bullets", self.span(range)));
                    }
                }
                event => self.gather(&mut gathered, &event, range),
            }
        }
        Item { words: self.inline(gathered, start), children, strays }
    }
}

/// A code span of which the place with the backticks is known.
fn code_span(file: FileId, text: &str, outer: Range<usize>) -> CodeSpan {
    let raw = &text[outer.clone()];
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

fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link { .. }
            | Tag::Image { .. }
            | Tag::Superscript
            | Tag::Subscript
    )
}

fn name_of(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::BlockQuote(_) => "block quote",
        Tag::CodeBlock(_) => "code block",
        Tag::HtmlBlock => "HTML block",
        Tag::Heading { .. } => "heading inside a bullet",
        Tag::Table(_) => "table",
        Tag::List(_) => "list that nests too deeply",
        _ => "block",
    }
}
