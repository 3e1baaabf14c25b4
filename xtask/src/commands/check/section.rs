//! What a part of the page says, in every form that it can be printed in.

use serde_json::Value;

/// What a section comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that the section is about holds; it may still have something to say.
    Passed,
    /// It does not hold; the exit code is 1.
    Failed,
    /// There was nothing to hold it against; that fails nothing.
    NotCompared,
}

impl Verdict {
    /// `passed`, `failed` or `not compared`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotCompared => "not compared",
        }
    }
}

/// One part of the page.
#[derive(Debug)]
pub struct Section {
    /// One or two words.
    pub title: &'static str,
    /// What it comes to.
    pub verdict: Verdict,
    /// One line without a full stop: numbers, or why nothing was compared.
    pub summary: String,
    /// What a person has to see beyond the summary; may be empty.
    pub details: String,
    /// The same for tools.
    pub data: Value,
    /// Workflow commands of GitHub.
    pub annotations: String,
}
