//! Stretches of a text that are replaced by fewer bytes, so that all other words keep their places.
//!
//! What is left over becomes fillers. An edit with which a word begins has them before it, so that the word begins where it stood; behind
//! others they stand at the end of their word, so that the word stays one. A word ends at white space and at a backtick. What must not live
//! here: what is replaced, and why.

use std::borrow::Cow;
use std::ops::Range;

use super::signs::FILLER;

/// A stretch, and the words or the mark that stand for it.
pub(super) type Edit = (Range<usize>, Cow<'static, str>);

/// The text with its edits, as many bytes long as before. An edit within another one is left out, and so is one that is longer than its
/// stretch.
#[must_use]
pub(super) fn applied(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let mut made = Made { text, words: String::with_capacity(text.len()), at: 0, owed: 0 };
    for (range, words) in edits {
        if range.start >= made.at && words.len() <= range.len() {
            made.copy(range.start);
            made.replace(range, &words);
        }
    }
    made.copy(text.len());
    made.fill(0);
    without_empty_lines(made.words)
}

struct Made<'a> {
    text: &'a str,
    words: String,
    /// What was taken of the text so far.
    at: usize,
    /// How many fillers the word owes that was begun.
    owed: usize,
}

impl Made<'_> {
    /// Takes the text up to a place as it stands.
    fn copy(&mut self, to: usize) {
        let between = &self.text[self.at..to];
        let ends = |c: char| c.is_whitespace() || c == '`';
        let gap = if self.owed > 0 { between.find(ends) } else { None };
        let (rest_of_word, behind) = between.split_at(gap.unwrap_or(between.len()));
        // Only characters of one byte can be moved to any place.
        if !rest_of_word.is_ascii() {
            self.fill(0);
        }
        self.words.push_str(rest_of_word);
        if gap.is_some() {
            self.fill(0);
        }
        self.words.push_str(behind);
        self.at = to;
    }

    fn replace(&mut self, range: Range<usize>, words: &str) {
        let left_over = range.len() - words.len();
        let begins_a_word = self.owed == 0 && self.words.chars().next_back().is_none_or(char::is_whitespace);
        if words.ends_with(' ') {
            self.words.push_str(words);
            self.fill(left_over);
        } else if begins_a_word {
            self.fill(left_over);
            self.words.push_str(words);
        } else {
            self.words.push_str(words);
            self.owed += left_over;
        }
        self.at = range.end;
    }

    /// Adds fillers, and those that are owed.
    fn fill(&mut self, count: usize) {
        let count = count + std::mem::take(&mut self.owed);
        self.words.extend(std::iter::repeat_n(FILLER, count));
    }
}

/// A line of which nothing is left is an empty one.
fn without_empty_lines(text: String) -> String {
    let is_left = |line: &str| line.contains(FILLER) && line.trim().is_empty();
    if !text.split_inclusive('\n').any(is_left) {
        return text;
    }
    let lines = text.split_inclusive('\n');
    lines.map(|line| if is_left(line) { line.replace(FILLER, " ") } else { line.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_begin_where_they_stood_and_stay_whole() {
        for (text, edits, expected) in [
            ("a bc d", vec![(2..3, "")], "a ~c d"),
            ("ab\\_c d", vec![(2..3, "")], "ab_c~ d"),
            ("`a\\_b` d", vec![(2..3, "")], "`a_b~` d"),
            ("a\\_`b` c", vec![(1..2, "")], "a_~`b` c"),
            ("a\\_é b", vec![(1..2, "")], "a~_é b"),
            ("é\\_a b", vec![(2..3, "")], "é_a~ b"),
            ("<li>a", vec![(0..4, "- ")], "- ~~a"),
            ("a<b>c</b>d", vec![(1..4, ""), (5..9, "")], "acd~~~~~~~"),
            ("a bcd e", vec![(2..5, ""), (3..4, "x")], "a ~~~ e"),
            ("a b", vec![(2..3, "xy")], "a b"),
            ("a\nbc\nd", vec![(2..4, "")], "a\n  \nd"),
        ] {
            let edits = edits.into_iter().map(|(range, words)| (range, Cow::Borrowed(words))).collect();
            let words = applied(text, edits);
            assert_eq!(words.len(), text.len(), "{text:?}");
            assert_eq!(words.replace(FILLER, "~"), expected, "{text:?}");
        }
    }
}
