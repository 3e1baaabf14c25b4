//! The words of a statement, as far as its locks and the reach of its answer are read from them.

/// A word without the marks around it, and in how many parentheses it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    pub(crate) depth: usize,
}

/// Every word of a statement, in its order.
pub(crate) fn words(sql: &str) -> impl Iterator<Item = Word<'_>> {
    let is_mark = |letter: char| letter.is_whitespace() || ['(', ')', ','].contains(&letter);
    let mut depth = 0_usize;
    sql.split_inclusive(is_mark).filter_map(move |part| {
        let word = Word { text: part.trim_end_matches(is_mark), depth };
        match part.chars().next_back() {
            Some('(') => depth += 1,
            Some(')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        Some(word).filter(|word| !word.text.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_knows_its_parentheses() {
        let found: Vec<_> =
            words("SELECT count(*), max((a))\n\tFROM b").map(|word| (word.text, word.depth)).collect();
        assert_eq!(
            found,
            [("SELECT", 0), ("count", 0), ("*", 1), ("max", 0), ("a", 2), ("FROM", 0), ("b", 0)]
        );
    }
}
