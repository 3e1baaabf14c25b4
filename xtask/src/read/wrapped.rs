//! Pages that stand as a whole in a fence of code or in a quote, as they are pasted into messages, or that are set in so far that they are
//! code: what is around them becomes blanks.
//!
//! Every word keeps its place. A title may stand before it. What must not live here: what a line says.

use super::nesting::column;

/// Names of languages behind a fence that say that Markdown stands in it.
const LANGUAGES: [&str; 5] = ["", "markdown", "md", "text", "txt"];

/// The fewest blanks before every line that make code of a page.
const OF_CODE: usize = 4;

/// The page without the fence, the quote or the blanks around all of it; `None` where there is none.
#[must_use]
pub(super) fn opened(text: &str) -> Option<String> {
    let start = behind_title(text);
    let body = &text[start..];
    if let Some(opened) = at_the_margin(text, 0).or_else(|| at_the_margin(text, start)) {
        return Some(opened);
    }
    let is_whole = start == 0;
    let opened = match body.trim_start_matches([' ', '\n', '\r']).chars().next()? {
        '`' | '~' => without_fence(body, is_whole),
        '>' => without_quote(body),
        _ => None,
    }?;
    Some(format!("{}{opened}", &text[..start]))
}

/// Where the page goes on behind its title.
fn behind_title(text: &str) -> usize {
    let lead = text.len() - text.trim_start_matches(['\u{feff}', ' ', '\n', '\r']).len();
    if !text[lead..].starts_with("# ") {
        return 0;
    }
    text[lead..].find('\n').map_or(text.len(), |end| lead + end + 1)
}

/// A page as a whole may lack headings, too.
fn without_fence(body: &str, is_whole: bool) -> Option<String> {
    let mut lines = body.split_inclusive('\n').skip_while(|line| line.trim().is_empty());
    let first = lines.next()?.trim();
    let mark: char = first.chars().next()?;
    let length = first.len() - first.trim_start_matches(mark).len();
    let is_of_markdown = LANGUAGES.iter().any(|name| name.eq_ignore_ascii_case(first[length..].trim()));
    if length < 3 || !is_of_markdown {
        return None;
    }
    let closes = |line: &str| {
        let line = line.trim();
        line.len() >= length && line.chars().all(|c| c == mark)
    };
    let mut has_heading = false;
    for line in lines.by_ref() {
        if closes(line) {
            break;
        }
        has_heading |= line.starts_with('#');
    }
    if !(has_heading || is_whole) || lines.any(|line| !line.trim().is_empty()) {
        return None;
    }
    let mut seen = 0;
    let blanked = body.split_inclusive('\n').map(|line| {
        let is_mark = (seen == 0 && line.trim() == first) || (seen == 1 && closes(line));
        seen += usize::from(is_mark);
        if is_mark { blank(line) } else { line.to_owned() }
    });
    Some(blanked.collect())
}

/// The line ends stay.
fn blank(line: &str) -> String {
    line.chars().map(|c| if matches!(c, '\n' | '\r') { c } else { ' ' }).collect()
}

/// The text with the lines behind a place at the margin: the blanks before a line stand at the end of the one before it.
fn at_the_margin(text: &str, start: usize) -> Option<String> {
    let body = &text[start..];
    if !body.starts_with([' ', '\t', '\n', '\r']) {
        return None;
    }
    let mut shared: Option<&str> = None;
    let mut has_heading = false;
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        let words = line.trim_start_matches([' ', '\t']);
        let blanks = &line[..line.len() - words.len()];
        let known = shared.unwrap_or(blanks);
        let length = known.bytes().zip(blanks.bytes()).take_while(|(a, b)| a == b).count();
        shared = Some(&known[..length]);
        has_heading |= words.starts_with('#');
    }
    // Of a page as a whole any blanks are too many.
    let is_code = |blanks: &&str| has_heading && column(blanks, blanks.len()) >= OF_CODE;
    let shared = shared.filter(|blanks| !blanks.is_empty() && (start == 0 || is_code(blanks)))?;
    let mut opened = String::with_capacity(text.len());
    opened.push_str(&text[..start]);
    for line in body.split_inclusive('\n') {
        let Some(words) = line.strip_prefix(shared).filter(|words| !words.trim().is_empty()) else {
            opened.push_str(line);
            continue;
        };
        let line_end = ["\r\n", "\n"].into_iter().find(|end| opened.ends_with(end)).unwrap_or("");
        opened.truncate(opened.len() - line_end.len());
        // The first line of a page has none before it.
        let blanks = if line_end.is_empty() { "\n".repeat(shared.len()) } else { shared.to_owned() };
        opened.push_str(&blanks);
        opened.push_str(line_end);
        opened.push_str(words);
    }
    Some(opened)
}

fn without_quote(body: &str) -> Option<String> {
    let is_quoted = |line: &str| line.trim_start_matches(' ').starts_with('>') || line.trim().is_empty();
    let has_heading = body.lines().any(|line| line.trim_start_matches([' ', '>']).starts_with('#'));
    if !has_heading || !body.lines().all(is_quoted) {
        return None;
    }
    Some(body.split_inclusive('\n').map(|line| line.replacen('>', " ", 1)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_whole_page_becomes_blanks() {
        for (text, expected) in [
            ("```markdown\n# A\n- b\n```\n", "           \n# A\n- b\n   \n"),
            ("# A\n\n~~~\n## B\n~~~", "# A\n\n   \n## B\n   "),
            ("````md\n## B\n```\nc\n```\n````\n\n", "      \n## B\n```\nc\n```\n    \n\n"),
            ("> # A\n>\n> - b > c\n", "  # A\n \n  - b > c\n"),
            ("# A\r\n> ## B\r\n", "# A\r\n  ## B\r\n"),
            ("    # A\n\n    - b\n      - c", "\n\n\n\n# A\n    \n- b    \n  - c"),
            ("```\nA\n1) B\n```", "   \nA\n1) B\n   "),
            ("  A\n  1) B\n", "\n\nA  \n1) B\n"),
            ("# A\r\n\t## B\r\n\t- c\r\n", "# A\t\r\n## B\t\r\n- c\r\n"),
        ] {
            assert_eq!(opened(text).as_deref(), Some(expected), "{text:?}");
            assert_eq!(text.len(), expected.len());
        }
    }

    #[test]
    fn parts_of_a_page_stay_as_they_are() {
        for text in [
            "# A\n```\n## B\n```\nc\n",
            "# A\n```rust\n#[b]\n```\n",
            "# A\n```\nb\n```\n",
            "# A\n> ## B\nc\n",
            "# A\n> b\n",
            "# A\n",
            "# A\n\n    b\n",
            "# A\n   ## B\n",
            "    # A\n## B\n",
            "",
        ] {
            assert_eq!(opened(text), None, "{text:?}");
        }
    }
}
