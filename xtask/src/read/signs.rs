//! Signs that stand for marks of Markdown: bullets of other shapes, blanks that do not break.
//!
//! A page that went through a word processor has `•` where Markdown wants `-`, and non-breaking blanks where it wants plain ones. They are
//! replaced before the page is read, byte for byte: what takes fewer bytes is filled up with form feeds, which are white space and no part
//! of Markdown's structure. So every place is the same in both texts. What must not live here: what a line says.

use std::borrow::Cow;

/// What fills up the bytes that a plain sign leaves over.
pub(super) const FILLER: char = '\u{c}';

/// What joins the two ends of a reference: `a.b -> c.d`.
pub const ARROWS: [&str; 3] = ["->", "\u{2192}", "=>"];

/// Bullets.
const BULLETS: &str = "•◦▪▫‣⁃●○■□·∙➤➢►▶✓✔";

/// Dashes, which start a bullet only where no sentence goes on.
const DASHES: &str = "‐‑‒–—―−";

/// The text with plain marks at the same places.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut may_start = true;
    for line in text.split_inclusive('\n') {
        may_start = add_line(&mut plain, line, may_start);
    }
    Cow::Owned(plain)
}

/// Adds a line; whether a dash may start a bullet in the next one.
fn add_line(plain: &mut String, line: &str, may_start: bool) -> bool {
    let words = line.trim_start();
    let indent = &line[..line.len() - words.len()];
    let (is_plain, length) = mark_of(words, may_start);
    let mut rest = line;
    if length > 0 || !indent.is_ascii() {
        // The blanks keep their number, so that the line stays as deep as it looks.
        let start = plain.len();
        plain.extend(indent.chars().map(|c| if c.is_ascii() { c } else { ' ' }));
        if length > 0 {
            plain.push_str(if is_plain { &words[..length] } else { "-" });
            let behind = &words[length..];
            // A blank or a tab stays; a wide blank becomes one with its filler.
            let blank = behind.chars().next().filter(|c| !c.is_ascii());
            plain.extend(blank.map(|_| ' '));
            rest = &behind[blank.map_or(0, char::len_utf8)..];
            if blank.is_none() {
                plain.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        } else {
            rest = words;
        }
        let taken = line.len() - rest.len();
        plain.extend(std::iter::repeat_n(FILLER, taken - (plain.len() - start)));
    }
    for c in rest.chars() {
        if c.is_whitespace() && !c.is_ascii() && c.len_utf8() > 1 && !is_line_end(c) {
            plain.push(' ');
            plain.extend(std::iter::repeat_n(FILLER, c.len_utf8() - 1));
        } else {
            plain.push(c);
        }
    }
    let is_heading = words.starts_with('#');
    words.trim().is_empty() || length > 0 || is_heading || words.starts_with(['-', '*', '+'])
}

/// Line ends that only some readers know have a finding of their own.
const fn is_line_end(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The length of the mark that starts a bullet here and that Markdown does not see as one, and whether it is its own sign.
fn mark_of(words: &str, may_start: bool) -> (bool, usize) {
    let mut characters = words.chars();
    let Some(sign) = characters.next() else { return (false, 0) };
    let behind = characters.next();
    let is_sign = BULLETS.contains(sign) || (may_start && DASHES.contains(sign));
    if is_sign && behind.is_some_and(|c| c.is_whitespace() && c != '\n' && c != '\r') {
        return (false, sign.len_utf8());
    }
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let length = match words.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        Some(b'.' | b')') if (1..10).contains(&digits) => digits + 1,
        _ => return (false, 0),
    };
    let is_wide = |c: char| c.is_whitespace() && !c.is_ascii() && !is_line_end(c);
    (true, if words[length..].starts_with(is_wide) { length } else { 0 })
}

/// A text as it is read, with `~` for what fills it up, for tests of this folder. Every place must be the same.
#[cfg(test)]
pub(super) fn shown(text: &str, plain: Option<String>) -> String {
    let plain = plain.unwrap_or_else(|| text.to_owned());
    assert_eq!(plain.len(), text.len(), "{text:?}");
    plain.replace(FILLER, "~")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let plain = plain(text);
        assert_eq!(plain.len(), text.len(), "{text:?}");
        plain.replace(FILLER, "_")
    }

    #[test]
    fn bullets_and_blanks_become_plain_at_the_same_places() {
        for (text, expected) in [
            ("• a\n  ◦ b", "- __a\n  - __b"),
            ("•\ta", "-\t__a"),
            ("-\u{a0}a:\u{a0}b", "- _a: _b"),
            ("\u{a0}\u{a0}•\u{a0}a", "  - _____a"),
            ("##\u{a0}A\u{2009}B", "## _A __B"),
            ("12.\u{a0}a", "12. _a"),
            ("\u{a0}a", " _a"),
            ("é\n– a\n— b\n\n— c\nd\n— e", "é\n– a\n— b\n\n- __c\nd\n— e"),
            ("# é\n– a\n– b", "# é\n- __a\n- __b"),
            ("•a\n•\n·", "•a\n•\n·"),
            ("a • b – c", "a • b – c"),
            ("é\u{2028}a", "é\u{2028}a"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
        assert!(matches!(plain("- a\n* b"), Cow::Borrowed(_)));
    }
}
