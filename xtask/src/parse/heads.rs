//! Headings and bullets that stand as paragraphs: `**Capability:** X`, `Engine Header` alone, `name: …` line by line.
//!
//! What must not live here: what a section says.

use super::keys;
use super::section::without_mark;
use super::sections::{Known, has_id_key, ids_at_start, is_lower_snake};
use crate::read::markdown::{Block, Inline, Item, Page};
use std::collections::BTreeSet;

/// The levels of titles, of sections and of their entries.
const TITLE: u8 = 1;
const SECTION: u8 = 2;
const ENTRY: u8 = 3;

/// The page with such paragraphs as what they stand for.
#[must_use]
pub fn restore(page: &Page) -> Page {
    let heads: BTreeSet<Known> = page
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading { words, .. } => named(words),
            _ => None,
        })
        .collect();
    let has_headings = page.blocks.iter().any(|block| matches!(block, Block::Heading { .. }));
    let mut state = State {
        section: None,
        is_in_entry: false,
        awaits_a_list: false,
        blocks: Vec::with_capacity(page.blocks.len()),
    };
    for (index, block) in page.blocks.iter().enumerate() {
        match block {
            Block::Heading { level, words } => state.heading(*level, words.clone()),
            Block::Paragraph(words) => {
                let next = page.blocks.get(index + 1);
                let lines = words.lines();
                let Some(first) = lines.first() else { continue };
                if !has_headings && index == 0 && lines.len() == 1 && named(first).is_none() {
                    state.heading(TITLE, first.clone());
                    continue;
                }
                let is_alone = lines.len() == 1;
                let section = named(first)
                    .filter(|_| is_alone || keys::at_start(&lines[1]).is_some())
                    .or_else(|| leads_to_tests(first, next).filter(|_| is_alone))
                    .or_else(|| titled(first).filter(|_| is_alone && !has_headings));
                if section.is_some_and(|known| known.may_repeat() || !heads.contains(&known)) {
                    state.heading(SECTION, first.clone());
                    state.lines(&lines[1..], next);
                } else {
                    state.lines(&lines, next);
                }
            }
            Block::List(items) => state.list(items),
            other @ Block::Other { .. } => state.blocks.push(other.clone()),
        }
    }
    page.with_blocks(state.blocks)
}

/// The section that has words as its name, and not only among them.
fn named(words: &Inline) -> Option<Known> {
    let words = words.plain();
    let name = without_mark(&words);
    let name = name.split_once(" (").map_or(name, |(name, _)| name);
    Known::called(name)
}

/// A short title of a section that is known by its words: `Hard Boundaries`.
fn titled(words: &Inline) -> Option<Known> {
    let words = words.plain();
    let is_title = words.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
        && !words.ends_with([':', '.', ';', ','])
        && words.split_whitespace().count() <= 8;
    Known::of_name(without_mark(&words)).filter(|_| is_title)
}

/// `Acceptance Mapping`, with tests below it.
fn leads_to_tests(words: &Inline, next: Option<&Block>) -> Option<Known> {
    let Some(Block::List(items)) = next else { return None };
    let starts_with_a_test = items.first().is_some_and(|item| item.words.plain().starts_with("AT-"));
    let words = words.plain();
    let known = Known::of_name(without_mark(&words)).filter(|known| *known == Known::AcceptanceTests);
    known.filter(|_| starts_with_a_test && !words.ends_with(':'))
}

struct State {
    section: Option<Known>,
    /// Whether a heading below the section's own was seen.
    is_in_entry: bool,
    /// Whether the last line is a key without a value.
    awaits_a_list: bool,
    blocks: Vec<Block>,
}

impl State {
    fn heading(&mut self, level: u8, words: Inline) {
        if level <= SECTION {
            let name = words.plain();
            self.section = Known::of_name(without_mark(&name));
        }
        self.is_in_entry = level > SECTION;
        self.awaits_a_list = false;
        self.blocks.push(Block::Heading { level, words });
    }

    /// Lines of one paragraph, with what stands behind it.
    fn lines(&mut self, lines: &[Inline], next: Option<&Block>) {
        let mut rest: Vec<Inline> = Vec::new();
        let mut is_in_a_property = false;
        for (index, line) in lines.iter().enumerate() {
            // Among lines only a key shows that an entry begins; the others may be values.
            let may_begin = index == 0 || has_id_key(line);
            if may_begin && self.is_entry(line, lines.get(index + 1), next) {
                self.keep(&mut rest);
                self.heading(ENTRY, without_colon(line));
                is_in_a_property = false;
            } else if self.takes_properties()
                && (keys::at_start(line).is_some() || keys::is_tight_bullet(line))
            {
                self.keep(&mut rest);
                self.item(line);
                is_in_a_property = true;
            } else if is_in_a_property
                && let Some(Block::List(items)) = self.blocks.last_mut()
                && let Some(last) = items.last_mut()
            {
                last.words = last.words.with_more(line.span.end);
            } else {
                rest.push(line.clone());
            }
        }
        self.keep(&mut rest);
    }

    /// Keeps lines as the paragraph that they are.
    fn keep(&mut self, lines: &mut Vec<Inline>) {
        if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
            self.awaits_a_list = false;
            self.blocks.push(Block::Paragraph(first.with_more(last.span.end)));
        }
        lines.clear();
    }

    /// A list; below a key without a value it is the value.
    fn list(&mut self, items: &[Item]) {
        if std::mem::take(&mut self.awaits_a_list)
            && let Some(Block::List(before)) = self.blocks.last_mut()
            && let Some(last) = before.last_mut()
        {
            last.children.extend_from_slice(items);
        } else {
            self.blocks.push(Block::List(items.to_vec()));
        }
    }

    fn item(&mut self, line: &Inline) {
        self.awaits_a_list = line.raw().ends_with(':');
        let mark = usize::from(keys::is_tight_bullet(line));
        let item = Item::new(line.after(line.span.start + mark));
        match self.blocks.last_mut() {
            Some(Block::List(items)) => items.push(item),
            _ => self.blocks.push(Block::List(vec![item])),
        }
    }

    /// Whether bullets with keys are what is written here.
    fn takes_properties(&self) -> bool {
        match self.section {
            Some(Known::EngineHeader | Known::Ownership) => true,
            Some(Known::CapabilityList | Known::DataOwned | Known::Writes | Known::Reads) => self.is_in_entry,
            _ => false,
        }
    }

    /// Whether a line names what the lines or the bullets behind it describe.
    fn is_entry(&self, line: &Inline, behind: Option<&Inline>, next: Option<&Block>) -> bool {
        let first = match (behind, next) {
            (Some(behind), _) | (None, Some(Block::Paragraph(behind))) => Some(behind),
            (None, Some(Block::List(items))) => items.first().map(|item| &item.words),
            _ => None,
        };
        // Words between a heading and its bullets only lead to them.
        let is_led = matches!(self.blocks.last(), Some(Block::Heading { level, .. }) if *level > SECTION);
        if is_led {
            return false;
        }
        let key = first.and_then(keys::at_start).map(|key| key.name);
        match self.section {
            Some(Known::CapabilityList) => {
                !ids_at_start(line).0.is_empty() && (key.is_some() || has_id_key(line))
            }
            Some(Known::DataOwned) => key.is_some_and(is_of_tables) && is_table(line),
            Some(Known::Writes) => {
                key == Some("writes") && (keys::at_start(line).is_none() || has_id_key(line))
            }
            Some(Known::Reads) => key == Some("reads") && keys::at_start(line).is_none(),
            _ => false,
        }
    }
}

fn is_of_tables(key: &str) -> bool {
    matches!(key, "truth_type" | "primary key" | "invariants" | "unique keys")
}

/// `app.notes`, alone or with its state behind it.
fn is_table(line: &Inline) -> bool {
    let words = line.plain();
    let name =
        words.trim_end_matches(':').split_once(" (").map_or(words.trim_end_matches(':'), |(name, _)| name);
    name.split('.').all(is_lower_snake)
}

fn without_colon(words: &Inline) -> Inline {
    let length = words.raw().trim_end_matches(':').len();
    words.part(words.span.start..words.span.start + length)
}
