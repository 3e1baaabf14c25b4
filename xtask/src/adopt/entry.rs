//! An entry that is drafted for the lexicon: where it goes, what it says, and what that was guessed from.

use crate::read::guess::Guess;

/// A part of an engine's block in the lexicon, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Refusals,
    Types,
    Fields,
    Groups,
    Records,
}

impl Part {
    pub(super) const ALL: [Self; 5] =
        [Self::Refusals, Self::Types, Self::Fields, Self::Groups, Self::Records];

    /// The key of the part.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Refusals => "refusals",
            Self::Types => "types",
            Self::Fields => "fields",
            Self::Groups => "groups",
            Self::Records => "records",
        }
    }
}

/// An entry of the lexicon or the register that is drafted from pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) part: Part,
    /// As it stands before the colon: `note_id`, `"quality fields"`.
    pub(super) key: String,
    /// What stands behind the colon.
    pub(super) value: String,
    /// What it was guessed from.
    pub(super) from: String,
}

impl Entry {
    /// As a line without its indent.
    pub(super) fn line(&self) -> String {
        Guess::in_yaml(&format!("{}: {}", self.key, self.value), &self.from)
    }
}

/// Words as a text of YAML in double quotes. JSON's texts are texts of YAML too.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Names as a list of YAML. One with marks other than `?` is quoted.
pub(super) fn list(names: &[String]) -> String {
    let item = |name: &String| {
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '?'));
        if is_plain { name.clone() } else { quoted(name) }
    };
    format!("[{}]", names.iter().map(item).collect::<Vec<_>>().join(", "))
}

/// `note_seq` as words for people: `note seq`.
pub(super) fn words(name: &str) -> String {
    name.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}

/// `a note`, `an audit event`.
pub(super) fn with_article(words: &str) -> String {
    let article = if words.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {words}")
}

/// A text with its first letter in upper case.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
