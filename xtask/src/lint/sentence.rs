//! Sentences as they stand in the source: their words and code spans, each with its place.

use crate::source::{Sources, Span};

/// A word or a code span, with its place.
pub(super) type Word<'a> = (&'a str, Span);

/// The source of a sentence.
pub(super) fn raw(span: Span, sources: &Sources) -> &str {
    sources.get(span.file).text.get(span.start..span.end).unwrap_or_default()
}

/// The bullets of single names right below a sentence that ends with a colon; empty where there are none.
pub(super) fn bullets_below(span: Span, sources: &Sources) -> Span {
    let rest = sources.get(span.file).text.get(span.end..).unwrap_or_default();
    let first = rest.split_inclusive('\n').next().map_or(0, str::len);
    let lines = rest[first..].split_inclusive('\n');
    let nested = lines.take_while(|line| line.starts_with(' ') && line.trim_start().starts_with("- `"));
    let start = span.end + first;
    let is_led = raw(span, sources).trim_end().ends_with(':');
    let length = if is_led { nested.map(str::len).sum() } else { 0 };
    Span::new(span.file, start, start + length)
}

/// What stands between backticks.
pub(super) fn code_spans(span: Span, sources: &Sources) -> Vec<Word<'_>> {
    let mut at = span.start;
    let mut found = Vec::new();
    for (index, piece) in raw(span, sources).split('`').enumerate() {
        if index % 2 == 1 {
            found.push((piece, Span::new(span.file, at, at + piece.len())));
        }
        at += piece.len() + 1;
    }
    found
}

/// Words of letters, digits, `_` and dots between them.
pub(super) fn words(span: Span, sources: &Sources) -> Vec<Word<'_>> {
    let text = raw(span, sources);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(first) = text[rest..].find(is_part) {
        let from = rest + first;
        let length = text[from..].find(|c| !is_part(c)).unwrap_or(text.len() - from);
        let word = text[from..from + length].trim_end_matches('.');
        if !word.is_empty() {
            let start = span.start + from;
            found.push((word, Span::new(span.file, start, start + word.len())));
        }
        rest = from + length;
    }
    found
}

/// The names of `a` or `(a, b)`, each with its place; none where anything else stands there.
pub(super) fn names_of(code: Word<'_>) -> Vec<Word<'_>> {
    let (text, span) = code;
    let inner = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
    let mut at = span.start + usize::from(inner.is_some());
    let mut found = Vec::new();
    for part in inner.unwrap_or(text).split(',') {
        let name = part.trim();
        if !is_lower_snake(name) {
            return Vec::new();
        }
        let start = at + (part.len() - part.trim_start().len());
        found.push((name, Span::new(span.file, start, start + name.len())));
        at += part.len() + 1;
    }
    found
}

/// Whether a code span is a list of names in brackets.
pub(super) fn is_tuple(text: &str) -> bool {
    text.starts_with('(') && text.ends_with(')')
}

/// `lower_snake`.
pub(super) fn is_lower_snake(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// `UPPER_SNAKE` of at least two words.
pub(super) fn is_code(text: &str) -> bool {
    is_capital(text) && text.contains('_')
}

/// A word in capitals, at least three characters long.
pub(super) fn is_capital(text: &str) -> bool {
    text.len() > 2
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && text.chars().filter(char::is_ascii_uppercase).count() > 1
}

/// The parts of a sentence between `;` and full stops, each with its place.
pub(super) fn clauses(span: Span, sources: &Sources) -> Vec<Span> {
    let mut start = span.start;
    let mut found = Vec::new();
    let text = raw(span, sources);
    for (at, c) in text.char_indices() {
        // A full stop within a name or a range is none: `PH1.W`, `os_core.links`, `3..8`.
        let is_name = c == '.' && text[at + 1..].starts_with(|c: char| !c.is_whitespace());
        if matches!(c, ';' | '.' | '\n') && !is_name {
            let end = span.start + at + 1;
            found.push(Span::new(span.file, start, end));
            start = end;
        }
    }
    if start < span.end {
        found.push(Span::new(span.file, start, span.end));
    }
    found
}

/// Words that turn what is said into its opposite.
const DENIALS: [&str; 10] =
    ["no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "instead"];

/// Whether a part of a sentence says that something does not happen: by one of these words, or by one of its own.
pub(super) fn is_denied(clause: Span, own: &[&str], sources: &Sources) -> bool {
    denies(raw(clause, sources), own)
}

/// The same of words that stand nowhere in a page.
pub(super) fn denies(text: &str, own: &[&str]) -> bool {
    let text = text.to_ascii_lowercase();
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.any(|word| DENIALS.contains(&word) || own.contains(&word)) || text.contains("n't ")
}

/// The number that a word or its digits say, up to twelve in words.
pub(super) fn number_of(word: &str) -> Option<u64> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let lower = word.to_ascii_lowercase();
    let in_words = WORDS.iter().position(|known| *known == lower);
    in_words.and_then(|at| u64::try_from(at).ok()).or_else(|| word.parse().ok())
}
