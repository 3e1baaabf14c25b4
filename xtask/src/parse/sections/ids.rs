//! Ids of capabilities at the start of words: alone, behind a key, several of them, with words behind.

use super::words::looks_like_reason_code;
use crate::parse::bullet::code_text;
use crate::parse::document::Text;
use crate::parse::section::without_mark;
use crate::read::markdown::Inline;
use crate::source::{Span, Spanned};

/// What the older way of writing puts before the id.
pub const ID_KEY: &str = "capability_id";

/// The same in other spellings; the last one alone may be a word of a title.
const ID_KEYS: [&str; 5] = [ID_KEY, "capability id", "capability-id", "capabilityid", "capability"];

/// Whether words start with the key of an id.
pub fn has_id_key(words: &Inline) -> bool {
    behind_key(words).is_some_and(|(_, is_joined)| is_joined)
}

/// The ids that words start with, and what stands behind them, such as `(draft)`.
pub fn ids_at_start(words: &Inline) -> (Vec<Text>, Option<Text>) {
    match behind_key(words) {
        Some((at, is_joined)) => ids_of(&words.after(at), is_joined),
        None => ids_of(&words.after(behind_mark(words)), false),
    }
}

/// The first byte behind what counts the words.
fn behind_mark(words: &Inline) -> usize {
    let raw = words.raw();
    words.span.start + raw.len() - without_mark(raw).len()
}

/// The first byte behind the key of an id, and whether a sign joins them.
fn behind_key(words: &Inline) -> Option<(usize, bool)> {
    let start = behind_mark(words);
    let raw = &words.raw()[start - words.span.start..];
    let key = raw.trim_start_matches('`');
    let is_key =
        |known: &&&str| key.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known));
    let known = ID_KEYS.iter().find(is_key)?;
    let rest = key[known.len()..].trim_start_matches(['`', ' ']);
    let joints = [':', '=', '-', '#', '|', '\u{2013}', '\u{2014}', '\u{ff1a}', ' '];
    let id = rest.trim_start_matches(joints);
    let is_joined = id.len() < rest.len();
    let has_gap = is_joined || rest.len() < key.len() - known.len();
    has_gap.then(|| (start + raw.len() - id.len(), is_joined))
}

/// One id, or several joined by marks; without backticks only where a key or nothing else stands beside it.
fn ids_of(words: &Inline, has_key: bool) -> (Vec<Text>, Option<Text>) {
    let mut ids: Vec<Text> = Vec::new();
    let mut end = words.span.start;
    for code in &words.codes {
        let between = words.part(end..code.outer.start).text();
        let joins = if ids.is_empty() { between.is_empty() } else { is_joint(&between) };
        if !joins || !looks_like_id(&code.text, has_key) {
            break;
        }
        ids.push(code_text(code));
        end = code.outer.end;
    }
    let around = AROUND.iter().find(|(open, _)| ids.is_empty() && words.raw().starts_with(*open));
    if let Some((_, close)) = around {
        let inner = words.after(words.span.start + 1);
        if inner.raw().starts_with(['[', '(']) {
            return (Vec::new(), None);
        }
        let end = inner.raw().find(*close).map(|length| inner.span.start + length);
        let whole = |end: usize| ids_of(&inner.part(inner.span.start..end), has_key);
        let behind = |end: usize| words.after(end + 1);
        return match end.map(|end| (whole(end), behind(end))) {
            Some(((ids, None), behind)) if !ids.is_empty() && (has_key || is_remark(&behind)) => {
                (ids, remark(&behind))
            }
            _ => (Vec::new(), None),
        };
    }
    if ids.is_empty() && words.codes.first().is_none_or(|code| code.outer.start > words.span.start) {
        let raw = words.raw();
        let length = raw.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(raw.len());
        let behind = raw[length..].trim_start();
        let stands_alone = behind.trim_end_matches(['.', ';', ',']).is_empty() || behind.starts_with(REMARKS);
        let is_known = looks_like_reason_code(&raw[..length]) && has_key;
        if looks_like_id(&raw[..length], has_key) && (is_known || stands_alone) {
            let span = Span::new(words.span.file, words.span.start, words.span.start + length);
            ids.push(Spanned::new(raw[..length].to_owned(), span));
            end = span.end;
        }
    }
    // The key and the id may stand in one pair of backticks.
    let closing = usize::from(words.raw()[end - words.span.start..].starts_with('`'));
    let rest = words.after(end + closing);
    if !has_key && !is_remark(&rest) {
        return (Vec::new(), None);
    }
    (ids, remark(&rest))
}

/// Brackets that may stand around an id.
const AROUND: [(char, char); 2] = [('[', ']'), ('(', ')')];

/// Whether words behind an id say something about it, or nothing.
fn is_remark(words: &Inline) -> bool {
    is_end(words) || words.raw().starts_with(REMARKS)
}

fn remark(words: &Inline) -> Option<Text> {
    (!is_end(words)).then(|| Spanned::new(words.text(), words.span))
}

/// Nothing, or the sign that ends a sentence.
fn is_end(words: &Inline) -> bool {
    words.raw().trim_end_matches(['.', ';', ',', ':']).trim().is_empty()
}

/// What leads to words about an id.
const REMARKS: [char; 5] = ['(', '-', '\u{2013}', '\u{2014}', ':'];

/// `UPPER_SNAKE`; one word is enough where a key says what it is.
fn looks_like_id(text: &str, has_key: bool) -> bool {
    let is_word = text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    looks_like_reason_code(text) || (has_key && is_word)
}

fn is_joint(between: &str) -> bool {
    matches!(between, "/" | "," | "|" | "+" | "&" | "and" | "or")
}
