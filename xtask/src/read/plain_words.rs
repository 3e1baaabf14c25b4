//! Words without what Markdown puts around and into them: emphasis, escapes (`a\_b`), entities (`a&#95;b`).
//!
//! Names stand for themselves, however a page sets them off. Every word keeps the place of its first byte: what is left out before it
//! becomes blanks, and what is left out within it is made up for behind it. Code stays as it is. What must not live here: what a word means.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::characters::refused;
use super::signs::FILLER;

/// A stretch, and the words that stand for it.
type Edit = (Range<usize>, String);

/// The text with plain words, as many bytes long as the text; `None` where all of it is plain already.
#[must_use]
pub fn plain(text: &str) -> Option<String> {
    let has_marks = text.contains(['\\', '&', '*', '_', '[']);
    let mut edits = if has_marks { edits(text) } else { Vec::new() };
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut plain = String::with_capacity(text.len());
    let mut edits = edits.into_iter().peekable();
    while let Some(first) = edits.next() {
        let before = &text[plain.len()..first.0.start];
        let start = first.0.start - before.len()
            + before.rfind(char::is_whitespace).map_or(0, |at| at + width(before, at));
        let end_of =
            |at: usize| text[at..].find(char::is_whitespace).map_or(text.len(), |length| at + length);
        let mut end = end_of(first.0.end);
        let mut of_run = vec![first];
        while let Some(edit) = edits.next_if(|(range, _)| range.start < end) {
            if edit.0.end > end {
                end = end_of(edit.0.end);
            }
            of_run.push(edit);
        }
        plain.push_str(&text[plain.len()..start]);
        add_run(&mut plain, text, start..end, &of_run);
    }
    plain.push_str(&text[plain.len()..]);
    Some(plain)
}

fn width(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

/// Adds a stretch without white space. Where places within it have to stay, because it holds code or a character of several bytes, blanks
/// stand where something is left out.
fn add_run(plain: &mut String, text: &str, run: Range<usize>, edits: &[Edit]) {
    let is_shifted = text[run.clone()].is_ascii()
        && !text[run.clone()].contains('`')
        && edits.iter().all(|(_, words)| words.is_ascii());
    let blanks = |plain: &mut String, count: usize| plain.extend(std::iter::repeat_n(FILLER, count));
    let mut at = run.start;
    let mut owed = 0;
    for (range, words) in edits {
        plain.push_str(&text[at..range.start]);
        let left_out = range.len() - words.len();
        let is_leading = plain.ends_with(FILLER) || plain.len() == run.start;
        let is_blank = !words.is_empty() && words.trim().is_empty();
        if is_shifted && !is_blank && !(is_leading && words.is_empty() && owed == 0) {
            plain.push_str(words);
            owed += left_out;
        } else {
            plain.push_str(words);
            blanks(plain, left_out);
        }
        at = range.end;
    }
    plain.push_str(&text[at..run.end]);
    blanks(plain, owed);
}

/// What stands in a text for plain words, in no order.
fn edits(text: &str) -> Vec<Edit> {
    let mut found: Vec<Edit> = Vec::new();
    // Text that was read so far ends here: a backslash behind it is one that Markdown took away.
    let mut read_to = 0;
    let mut is_code = false;
    let mut is_heading = false;
    // The links that are open, each with the end of its words so far.
    let mut links: Vec<(usize, usize)> = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        // Blanks behind the last words of a line may be counted to them.
        let range = range.start..range.start + text[range.clone()].trim_end().len();
        if let (Some((start, end)), false) = (links.last_mut(), matches!(event, Event::End(_))) {
            *end = range.end.max(*start);
        }
        let mut marks = |length: usize| {
            found.push((range.start..range.start + length, String::new()));
            found.push((range.end - length..range.end, String::new()));
        };
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::Heading { .. }) => is_heading = true,
            Event::End(TagEnd::Heading(_)) => is_heading = false,
            Event::Start(Tag::Link { .. }) => links.push((range.start, range.start + 1)),
            Event::End(TagEnd::Link) => {
                let words = links.pop().map(|(_, end)| range.start + 1..end);
                // A name stands for itself, wherever it leads; sentences keep their places to read on.
                let is_name =
                    |words: &Range<usize>| is_heading || !text[words.clone()].contains(char::is_whitespace);
                let leads = |words: &Range<usize>| {
                    ["](", "]["].iter().any(|mark| text[words.end..range.end].starts_with(mark))
                };
                if let Some(words) = words
                    .filter(|words| text[range.clone()].starts_with('[') && leads(words) && is_name(words))
                {
                    found.push((range.start..words.start, String::new()));
                    found.push((words.end..range.end, String::new()));
                }
            }
            Event::Start(Tag::Emphasis) => marks(1),
            Event::Start(Tag::Strong) => marks(2),
            Event::Text(words) if !is_code => {
                of_text(text, range.clone(), &words, read_to, &mut found);
                read_to = range.end;
            }
            Event::Text(_) | Event::Code(_) => read_to = range.end,
            _ => {}
        }
    }
    found
}

fn of_text(text: &str, range: Range<usize>, words: &str, read_to: usize, found: &mut Vec<Edit>) {
    let escape = range.start.checked_sub(1).filter(|at| *at >= read_to && text.as_bytes()[*at] == b'\\');
    if let Some(at) = escape {
        found.push((at..range.start, String::new()));
    }
    let written = &text[range.clone()];
    if written.starts_with('&') && written != words {
        let words = words.replace(char::is_whitespace, " ");
        let is_plain = !words.contains(|c| refused(c).is_some() || matches!(c, '\n' | '`' | '\u{fffd}'));
        if is_plain && words.len() <= written.len() {
            found.push((range, words));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::signs;

    fn shown(text: &str) -> String {
        signs::shown(text, plain(text))
    }

    #[test]
    fn words_are_plain_and_begin_where_they_stood() {
        for (text, expected) in [
            ("- **engine_id:** PH1.X", "- ~~engine_id:~~ PH1.X"),
            ("- **`a`**: b", "- ~~`a`~~: b"),
            ("- _name_: ***b***", "- ~name:~ ~~~b~~~"),
            ("T\\_A\\_B, c", "T_A_B,~~ c"),
            ("T&#95;A&lowbar;B c", "T_A_B~~~~~~~~~~~ c"),
            ("a\\_`b_c` d", "a~_`b_c` d"),
            ("é\\_b d", "é~_b d"),
            ("`a\\_b` **c** `*d*`", "`a\\_b` ~~c~~ `*d*`"),
            ("    a\\_b\n", "    a\\_b\n"),
            ("a\\\\b", "a\\b~"),
            ("&lt;x&gt; &amp; &nbsp;y a&nbsp;b", "<x>~~~~~~ &~~~~  ~~~~~y a ~~~~~b"),
            ("&#0;a &#x202e;b &#10;c", "&#0;a &#x202e;b  ~~~~c"),
            ("a_b_c * d * e", "a_b_c * d * e"),
            ("- [AT-X-01](#x): b", "- ~AT-X-01:~~~~~ b"),
            ("- [`a_b`](c.rs) d", "- ~`a_b`~~~~~~~ d"),
            ("## [A B](#c)", "## ~A B~~~~~"),
            ("- [a page](b.md) [c]", "- [a page](b.md) [c]"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }
}
