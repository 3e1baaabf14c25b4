//! A text before and after, as people are shown it.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::write::replace;
use crate::written::CONTRACTS;

/// A text that is not as it is to be.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The file, for people; below the workspace where it lies there.
    pub file: String,
    /// The text so far; nothing where the file is new.
    pub old: Option<String>,
    /// The text to be; nothing where the file has to go.
    pub new: Option<String>,
}

impl Difference {
    /// The difference of two texts, if there is one.
    pub fn between(file: String, old: Option<String>, new: Option<String>) -> Option<Self> {
        (old != new).then_some(Self { file, old, new })
    }

    /// `new`, `gone` or `changed`.
    pub const fn kind(&self) -> &'static str {
        match (&self.old, &self.new) {
            (None, _) => "new",
            (_, None) => "gone",
            _ => "changed",
        }
    }

    /// Lines that go and lines that come, with two lines around them.
    pub fn lines(&self) -> String {
        let [old, new] = [&self.old, &self.new].map(|text| text.as_deref().unwrap_or_default());
        TextDiff::from_lines(old, new).unified_diff().context_radius(2).to_string()
    }

    /// Writes or deletes the file of a workspace.
    pub fn apply(&self, root: &Path) -> io::Result<()> {
        let path = root.join(&self.file);
        match &self.new {
            None => fs::remove_file(path),
            Some(text) => replace(&path, text, &root.join("generated").join(CONTRACTS)),
        }
    }
}

impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<8} {}", self.kind(), self.file)?;
        for line in self.lines().lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f)
    }
}
