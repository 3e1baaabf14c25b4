//! Tables of Markdown as the entries and bullets that their rows stand for.
//!
//! A table of keys and values is a list of bullets; a table of capabilities or of tables has a row for each, with their keys in its head. What
//! must not live here: what a key means.

use super::cells::Table;
use super::section::without_mark;
use super::sections::{Known, is_lower_snake};
use super::{breaks, keys};
use crate::read::markdown::{Block, HEAD_OF_A_TABLE, Inline, Item, Page};

/// The levels of sections and of their entries.
const SECTION: u8 = 2;
const ENTRY: u8 = 3;

/// The page with its tables as headings and lists, in the sections that are made of those.
#[must_use]
pub fn restore(page: &Page) -> Page {
    let mut section = None;
    let mut is_in_entry = false;
    let mut blocks = Vec::with_capacity(page.blocks.len());
    for block in &page.blocks {
        if let Block::Heading { level, words } = block {
            if *level <= SECTION {
                let name = words.plain();
                section = Known::of_name(without_mark(&name));
            }
            is_in_entry = *level > SECTION;
        }
        let found = match block {
            Block::Paragraph(words) if takes_tables(section) => Table::of(words),
            _ => None,
        };
        let Some((before, table)) = found else {
            blocks.push(block.clone());
            continue;
        };
        let is_kept =
            matches!(section, Some(Known::Reads | Known::Writes)) && !(is_in_entry && table.has_keys());
        if is_kept {
            blocks.push(block.clone());
            continue;
        }
        blocks.extend(before.map(Block::Paragraph));
        match section {
            Some(Known::AcceptanceTests) => table.tests(&mut blocks),
            Some(Known::CapabilityList) if !is_in_entry => table.entries(&["capability_id"], &mut blocks),
            Some(Known::DataOwned) if !is_in_entry => table.entries(&["table", "name"], &mut blocks),
            Some(Known::DataOwned) if table.has_columns() => table.columns(&mut blocks),
            _ => table.properties(&mut blocks),
        }
    }
    page.with_blocks(blocks)
}

/// Whether the tables of a section are read as what their rows stand for.
const fn takes_tables(section: Option<Known>) -> bool {
    matches!(
        section,
        Some(
            Known::EngineHeader
                | Known::CapabilityList
                | Known::DataOwned
                | Known::Reads
                | Known::Writes
                | Known::AcceptanceTests
        )
    )
}

/// Keys as heads of tables spell them.
const OTHER_KEYS: [(&str, &str); 9] = [
    ("capability", "capability_id"),
    ("id", "capability_id"),
    ("input", "input_schema"),
    ("output", "output_schema"),
    ("callers", "allowed_callers"),
    ("effects", "side_effects"),
    ("pk", "primary key"),
    ("key", "primary key"),
    ("truth", "truth_type"),
];

/// Heads over the names of columns.
const OF_COLUMNS: [&str; 4] = ["column", "columns", "field", "fields"];

impl Table {
    fn head(&self, blocks: &mut Vec<Block>) {
        if let (Some(first), Some(last)) = (self.head.first(), self.head.last()) {
            blocks.push(Block::Other { what: HEAD_OF_A_TABLE, span: first.span.to(last.span) });
        }
    }

    /// A row for each key, with its value.
    fn properties(self, blocks: &mut Vec<Block>) {
        // A table without a head of its own begins with a key.
        let is_row = self.head.first().is_some_and(|cell| keys::usual(&cell.plain()).is_some());
        if !is_row {
            self.head(blocks);
        }
        let rows = self.rows.into_iter().chain(is_row.then_some(self.head));
        let items = rows.filter_map(|row| {
            let mut cells = row.into_iter();
            let key = cells.next()?;
            let value = cells.next()?;
            let value = cells
                .filter(|cell| !cell.is_empty())
                .last()
                .map_or(value.clone(), |last| value.with_more(last.span.end));
            Some(item_of(key, value))
        });
        blocks.push(Block::List(items.collect()));
    }

    /// A row for each entry, named in the first of these columns, else in the first one.
    fn entries(self, names: &[&str], blocks: &mut Vec<Block>) {
        let keys: Vec<String> = self.head.iter().map(|cell| key_of(&cell.plain())).collect();
        let column = keys.iter().position(|key| names.contains(&key.as_str())).unwrap_or_default();
        self.head(blocks);
        for row in self.rows {
            let Some(name) = row.get(column).filter(|cell| !cell.is_empty()) else { continue };
            blocks.push(Block::Heading { level: ENTRY, words: name.clone() });
            let cells = row
                .iter()
                .zip(&self.head)
                .enumerate()
                .filter(|(at, (cell, _))| *at != column && !cell.is_empty());
            let items = cells.map(|(_, (cell, head))| item_of(head.clone(), cell.clone()));
            blocks.push(Block::List(items.collect()));
        }
    }

    /// Whether a row begins with a key that is known.
    fn has_keys(&self) -> bool {
        let begins = |row: &Vec<Inline>| row.first().is_some_and(|cell| keys::usual(&cell.plain()).is_some());
        self.rows.iter().any(begins)
    }

    /// Whether there is a row for each column of a table.
    fn has_columns(&self) -> bool {
        let first = self.head.first().map(|cell| cell.plain().to_ascii_lowercase()).unwrap_or_default();
        OF_COLUMNS.contains(&first.as_str())
    }

    /// A row for each column: the names as one list, and the rows as they stand.
    fn columns(self, blocks: &mut Vec<Block>) {
        let Some(key) = self.head.first().cloned() else { return };
        self.head(blocks);
        let nothing = key.part(key.span.end..key.span.end);
        let rows: Vec<&Vec<Inline>> =
            self.rows.iter().filter(|row| row.first().is_some_and(|cell| !cell.is_empty())).collect();
        let mut items = Vec::new();
        if rows.iter().any(|row| row.len() > 1) {
            let whole = |row: &[Inline]| Some(row.first()?.with_more(row.last()?.span.end));
            let children = rows
                .iter()
                .filter_map(|row| whole(row))
                .map(|row| Item { key: Some(row.part(row.span.start..row.span.start)), ..Item::new(row) });
            items.push(Item {
                key: Some(key.clone()),
                children: children.collect(),
                ..Item::new(nothing.clone())
            });
        }
        let names = rows.iter().filter_map(|row| row.first().cloned()).map(Item::new);
        items.push(Item { key: Some(key), children: names.collect(), ..Item::new(nothing) });
        blocks.push(Block::List(items));
    }

    /// A row for each test: its id, then its title, and what else stands there below it.
    fn tests(self, blocks: &mut Vec<Block>) {
        self.head(blocks);
        let items = self.rows.into_iter().filter_map(|row| {
            let is_function = |cell: &Inline| {
                let name = cell.plain();
                name.contains('_') && is_lower_snake(name.trim_end_matches("()"))
            };
            let mut filled: Vec<Inline> = row.into_iter().filter(|cell| !cell.is_empty()).collect();
            let at = filled.iter().position(starts_with_a_test).unwrap_or_default();
            let first = (at < filled.len()).then(|| filled.remove(at))?;
            let title = filled.iter().position(|cell| !is_function(cell) && cell.plain().len() > 3);
            let title = title.map(|at| filled.remove(at));
            let children = filled.into_iter().map(Item::new).collect();
            Some(match title {
                Some(title) => Item { key: Some(first), children, ..Item::new(title) },
                None => Item { children, ..Item::new(first) },
            })
        });
        blocks.push(Block::List(items.collect()));
    }
}

/// Keys of which a cell may hold several entries.
const OF_ENTRIES: [&str; 4] = ["invariants", "unique keys", "reason_codes", "failure_modes"];

/// A cell with its key; the entries that it holds are bullets below.
fn item_of(key: Inline, cell: Inline) -> Item {
    let name = keys::usual(&key.plain()).unwrap_or_default();
    let entries =
        if OF_ENTRIES.contains(&name) { breaks::entries(&cell, name == "invariants") } else { Vec::new() };
    if entries.len() < 2 {
        return Item { key: Some(key), ..Item::new(cell) };
    }
    let children = entries.into_iter().map(Item::new).collect();
    Item { key: Some(key), children, ..Item::new(cell.part(cell.span.start..cell.span.start)) }
}

fn starts_with_a_test(cell: &Inline) -> bool {
    cell.plain().trim_start_matches(['[', '(']).starts_with("AT-")
}

fn key_of(head: &str) -> String {
    let name = head.to_ascii_lowercase();
    let other = OTHER_KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key);
    other.or_else(|| keys::usual(head)).map_or(name, str::to_owned)
}
