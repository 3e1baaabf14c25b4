//! Who leads for tasks: a blocking thread of the runtime, for as long as anything is queued.

use std::sync::Arc;

use tokio::runtime::Handle;

use crate::commit::calls::Serves;

/// Sees to it that somebody commits what is queued: a thread that leads already, else one of the runtime.
pub(super) fn ensure<T: Serves>(runtime: &Handle, leader: &Arc<T>) {
    if leader.commits().needs_leader() && leader.commits().claim() {
        let claim = Claim { leader: Arc::clone(leader), is_held: true };
        drop(runtime.spawn_blocking(move || claim.lead()));
    }
}

/// The duty to lead for tasks; one at a time for each queue. Given back also where the runtime shuts down before it is met.
struct Claim<T: Serves> {
    leader: Arc<T>,
    is_held: bool,
}

impl<T: Serves> Claim<T> {
    /// Leads until nothing is queued, or somebody else leads.
    fn lead(mut self) {
        let commits = self.leader.commits();
        loop {
            while commits.lead_for_others() {}
            commits.give_back_claim();
            // What was queued before the claim was given back has found it taken, and waits for this thread.
            if !(commits.needs_leader() && commits.claim()) {
                break;
            }
        }
        // Somebody else may have taken it by now.
        self.is_held = false;
    }
}

impl<T: Serves> Drop for Claim<T> {
    fn drop(&mut self) {
        if self.is_held {
            self.leader.commits().give_back_claim();
            self.leader.commits().wake_next();
        }
    }
}
