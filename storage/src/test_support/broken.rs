//! Commits that break.

/// What a commit does on a disk that breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenCommit {
    /// It is durable, and an error is reported all the same.
    Durable,
    /// An error is reported, and nothing is committed.
    Lost,
}
