//! Ids that look like other ids: two that people take for one, and that would stand for two rows.
//!
//! The rule for every id, of all engines: it neither begins nor ends with white space, holds no character that is not
//! seen, and is in Unicode's composed form. Letters of two scripts that look the same (Latin `a`, Cyrillic `а`) are not
//! distinguished here: names in every script are allowed.

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// Why an id looks like another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LookAlike {
    /// White space at its beginning or end.
    #[error("begins or ends with white space")]
    Edge,
    /// A control character, U+0000 included, one of no width, a mark of direction, or a space other than a blank.
    #[error(
        "holds a character that is not seen: a control, of no width, of direction, or a space other than a blank"
    )]
    Unseen,
    /// Characters that Unicode composes into others.
    #[error("is not in Unicode's composed form, NFC")]
    Decomposed,
}

impl LookAlike {
    /// Why this id looks like another one; none where it does not.
    #[must_use]
    pub fn of(id: &str) -> Option<Self> {
        if id.starts_with(char::is_whitespace) || id.ends_with(char::is_whitespace) {
            return Some(Self::Edge);
        }
        if id.is_ascii() {
            return id.bytes().any(|byte| byte.is_ascii_control()).then_some(Self::Unseen);
        }
        if id.chars().any(is_unseen) {
            return Some(Self::Unseen);
        }
        let is_composed = match is_nfc_quick(id.chars()) {
            IsNormalized::Yes => true,
            IsNormalized::No => false,
            IsNormalized::Maybe => id.chars().nfc().eq(id.chars()),
        };
        (!is_composed).then_some(Self::Decomposed)
    }

    /// The same for a text that people read: it may hold anything but control characters.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        text.chars().any(char::is_control).then_some(Self::Unseen)
    }
}

/// Unicode's `Default_Ignorable_Code_Point`, and the marks between lines of annotated text.
const IGNORABLE: [(char, char); 18] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

fn is_unseen(character: char) -> bool {
    let is_odd_space = character.is_whitespace() && character != ' ';
    character.is_control()
        || is_odd_space
        || IGNORABLE.iter().any(|(first, last)| (*first..=*last).contains(&character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_an_id() {
        let ids = [
            "ada",
            "a b",
            "PH1.W",
            "Zoë",
            "Ås",
            "Łódź",
            "李雷",
            "محمد",
            "नमस्ते",
            "한글",
            "🙂",
            "a-1_2:3/4",
            "",
        ];
        for id in ids {
            assert_eq!(LookAlike::of(id), None, "{id}");
        }
    }

    #[test]
    fn what_looks_like_another_id_is_found() {
        for id in [" ada", "ada ", "ada\n", "\u{a0}ada", "ada\u{3000}", "\tada", "ada\u{2028}"] {
            assert_eq!(LookAlike::of(id), Some(LookAlike::Edge), "{id:?}");
        }
        for unseen in "\0\u{1}\t\n\u{7f}\u{85}\u{a0}\u{ad}\u{200b}\u{200d}\u{202e}\u{2066}\u{2028}\u{2009}\u{feff}\u{fe0f}\u{fffa}\u{e0041}"
            .chars()
        {
            for id in [format!("a{unseen}da"), format!("ä{unseen}da")] {
                assert_eq!(LookAlike::of(&id), Some(LookAlike::Unseen), "{id:?}");
            }
        }
        // e and a mark above it; the Kelvin sign, which is K; Hangul in parts; a mark that stands in the wrong order.
        for id in ["Zoe\u{308}", "\u{212a}", "\u{1112}\u{1161}", "a\u{301}\u{323}"] {
            assert_eq!(LookAlike::of(id), Some(LookAlike::Decomposed), "{id:?}");
        }
    }

    #[test]
    fn a_text_that_people_read_may_hold_anything_but_controls() {
        for text in ["Harbour Clinic ", "می\u{200c}خواهم", "Zoe\u{308}"] {
            assert_eq!(LookAlike::of_text(text), None, "{text:?}");
        }
        for text in ["a\0b", "a\nb", "\u{7f}", "\u{85}"] {
            assert_eq!(LookAlike::of_text(text), Some(LookAlike::Unseen), "{text:?}");
        }
    }
}
