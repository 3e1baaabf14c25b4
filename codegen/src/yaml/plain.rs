//! Which texts every reader of YAML takes for the same text without quotes.
//!
//! YAML 1.2 reads `NO` as a text, YAML 1.1 as false; YAML 1.1 reads `12:30` as 750 and `017` as 15. A text that any of
//! them, or JSON, could take for a number, a date, a truth value, nothing, a merge or a mark is not plain.

/// Words that mean a truth value or nothing to some reader, in lower case; every spelling of them is quoted.
const WORDS: &[&str] = &["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "t", "f", "none"];

/// Marks that begin something else than a text, or that some reader does not take at the start.
const FIRST_MARKS: &[char] =
    &['-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`'];

/// Whether a text means itself to every reader without quotes.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !needs_escapes(text)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.starts_with("...")
        && !text.starts_with(FIRST_MARKS)
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && !matches!(text, "=" | "<<")
        && !looks_like_number(text)
}

/// Whether a text holds a character that only an escape brings through every reader: controls, line ends of any kind,
/// marks of direction and of byte order.
pub(super) fn needs_escapes(text: &str) -> bool {
    text.chars().any(is_escaped)
}

/// Whether a character is written as an escape.
pub(super) fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{61c}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Numbers in every base, floats, infinities, dates and times of day. More than those may look like one: quotes too many
/// do no harm.
fn looks_like_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan" | "inf" | "nan" | "infinity") {
        return true;
    }
    let starts = lower.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    starts
        && lower.contains(|c: char| c.is_ascii_digit())
        && lower.chars().all(|c| c.is_ascii_hexdigit() || "xo_.,:+- tz".contains(c))
}
