//! The id of an acceptance test at the start of words, and ranges of them: `AT-X-01..04`, `AT-X-01–04`, `AT-X-01 to AT-X-04`.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::code_text;
use crate::parse::document::Text;
use crate::read::markdown::Inline;
use crate::source::{Span, Spanned};

/// The most tests that one range may stand for.
const MOST_TESTS: u32 = 100;

/// What stands between the two ends of a range.
const MARKS: [(&str, Mark); 6] = [
    ("..", Mark::Dots),
    ("\u{2026}", Mark::Dots),
    ("\u{2013}", Mark::Dash),
    ("\u{2014}", Mark::Dash),
    ("to ", Mark::Word),
    ("through ", Mark::Word),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Nothing but a range has them.
    Dots,
    /// It may also join an id to its title.
    Dash,
    /// It may also be the first word of the title.
    Word,
}

/// The tests that words start with, and the words behind them.
pub(super) struct TestIds {
    pub(super) ids: Vec<Text>,
    pub(super) behind: Inline,
    /// `Test` of `Test AT-X-01`.
    pub(super) lead: Option<Span>,
    /// A range that cannot be read, with what is wrong with it.
    malformed: Option<(Span, &'static str)>,
}

impl TestIds {
    /// `AT-…` at the start: in backticks, brackets, quotes or none, behind `Test` or `id:`.
    pub(super) fn of(words: &Inline) -> Option<Self> {
        let lead = lead_of(words);
        let start = words.span.start;
        let found = Self::at_start(&words.after(start + lead))?;
        let lead = (lead > 0).then(|| Span::new(words.span.file, start, start + lead));
        Some(Self { lead, ..found })
    }

    /// The ids of the first words, and the other words as what stands behind them.
    pub(super) fn of_cell(cell: &Inline, behind: &Inline) -> Option<Self> {
        Some(Self { behind: behind.clone(), ..Self::of(cell)? })
    }

    fn at_start(words: &Inline) -> Option<Self> {
        let (id, mut behind) = first_of(words)?;
        // A range may stand in one pair of backticks.
        let cut = id.value.find(|c: char| !is_part(c)).unwrap_or(id.value.len());
        let inner = id.value[cut..].to_owned();
        let whole = id.span;
        let mut first = id;
        if !inner.is_empty()
            && let Some(range) = Range::at(&inner).filter(|range| range.length == inner.len())
        {
            let span = Span::new(whole.file, whole.start + cut, whole.end);
            first =
                Spanned::new(first.value[..cut].to_owned(), Span::new(whole.file, whole.start, span.start));
            return Some(Self::with_range(first, &range, span, behind));
        }
        let raw = behind.raw();
        let Some(range) = Range::at(raw) else {
            return Some(Self { ids: vec![first], behind, lead: None, malformed: None });
        };
        let start = behind.span.start;
        let span = Span::new(behind.span.file, start, start + range.length);
        behind = behind.after(span.end);
        Some(Self::with_range(first, &range, span, behind))
    }

    fn with_range(first: Text, range: &Range, span: Span, behind: Inline) -> Self {
        match range.ids(&first.value) {
            Ok(further) => {
                let further = further.into_iter().map(|id| Spanned::new(id, span));
                let ids = std::iter::once(first).chain(further).collect();
                Self { ids, behind, lead: None, malformed: None }
            }
            Err(what) => Self { ids: vec![first], behind, lead: None, malformed: Some((span, what)) },
        }
    }

    /// Reports a range that stands for no tests that could be named.
    pub(super) fn report(&self, diagnostics: &mut Diagnostics) {
        let Some((span, what)) = self.malformed else { return };
        let id = self.ids.first().map_or("", |id| id.value.as_str());
        let message = format!("`{id}` begins a range {what}; only the first test of it is read");
        diagnostics.push(
            Diagnostic::new(codes::TRAILING_WORDS, message, span, "a range of ids")
                .help("write `AT-NAME-01..04`, or one bullet per test"),
        );
    }

    /// Some words behind the ids, without the mark that joins them.
    pub(super) fn title_of(words: &Inline) -> Text {
        let text = words.text();
        let title = text.trim_start_matches(BEFORE_A_TITLE).trim_end_matches(BEHIND_A_TITLE);
        Spanned::new(title.trim().to_owned(), words.span)
    }
}

/// Signs that join an id to its title, and those that close what stands around it.
const BEFORE_A_TITLE: [char; 16] = [
    ':', '-', '|', '.', ',', ';', ')', ']', '=', '>', ' ', '\u{2013}', '\u{2014}', '\u{2192}', '\u{201d}',
    '\u{2019}',
];

/// Signs that end an entry of a list, and no sentence.
const BEHIND_A_TITLE: [char; 4] = [';', ',', ':', ' '];

/// Signs that may stand around an id.
const AROUND: [(char, char); 6] =
    [('[', ']'), ('(', ')'), ('"', '"'), ('\'', '\''), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];

/// Words that may stand before an id.
const LEADS: [&str; 5] = ["test", "acceptance test", "test id", "test case", "id"];

/// How many bytes of words only lead to an id.
fn lead_of(words: &Inline) -> usize {
    let raw = words.raw();
    let Some(at) = raw.find("AT-").or_else(|| raw.find("AT_")).or_else(|| raw.find("at-")) else { return 0 };
    let before = &raw[..at];
    let length = before.trim_end_matches(|c| c == '`' || AROUND.iter().any(|(open, _)| *open == c)).len();
    let lead = before[..length].trim_matches(['`', ':', '=', '#', ' ']).to_ascii_lowercase();
    // Pictures are no words.
    let has_letters = lead.contains(|c: char| c.is_ascii() || c.is_alphanumeric());
    if LEADS.contains(&lead.as_str()) || !lead.is_empty() && !has_letters { length } else { 0 }
}

const fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn first_of(words: &Inline) -> Option<(Text, Inline)> {
    if let Some(code) = words.codes.first().filter(|code| code.outer.start == words.span.start) {
        let mut id = code_text(code);
        let length = id.value.trim_end_matches(['.', ',', ';', ':']).len();
        id.value.truncate(length);
        id.value = usual(&id.value)?;
        return Some((id, words.after(code.outer.end)));
    }
    let raw = words.raw();
    let begins = |raw: &str| AROUND.iter().find(|(open, _)| raw.starts_with(*open)).copied();
    if let Some((open, close)) = begins(raw) {
        // No page sets an id into brackets twice.
        begins(&raw[open.len_utf8()..]).is_none().then_some(())?;
        let (id, behind) = first_of(&words.after(words.span.start + open.len_utf8()))?;
        let closed = if behind.raw().starts_with(close) { close.len_utf8() } else { 0 };
        let start = behind.span.start;
        return Some((id, behind.after(start + closed)));
    }
    let length = raw.find(|c: char| !is_part(c)).unwrap_or(raw.len());
    let id = usual(&raw[..length])?;
    let span = Span::new(words.span.file, words.span.start, words.span.start + length);
    Some((Spanned::new(id, span), words.after(span.end)))
}

/// An id as it is usually spelled: `AT-X-01` of `at-x-01` and `AT_X_01`, which end with their number. Functions are `at_x_01_…`.
fn usual(id: &str) -> Option<String> {
    if id.starts_with("AT-") {
        return Some(id.to_owned());
    }
    let cut = id.find(|c: char| !is_part(c)).unwrap_or(id.len());
    let (name, range) = id.split_at(cut);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = name.split(['-', '_']).collect();
    let is_id = parts.len() > 2
        && parts.iter().all(|part| !part.is_empty())
        && parts.last().is_some_and(|last| is_number(last))
        && (name.starts_with("at-") && !name.contains('_')
            || name.starts_with("AT_") && !name.contains(|c: char| c.is_ascii_lowercase()));
    is_id.then(|| parts.join("-").to_ascii_uppercase() + range)
}

/// What stands behind the first id of a range.
struct Range {
    /// Bytes of it, with its mark.
    length: usize,
    /// The last id, or its number alone.
    end: String,
}

impl Range {
    /// The range that a text starts with.
    fn at(raw: &str) -> Option<Self> {
        let rest = raw.trim_start();
        let (mark, kind) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark))?;
        let has_gap = rest.len() != raw.len();
        let behind = &rest[mark.len()..];
        let last = behind.trim_start();
        let has_gap = has_gap || last.len() != behind.len();
        let inner = last.strip_prefix('`').unwrap_or(last);
        let length = inner.find(|c: char| !is_part(c)).unwrap_or(inner.len());
        let end = inner[..length].trim_end_matches(['-', '_']);
        let is_number = !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
        let is_range = match kind {
            Mark::Dots => !end.is_empty(),
            Mark::Dash => end.starts_with("AT-") || is_number && !has_gap,
            Mark::Word => end.starts_with("AT-"),
        };
        if !is_range {
            return None;
        }
        let behind = &inner[end.len()..];
        let closed = behind.len() - usize::from(last.starts_with('`') && behind.starts_with('`'));
        Some(Self { length: raw.len() - closed, end: end.to_owned() })
    }

    /// The ids behind the first one.
    fn ids(&self, first: &str) -> Result<Vec<String>, &'static str> {
        let stem = first.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &first[stem.len()..];
        let last = match self.end.strip_prefix(stem) {
            Some(last) if self.end.starts_with("AT-") => last,
            None if self.end.starts_with("AT-") => return Err("that ends with an id of another name"),
            _ => self.end.as_str(),
        };
        let number = |digits: &str| digits.parse::<u32>().map_err(|_| "whose ends are no two numbers");
        let (from, to) = (number(digits)?, number(last)?);
        if to <= from {
            return Err("that does not count upwards");
        }
        if to - from >= MOST_TESTS {
            return Err("of more than 100 tests");
        }
        Ok((from + 1..=to).map(|number| format!("{stem}{number:0width$}", width = digits.len())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(first: &str, behind: &str) -> Result<Vec<String>, &'static str> {
        Range::at(behind).map_or(Ok(Vec::new()), |range| range.ids(first))
    }

    #[test]
    fn ranges_are_read_however_they_are_written() {
        for behind in [
            "..04",
            "..AT-X-04",
            "\u{2026}04",
            "\u{2013}04: words",
            " to AT-X-04",
            "`..`AT-X-04`",
            " \u{2014} `AT-X-04` words",
        ] {
            let behind = behind.strip_prefix('`').unwrap_or(behind);
            assert_eq!(
                ids("AT-X-02", behind),
                Ok(vec!["AT-X-03".to_owned(), "AT-X-04".to_owned()]),
                "{behind}"
            );
        }
        assert_eq!(ids("AT-X-9", "..10"), Ok(vec!["AT-X-10".to_owned()]));
    }

    #[test]
    fn ids_are_known_in_every_spelling() {
        for (id, expected) in [
            ("AT-X-01", Some("AT-X-01")),
            ("AT-X-one", Some("AT-X-one")),
            ("at-x-db-01", Some("AT-X-DB-01")),
            ("AT_X_01", Some("AT-X-01")),
            ("at-x-01..04", Some("AT-X-01..04")),
            ("at_x_01", None),
            ("at_x_01_is_kept", None),
            ("at-rest", None),
            ("at-least-once", None),
            ("AT_X_01_is_kept", None),
            ("AT_X", None),
        ] {
            assert_eq!(usual(id).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn titles_are_no_ranges() {
        for behind in [
            " \u{2013} 3 tenants",
            ": to 04",
            " to be kept",
            " to 04 tenants",
            "",
            " (Q5)",
            "\u{2013}tenants",
        ] {
            assert_eq!(ids("AT-X-02", behind), Ok(Vec::new()), "{behind}");
        }
    }

    #[test]
    fn what_cannot_be_counted_is_reported() {
        for behind in ["..01", "..02", "..Q", "..AT-Y-04", "..9999", "..99999999999999999999"] {
            assert!(ids("AT-X-02", behind).is_err(), "{behind}");
        }
    }
}
