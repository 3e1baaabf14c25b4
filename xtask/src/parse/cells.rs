//! A table of Markdown as its cells.
//!
//! What must not live here: what a cell says.

use super::keys;
use crate::read::markdown::Inline;

/// A table.
pub(super) struct Table {
    /// The cells of its first line.
    pub(super) head: Vec<Inline>,
    /// The cells of the lines behind the rule.
    pub(super) rows: Vec<Vec<Inline>>,
}

impl Table {
    /// Lines with bars, the second of them a rule, behind lines of words. Codes in a head are no keys.
    pub(super) fn of(words: &Inline) -> Option<(Option<Inline>, Self)> {
        let lines = words.lines();
        let rule = lines.iter().position(is_rule).filter(|rule| *rule > 0)?;
        let head = lines.get(rule - 1).filter(|head| head.raw().contains('|'))?;
        let table = Self { head: cells(head), rows: lines[rule + 1..].iter().map(cells).collect() };
        let starts_with_a_key = table.head.first().is_some_and(|cell| keys::usual(&cell.plain()).is_some());
        if table.rows.is_empty() || (!head.codes.is_empty() && !starts_with_a_key) {
            return None;
        }
        let before = lines[..rule - 1].last().map(|last| words.part(words.span.start..last.span.end));
        Some((before, table))
    }
}

fn is_rule(line: &Inline) -> bool {
    let raw = line.raw();
    let is_drawn = raw.chars().all(|c| matches!(c, '|' | '-' | ':') || c.is_whitespace());
    is_drawn && raw.contains('|') && raw.contains('-')
}

/// The cells of a row.
fn cells(row: &Inline) -> Vec<Inline> {
    let bars: Vec<usize> = row.all_outside_code(|c, _| c == '|').collect();
    let starts = std::iter::once(row.span.start).chain(bars.iter().map(|bar| bar + 1));
    let ends = bars.iter().copied().chain([row.span.end]);
    let mut cells: Vec<Inline> =
        starts.zip(ends).map(|(start, end)| row.part(start..end.max(start))).collect();
    // The bars at both ends are no cells.
    if row.raw().starts_with('|') {
        cells.remove(0);
    }
    if row.raw().ends_with('|') {
        cells.pop();
    }
    cells
}
