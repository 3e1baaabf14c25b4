//! Functions that prove a test: in a bullet of their own, or at the end of its title.
//!
//! `at_x_01_is_kept`, `at_x_01_is_kept()`, `tests/x.rs::at_x_01_is_kept`, `test: at_x_01_is_kept`; behind an arrow or in brackets.

use super::words::is_lower_snake;
use crate::parse::document::Text;
use crate::read::markdown::{CodeSpan, Inline};
use crate::source::{Span, Spanned};

/// Keys of a bullet that names a function.
const KEYS: [&str; 7] = ["test", "test_fn", "test fn", "fn", "function", "test function", "rust test"];

/// What a bullet below a test names as its function.
pub(super) struct Named {
    pub(super) function: Text,
    /// Whether the bullet has more words than that.
    pub(super) has_more_words: bool,
}

/// The function that a bullet below a test names.
pub(super) fn named(words: &Inline) -> Option<Named> {
    let value = words.after(behind_key(words));
    let only = |function| Named { function, has_more_words: false };
    if let Some(code) = value.only_code() {
        return of_code(code).map(only);
    }
    if value.codes.is_empty() {
        let raw = value.raw().trim_end_matches(['.', ';', ',']);
        let has_key = value.span.start > words.span.start;
        if let Some(function) =
            of_name(raw, value.span.start, &value).filter(|_| has_key || raw.contains('_'))
        {
            return Some(only(function));
        }
    }
    // `at_x_01_is_kept` (tests/x.rs)
    let first = value.codes.first().filter(|code| code.outer.start == value.span.start);
    if let Some(code) = first.filter(|code| value.after(code.outer.end).raw().starts_with('(')) {
        return of_code(code).map(|function| Named { function, has_more_words: true });
    }
    let (title, function) = at_end(words)?;
    Some(Named { function, has_more_words: title.raw().contains(char::is_alphanumeric) })
}

/// The functions at the end of words, and the words before them.
pub(super) fn split(words: &Inline) -> (Inline, Vec<Text>) {
    let (mut title, mut found) = (words.clone(), Vec::new());
    while let Some((rest, function)) = at_end(&title) {
        found.insert(0, function);
        title = rest;
    }
    (title, found)
}

/// Where the value of `test: …` or `fn …` starts.
fn behind_key(words: &Inline) -> usize {
    let raw = words.raw();
    let lead = raw.len() - raw.trim_start_matches('`').len();
    let colon = raw.find(':').filter(|at| !raw[*at..].starts_with("::"));
    let key = colon.map(|at| (raw[lead..at].trim_matches('`').trim().to_ascii_lowercase(), at + 1));
    match key {
        Some((key, value)) if KEYS.contains(&key.as_str()) => words.span.start + value,
        _ => words.span.start,
    }
}

/// A code that is a name in `lower_snake`, maybe of a call or behind its path.
fn of_code(code: &CodeSpan) -> Option<Text> {
    let name = bare(&code.raw).1;
    is_lower_snake(name).then(|| Spanned::new(name.to_owned(), code.span))
}

/// The same without backticks.
fn of_name(raw: &str, start: usize, words: &Inline) -> Option<Text> {
    let (lead, name) = bare(raw);
    let span = Span::new(words.span.file, start + lead, start + lead + name.len());
    // The keyword before a name belongs to it.
    let span = if raw.starts_with("fn ") { words.span } else { span };
    is_lower_snake(name).then(|| Spanned::new(name.to_owned(), span))
}

/// The name in `fn name()` and `path::name`, and where it starts.
fn bare(text: &str) -> (usize, &str) {
    let lead = if text.starts_with("fn ") { "fn ".len() } else { 0 };
    let name = text[lead..].trim_end();
    let name = name.strip_suffix("()").unwrap_or(name);
    let path =
        name.rfind("::").filter(|at| !name[..*at].contains(char::is_whitespace)).map_or(0, |at| at + 2);
    (lead + path, &name[path..])
}

/// What may stand between a title and the function that proves it.
const JOINTS: [&str; 13] =
    ["<br>", "<br/>", "->", "=>", "\u{2192}", "\u{21d2}", "\u{2014}", "\u{2013}", "-", ":", ",", "+", "|"];

/// Those that point at something.
const ARROWS: [&str; 4] = ["->", "=>", "\u{2192}", "\u{21d2}"];

/// Words of a name that no column or code has.
const FEWEST_WORDS: usize = 4;

/// The function at the end of words, and the words before it and its sign.
fn at_end(words: &Inline) -> Option<(Inline, Text)> {
    let start = words.span.start;
    let kept = words.raw().trim_end_matches(['.', ';', ',', ' ']);
    let is_call = kept.ends_with("()");
    let closed = [(')', '('), (']', '[')].into_iter().find(|(close, _)| kept.ends_with(*close) && !is_call);
    let inner = closed.map_or(kept, |_| &kept[..kept.len() - 1]).trim_end();
    let end = start + inner.len();
    let code = words.codes.last().filter(|code| code.outer.end == end);
    let (function, at, is_call) = if let Some(code) = code {
        (of_code(code)?, code.outer.start, code.raw.ends_with("()"))
    } else {
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '(' | '/' | '.');
        let name = inner.strip_suffix("()").unwrap_or(inner);
        let length = name.len() - name.trim_end_matches(is_of_name).len();
        let at = name.len() - length;
        let opened = name[at..].len() - name[at..].trim_start_matches('(').len();
        let at = at + opened;
        (of_name(&inner[at..], start + at, words)?, start + at, inner.ends_with("()"))
    };
    let before = words.part(start..at);
    let mut rest = before.raw();
    if let Some((_, open)) = closed {
        rest = rest.strip_suffix(open)?.trim_end();
    }
    let joint = JOINTS.iter().find(|joint| rest.ends_with(**joint));
    let is_led = joint.is_some_and(|joint| ARROWS.contains(joint));
    let words_of_name = function.value.split('_').filter(|word| !word.is_empty()).count();
    let is_test = ["at_", "test_"].iter().any(|start| function.value.starts_with(start)) && words_of_name > 2;
    let is_long = words_of_name >= FEWEST_WORDS && code.is_some() && is_led;
    if !(is_test || is_long || is_call && words_of_name > 1) {
        return None;
    }
    let rest = joint.map_or(rest, |joint| rest.strip_suffix(joint).unwrap_or(rest)).trim_end();
    Some((words.part(start..start + rest.len()), function))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Sources;

    fn inline(text: &str) -> Inline {
        let source: Arc<str> = text.into();
        let file = Sources::default().add("", "", text);
        Inline::of_stretch(Span::new(file, 0, text.len()), &source)
    }

    #[test]
    fn a_function_at_the_end_of_a_title_is_found() {
        for text in [
            "a note is kept \u{2192} `at_n_01_kept`",
            "a note is kept -> at_n_01_kept",
            "a note is kept => `at_n_01_kept()`",
            "a note is kept (`at_n_01_kept`)",
            "a note is kept (at_n_01_kept).",
            "a note is kept [at_n_01_kept]",
            "a note is kept [`at_n_01_kept`]",
            "a note is kept `at_n_01_kept`",
            "a note is kept at_n_01_kept()",
            "a note is kept \u{2014} `at_n_01_kept`",
            "a note is kept: `tests/n.rs::at_n_01_kept`",
            "a note is kept (at_n_01_kept())",
        ] {
            let words = inline(text);
            let (title, functions) = split(&words);
            let functions: Vec<&str> = functions.iter().map(|function| function.value.as_str()).collect();
            assert_eq!((title.raw(), functions), ("a note is kept", vec!["at_n_01_kept"]), "{text}");
        }
        let words = inline("kept \u{2192} `at_n_01_kept`, `at_n_01_kept_again`");
        let (title, functions) = split(&words);
        assert_eq!((title.raw(), functions.len()), ("kept", 2));
        let words = inline("kept \u{2192} `a_note_is_kept`");
        assert_eq!(split(&words).1.len(), 1);
    }

    #[test]
    fn names_in_a_title_are_no_functions() {
        for text in [
            "a note needs `tenant_id`",
            "a note needs (`tenant_id`)",
            "without a session \u{2192} session_required",
            "without a session \u{2192} `session_required`",
            "stops at_once",
            "a note is kept (see at_n_01_kept)",
            "a note is kept (#7)",
            "",
        ] {
            assert!(split(&inline(text)).1.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_bullet_names_a_function_in_every_spelling() {
        for text in [
            "`at_n_01_kept`",
            "at_n_01_kept",
            "`at_n_01_kept()`",
            "at_n_01_kept()",
            "test: `at_n_01_kept`",
            "`test_fn`: at_n_01_kept",
            "`fn at_n_01_kept()`",
            "fn at_n_01_kept()",
            "`tests/n.rs::at_n_01_kept`",
            "tests::at_n_01_kept",
        ] {
            let named = named(&inline(text)).map(|named| (named.function.value, named.has_more_words));
            assert_eq!(named, Some(("at_n_01_kept".to_owned(), false)), "{text}");
        }
        for text in ["proven by `at_n_01_kept`", "`at_n_01_kept` (tests/n.rs)"] {
            assert_eq!(named(&inline(text)).map(|named| named.has_more_words), Some(true), "{text}");
        }
        for text in ["a note", "note", "needs `tenant_id`", "`At_N_01`", "gate: at_n_01_kept_by x"] {
            assert!(named(&inline(text)).is_none(), "{text}");
        }
    }
}
