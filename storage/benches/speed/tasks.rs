//! Tasks of Tokio: what a call costs them against the same calls of threads, and with `--peers` against sqlx on the same work. Only in a
//! build with the feature `async`.

use std::time::{Duration, Instant};

use selene_contracts::Disposition;
use selene_contracts::asynchronous::ph1_w::Ph1wWakeRepo;
use selene_storage::AsyncSqliteStore;
use tokio::runtime::{Builder, Runtime};

use crate::arguments::{CALLS, Extent};
use crate::bed::Template;
use crate::peers::Peers;
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed};
use crate::store::Ours;
use crate::workload::{Call, calls};

/// How many tasks call at once.
const TASKS: [usize; 3] = [1, 64, 1_000];

/// A store that tasks call.
struct Tasks {
    store: AsyncSqliteStore,
    runtime: Runtime,
    next: usize,
}

impl Tasks {
    fn new(store: AsyncSqliteStore, next: usize) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).build().expect("a runtime starts");
        Self { store, runtime, next }
    }

    /// New events from so many tasks, each of which waits for one before the next.
    fn commit_from(&mut self, tasks: usize, count: usize) -> Duration {
        let mut shares: Vec<Vec<Call>> = (0..tasks).map(|_| Vec::new()).collect();
        for (index, call) in calls(self.next..self.next + count).into_iter().enumerate() {
            shares[index % tasks].push(call);
        }
        self.next += count;
        self.runtime.block_on(async {
            let began = Instant::now();
            let shares: Vec<_> = shares
                .into_iter()
                .map(|share| tokio::spawn(commit_each(self.store.clone(), share)))
                .collect();
            for share in shares {
                share.await.expect("every call is answered");
            }
            began.elapsed()
        })
    }
}

async fn commit_each(store: AsyncSqliteStore, calls: Vec<Call>) {
    for (context, input) in calls {
        let answer = store.ph1w_runtime_event_commit_row(&context, input).await.expect("it commits");
        assert_eq!(answer.disposition, Disposition::Applied);
    }
}

/// Each number of tasks against as many threads, where so many are reasonable, and against sqlx.
pub fn measure(template: &Template, extent: Extent, peers: Option<&Peers>) -> Vec<Line> {
    let mut lines = Vec::new();
    for count in TASKS {
        let name = |side: &str| format!("tasks-{side}-{count}");
        let mut tasks = Tasks::new(template.store(&name("ours")).into(), template.events);
        let mut contestants = vec![Contestant::new(CALLS, move || tasks.commit_from(count, CALLS))];
        // A thousand threads measure the scheduler.
        let threads = count.min(64);
        let mut ours = Ours::new(template.store(&name("threads")), template.events);
        contestants.push(Contestant::new(CALLS, move || ours.commit_from(threads, CALLS)));
        if let Some(peers) = peers {
            let (database, mut next) = (template.copy(&name("sqlx")), template.events);
            contestants.push(Contestant::new(CALLS, move || {
                let elapsed = peers.commit("sqlx", &database, next, CALLS, count);
                next += CALLS;
                elapsed
            }));
        }
        rounds::run(&mut contestants, extent.rounds());
        let ours = &contestants[0];
        let many = if count == 1 { "1 task".to_owned() } else { format!("{count} tasks") };
        let against = |what: &str, other: &Contestant<'_>| {
            let case = format!("commits of {many}, against {what}");
            Line::new(case, Aim::None, speed(ours, other), ours.nanoseconds(), other.nanoseconds())
        };
        let whom = if threads == 1 { "1 thread".to_owned() } else { format!("{threads} threads") };
        lines.push(against(&format!("the store called by {whom}"), &contestants[1]));
        if let Some(sqlx) = contestants.get(2) {
            lines.push(against(&format!("sqlx with {many}"), sqlx));
        }
    }
    lines
}
