//! What counts the entries of a list where Markdown knows no such list: `(a)`, `b)`, `iv.`, `1.1.`.
//!
//! What must not live here: what an entry says.

/// The counters of the lines above.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// The numbers of the last entry: `1.2` of `1.2. a`.
    numbers: Vec<usize>,
}

impl Counters {
    /// Whether words may begin with such a counter, for a quick look.
    pub(super) fn may_start(words: &str) -> bool {
        letters(words) > 0 || !numbers(words).0.is_empty()
    }

    /// Whether words begin with a number that Markdown knows: `1. `, `1) `.
    pub(super) fn is_number(words: &str) -> bool {
        let (numbers, _, has_sign) = numbers(words);
        numbers.len() == 1 && has_sign
    }

    /// How long the counter is, with its sign, that words begin with; 0 where they begin with none, or with one that Markdown knows.
    pub(super) fn of(&mut self, words: &str, is_set_in: bool, may_start: bool) -> usize {
        let (numbers, length, has_sign) = numbers(words);
        if !numbers.is_empty() {
            let is_next = is_next(&self.numbers, &numbers);
            let is_in_a_list = is_set_in || !self.numbers.is_empty();
            let counts = may_start && is_in_a_list && (has_sign || is_next) && numbers.len() > 1;
            if counts || numbers.len() == 1 {
                self.numbers = numbers;
            }
            return if counts { length } else { 0 };
        }
        if may_start { letters(words) } else { 0 }
    }
}

/// Whether numbers go on behind others: `1`, `1.1`, `1.2`, `2`.
fn is_next(before: &[usize], now: &[usize]) -> bool {
    let Some((last, stem)) = now.split_last() else { return false };
    let follows = || before.get(stem.len()).and_then(|number| number.checked_add(1)) == Some(*last);
    (before == stem && *last == 1) || (before.starts_with(stem) && follows())
}

/// The longest letters that count something: `viii`.
const LONGEST: usize = 4;

/// `(a) `, `(12) `, `a) `, `a. `, `iv. `: how long it is without the blank.
fn letters(words: &str) -> usize {
    let is_open = words.starts_with('(');
    let inner = &words[usize::from(is_open)..];
    let length = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let counter = &inner[..length];
    let is_letter = length == 1 && counter.starts_with(|c: char| c.is_ascii_lowercase());
    let is_roman =
        (1..=LONGEST).contains(&length) && counter.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    let is_number = is_open && (1..=2).contains(&length) && counter.bytes().all(|byte| byte.is_ascii_digit());
    let sign = inner[length..].chars().next();
    let is_closed = sign == Some(')') || (sign == Some('.') && !is_open);
    let ends = inner.get(length + 1..).is_some_and(|behind| behind.starts_with([' ', '\t']));
    if (is_letter || is_roman || is_number) && is_closed && ends {
        usize::from(is_open) + length + 1
    } else {
        0
    }
}

/// `1.2. ` or `1.2 `: its numbers, how long it is without the blank, and whether a sign ends it.
fn numbers(words: &str) -> (Vec<usize>, usize, bool) {
    let none = (Vec::new(), 0, false);
    let length = words.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(words.len());
    let counter = words[..length].trim_end_matches('.');
    let behind = &words[length..];
    let has_bracket = behind.starts_with(')');
    let behind = behind.strip_prefix(')').unwrap_or(behind);
    let numbers: Option<Vec<usize>> = counter.split('.').map(|part| part.parse().ok()).collect();
    match numbers {
        Some(numbers) if length > 0 && behind.starts_with([' ', '\t']) => {
            (numbers, length + usize::from(has_bracket), has_bracket || counter.len() < length)
        }
        _ => none,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_known_by_their_signs() {
        for (words, expected) in [
            ("(a) b", 3),
            ("(12) b", 4),
            ("a) b", 2),
            ("iv. b", 3),
            ("a. b", 2),
            ("(optional) b", 0),
            ("A) b", 0),
            ("1) b", 0),
            ("e.g. b", 0),
            ("a b", 0),
            ("(a)b", 0),
            ("é) b", 0),
            ("", 0),
        ] {
            assert_eq!(Counters::default().of(words, false, true), expected, "{words:?}");
            assert_eq!(Counters::default().of(words, false, false), 0, "{words:?}");
        }
    }

    #[test]
    fn numbers_count_where_a_list_is_open() {
        let mut counters = Counters::default();
        for (words, is_set_in, expected) in [
            ("1.1. a", false, 0),
            ("1. a", false, 0),
            ("1.1 b", false, 3),
            ("1.2 b", false, 3),
            ("1.5 seconds", true, 0),
            ("1.3. b", false, 4),
            ("2. c", false, 0),
            ("2.1) d", true, 4),
            ("7.1. e", true, 4),
        ] {
            assert_eq!(counters.of(words, is_set_in, true), expected, "{words:?}");
        }
    }
}
