//! The queue of a leader: calls that wait for its writing connection.

use selene_storage::backend::{Commits, Serves};

use crate::writer::Writer;

/// The queue of one leader and its writing connection.
pub(crate) struct Leader {
    pub(crate) commits: Commits<Writer>,
}

impl Serves for Leader {
    type Driver = Writer;

    fn commits(&self) -> &Commits<Writer> {
        &self.commits
    }
}
