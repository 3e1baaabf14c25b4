//! Headings that a number counts and a line underlines: `1) Reads` over `---`. Markdown takes the number for the mark of a list, and the line for
//! a rule.
//!
//! The number becomes blanks, so that what stands behind it is a heading. What must not live here: what a heading says.

use super::signs::FILLER;

/// The most words of a heading.
const MOST_WORDS: usize = 10;

/// The text without such numbers; `None` where it has none.
#[must_use]
pub(super) fn plain(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut is_found = false;
    let mut is_behind_blank = true;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let is_heading = is_behind_blank && lines.peek().is_some_and(|next| is_line(next));
        let length = number(line).filter(|_| is_heading).unwrap_or_default();
        plain.extend(std::iter::repeat_n(FILLER, length));
        plain.push_str(&line[length..]);
        is_found |= length > 0;
        is_behind_blank = line.trim().is_empty();
    }
    is_found.then_some(plain)
}

/// Whether a line underlines the one above.
fn is_line(line: &str) -> bool {
    let line = line.trim_end();
    line.len() >= 3 && (line.bytes().all(|byte| byte == b'-') || line.bytes().all(|byte| byte == b'='))
}

/// The length of the number with its sign that starts a title.
fn number(line: &str) -> Option<usize> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = line[digits..].strip_prefix([')', '.']).filter(|_| (1..10).contains(&digits))?;
    let title = rest.trim();
    let is_title = rest.starts_with(' ')
        && title.starts_with(|c: char| c.is_ascii_uppercase())
        && !title.ends_with(['.', ':', ';', ','])
        && title.split_whitespace().count() <= MOST_WORDS;
    is_title.then_some(digits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::signs::shown;

    #[test]
    fn a_number_over_a_line_counts_a_heading() {
        for (text, expected) in [
            ("1) Reads\n---\n", "~~ Reads\n---\n"),
            ("a\n\n12. Data Owned (all)\n======\n", "a\n\n~~~ Data Owned (all)\n======\n"),
            ("1) Reads\n\n---\n", "1) Reads\n\n---\n"),
            ("1) one\n2) Two\n---\n", "1) one\n2) Two\n---\n"),
            ("1) A sentence.\n---\n", "1) A sentence.\n---\n"),
            ("A) Reads\n---\n", "A) Reads\n---\n"),
            ("1)Reads\n---\n", "1)Reads\n---\n"),
        ] {
            assert_eq!(shown(text, plain(text)), expected, "{text:?}");
        }
    }
}
