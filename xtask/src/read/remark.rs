//! Lines of the specs for the tools, which state nothing of an engine: `<!-- lint: … -->` silences a rule, `<!-- breaking: … -->`
//! acknowledges a break, `<!-- guess: … -->` marks what a draft guessed; in the YAML files they begin with `# `. What a line silences or acknowledges is not known here.

use crate::source::{FileId, Span};

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    /// How it begins in a page.
    in_page: &'static str,
    /// How it begins in a YAML file, to the end of the line.
    in_yaml: &'static str,
    /// What such a stretch of a page is read as.
    read_as: &'static str,
}

/// Silences a rule at the line below.
pub const SILENCE: Purpose = Purpose { in_page: "<!-- lint:", in_yaml: "# lint:", read_as: "silence" };

/// Acknowledges that what the line below says breaks something.
pub const ACKNOWLEDGEMENT: Purpose =
    Purpose { in_page: "<!-- breaking:", in_yaml: "# breaking:", read_as: "acknowledgement" };

/// Says that the line below was guessed, and from what.
pub const GUESS: Purpose = Purpose { in_page: "<!-- guess:", in_yaml: "# guess:", read_as: "guess" };

/// How a line ends in a page.
const END: &str = "-->";

impl Purpose {
    /// Words as such a line of a page.
    #[must_use]
    pub fn line_of_page(&self, words: &str) -> String {
        format!("{} {} {END}", self.in_page, words.replace("--", "- -"))
    }
}

/// What a block of such lines is called. It says nothing of an engine, so nobody has to read it as more.
pub const REMARK: &str = "remark";

/// What words are read as of which every line is such a line, and so no part of what the page says of its engine.
#[must_use]
pub fn read_as(text: &str) -> Option<&'static str> {
    let mut found = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let is_of = |purpose: &Purpose| line.starts_with(purpose.in_page) && line.ends_with(END);
        let purpose = [SILENCE, ACKNOWLEDGEMENT, GUESS].into_iter().find(is_of)?;
        found.get_or_insert(purpose.read_as);
    }
    found
}

/// A line of remarks for this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark<'a> {
    /// What stands behind the colon.
    pub words: &'a str,
    /// The place of the remark in the file.
    pub span: Span,
    /// The next line that says something; empty at the end of a file.
    pub covered: std::ops::Range<usize>,
}

impl Remark<'_> {
    /// Whether a place starts on the line that it covers.
    #[must_use]
    pub fn covers(&self, place: Span) -> bool {
        place.file == self.span.file && self.covered.contains(&place.start)
    }
}

/// The lines of a text that are for a purpose. Those for another one are passed over.
#[must_use]
pub fn remarks(purpose: Purpose, file: FileId, text: &str) -> Vec<Remark<'_>> {
    let mut found: Vec<Remark<'_>> = Vec::new();
    // Those that wait for the line that they cover.
    let mut open = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        if let Some((words, offset)) = words_for(purpose, line) {
            let span = Span::new(file, at + offset, at + offset + words.len());
            found.push(Remark { words, span, covered: 0..0 });
            continue;
        }
        let is_another =
            [SILENCE, ACKNOWLEDGEMENT, GUESS].iter().any(|other| words_for(*other, line).is_some());
        if !line.trim().is_empty() && !is_another {
            for remark in &mut found[open..] {
                remark.covered = at..start;
            }
            open = found.len();
        }
    }
    found
}

/// The words behind the colon, and where they start in the line.
fn words_for(purpose: Purpose, line: &str) -> Option<(&str, usize)> {
    let trimmed = line.trim();
    let in_page = || {
        let words = trimmed.strip_prefix(purpose.in_page)?;
        Some(words.strip_suffix(END).unwrap_or(words))
    };
    let words = trimmed.strip_prefix(purpose.in_yaml).or_else(in_page)?;
    let words = words.trim();
    // Both are parts of the line, so that the difference of their places is the offset.
    Some((words, words.as_ptr() as usize - line.as_ptr() as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn lines_of_both_purposes_cover_the_next_line_that_says_something() {
        let text = "<!-- lint: allow E0606 because a -->\n\n  # breaking: callers because b\nwords\n# lint: at the end";
        let file = Sources::default().add("", "", text);
        let covered = |purpose| -> Vec<(&str, &str)> {
            remarks(purpose, file, text).iter().map(|one| (one.words, &text[one.covered.clone()])).collect()
        };
        assert_eq!(covered(SILENCE), [("allow E0606 because a", "words\n"), ("at the end", "")]);
        assert_eq!(covered(ACKNOWLEDGEMENT), [("callers because b", "words\n")]);
    }

    #[test]
    fn only_whole_lines_of_a_page_are_remarks() {
        assert_eq!(read_as("<!-- lint: a -->\n<!-- breaking: b -->\n"), Some("silence"));
        assert_eq!(read_as("<!-- breaking: b -->"), Some("acknowledgement"));
        for other in ["", "words", "<!-- lint: a -->\nwords", "<!-- breaking: b", "<!-- note: c -->"] {
            assert_eq!(read_as(other), None, "{other}");
        }
    }
}
