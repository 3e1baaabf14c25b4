//! Texts that stand in for files of a specs folder, or beside them: the phases can be run on what is not written yet.

use std::collections::BTreeMap;

/// Texts by their path below the specs folder: `ecm/PH1_W.md`, `lexicon.yaml`.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    texts: BTreeMap<String, OverlayText>,
}

/// A text that is read in place of a file.
#[derive(Debug, Clone)]
pub struct OverlayText {
    /// The path that people are shown.
    pub shown: String,
    /// The text that stands in for the file.
    pub text: String,
}

impl Overlay {
    /// Puts a text in the place of a file, or of an earlier text.
    pub fn put(&mut self, relative: &str, shown: String, text: String) {
        self.texts.insert(relative.to_owned(), OverlayText { shown, text });
    }

    /// The text in the place of a file.
    #[must_use]
    pub fn get(&self, relative: &str) -> Option<&OverlayText> {
        self.texts.get(relative)
    }

    /// Every text with its path, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &OverlayText)> {
        self.texts.iter().map(|(relative, text)| (relative.as_str(), text))
    }

    /// The names of the texts right below a folder.
    pub(super) fn names_in(&self, folder: &str) -> impl Iterator<Item = &str> {
        self.texts.keys().filter_map(move |path| path.strip_prefix(folder)?.strip_prefix('/'))
    }
}
