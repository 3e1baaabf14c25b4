//! Headings of a page at the levels that specs have: one for the title, two for sections, and further ones below.
//!
//! Pages are cut out of others, or put below them, and then all their headings are higher or deeper than usual. What must not live here: what
//! a section says.

use super::keys;
use super::section::without_mark;
use super::sections::{Known, ids_at_start};
use crate::read::markdown::{Block, Inline, Page};

/// The level of sections.
const SECTION: u8 = 2;

/// The page with its headings at the usual levels, and without the sign that ends them.
#[must_use]
pub fn usual(page: &Page) -> Page {
    let mut counts = [0_usize; 7];
    let headings = || {
        page.blocks.iter().filter_map(|block| match block {
            Block::Heading { level, words } => Some((*level, words)),
            _ => None,
        })
    };
    let title = headings().next().map(|(level, _)| level);
    for (level, words) in headings().skip(1) {
        if is_section(words) {
            counts[usize::from(level)] += 1;
        }
    }
    // Where two levels have as many, the upper one is that of sections.
    let most = counts.iter().copied().max().unwrap_or_default();
    let found =
        counts.iter().position(|count| *count == most && most > 0).and_then(|at| u8::try_from(at).ok());
    let sections = found.unwrap_or(SECTION);
    let mut is_title = true;
    let blocks = page.blocks.iter().map(|block| {
        let Block::Heading { level, words } = block else { return block.clone() };
        let is_first = std::mem::replace(&mut is_title, false);
        let usual = (*level + SECTION).saturating_sub(sections).clamp(1, 6);
        // A title that stands no higher than its sections stays above them.
        let level = if is_first
            && title.is_some_and(|title| title <= sections)
            && !is_section_alone(words, sections, *level)
        {
            1
        } else {
            usual
        };
        let words = without_end(words, level);
        let words = if level > SECTION { without_number(&words) } else { words };
        Block::Heading { level, words }
    });
    page.with_blocks(with_entries(blocks.collect()))
}

/// The blocks with entries below their sections that stand at the level of these: `## Capability List`, then `## capability_id: X`.
fn with_entries(mut blocks: Vec<Block>) -> Vec<Block> {
    let mut section = None;
    for index in 0..blocks.len() {
        let Block::Heading { level: SECTION, words } = &blocks[index] else { continue };
        let name = words.plain();
        match Known::of_name(without_mark(&name)) {
            None | Some(Known::Prose) if is_entry(section, words, blocks.get(index + 1)) => {
                let words = without_number(words);
                blocks[index] = Block::Heading { level: SECTION + 1, words };
            }
            None | Some(Known::Prose) => {}
            known => section = known,
        }
    }
    blocks
}

/// Whether a heading can be nothing but an entry of the section above: an id, or words with the keys of such an entry below.
fn is_entry(section: Option<Known>, words: &Inline, below: Option<&Block>) -> bool {
    let keys: &[&str] = match section {
        Some(Known::CapabilityList) => return !ids_at_start(words).0.is_empty(),
        Some(Known::DataOwned) => &["truth_type", "primary key"],
        Some(Known::Writes) => &["writes"],
        Some(Known::Reads) => &["reads"],
        _ => return false,
    };
    let Some(Block::List(items)) = below else { return false };
    items.iter().any(|item| keys::at_start(&item.words).is_some_and(|key| keys.contains(&key.name)))
}

/// A heading that can be nothing but a section.
fn is_section(words: &Inline) -> bool {
    let name = words.plain();
    Known::of_name(without_mark(&name)).is_some_and(|known| known != Known::Prose)
}

/// Whether the first heading of a page is a section like the others, so that the page has no title.
fn is_section_alone(words: &Inline, sections: u8, level: u8) -> bool {
    level == sections && is_section(words)
}

/// An entry without the number that counts it.
fn without_number(words: &Inline) -> Inline {
    let raw = words.raw();
    let start = raw.len() - without_mark(raw).len();
    let is_number = !raw[..start].contains(char::is_alphabetic);
    if is_number { words.after(words.span.start + start) } else { words.clone() }
}

/// A heading without the sign at its end. A title, and one that names a test, may be a sentence.
fn without_end(words: &Inline, level: u8) -> Inline {
    let raw = words.raw();
    let mut kept = raw.trim_end_matches([':', '\u{ff1a}', ';', ',', ' ']);
    let is_sentence = level < SECTION || raw.trim_start_matches(['`', '[', '(']).starts_with("AT-");
    if let Some(name) = kept.strip_suffix('.').filter(|name| !is_sentence && !name.ends_with('.')) {
        kept = name;
    }
    let is_whole = kept.is_empty() || kept.len() == raw.len();
    if is_whole { words.clone() } else { words.part(words.span.start..words.span.start + kept.len()) }
}
