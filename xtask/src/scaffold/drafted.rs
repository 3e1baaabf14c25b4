//! What a draft is: new files, lines of existing ones, and what only a person can do.

use super::registration::Registration;

/// What would be written for an engine.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Files that are not there yet.
    pub files: Vec<NewFile>,
    /// Lines of existing files, each at a place that is recognised.
    pub registrations: Vec<Registration>,
    /// What a person has to do, because no file of a draft can: whole sentences, or a line to add and its file.
    pub to_do: Vec<String>,
}

impl Draft {
    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.files.is_empty() && self.registrations.is_empty() && self.to_do.is_empty()
    }
}

/// A file that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its path below the workspace, with `/`.
    pub path: String,
    /// Its whole text. Rust is as `rustfmt` reads it, not yet as it writes it.
    pub text: String,
}
