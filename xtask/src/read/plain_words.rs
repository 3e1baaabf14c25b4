//! Words without what Markdown puts around and into them: emphasis, escapes (`a\_b`), entities (`a&#95;b`).
//!
//! Names stand for themselves, however a page sets them off. Every word keeps the place of its first byte: what is left out before it
//! becomes blanks, and what is left out within it is made up for behind it (`edits`). Code stays as it is, but for escapes and entities that
//! programs put into it. What must not live here: what a word means.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::characters::refused;
use super::edits::{Edit, applied};

/// The text with plain words, as many bytes long as the text; `None` where all of it is plain already.
#[must_use]
pub fn plain(text: &str) -> Option<String> {
    let has_marks = text.contains(['\\', '&', '*', '_', '[']);
    let edits = if has_marks { edits(text) } else { Vec::new() };
    (!edits.is_empty()).then(|| applied(text, edits))
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
            found.push((range.start..range.start + length, Cow::Borrowed("")));
            found.push((range.end - length..range.end, Cow::Borrowed("")));
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
                    found.push((range.start..words.start, Cow::Borrowed("")));
                    found.push((words.end..range.end, Cow::Borrowed("")));
                }
            }
            Event::Start(Tag::Emphasis) => marks(1),
            Event::Start(Tag::Strong) => marks(2),
            Event::Text(words) if !is_code => {
                of_text(text, range.clone(), &words, read_to, &mut found);
                read_to = range.end;
            }
            Event::Code(_) => {
                read_to = range.end;
                of_code(text, range, &mut found);
            }
            Event::Text(_) => read_to = range.end,
            _ => {}
        }
    }
    found
}

fn of_text(text: &str, range: Range<usize>, words: &str, read_to: usize, found: &mut Vec<Edit>) {
    let escape = range.start.checked_sub(1).filter(|at| *at >= read_to && text.as_bytes()[*at] == b'\\');
    if let Some(at) = escape {
        found.push((at..range.start, Cow::Borrowed("")));
    }
    let written = &text[range.clone()];
    if written.starts_with('&') && written != words {
        let words = words.replace(char::is_whitespace, " ");
        let is_plain = !words.contains(|c| refused(c).is_some() || matches!(c, '\n' | '`' | '\u{fffd}'));
        if is_plain && words.len() <= written.len() {
            found.push((range, Cow::Owned(words)));
        }
    }
}

/// What programs put into code although Markdown takes nothing away there: escapes, entities.
const IN_CODE: [(&str, &str); 7] =
    [("\\_", "_"), ("\\|", "|"), ("\\*", "*"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&#95;", "_")];

fn of_code(text: &str, range: Range<usize>, found: &mut Vec<Edit>) {
    let mut at = range.start;
    while let Some(length) = text[at..range.end].find(['\\', '&']) {
        at += length;
        let known = IN_CODE.iter().find(|(written, _)| text[at..range.end].starts_with(*written));
        found.extend(known.map(|(written, words)| (at..at + written.len(), Cow::Borrowed(*words))));
        at += known.map_or(1, |(written, _)| written.len());
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
            ("- **`a`**: b", "- ~~`a`:~~ b"),
            ("- _name_: ***b***", "- ~name:~ ~~~b~~~"),
            ("T\\_A\\_B, c", "T_A_B,~~ c"),
            ("T&#95;A&lowbar;B c", "T_A_B~~~~~~~~~~~ c"),
            ("a\\_`b_c` d", "a_~`b_c` d"),
            ("é\\_b d", "é_b~ d"),
            ("`a\\_b` **c** `*d*`", "`a_b~` ~~c~~ `*d*`"),
            ("`a&lt;b&gt; \\d \\| &c;`", "`a<b>~~~~~~ \\d ~| &c;`"),
            ("    a\\_b\n", "    a\\_b\n"),
            ("a\\\\b", "a\\b~"),
            ("&lt;x&gt; &amp; &nbsp;y a&nbsp;b", "~~~<x>~~~ ~~~~&  ~~~~~y a ~~~~~b"),
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
