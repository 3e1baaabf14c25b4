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

/// The same where the bullets may be a part of the sentence, as those of a rule of the audit section are.
pub(super) fn bullets_of(span: Span, sources: &Sources) -> Span {
    let own = raw(span, sources);
    match own.find('\n').filter(|at| own[..*at].trim_end().ends_with(':') && own[*at..].contains("- `")) {
        Some(at) => Span::new(span.file, span.start + at + 1, span.end),
        None => bullets_below(span, sources),
    }
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
    // Byte by byte, without iterators: most rules ask for the words of most sentences, and the tool runs unoptimised.
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        while at < bytes.len() && IS_OF_WORD[bytes[at] as usize] {
            at += 1;
        }
        let mut end = at;
        while end > from && bytes[end - 1] == b'.' {
            end -= 1;
        }
        if end > from {
            found.push((&text[from..end], Span::new(span.file, span.start + from, span.start + end)));
        }
        at += 1;
    }
    found
}

/// By byte: whether it may stand in a word.
static IS_OF_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
        byte += 1;
    }
    table
};

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
    // Byte by byte, as `words`.
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if byte != b';' && byte != b'.' && byte != b'\n' {
            continue;
        }
        // A full stop within a name or a range is none: `PH1.W`, `os_core.links`, `3..8`.
        let is_name = byte == b'.' && text[at..].starts_with(|c: char| !c.is_whitespace());
        if !is_name {
            let end = span.start + at;
            found.push(Span::new(span.file, start, end));
            start = end;
        }
    }
    if start < span.end {
        found.push(Span::new(span.file, start, span.end));
    }
    found
}

/// Words that turn a statement into its opposite.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in a text, each with the text at its place.
    fn found(text: &str, find: impl Fn(Span, &Sources) -> Vec<Span>) -> Vec<String> {
        let mut sources = Sources::default();
        let file = sources.add("page.md", "page.md", text);
        let spans = find(Span::new(file, 0, text.len()), &sources);
        spans.into_iter().map(|span| text[span.start..span.end].to_owned()).collect()
    }

    fn places_of_words(span: Span, sources: &Sources) -> Vec<Span> {
        let words = words(span, sources).into_iter();
        let words = words.inspect(|(word, span)| assert_eq!(*word, raw(*span, sources)));
        words.map(|(_, span)| span).collect()
    }

    #[test]
    fn words_are_letters_digits_underscores_and_dots_between_them() {
        for (text, expected) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("…ä.. . -", vec![]),
            ("`PH1.W` reads os_core.links, 3..8.", vec!["PH1.W", "reads", "os_core.links", "3..8"]),
            (".5 .. end...", vec![".5", "end"]),
            ("größe_1", vec!["gr", "e_1"]),
        ] {
            assert_eq!(found(text, places_of_words), expected, "{text}");
        }
    }

    #[test]
    fn clauses_end_with_a_semicolon_a_full_stop_or_a_line() {
        for (text, expected) in [
            ("", vec![]),
            ("one; two. three", vec!["one;", " two.", " three"]),
            ("`PH1.W` and 3..8.", vec!["`PH1.W` and 3..8."]),
            ("a.ä b.\u{a0}c\nd", vec!["a.ä b.", "\u{a0}c\n", "d"]),
        ] {
            assert_eq!(found(text, clauses), expected, "{text}");
        }
    }
}
