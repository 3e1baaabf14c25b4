//! The texts of the workspace that a draft depends on.

use std::collections::BTreeMap;

/// Files of the workspace by their path below it, with `/`.
#[derive(Debug, Clone, Default)]
pub struct Tree(BTreeMap<String, String>);

impl Tree {
    /// The folders whose files a draft looks at.
    pub const FOLDERS: [&str; 6] = [
        "storage/src/rules",
        "storage/src/rows",
        "storage/src/sqlite",
        "storage/src/check",
        "storage/tests/migrations/released",
        "tests",
    ];

    /// A tree of these files.
    #[must_use]
    pub const fn new(files: BTreeMap<String, String>) -> Self {
        Self(files)
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// The files below a folder, by path.
    pub(super) fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        files.filter(move |(path, _)| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Whether a file below a folder contains `words`, followed by no further letter of a name.
    pub(super) fn contains(&self, folder: &str, words: &str) -> bool {
        self.file_with(folder, words).is_some()
    }

    /// The first file below a folder that contains `words`, followed by no further letter of a name.
    pub(super) fn file_with<'a>(&'a self, folder: &'a str, words: &str) -> Option<&'a str> {
        let is_in = |text: &str| {
            text.match_indices(words).any(|(at, _)| {
                !text[at + words.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            })
        };
        self.below(folder).find(|(_, text)| is_in(text)).map(|(path, _)| path)
    }
}
