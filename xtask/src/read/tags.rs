//! What stands for a mark of Markdown: tags of HTML (`<code>`, `<b>`, `<details>`), quotation marks around names, hyphens that do not break, ids of
//! headings. What was struck out, references to footnotes and characters that nobody sees are left out.
//!
//! They are replaced before the page is read, with as many bytes (`edits`). What must not live here: what a line says.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::edits::{Edit, applied};
use super::remark::read_as;
use super::signs::{ARROWS, is_unseen};

/// Tags that say how words look, or that only hold other tags.
const PLAIN: [&str; 22] = [
    "b", "strong", "i", "em", "u", "span", "a", "sub", "sup", "font", "mark", "small", "details", "summary",
    "div", "p", "center", "section", "ul", "ol", "dl", "dd",
];

/// Tags around code.
const CODE: [&str; 4] = ["code", "tt", "kbd", "samp"];

/// Hyphens that Unicode has beside that of ASCII.
const HYPHENS: [char; 2] = ['\u{2010}', '\u{2011}'];

/// Quotation marks that open, with those that close.
const QUOTES: [(char, char); 4] =
    [('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}'), ('"', '"'), ('\'', '\'')];

/// Words that may stand between the names of a list.
const JOINTS: [&str; 3] = ["and", "or", "optional"];

/// The most bytes of blanks and marks that are looked at before a key.
const LONGEST_LEAD: usize = 64;

/// The text with marks of Markdown; `None` where it has nothing that stands for one.
#[must_use]
pub(super) fn plain(text: &str) -> Option<String> {
    let is_of_marks = |c: char| matches!(c, '<' | '"' | '\'' | '{' | '\\' | '^' | '~');
    let may_hold = |c: char| is_of_marks(c) || is_unseen(c) || HYPHENS.contains(&c);
    if !text.contains(|c: char| may_hold(c) || QUOTES.iter().any(|(open, _)| *open == c)) {
        return None;
    }
    let (mut edits, hidden) = of_tags(text);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        of_line(line, start, &hidden, &mut edits);
        start += line.len();
    }
    if edits.is_empty() {
        return None;
    }
    Some(applied(text, edits))
}

/// Tags, and the stretches in which nothing else stands for a mark: code and comments.
fn of_tags(text: &str) -> (Vec<Edit>, Vec<Range<usize>>) {
    let (mut edits, mut hidden) = (Vec::new(), Vec::new());
    let (mut is_code, mut is_comment) = (false, false);
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                is_code = true;
                hidden.push(range);
            }
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Start(Tag::HtmlBlock) => {
                is_comment = text[range.clone()].trim_start().starts_with("<!");
                if is_comment {
                    hidden.push(range);
                }
            }
            Event::Code(_) => hidden.push(range),
            Event::InlineHtml(_) => {
                edits.extend(of_tag(text, range.clone()));
                hidden.push(range);
            }
            Event::Html(_) if !is_comment && !is_code => of_lines_of_tags(text, range, &mut edits),
            _ => {}
        }
    }
    (edits, hidden)
}

/// The tags of lines that Markdown takes for HTML as a whole.
fn of_lines_of_tags(text: &str, range: Range<usize>, edits: &mut Vec<Edit>) {
    let mut at = range.start;
    while let Some(open) = text[at..range.end].find('<').map(|found| at + found) {
        // A sign such as that of `a < b` opens no tag.
        if !text[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            at = open + 1;
            continue;
        }
        let Some(close) = text[open..range.end].find('>').map(|found| open + found + 1) else { return };
        edits.extend(of_tag(text, open..close));
        at = close;
    }
}

/// What stands for a tag.
fn of_tag(text: &str, range: Range<usize>) -> Option<Edit> {
    if text[range.clone()].starts_with("<!--") {
        // Remarks to the tools are read as such.
        return read_as(&text[range.clone()]).is_none().then(|| left_out(range));
    }
    let inner = text[range.clone()].trim_matches(['<', '>']);
    let is_end = inner.starts_with('/');
    let name = inner
        .trim_start_matches('/')
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()?
        .to_ascii_lowercase();
    let behind = text[range.end..].trim_start_matches([' ', '\t', '\r']);
    let is_last = behind.is_empty() || behind.starts_with('\n');
    let mark = match name.as_str() {
        "br" if is_last => "",
        "li" | "dt" if !is_end => "- ",
        "dt" => ":",
        "h1" if !is_end => "# ",
        "h2" if !is_end => "## ",
        "h3" if !is_end => "### ",
        "li" | "h1" | "h2" | "h3" => "",
        name if CODE.contains(&name) => "`",
        name if PLAIN.contains(&name) => "",
        _ => return None,
    };
    Some((range, Cow::Borrowed(mark)))
}

/// Nothing stands for a stretch.
const fn left_out(range: Range<usize>) -> Edit {
    (range, Cow::Borrowed(""))
}

/// What a line has beside tags.
fn of_line(line: &str, start: usize, hidden: &[Range<usize>], edits: &mut Vec<Edit>) {
    let is_hidden = |at: usize| {
        hidden.get(hidden.partition_point(|range| range.end <= at)).is_some_and(|range| range.contains(&at))
    };
    let kept = line.trim_end();
    if kept.ends_with('\\') && !kept.ends_with("\\\\") && !is_hidden(start + kept.len() - 1) {
        edits.push(left_out(start + kept.len() - 1..start + kept.len()));
    }
    if kept.starts_with('#')
        && kept.ends_with('}')
        && let Some(open) = kept.rfind(" {").map(|at| at + 1)
    {
        let is_id = kept[open + 1..].starts_with(['#', '.']) && !kept[open..].contains(char::is_whitespace);
        edits.extend(is_id.then_some(left_out(start + open..start + kept.len())));
    }
    for (at, c) in line.char_indices().filter(|(_, c)| HYPHENS.contains(c)) {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let end = at + c.len_utf8();
        if joins(line[..at].chars().next_back()) && joins(line[end..].chars().next()) {
            edits.push((start + at..start + end, Cow::Borrowed("-")));
        }
    }
    edits.extend(line.char_indices().filter(|(_, c)| is_unseen(*c)).map(|(at, c)| {
        let at = start + at;
        left_out(at..at + c.len_utf8())
    }));
    of_notes(line, start, &is_hidden, edits);
    of_quotes(line, start, &is_hidden, edits);
}

/// References to footnotes, `[^1]`, and what was struck out, `~~X_OLD~~`.
fn of_notes(line: &str, start: usize, is_hidden: &dyn Fn(usize) -> bool, edits: &mut Vec<Edit>) {
    let lead = line.len() - line.trim_start().len();
    let mut from = 0;
    while let Some(open) = line[from..].find("[^").map(|at| from + at) {
        let Some(close) = line[open..].find(']').map(|at| open + at + 1) else { break };
        let is_name = close > open + 3 && !line[open..close].contains(char::is_whitespace);
        // The note itself stays, and has to be read as what it is.
        let is_note = open == lead && line[close..].starts_with(':');
        if is_name && !is_note && !is_hidden(start + open) {
            edits.push(left_out(start + open..start + close));
        }
        from = close;
    }
    let mut from = 0;
    while let Some(open) = line[from..].find("~~").map(|at| from + at) {
        let inner = open + 2;
        let close = line[inner..].find("~~").map(|at| inner + at);
        let Some(close) = close.filter(|_| !line[inner..].starts_with('~')) else { break };
        let is_struck = !line[inner..].starts_with(char::is_whitespace) && close > inner;
        if is_struck && !is_hidden(start + open) && !is_hidden(start + close) {
            edits.push(left_out(start + open..start + close + 2));
        }
        from = close + 2;
    }
}

/// Words in quotation marks that stand for code.
fn of_quotes(line: &str, start: usize, is_hidden: &dyn Fn(usize) -> bool, edits: &mut Vec<Edit>) {
    let is_list = holds_names_only(line);
    let (mut at, mut depth, mut unclosed) = (0, 0_usize, Vec::new());
    while let Some((open, inner, end)) = quoted(line, at, &mut unclosed) {
        // Quoted words within a schema are values of it.
        for c in line[at..open].chars() {
            depth = if c == '{' { depth + 1 } else { depth.saturating_sub(usize::from(c == '}')) };
        }
        at = end;
        let is_free = depth == 0 && !is_hidden(start + open) && !is_hidden(start + end - 1);
        let is_of_list =
            is_list && !line[inner.clone()].is_empty() && line[inner.clone()].chars().all(is_of_name);
        if is_free && (is_of_list || is_code(line, open, inner.clone(), end)) {
            edits.push((start + open..start + inner.start, Cow::Borrowed("`")));
            edits.push((start + inner.end..start + end, Cow::Borrowed("`")));
        }
    }
}

/// The next quoted stretch of a line: where its mark opens, what it holds, and where it ends.
fn quoted(line: &str, from: usize, unclosed: &mut Vec<char>) -> Option<(usize, Range<usize>, usize)> {
    let mut rest = from;
    loop {
        let (at, c) = line[rest..].char_indices().find(|(_, c)| QUOTES.iter().any(|(open, _)| open == c))?;
        let open = rest + at;
        let start = open + c.len_utf8();
        let close = QUOTES.iter().find(|(known, _)| *known == c)?.1;
        // A mark within a word is an apostrophe.
        let is_within = line[..open].ends_with(|c: char| c.is_alphanumeric());
        if !is_within && !unclosed.contains(&close) {
            match line[start..].find(close) {
                Some(length) => {
                    return Some((open, start..start + length, start + length + close.len_utf8()));
                }
                None => unclosed.push(close),
            }
        }
        rest = start;
    }
}

/// Whether a character may stand in a name, or in the path of one.
const fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ':' | '?' | '[' | ']')
}

/// Whether a line is a list of quoted names, maybe behind a key, and nothing else: `reads: "notes", "tags"`.
fn holds_names_only(line: &str) -> bool {
    let (mut at, mut count, mut unclosed) = (0, 0, Vec::new());
    let mut others = String::new();
    while let Some((open, inner, end)) = quoted(line, at, &mut unclosed) {
        others.push_str(&line[at..open]);
        others.push(' ');
        // A quoted key is none of the names.
        let is_key = count == 0 && line[end..].starts_with(':');
        let is_name = !inner.is_empty() && line[inner].chars().all(is_of_name);
        if !is_name && !is_key {
            return false;
        }
        count += usize::from(!is_key);
        at = end;
    }
    others.push_str(line[at..].trim_end());
    let behind_key = others.split_once(": ").map_or(&*others, |(_, behind)| behind);
    let mut words = behind_key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    count > 1 && words.all(|word| JOINTS.contains(&word))
}

/// Whether a quoted stretch is what pages put into backticks: a name, a value alone behind its key, or a schema.
fn is_code(line: &str, open: usize, inner: Range<usize>, end: usize) -> bool {
    let text = &line[inner];
    let before = &line[..open];
    // `Other("X")` is one value, and the marks are a part of it.
    let is_argument = before.strip_suffix('(').is_some_and(|call| call.ends_with(char::is_alphanumeric));
    if text.is_empty() || text.contains('`') || is_argument {
        return false;
    }
    let is_word = text.chars().all(is_of_name) && text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let is_apart = text.trim_end_matches('.').contains(['_', '.']);
    let is_upper = text.len() > 1 && !text.contains(|c: char| c.is_ascii_lowercase());
    let is_state = is_upper && text.chars().all(|c| is_of_name(c) || matches!(c, ' ' | '(' | ')'));
    let behind = line[end..].trim_start();
    let is_first = open < LONGEST_LEAD && before.trim().trim_start_matches(['-', '*', '+']).is_empty();
    let is_key = is_first && behind.starts_with(':');
    let is_long_key = is_key && text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, ' ' | '_'));
    let is_whole = before.trim_end().ends_with([':', '=', '-', '*', '|', '#'])
        && behind.trim_start_matches(['.', ',', ';']).trim_start().is_empty();
    let is_schema = text.starts_with(['{', '(']) && text.ends_with(['}', ')']) || text.contains(['{', '=']);
    let is_call =
        text.ends_with(')') && text.split('(').next().is_some_and(|name| name.chars().all(is_of_name));
    let are_names = |part: &str| !part.trim().is_empty() && part.trim().chars().all(is_of_name);
    let is_reference = ARROWS.iter().filter_map(|arrow| text.split_once(arrow)).any(|(from, to)| {
        [from, to].iter().all(|end| {
            end.contains(['.', '(', '_'])
                && end.trim().chars().all(|c| is_of_name(c) || matches!(c, '(' | ')'))
        })
    });
    let is_type = before.trim_end().ends_with([':', '='])
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && (text.contains('<') && text.ends_with('>')
            || is_word && text[1..].contains(|c: char| c.is_ascii_uppercase()));
    let is_list = is_whole && text.contains(',') && text.split(',').all(are_names);
    is_list
        || is_long_key
        || is_reference
        || is_type
        || (is_word && (is_apart || is_upper || is_key || is_whole))
        || (is_state && is_whole)
        || is_call
        || (is_schema && !text.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::signs;

    fn shown(text: &str) -> String {
        signs::shown(text, plain(text))
    }

    #[test]
    fn what_stands_for_a_mark_becomes_one() {
        for (text, expected) in [
            ("- <code>a_b</code>: c", "- ~~~~~`a_b`:~~~~~~ c"),
            ("- (<tt>a</tt>) b", "- (`a`)~~~~~~~ b"),
            ("- <b>a</b>: c", "- ~~~a:~~~~ c"),
            ("- a<br>\n- b<br/>", "- a~~~~\n- b~~~~~"),
            ("- a\\\n- b", "- a~\n- b"),
            ("## A {#b}\n", "## A ~~~~\n"),
            ("- AT\u{2011}X\u{2011}01 a", "- AT-X-01~~~~ a"),
            ("- \u{201c}a_b\u{201d}: \u{201c}PASS\u{201d}", "- ~~`a_b`:~~ ~~`PASS`~~"),
            ("- 'a_b' and \"c.d\"", "- `a_b` and `c.d`"),
            ("<ul>\n<li>a</li>\n</ul>\n", "    \n- ~~a~~~~~\n     \n"),
            ("<h2>A</h2>\n- b", "## ~A~~~~~\n- b"),
            ("<details>\n- a\n</details>\n", "         \n- a\n          \n"),
            ("- a: \"{b: c_d}\"", "- a: `{b: c_d}`"),
            ("- a: B_C <!-- d --> e", "- a: B_C ~~~~~~~~~~ e"),
            ("<ul>\n<li>a <= b</li>\n</ul>\n", "    \n- ~~a <= b~~~~~\n     \n"),
            ("- a: B_C[^1], d[^two].", "- a: B_C,~~~~ d.~~~~~~"),
            ("- ~~a `b`~~ c ~~d~~", "- ~~~~~~~~~ c ~~~~~"),
            ("- a\u{200b}_b: \u{ad}c", "- a_b:~~~ ~~c"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
    }

    #[test]
    fn words_of_people_stay() {
        for text in [
            "- he said \"no\" and it's \"not so\"",
            "- a <b",
            "- `<code>` and `\"a_b\"`",
            "<!-- lint: \"a_b\" <b> -->",
            "- a: {b: \"C_D\"}",
            "- a well\u{2011} b",
            "```\n<b>\"a_b\"\n```",
            "- it's the user's a_b",
            "- <T> of <Vec>",
            "- a: Other(\"A.B\")",
            "[^1]: a note",
            "- `[^a]` and `~~b~~` and ~ 3 ~~ 4",
            "~~~\na\n~~~",
        ] {
            assert_eq!(shown(text), text, "{text:?}");
        }
    }
}
