//! How the commands print that find something.

use clap::ValueEnum;

/// How `regenerate`, `lint` and `check` print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FindingFormat {
    /// Tables, diffs and lines with their places marked, for people.
    Text,
    /// One object, for tools.
    Json,
    /// One workflow command per finding, for GitHub.
    Github,
}

/// How `diff` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// Both lines of every change and what to do, for people.
    Text,
    /// One object, for tools.
    Json,
    /// The same as the text, for a comment on a change.
    Markdown,
}

/// How a report prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Tables, for people.
    Text,
    /// One object, for tools.
    Json,
}
