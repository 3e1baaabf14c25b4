//! Signs that stand for marks of Markdown: bullets of other shapes, `o` and `(a)` before the entries of a list, blanks that do not break, signs
//! of full width.
//!
//! A page that went through a word processor has `•` where Markdown wants `-`, and non-breaking blanks where it wants plain ones. They are
//! replaced before the page is read, byte for byte: what takes fewer bytes is filled up with form feeds, which are white space and no part
//! of Markdown's structure. So every place is the same in both texts. What must not live here: what a line says.

use std::borrow::Cow;

use super::counters::Counters;

/// What fills up the bytes that a plain sign leaves over.
pub(super) const FILLER: char = '\u{c}';

/// What joins the two ends of a reference: `a.b -> c.d`.
pub const ARROWS: [&str; 3] = ["->", "\u{2192}", "=>"];

/// Bullets: those of Unicode, those of the font Symbol, and that of Windows-1252 where it was taken for Latin-1.
const BULLETS: &str = "•◦▪▫‣⁃●○■□·∙➤➢►▶✓✔\u{f0b7}\u{f0a7}\u{f0d8}\u{95}";

/// Bullets and dashes that were saved as UTF-8 and read as Windows-1252.
const READ_WRONGLY: [&str; 7] = [
    "\u{e2}\u{20ac}\u{a2}",
    "\u{e2}\u{20ac}\u{201c}",
    "\u{e2}\u{20ac}\u{201d}",
    "\u{e2}\u{2014}\u{8f}",
    "\u{e2}\u{2013}\u{aa}",
    "\u{ef}\u{201a}\u{b7}",
    "\u{c2}\u{b7}",
];

/// Dashes, which start a bullet only where no sentence goes on.
const DASHES: &str = "‐‑‒–—―−\u{96}\u{97}";

/// What an outline has before an entry of its second level.
const SECOND_LEVEL: &str = "o○◦";

/// What it has before one of its third level.
const THIRD_LEVEL: &str = "▪▫■□\u{f0a7}";

/// Whether a character takes no room, so that nobody sees that it is there.
#[must_use]
pub(super) const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{ad}')
}

/// The text with plain marks at the same places.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.lines().any(may_start_with_a_sign) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut above = Above { may_start: true, counters: Counters::default() };
    for line in text.split_inclusive('\n') {
        add_line(&mut plain, line, &mut above);
    }
    Cow::Owned(plain)
}

/// Whether a line begins with a sign that stands for the mark of a bullet.
#[must_use]
pub fn starts_a_bullet(words: &str) -> bool {
    let mut characters = words.chars();
    let sign = characters.next();
    sign.is_some_and(|sign| BULLETS.contains(sign) || sign == 'o')
        && characters.next().is_some_and(|c| c.is_whitespace() && c != '\n' && c != '\r')
}

/// How deep an entry stands by its sign in outlines whose bullets are not set in: `•`, then `o`, then `▪`; `1.`, then `1.1.` or `(a)`.
#[must_use]
pub(super) fn rank(words: &str) -> usize {
    match words.chars().next() {
        Some(c) if SECOND_LEVEL.contains(c) => 1,
        Some(c) if THIRD_LEVEL.contains(c) => 2,
        Some(c) if c == '(' || c.is_ascii_lowercase() => 1,
        Some(c) if c.is_ascii_digit() => {
            let length = words.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(words.len());
            words[..length].trim_end_matches('.').matches('.').count()
        }
        _ => 0,
    }
}

/// What the lines above say about the one that is read.
struct Above {
    /// Whether no sentence goes on.
    may_start: bool,
    counters: Counters,
}

/// Whether a line of plain characters begins with one that may stand for a mark.
fn may_start_with_a_sign(line: &str) -> bool {
    let words = line.trim_start();
    let mut bytes = words.bytes();
    match bytes.next() {
        Some(b'(') => true,
        Some(b'a'..=b'z') => {
            words.starts_with("o ") || words.starts_with("o\t") || Counters::may_start(words)
        }
        Some(b'0'..=b'9') => Counters::may_start(words),
        _ => false,
    }
}

/// Adds a line.
fn add_line(plain: &mut String, line: &str, above: &mut Above) {
    let words = line.trim_start_matches(|c: char| c.is_whitespace() || is_unseen(c));
    let indent = &line[..line.len() - words.len()];
    let is_wide = !indent.is_ascii();
    let (is_plain, length) = mark_of(words, !indent.is_empty(), is_wide, above);
    let mut rest = line;
    if length > 0 || is_wide {
        // The blanks keep their number, so that the line stays as deep as it looks.
        let start = plain.len();
        plain.extend(indent.chars().filter(|c| !is_unseen(*c)).map(|c| if c.is_ascii() { c } else { ' ' }));
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
    add_words(plain, rest);
    let is_heading = words.starts_with('#');
    let is_bullet = length > 0 || words.starts_with(['-', '*', '+']) || Counters::is_number(words);
    // Behind a colon stands what a line leads to.
    let leads = words.trim_end().ends_with(':');
    above.may_start = words.trim().is_empty() || is_heading || is_bullet || leads;
    if is_heading {
        above.counters = Counters::default();
    }
}

/// Adds words with plain blanks, and with plain signs for those of full width.
fn add_words(plain: &mut String, words: &str) {
    if words.is_ascii() {
        plain.push_str(words);
        return;
    }
    // Among letters of their own script such signs are at home.
    let is_at_home = |c: char| c >= '\u{2e80}' && c.is_alphabetic() && narrow(c).is_none();
    let has_full_width = words.contains(|c| narrow(c).is_some()) && !words.contains(is_at_home);
    let mut characters = words.chars().peekable();
    while let Some(c) = characters.next() {
        // A blank that does not break, saved as UTF-8 and read as Windows-1252.
        let is_read_wrongly = c == '\u{c2}' && characters.peek() == Some(&'\u{a0}');
        let is_wide_blank = c.is_whitespace() && !c.is_ascii() && c.len_utf8() > 1 && !is_line_end(c);
        let sign =
            if is_wide_blank || is_read_wrongly { Some(' ') } else { narrow(c).filter(|_| has_full_width) };
        let mut taken = c.len_utf8();
        if is_read_wrongly {
            taken += characters.next().map_or(0, char::len_utf8);
        }
        match sign {
            Some(sign) => {
                plain.push(sign);
                plain.extend(std::iter::repeat_n(FILLER, taken - 1));
            }
            None => plain.push(c),
        }
    }
}

/// The plain sign of one of full width.
fn narrow(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '\u{3001}' => Some(','),
        '\u{3002}' => Some('.'),
        _ => None,
    }
}

/// Line ends that only some readers know have a finding of their own.
const fn is_line_end(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The length of the mark that starts a bullet or a heading here and that Markdown does not see as one, and whether it is its own sign.
fn mark_of(words: &str, is_set_in: bool, is_wide: bool, above: &mut Above) -> (bool, usize) {
    let is_blank = |c: char| c.is_whitespace() && c != '\n' && c != '\r';
    let ends = |length: usize| words[length..].starts_with(is_blank);
    if let Some(sign) = READ_WRONGLY.iter().find(|sign| words.starts_with(**sign) && ends(sign.len())) {
        return (false, sign.len());
    }
    let Some(sign) = words.chars().next() else { return (false, 0) };
    let is_sign = BULLETS.contains(sign) || (above.may_start && (DASHES.contains(sign) || sign == 'o'));
    if is_sign && ends(sign.len_utf8()) {
        return (false, sign.len_utf8());
    }
    let counter = above.counters.of(words, is_set_in, above.may_start);
    if counter > 0 {
        return (false, counter);
    }
    let digits = words.len() - words.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let length = match words.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        Some(b'#') if digits == 0 => words.len() - words.trim_start_matches('#').len(),
        Some(b'.' | b')') if (1..10).contains(&digits) => digits + 1,
        _ => return (false, 0),
    };
    // Behind wide blanks the mark has to come before what they leave over.
    let is_wide_blank = |c: char| c.is_whitespace() && !c.is_ascii() && !is_line_end(c);
    let is_lost = words[length..].starts_with(is_wide_blank) || is_wide && ends(length);
    (true, if is_lost { length } else { 0 })
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
            ("\u{a0}\u{a0}- a\n\u{a0}## b", "  - __a\n ## _b"),
            ("\u{200b}- a", "- ___a"),
            ("##\u{a0}A\u{2009}B", "## _A __B"),
            ("12.\u{a0}a", "12. _a"),
            ("\u{a0}a", " _a"),
            ("é\n– a\n— b\n\n— c\nd\n— e", "é\n– a\n— b\n\n- __c\nd\n— e"),
            ("# é\n– a\n– b", "# é\n- __a\n- __b"),
            ("é:\n– a\n", "é:\n- __a\n"),
            ("•a\n•\n·", "•a\n•\n·"),
            ("a • b – c", "a • b – c"),
            ("é\u{2028}a", "é\u{2028}a"),
            ("\u{e2}\u{20ac}\u{a2} a:\u{c2}\u{a0}b", "- ______a: ___b"),
            ("a\u{ff1a}\u{ff08}b\u{ff0c}c\u{ff09}", "a:__(__b,__c)__"),
            ("\u{4e00}\u{ff1a}b", "\u{4e00}\u{ff1a}b"),
            ("- a:\n  o b\n  o c\nd\no e", "- a:\n  - b\n  - c\nd\no e"),
            ("- a:\n  (a) b\n  (b) c", "- a:\n  - __b\n  - __c"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
        assert!(matches!(plain("- a\n* b"), Cow::Borrowed(_)));
    }

    #[test]
    fn signs_say_how_deep_an_entry_stands() {
        for (words, expected) in [
            ("- a", 0),
            ("• a", 0),
            ("o a", 1),
            ("▪ a", 2),
            ("1. a", 0),
            ("1.2. a", 1),
            ("(b) a", 1),
            ("", 0),
        ] {
            assert_eq!(rank(words), expected, "{words:?}");
        }
    }
}
