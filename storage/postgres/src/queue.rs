//! The queue of a lane: calls that wait for its writing connection.

use selene_storage::backend::{Commits, Serves};

use crate::writer::Writer;

/// The queue of one lane and its writing connection.
pub(crate) struct Lane {
    pub(crate) commits: Commits<Writer>,
}

impl Serves for Lane {
    type Driver = Writer;

    fn commits(&self) -> &Commits<Writer> {
        &self.commits
    }
}
