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
