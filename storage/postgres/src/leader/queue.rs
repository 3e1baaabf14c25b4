//! The queue of a leader: calls that wait for its writing connection, and a thread that leads where nobody else does.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock, Weak};
use std::thread;

use selene_storage::backend::{Commits, Serves, Settles};

use crate::leader::writer::Writer;

/// The queue of one leader and its writing connection.
pub(crate) struct Leader {
    pub(crate) commits: Commits<Writer>,
    /// Those whose queues are committed side by side with this one.
    others: OnceLock<Vec<Weak<Self>>>,
    /// Asks the thread to lead; started when it is needed first, and none where it cannot be.
    thread: OnceLock<Option<SyncSender<()>>>,
}

impl Leader {
    pub(crate) const fn new(commits: Commits<Writer>) -> Self {
        Self { commits, others: OnceLock::new(), thread: OnceLock::new() }
    }

    /// Makes leaders known to each other: whoever waits for one of them lets the others work.
    pub(crate) fn acquaint(leaders: &[Arc<Self>]) {
        for leader in leaders {
            let others = leaders.iter().filter(|other| !Arc::ptr_eq(other, leader)).map(Arc::downgrade);
            leader.others.get_or_init(|| others.collect());
        }
    }

    /// Commits what was handed over here, on a thread of its own. Where there is none, whoever waits for it does.
    fn commit_aside(self: &Arc<Self>) {
        let start = || {
            let (ask, asked) = sync_channel(1);
            let leader = Arc::downgrade(self);
            let named = thread::Builder::new().name("selene-leader".to_owned());
            named.spawn(move || lead(&asked, &leader)).is_ok().then_some(ask)
        };
        if let Some(thread) = self.thread.get_or_init(start) {
            // One that was asked already and has not begun will see this too; one that has ended never does.
            let _ = thread.try_send(());
        }
    }
}

/// Leads whenever that is asked for, until the leader is gone.
fn lead(asked: &Receiver<()>, leader: &Weak<Leader>) {
    while asked.recv().is_ok() {
        let Some(leader) = leader.upgrade() else { return };
        while leader.commits.settle_more() {}
    }
}

impl Serves for Leader {
    type Driver = Writer;

    fn commits(&self) -> &Commits<Writer> {
        &self.commits
    }

    fn wake_others(&self) {
        let others = self.others.get().into_iter().flatten().filter_map(Weak::upgrade);
        others.filter(|other| other.commits.lies_idle()).for_each(|other| other.commit_aside());
    }
}

impl Settles for Leader {
    fn settle_more(&self) -> bool {
        self.commits.settle_more()
    }
}
