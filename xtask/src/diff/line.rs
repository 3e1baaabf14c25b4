//! The lines of a page as its words, so that two pages are compared by what they say.

use crate::source::{FileId, Span};

/// A line of a page that says something.
#[derive(Debug)]
pub struct Line {
    /// Its words, without the marks of Markdown.
    pub(super) words: String,
    pub(super) span: Span,
}

impl Line {
    /// The lines of a page. Remarks are for tools, and what was renamed is told as such.
    #[must_use]
    pub fn all(file: FileId, text: &str) -> Vec<Self> {
        let (mut at, mut is_remark) = (0, false);
        let mut found = Vec::new();
        for raw in text.split_inclusive('\n') {
            let start = at;
            at += raw.len();
            let line = raw.trim();
            if is_remark || line.starts_with("<!--") {
                is_remark = !line.contains("-->");
                continue;
            }
            let is_rename = line.contains("renamed_from") || line.contains("renamed columns");
            let words = line.replace(['`', '*', '#', '|'], " ");
            let words = words.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '-' | '+'));
            let words: Vec<&str> = words.split_whitespace().collect();
            let words = words.join(" ");
            if words.contains(char::is_alphanumeric) && !is_rename {
                let indent = raw.len() - raw.trim_start().len();
                let start = start + indent;
                found.push(Self { words, span: Span::new(file, start, start + line.len()) });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn lines_are_their_words_and_remarks_are_none() {
        let text = "# Notes\n\n- `a`: b\n<!-- breaking: callers\nbecause -->\n---\n  * **c** d\n## More\ne\n";
        let file = Sources::default().add("page.md", "page.md", text);
        let found = Line::all(file, text);
        let words: Vec<&str> = found.iter().map(|line| line.words.as_str()).collect();
        assert_eq!(words, ["Notes", "a : b", "c d", "More", "e"]);
        assert_eq!(&text[found[1].span.start..found[1].span.end], "- `a`: b");
    }
}
