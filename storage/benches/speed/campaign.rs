//! Campaigns of two sizes in one file: what one target costs in the large one, against the small one.

use std::path::Path;
use std::time::Duration;

use selene_contracts::ph1_f::Ph1fIdentityInsertRow;
use selene_contracts::ph1_onb::{
    CampaignId, Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::ph1_position::{Ph1positionCreateDraftRow, Ph1positionSchemaActivateCommitRow};
use selene_contracts::shared::RolloutScope;
use selene_contracts::{CallContext, Committed, StorageError};
use selene_storage::test_support::inputs;
use selene_storage::{SqliteStore, StoredWrite, Ticket};

use crate::arguments::Extent;
use crate::report::{Aim, Line};
use crate::rounds::{median, timed};
use crate::workload;

/// Calls that are handed over at once.
const AT_ONCE: usize = 1_000;
/// Rounds at most: each leaves as many rows as there are targets.
const ROUNDS_AT_MOST: usize = 5;
/// A campaign that is over is completed again under other keys, which looks at the same rows: one commit says little.
const COMPLETIONS: usize = 50;

/// A tenant with as many people as its campaigns have targets.
struct Tenant {
    name: String,
    people: usize,
    /// Nanoseconds of every round.
    start: Vec<f64>,
    notify: Vec<f64>,
    complete: Vec<f64>,
}

/// Campaigns of the two sizes, round by round.
pub fn measure(folder: &Path, extent: Extent) -> Vec<Line> {
    let store = SqliteStore::open(folder.join("campaigns.db")).expect("the folder takes a database");
    let mut tenants: Vec<Tenant> =
        extent.sizes()[..2].iter().map(|people| Tenant::populate(&store, *people)).collect();
    for round in 0..=extent.rounds().min(ROUNDS_AT_MOST) {
        // The order changes, so that neither is always the first.
        tenants.reverse();
        for tenant in &mut tenants {
            let times = tenant.run(&store, round);
            // The first round does not count.
            if round > 0 {
                tenant.keep(times);
            }
        }
    }
    tenants.sort_by_key(|tenant| tenant.people);
    let [small, large] = tenants.as_slice() else { unreachable!("two sizes") };
    vec![
        per_target("start", small, large, |tenant| &tenant.start),
        per_target("notify, tickets of 1000", small, large, |tenant| &tenant.notify),
        line(
            format!("campaign, complete: time with {} targets, with {}", large.people, small.people),
            Aim::AtMost(1.5),
            (&small.complete, COMPLETIONS),
            (&large.complete, COMPLETIONS),
        ),
    ]
}

fn per_target(what: &str, small: &Tenant, large: &Tenant, times: fn(&Tenant) -> &Vec<f64>) -> Line {
    let case = format!("campaign, {what}: time per target of {}, of {}", large.people, small.people);
    // A row in a larger tree costs a little more; what must not be is ten times as much.
    line(case, Aim::AtMost(1.5), (times(small), small.people), (times(large), large.people))
}

/// The ratio of the times of one piece: the median of the ratios within each round.
fn line(case: String, aim: Aim, small: (&[f64], usize), large: (&[f64], usize)) -> Line {
    let per_piece = |(times, pieces): (&[f64], usize)| -> Vec<f64> {
        let pieces = u32::try_from(pieces).expect("a campaign counts so far");
        times.iter().map(|time| time / f64::from(pieces)).collect()
    };
    let (small, large) = (per_piece(small), per_piece(large));
    let ratios = large.iter().zip(&small).map(|(large, small)| large / small).collect();
    Line::new(case, aim, median(ratios), median(large), median(small))
}

impl Tenant {
    /// People, a position, and a schema that concerns everybody.
    fn populate(store: &SqliteStore, people: usize) -> Self {
        eprintln!("filling a tenant of {people} people");
        let name = format!("tenant-of-{people}");
        for first in (0..people).step_by(AT_ONCE) {
            let numbers = first..people.min(first + AT_ONCE);
            commit_all(store, numbers.map(|number| (call(number), identity(&name, number))));
        }
        let company = inputs::company(name.as_str(), "company", "company");
        commit(store, company);
        commit(store, position(&name));
        let draft = inputs::schema(name.as_str(), "nurse", "v1", "draft");
        commit(store, draft);
        let activate = Ph1positionSchemaActivateCommitRow {
            tenant_id: name.as_str().into(),
            position_id: "nurse".into(),
            schema_version_id: "v1".into(),
            rollout_scope: RolloutScope::CurrentAndNew,
            idempotency_key: "activate".into(),
        };
        commit(store, activate);
        Self { name, people, start: Vec::new(), notify: Vec::new(), complete: Vec::new() }
    }

    /// One campaign: how long its start, all its notifications and its end take.
    fn run(&self, store: &SqliteStore, round: usize) -> [Duration; 3] {
        let mut campaign_id = None;
        let start = timed(|| campaign_id = Some(commit(store, self.campaign(round)).value.campaign_id));
        let campaign_id = campaign_id.expect("it was started");
        let notify = timed(|| {
            for first in (0..self.people).step_by(AT_ONCE) {
                let numbers = first..self.people.min(first + AT_ONCE);
                commit_all(
                    store,
                    numbers.map(|number| (call(number), self.notification(&campaign_id, number))),
                );
            }
        });
        let complete = timed(|| {
            for number in 0..COMPLETIONS {
                let input = Ph1onbBackfillCompleteCommitRow {
                    campaign_id: campaign_id.clone(),
                    tenant_id: self.name.as_str().into(),
                    idempotency_key: format!("complete-{number}").into(),
                };
                // After all that happened in it.
                commit_at(store, self.people, input);
            }
        });
        [start, notify, complete]
    }

    fn keep(&mut self, [start, notify, complete]: [Duration; 3]) {
        self.start.push(start.as_secs_f64() * 1e9);
        self.notify.push(notify.as_secs_f64() * 1e9);
        self.complete.push(complete.as_secs_f64() * 1e9);
    }

    fn campaign(&self, round: usize) -> Ph1onbBackfillStartDraftRow {
        Ph1onbBackfillStartDraftRow {
            actor_user_id: person(&self.name, 0).into(),
            tenant_id: self.name.as_str().into(),
            company_id: "company".into(),
            position_id: "nurse".into(),
            schema_version_id: "v1".into(),
            rollout_scope: RolloutScope::CurrentAndNew,
            idempotency_key: format!("campaign-{round}").into(),
        }
    }

    fn notification(&self, campaign_id: &CampaignId, number: usize) -> Ph1onbBackfillNotifyCommitRow {
        Ph1onbBackfillNotifyCommitRow {
            campaign_id: campaign_id.clone(),
            tenant_id: self.name.as_str().into(),
            recipient_user_id: person(&self.name, number).into(),
            idempotency_key: "notify".into(),
        }
    }
}

fn person(tenant: &str, number: usize) -> String {
    format!("{tenant}-user-{number:07}")
}

fn identity(tenant: &str, number: usize) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        tenant_id: Some(tenant.into()),
        ..inputs::identity(person(tenant, number), "identity")
    }
}

fn position(tenant: &str) -> Ph1positionCreateDraftRow {
    inputs::position(tenant, "nurse", "company", "position")
}

fn call(number: usize) -> CallContext {
    workload::context(number).with_simulation("simulation".into())
}

fn commit<C: StoredWrite>(store: &SqliteStore, input: C) -> Committed<C::Output> {
    commit_at(store, 0, input)
}

fn commit_at<C: StoredWrite>(store: &SqliteStore, number: usize, input: C) -> Committed<C::Output> {
    applied(store.submit(&call(number), input).wait())
}

fn commit_all<C: StoredWrite>(store: &SqliteStore, calls: impl Iterator<Item = (CallContext, C)>) {
    for ticket in store.submit_all(calls) {
        applied(Ticket::wait(ticket));
    }
}

fn applied<T>(answer: Result<Committed<T>, StorageError>) -> Committed<T> {
    let committed = answer.expect("the call is allowed");
    assert!(committed.is_applied());
    committed
}
