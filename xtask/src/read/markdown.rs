//! A Markdown text as a small tree of headings, paragraphs and lists. Every node keeps its exact place.
//!
//! Text is taken from the source as written, not from the Markdown events: a spec's words must survive as they stand.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd};

pub use super::block::{Block, Item};
pub use super::inline::{CodeSpan, Inline, collapse};

use super::inline::code_span;
use super::remark::{REMARK, read_as};
use super::{code_lines, nesting, plain_words, signs, tags, underlined, wrapped};
use crate::source::{FileId, SourceFile, Span};

/// A Markdown text.
#[derive(Debug)]
pub struct Page {
    /// The file that it was read from.
    pub file: FileId,
    /// The whole text of the file, with plain marks and words at their places.
    pub text: Arc<str>,
    /// The same as it is written.
    pub written: Arc<str>,
    /// Its blocks in order.
    pub blocks: Vec<Block>,
}

impl Page {
    /// The same page, read as other blocks.
    #[must_use]
    pub fn with_blocks(&self, blocks: Vec<Block>) -> Self {
        Self { file: self.file, text: Arc::clone(&self.text), written: Arc::clone(&self.written), blocks }
    }
}

/// What the head of a table is called, whose rows are read as what they stand for.
pub const HEAD_OF_A_TABLE: &str = "head of a table";

/// Reads a text as Markdown.
#[must_use]
pub fn read(file: FileId, source: &SourceFile) -> Page {
    // Structure is read from the marks, words from what they mark; every place is the same in all three texts.
    let marked = signs::plain(&source.text);
    let marked = wrapped::opened(&marked).map_or(marked, Cow::Owned);
    let marked = tags::plain(&marked).map_or(marked, Cow::Owned);
    let marked = underlined::plain(&marked).map_or(marked, Cow::Owned);
    let text: Arc<str> = match (plain_words::plain(&marked), &marked) {
        (Some(words), _) => words.into(),
        (None, Cow::Owned(marked)) => marked.as_str().into(),
        (None, Cow::Borrowed(_)) => Arc::clone(&source.text),
    };
    let parser = Parser::new_ext(&marked, Options::ENABLE_TASKLISTS);
    let mut definitions: Vec<Range<usize>> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    definitions.sort_by_key(|range| range.start);
    let mut builder = Builder {
        depth: 0,
        file,
        text: Arc::clone(&text),
        written: Arc::clone(&source.text),
        events: parser.into_offset_iter(),
    };
    let blocks = with_definitions(builder.blocks(), definitions.into_iter().map(|range| builder.span(range)));
    Page { file, text: Arc::clone(&text), written: Arc::clone(&source.text), blocks }
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

struct Builder<'a> {
    file: FileId,
    text: Arc<str>,
    written: Arc<str>,
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
                Event::Start(Tag::List(_)) => {
                    let list = nesting::joined(&mut blocks, self.items());
                    blocks.extend(list.map(Block::List));
                }
                Event::Start(Tag::CodeBlock(kind)) if code_lines::is_value_of(blocks.last(), &kind) => {
                    let items = self.entries_of_code(range.start);
                    match blocks.last_mut() {
                        Some(Block::List(before)) => code_lines::add_below_last(before, items),
                        _ => blocks.push(Block::List(items)),
                    }
                }
                Event::Start(tag) => {
                    self.skip();
                    let span = self.span(range);
                    blocks.push(Block::Other { what: self.name_of(&tag, span), span });
                }
                Event::Rule => {}
                _ => blocks.push(Block::Other { what: "text", span: self.span(range) }),
            }
        }
        blocks
    }

    fn span(&self, range: Range<usize>) -> Span {
        let end = range.start + self.text[range.clone()].trim_end().len();
        // A sign that became a plain mark leaves blanks, and none of them is a place of its own.
        let is_place = |at: &usize| self.written.is_char_boundary(*at);
        let is_blank = self.text[range.start..].starts_with(char::is_whitespace);
        let start = (0..=range.start).rev().find(|at| !is_blank || is_place(at)).unwrap_or(0);
        Span::new(self.file, start, end.max(start))
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

    /// Whether words say what stands behind them.
    fn leads(&self, gathered: &Gathered) -> bool {
        let words = gathered.range.clone().and_then(|range| self.text.get(range));
        words.is_some_and(|words| words.trim_end().ends_with(':'))
    }

    /// Whether a list is none, but the next line of words whose bracket is still open: `(a` and then `+ b)`.
    fn goes_on(&self, gathered: &Gathered, list: Range<usize>) -> bool {
        let begins = |text: &str| text.trim_start().starts_with("+ ");
        let words = gathered.range.clone().and_then(|range| self.text.get(range)).unwrap_or_default();
        let line = words.rsplit('\n').next().unwrap_or_default();
        self.text.get(list).is_some_and(begins) && is_open(line) && !line.trim_end().ends_with(':')
    }

    /// Takes the words of a list that was just opened for more of those before it.
    fn join_list(&mut self, gathered: &mut Gathered) {
        let mut depth = 1_usize;
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(Tag::List(_)) => depth += 1,
                Event::End(TagEnd::List(_)) => depth -= 1,
                Event::Text(_) | Event::Code(_) => self.gather(gathered, &event, range),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// A block of code that was just opened as bullets, each of one code span.
    fn entries_of_code(&mut self, start: usize) -> Vec<Item> {
        let mut stretches = Vec::new();
        for (event, range) in self.events.by_ref() {
            match event {
                Event::End(TagEnd::CodeBlock) => break,
                Event::Text(_) => stretches.push(range),
                _ => {}
            }
        }
        let column = nesting::column(&self.text, start);
        let entries = code_lines::entries(&self.text, &stretches).into_iter();
        let item = |range: Range<usize>| {
            let words = Inline {
                span: Span::new(self.file, range.start, range.end),
                codes: vec![code_span(self.file, &self.text, range)],
                source: Arc::clone(&self.text),
            };
            Item { column, ..Item::new(words) }
        };
        entries.map(item).collect()
    }

    fn inline(&self, gathered: Gathered, otherwise: usize) -> Inline {
        let range = gathered.range.unwrap_or(otherwise..otherwise);
        let words = &self.text[range.clone()];
        // What was left out before the first word is blank.
        let start = range.start + (words.len() - words.trim_start().len());
        Inline { span: self.span(start..range.end), codes: gathered.codes, source: Arc::clone(&self.text) }
    }

    /// What a block is, for people.
    fn name_of(&self, tag: &Tag<'_>, span: Span) -> &'static str {
        match tag {
            Tag::HtmlBlock if read_as(&self.text[span.start..span.end]).is_some() => REMARK,
            tag => name_of(tag),
        }
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        self.depth += 1;
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => {
                    let item = self.item(range.start);
                    // Of what was struck out nothing is left.
                    let is_struck =
                        || item.is_empty() && self.written.get(range).is_some_and(|text| text.contains("~~"));
                    if !is_struck() {
                        items.push(item);
                    }
                }
                Event::End(TagEnd::List(_)) => break,
                _ => {}
            }
        }
        self.depth -= 1;
        nesting::nested(items)
    }

    fn item(&mut self, start: usize) -> Item {
        let mut gathered = Gathered::default();
        let mut children = Vec::new();
        let mut strays = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::End(TagEnd::Item) => break,
                // `[ ]` and `[x]` are marks of the list.
                Event::Start(Tag::Paragraph) | Event::End(_) | Event::TaskListMarker(_) => {}
                // `+` at the start of a line joins what stands in brackets.
                Event::Start(Tag::List(_))
                    if children.is_empty() && self.goes_on(&gathered, range.clone()) =>
                {
                    self.join_list(&mut gathered);
                }
                Event::Start(Tag::List(_)) if self.depth < DEEPEST => children.extend(self.items()),
                Event::Start(Tag::CodeBlock(_)) if children.is_empty() && self.leads(&gathered) => {
                    children.extend(self.entries_of_code(range.start));
                }
                Event::Start(tag) if !is_inline(&tag) => {
                    self.skip();
                    let span = self.span(range);
                    strays.push((self.name_of(&tag, span), span));
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
        let column = nesting::column(&self.text, start);
        let mark = self.written.get(start..).unwrap_or_default().trim_start();
        Item {
            column,
            rank: signs::rank(mark),
            children: nesting::nested(children),
            strays,
            ..Item::new(self.inline(gathered, start))
        }
    }
}

/// Whether a bracket of some words is not closed there.
fn is_open(words: &str) -> bool {
    let closed = words.rfind(')').map_or(words, |at| &words[at + 1..]);
    closed.contains('(')
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
