//! The account of a page: for each stretch of it what it was read as, that it is prose or a mark, or which diagnostic names
//! it. Words that would have none of these get a diagnostic here, so that nothing is ever lost in silence.

use super::bullet::value_of;
use super::document::Document;
use super::page::{PageKind, Stretch};
use super::readings::{Reading, readings};
use super::sections::PROPERTIES;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, codes};
use crate::read::markdown::{Block, HEAD_OF_A_TABLE, Inline, Item, Page};
use crate::read::remark::read_as;
use crate::source::{FileId, Span};

/// Findings that say of a heading that nothing below it is read.
static OF_WHOLE_SECTIONS: [&Code; 3] =
    [codes::UNKNOWN_HEADING, codes::MALFORMED_CAPABILITY, codes::MALFORMED_TABLE];

/// Words that only join names, or say again what the key of their bullet says.
const JOINTS: [&str; 19] = [
    "and",
    "or",
    "by",
    "on",
    "dedupe",
    "key",
    "keys",
    "unique",
    "idempotent",
    "idempotency",
    "pk",
    "nullable",
    "the",
    "payload",
    "optional",
    "plus",
    "capability",
    "dedup",
    // `<br>` between two entries
    "br",
];

/// Accounts for every byte of a page, and reports words that nobody read.
pub fn account(page: &Page, document: &mut Document, diagnostics: &mut Diagnostics) {
    let read = flatten(readings(document));
    let labels = flatten(labels_of(page.file, diagnostics));
    let mut account =
        Account { page, read: &read, labels: &labels, found: Vec::new(), unread: Vec::new(), whole: None };
    account.whole = whole_page(document, diagnostics);
    account.blocks(&page.blocks);
    document.stretches = account.side_by_side();
    report(&account.unread, diagnostics);
}

fn report(unread: &[Span], diagnostics: &mut Diagnostics) {
    let Some(first) = unread.first() else { return };
    let diagnostic =
        Diagnostic::new(codes::UNREAD_WORDS, "these words are not understood", *first, "not read").help(
            "say it in a bullet or a section that is known, or move it into a section of boundaries or notes",
        );
    diagnostics.push(unread[1..].iter().fold(diagnostic, |all, span| all.and(*span, "not read")));
}

/// The finding about a page as a whole.
fn whole_page(document: &Document, diagnostics: &Diagnostics) -> Option<&'static str> {
    match document.page {
        PageKind::Index => return Some(codes::INDEX_PAGE.id),
        PageKind::Deprecated => return Some(codes::DEPRECATED_PAGE.id),
        PageKind::Empty | PageKind::Spec => {}
    }
    let is_unknown =
        |one: &Diagnostic| *one.code == *codes::UNKNOWN_FORM && one.file() == Some(document.file);
    diagnostics.iter().any(is_unknown).then_some(codes::UNKNOWN_FORM.id)
}

fn labels_of(file: FileId, diagnostics: &Diagnostics) -> Vec<Reading> {
    let mut found = Vec::new();
    for diagnostic in diagnostics.iter() {
        for label in &diagnostic.labels {
            if let Place::Span(span) = label.place
                && span.file == file
            {
                found.push((span, diagnostic.code.id));
            }
        }
    }
    found
}

/// Stretches that may lie within each other as stretches side by side: the inner one counts.
fn flatten(mut readings: Vec<Reading>) -> Vec<Reading> {
    readings.retain(|(span, _)| span.start < span.end);
    readings.sort_by_key(|(span, what)| (span.start, std::cmp::Reverse(span.end), *what));
    let mut flat: Vec<Reading> = Vec::new();
    let mut open: Vec<Reading> = Vec::new();
    let mut at = 0;
    let mut emit = |at: &mut usize, to: usize, top: &Reading| {
        if *at < to {
            flat.push((Span::new(top.0.file, *at, to), top.1));
            *at = to;
        }
    };
    for reading in readings {
        while let Some(top) = open.last().copied().filter(|top| top.0.end <= reading.0.start) {
            emit(&mut at, top.0.end, &top);
            open.pop();
        }
        if let Some(top) = open.last() {
            emit(&mut at, reading.0.start, top);
        }
        at = at.max(reading.0.start);
        open.push(reading);
    }
    while let Some(top) = open.pop() {
        emit(&mut at, top.0.end, &top);
    }
    flat
}

struct Account<'a> {
    page: &'a Page,
    read: &'a [Reading],
    labels: &'a [Reading],
    found: Vec<Stretch>,
    unread: Vec<Span>,
    /// The finding about the page as a whole.
    whole: Option<&'static str>,
}

impl Account<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        // The finding about the heading under which the blocks stand, with the heading's level.
        let mut unread_below: Option<(u8, &'static str)> = None;
        for block in blocks {
            if let Block::Heading { level, .. } = block
                && unread_below.is_some_and(|(above, _)| *level <= above)
            {
                unread_below = None;
            }
            let inherited = unread_below.map(|(_, code)| code);
            match block {
                Block::Heading { level, words } => {
                    self.words(words, true, inherited);
                    if inherited.is_none() {
                        unread_below = self.whole_section(words.span).map(|code| (*level, code));
                    }
                }
                Block::Paragraph(words) => self.words(words, false, inherited),
                Block::List(items) => {
                    for item in items {
                        self.item(item, inherited);
                    }
                }
                Block::Other { what: HEAD_OF_A_TABLE, span } if inherited.is_none() => {
                    self.push(*span, "key".to_owned());
                }
                Block::Other { span, .. } => self.stretch(*span, inherited),
            }
        }
    }

    fn whole_section(&self, heading: Span) -> Option<&'static str> {
        let found = overlapping(self.labels, heading).find(|(span, code)| {
            span.start <= heading.start && OF_WHOLE_SECTIONS.iter().any(|whole| whole.id == *code)
        });
        found.map(|(_, code)| *code)
    }

    fn item(&mut self, item: &Item, inherited: Option<&'static str>) {
        // A key that stands in the row, or in the head that was accounted for already.
        if let Some(key) = item.key.as_ref().filter(|_| inherited.is_none()) {
            match overlapping(self.read, key.span).next() {
                Some(_) => self.stretch(key.span, None),
                None => self.push(key.span, "key".to_owned()),
            }
        }
        self.words(&item.words, true, inherited);
        let is_read = overlapping(self.read, item.words.span).next().is_some();
        let own = overlapping(self.labels, item.words.span).next().map(|(_, code)| *code);
        let below = inherited.or(own.filter(|_| !is_read));
        for child in &item.children {
            self.item(child, below);
        }
        for (_, span) in &item.strays {
            self.stretch(*span, below);
        }
    }

    /// Words, of which a key may be read as nothing but what it is.
    fn words(&mut self, words: &Inline, may_have_key: bool, inherited: Option<&'static str>) {
        if may_have_key && let Some(value) = value_of(words) {
            let key = Span::new(words.span.file, words.span.start, value);
            if overlapping(self.read, key).next().is_none()
                && overlapping(self.labels, key).next().is_none()
                && inherited.or(self.whole).is_none()
            {
                self.push(key, "key".to_owned());
                self.stretch(Span::new(key.file, key.end, words.span.end), inherited);
                return;
            }
        }
        self.stretch(words.span, inherited);
    }

    /// A stretch of words: what was read of it, and what lies between.
    fn stretch(&mut self, span: Span, inherited: Option<&'static str>) {
        let mut at = span.start;
        let readings = overlapping(self.read, span);
        for (read, what) in readings {
            let (start, end) = (read.start.max(span.start), read.end.min(span.end));
            self.gap(Span::new(span.file, at, start), inherited);
            self.push(Span::new(span.file, start, end), (*what).to_owned());
            at = end;
        }
        self.gap(Span::new(span.file, at, span.end), inherited);
    }

    /// Words that nothing was read from: marks, what a finding names, or what nobody understood.
    fn gap(&mut self, span: Span, inherited: Option<&'static str>) {
        if span.start >= span.end {
            return;
        }
        if let Some(remark) = read_as(&self.page.text[span.start..span.end]) {
            self.push(span, remark.to_owned());
            return;
        }
        let named = overlapping(self.labels, span).next().map(|(_, code)| *code);
        if let Some(code) = named.or(inherited).or(self.whole) {
            self.push(span, format!("diagnostic {code}"));
            return;
        }
        let text = &self.page.text[span.start..span.end];
        let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        if words.all(|word| JOINTS.iter().any(|joint| joint.eq_ignore_ascii_case(word))) {
            self.push(span, "mark".to_owned());
        } else if is_further_key(text) {
            self.push(span, "key".to_owned());
        } else {
            let start = span.start + (text.len() - text.trim_start().len());
            self.unread.push(Span::new(span.file, start, start + text.trim().len()));
            self.push(span, format!("diagnostic {}", codes::UNREAD_WORDS.id));
        }
    }

    fn push(&mut self, span: Span, read_as: String) {
        self.found.push(Stretch { span, read_as });
    }

    /// Adds what lies between: marks, and words that belong to no block.
    fn side_by_side(&mut self) -> Vec<Stretch> {
        let mut found = std::mem::take(&mut self.found);
        for stretch in &mut found {
            stretch.span.start = self.behind_character(stretch.span.start);
            stretch.span.end = self.behind_character(stretch.span.end);
        }
        found.sort_by_key(|stretch| stretch.span);
        let mut at = 0;
        for stretch in &mut found {
            stretch.span.start = stretch.span.start.max(at);
            stretch.span.end = stretch.span.end.max(stretch.span.start);
            self.between(at, stretch.span.start);
            at = stretch.span.end;
        }
        self.between(at, self.page.text.len());
        found.append(&mut self.found);
        found.sort_by_key(|stretch| stretch.span);
        let mut joined: Vec<Stretch> = Vec::with_capacity(found.len());
        for mut stretch in found.into_iter().filter(|stretch| stretch.span.start < stretch.span.end) {
            if let Some(last) = joined.last_mut() {
                last.span.end += self.left_over(stretch.span);
                stretch.span.start = last.span.end;
            }
            if stretch.span.start == stretch.span.end {
                continue;
            }
            match joined.last_mut().filter(|last| last.read_as == stretch.read_as) {
                Some(last) => last.span.end = stretch.span.end,
                None => joined.push(stretch),
            }
        }
        joined
    }

    /// A place at which a character starts in the page as it is read, and as it is written: marks may stand for longer characters.
    fn behind_character(&self, at: usize) -> usize {
        let is_start =
            |at: &usize| self.page.text.is_char_boundary(*at) && self.page.written.is_char_boundary(*at);
        (at..=self.page.text.len()).find(is_start).unwrap_or(self.page.text.len())
    }

    /// The bytes at the start of a stretch that belong to the word before it: it takes more of them as it is written than as it is read.
    fn left_over(&self, span: Span) -> usize {
        let written = &self.page.written;
        let read = self.page.text.as_bytes();
        // A mark with which the word begins took as many bytes as it has.
        let is_mark = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'`';
        let mut before = written[..span.start].char_indices().rev().take_while(|(_, c)| !c.is_whitespace());
        let goes_on = before.any(|(at, c)| !read[at..at + c.len_utf8()].iter().all(is_mark));
        let word = written[span.start..span.end].split(char::is_whitespace).next().filter(|_| goes_on);
        let read = &read[span.start..span.start + word.map_or(0, str::len)];
        let count = read.iter().filter(|byte| byte.is_ascii_whitespace()).count();
        (0..=count).rev().find(|count| written.is_char_boundary(span.start + count)).unwrap_or(0)
    }

    /// Bytes between blocks hold marks, such as `- [x]`; letters among them are words that the Markdown tree does not show.
    fn between(&mut self, start: usize, end: usize) {
        let span = Span::new(self.page.file, start, end);
        let text = self.page.text[start..end].replace("[x]", "").replace("[X]", "");
        if text.lines().any(|line| line.contains(char::is_alphabetic) && !is_fence(line)) {
            self.gap(span, None);
        } else if self.page.written[start..end].contains("~~") && !text.contains("~~") {
            self.push(span, "struck out".to_owned());
        } else if self.page.written[start..end].contains("<!--") {
            self.push(span, "comment".to_owned());
        } else {
            self.push(span, "mark".to_owned());
        }
    }
}

/// `; output_schema:`, a second property in one line.
fn is_further_key(text: &str) -> bool {
    let key = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '|' | '`'));
    key.strip_suffix(':').is_some_and(|key| PROPERTIES.contains(&key.trim_matches('`')))
}

/// The longest name of a language behind a fence, in bytes.
const LONGEST_LANGUAGE: usize = 10;

/// What opens or closes a block of code, with the name of a language.
fn is_fence(line: &str) -> bool {
    let line = line.trim();
    let language = line.trim_start_matches(['`', '~']);
    line.len() >= language.len() + 3
        && language.len() <= LONGEST_LANGUAGE
        && language.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The stretches that overlap a span; they stand in order.
fn overlapping(flat: &[Reading], span: Span) -> impl Iterator<Item = &Reading> + use<'_> {
    let first = flat.partition_point(|(read, _)| read.end <= span.start);
    flat[first..].iter().take_while(move |(read, _)| read.start < span.end)
}
