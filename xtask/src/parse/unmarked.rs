//! Pages that lost their Markdown marks, as a copy from a viewer does: no `##`, no `-`, the words line by line.
//!
//! Such a page is put together again as the blocks that its lines stand for, every word at its place, and then read as any
//! other. What must not live here: what a section says.

use std::sync::Arc;

use super::section::{is_counted, without_mark};
use super::sections::{Known, PROPERTIES, is_lower_snake, looks_like_reason_code};
use crate::read::markdown::{Block, Inline, Item, Page, collapse};
use crate::source::Span;

/// Sections that a page must be seen to have before its lines are taken for what they seem.
const FEWEST_SECTIONS: usize = 2;

/// Keys that start a bullet wherever they stand, beside the properties of a capability; other lines below `key:` belong to it.
const KEYS: [&str; 25] = [
    "engine_id",
    "purpose",
    "version",
    "status",
    "role",
    "layer",
    "authority",
    "placement",
    "data_owned",
    "capability_id",
    "rules",
    "truth_type",
    "primary key",
    "fields",
    "unique keys",
    "invariants",
    "reads",
    "writes",
    "required fields",
    "required indices",
    "required indexes",
    "keys/joins used",
    "scope rules",
    "why this read is required",
    "tables owned",
];

/// The most words of a key.
const LONGEST_KEY: usize = 3;

/// The page with the blocks that its lines stand for; `None` where it has marks, or shows no sections.
#[must_use]
pub fn restore(page: &Page) -> Option<Page> {
    let levels = page.blocks.iter().filter_map(|block| match block {
        Block::Heading { level, .. } => Some(*level),
        _ => None,
    });
    let has_marks = levels.clone().any(|level| level > 1) || levels.count() > 1;
    if has_marks || page.blocks.is_empty() {
        return None;
    }
    let lines = lines(page);
    let heads = lines.iter().filter(|line| line.section().is_some_and(|known| known != Known::Prose));
    if heads.count() < FEWEST_SECTIONS {
        return None;
    }
    let mut builder = Builder { text: &page.text, blocks: Vec::new(), section: None, takes_children: false };
    for (index, line) in lines.iter().enumerate() {
        builder.add(line, lines.get(index + 1), index == 0);
    }
    Some(page.with_blocks(builder.blocks))
}

/// A line without the marks that are left of its bullet or heading.
struct Line {
    /// With single blanks.
    words: String,
    span: Span,
    is_behind_blank: bool,
}

fn lines(page: &Page) -> Vec<Line> {
    let mut found: Vec<(Line, usize)> = Vec::new();
    let mut start = 0;
    let mut blanks = 0_usize;
    for line in page.text.split_inclusive('\n') {
        let words = line.trim().trim_start_matches(['#', '*', '\u{2022}']);
        let words = words.strip_prefix("- ").unwrap_or(words).trim().trim_end_matches('*');
        if words.is_empty() {
            blanks += 1;
        } else {
            let from = start + (words.as_ptr().addr() - line.as_ptr().addr());
            let span = Span::new(page.file, from, from + words.len());
            found.push((Line { words: collapse(words), span, is_behind_blank: false }, blanks));
            blanks = 0;
        }
        start += line.len();
    }
    // Where a blank line stands behind every line, those with more of them stand apart.
    let least = found.iter().skip(1).map(|(_, blanks)| *blanks).min().unwrap_or_default();
    let is_apart = |blanks: usize| blanks > least;
    found.into_iter().map(|(line, blanks)| Line { is_behind_blank: is_apart(blanks), ..line }).collect()
}

/// Whether every word of a line begins as those of titles do: `Hard Boundary`, and no sentence.
fn is_title(name: &str) -> bool {
    name.split_whitespace().all(|word| !word.starts_with(|c: char| c.is_ascii_lowercase()))
}

impl Line {
    /// The section that starts here: a name that is known, or a short title behind what counts it.
    fn section(&self) -> Option<Known> {
        let name = without_mark(&self.words);
        let is_counted = is_counted(&self.words);
        let looks_like_a_title = name.starts_with(|c: char| c.is_ascii_uppercase())
            && !name.ends_with(['.', ';', ','])
            && name.split_whitespace().count() <= 10;
        if !looks_like_a_title || self.words.ends_with(':') {
            return None;
        }
        match Known::of_name(name) {
            None => is_counted.then_some(Known::Prose),
            Some(Known::Prose) => {
                (is_counted || self.is_behind_blank && is_title(name)).then_some(Known::Prose)
            }
            known => known.filter(|known| {
                is_counted || self.is_behind_blank || name.eq_ignore_ascii_case(known.name())
            }),
        }
    }

    /// What stands before the first colon.
    fn key(&self) -> Option<&str> {
        self.words.split_once(':').map(|(key, _)| key.trim_matches('`'))
    }

    fn starts_a_property(&self) -> bool {
        let rule = |key: &str| {
            key == "idempotency"
                || key.starts_with("idempotency key")
                || key.starts_with("idempotency_key")
                || key.starts_with("failure reason codes")
                || key.starts_with("ledger event_type")
        };
        self.key().is_some_and(|key| KEYS.contains(&key) || PROPERTIES.contains(&key) || rule(key))
    }

    /// The name of a table alone, maybe with its state in brackets.
    fn is_table(&self) -> bool {
        let name = match self.words.split_once(" (") {
            Some((name, state)) if state.ends_with(')') => name,
            _ => &self.words,
        };
        name.trim_matches('`').split('.').all(is_lower_snake)
    }

    /// The name of a capability or of a write alone.
    fn is_id(&self) -> bool {
        let is_id = |word: &str| looks_like_reason_code(word.trim_matches('`'));
        self.words.split(" / ").all(is_id) || self.key() == Some("capability_id")
    }
}

struct Builder<'a> {
    text: &'a Arc<str>,
    blocks: Vec<Block>,
    section: Option<Known>,
    /// Whether the last bullet is a key without a value.
    takes_children: bool,
}

impl Builder<'_> {
    fn add(&mut self, line: &Line, next: Option<&Line>, is_first: bool) {
        let words = Inline::of_stretch(line.span, self.text);
        if let Some(known) = line.section() {
            self.section = Some(known);
            self.heading(2, words);
        } else if is_first {
            self.heading(1, words);
        } else if self.starts_an_entry(line, next) {
            self.heading(3, words);
        } else if line.words.ends_with(':') && line.words.starts_with(|c: char| c.is_ascii_uppercase()) {
            self.blocks.push(Block::Paragraph(words));
            self.takes_children = false;
        } else {
            self.item(line, words);
        }
    }

    /// Whether a line names what the lines below it describe.
    fn starts_an_entry(&self, line: &Line, next: Option<&Line>) -> bool {
        let is_in_a_list = self.takes_children && !line.is_behind_blank;
        let has_properties =
            next.is_some_and(|next| next.starts_a_property() && !next.is_id()) && !is_in_a_list;
        match self.section {
            Some(Known::CapabilityList) => line.is_id() && has_properties,
            Some(Known::Writes) => (line.is_id() || line.is_behind_blank) && has_properties,
            Some(Known::Reads) => {
                line.is_behind_blank && has_properties && line.key().is_none() && !line.words.ends_with('.')
            }
            // A key that every table has shows one even where nothing else ends the list above.
            Some(Known::DataOwned) => {
                let is_first = |key: &str| matches!(key, "truth_type" | "primary key");
                let has_first = next.and_then(Line::key).is_some_and(is_first);
                (line.is_table() && (has_properties || has_first))
                    || (line.is_behind_blank && !line.starts_a_property())
            }
            _ => false,
        }
    }

    fn heading(&mut self, level: u8, words: Inline) {
        self.blocks.push(Block::Heading { level, words });
        self.takes_children = false;
    }

    fn item(&mut self, line: &Line, words: Inline) {
        let is_function = is_lower_snake(line.words.trim_matches('`')) && line.words.contains("at_");
        // A short key without a value stands beside the one above, which may have nothing below it.
        let is_label = line.words.ends_with(':') && line.words.split_whitespace().count() <= LONGEST_KEY;
        let belongs = !line.is_behind_blank
            && !line.starts_a_property()
            && !is_label
            && (self.takes_children || (is_function && self.section == Some(Known::AcceptanceTests)));
        let takes_children = line.words.ends_with(':');
        let item = Item::new(words);
        let Some(Block::List(items)) = self.blocks.last_mut() else {
            self.blocks.push(Block::List(vec![item]));
            self.takes_children = takes_children;
            return;
        };
        // The title of a test goes on in the next line.
        let goes_on = self.section == Some(Known::AcceptanceTests)
            && !line.is_behind_blank
            && !is_function
            && line.key().is_none()
            && line.words.starts_with(|c: char| c.is_ascii_lowercase());
        let is_test = |above: &Item| above.children.is_empty() && above.words.raw().starts_with("AT-");
        if let Some(above) = items.last_mut().filter(|above| goes_on && is_test(above)) {
            above.words = above.words.with_more(line.span.end);
            return;
        }
        // Below names a sentence is no further one of them.
        let ends_names = |parent: &Item| {
            let is_name = |child: &Item| !child.words.plain().contains(' ');
            let is_sentence = line.words.contains(' ') && line.words.ends_with('.');
            is_sentence && !parent.children.is_empty() && parent.children.iter().all(is_name)
        };
        if let Some(parent) = items.last_mut().filter(|parent| belongs && !ends_names(parent)) {
            parent.children.push(item);
        } else {
            items.push(item);
            self.takes_children = takes_children;
        }
    }
}
