//! Beyond the pages that the store keeps at hand, a campaign takes no memory for its targets, and readers are served from
//! its start to its end. Who has reached an end of their own stays there, and is counted.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fReadIdentityRow};
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, Ph1OnbReasonCode, Ph1OnbRepo as _,
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow,
};
use selene_storage::{SqliteStore, Ticket};

use crate::common::journeys::{campaign, inviter, staffed_workplace};
use crate::common::{World, context, raw, simulated};

/// Names the database of the child; without it the child does nothing.
const DATABASE: &str = "SELENE_CAMPAIGN_DATABASE";

/// A tenant, its people, and so the targets of its campaign, and how many of these are notified by calls; the others are
/// marked by a plain statement.
#[derive(Clone, Copy)]
struct Tenant {
    name: &'static str,
    people: usize,
    notified: usize,
}

/// The second campaign fills the page cache, which the third one finds full. What a build without optimization would take
/// too long for is shown once.
const TENANTS: [Tenant; 3] = [
    Tenant { name: "few", people: 5_000, notified: 5_000 },
    Tenant { name: "many", people: 100_000, notified: 100_000 },
    Tenant {
        name: "twice-as-many",
        people: 200_000,
        notified: if cfg!(debug_assertions) { 5_000 } else { 100_000 },
    },
];

/// Notifications that are handed over at once.
const AT_ONCE: usize = 1_000;

/// By so much may the peak grow. A list of the targets that the last campaign has more is three times that.
const SLACK_KB: u64 = 4_096;

/// The name of a person, as long as names may be here, so that a list of them cannot hide.
fn name(tenant: &str, number: usize) -> String {
    format!("{tenant}-{number:0>100}")
}

/// People of a tenant, beside the one who invites.
fn fill(path: &Path, (tenant, people): (&str, usize)) {
    let sql = "WITH RECURSIVE numbers (number) AS
            (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?2)
        INSERT INTO identities (user_id, tenant_id, created_at, status)
        SELECT printf('%s-%0100d', ?1, number), ?1, 1, 'ACTIVE' FROM numbers";
    let others = people - 1;
    assert_eq!(raw(path).execute(sql, (tenant, i64::try_from(others).unwrap())).unwrap(), others);
}

#[test]
fn memory_does_not_grow_with_the_targets_of_a_campaign() {
    let world = World::new();
    let store = world.open();
    for tenant in TENANTS {
        staffed_workplace(&store, tenant.name);
        fill(&world.path(), (tenant.name, tenant.people));
    }
    drop(store);
    // A process of its own has a peak of its own.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "campaign::child_that_runs_the_campaigns"])
        .env(DATABASE, world.path())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{printed}");

    let store = world.open();
    assert!(store.verify_chains(&[]).unwrap().is_intact());
    let count = |sql: &str| raw(&world.path()).query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let sum = |of: fn(&Tenant) -> usize| i64::try_from(TENANTS.iter().map(of).sum::<usize>()).unwrap();
    let targets = "SELECT count(*) FROM onboarding_backfill_targets";
    assert_eq!(count(targets), sum(|tenant| tenant.people));
    let asked = "SELECT count(*) FROM audit_events WHERE reason_code = 'ONB_BACKFILL_NOTIFY_COMMIT'";
    assert_eq!(count(asked), sum(|tenant| tenant.notified));
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn child_that_runs_the_campaigns() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let path = Path::new(&path);
    let store = SqliteStore::open(path).unwrap();
    let peaks = TENANTS.map(|tenant| {
        run(&store, path, tenant);
        peak_kb()
    });
    assert!(peaks[2] <= peaks[1] + SLACK_KB, "kB at the most, campaign by campaign: {peaks:?}");
}

/// Ends are written into the file here: that of an onboarding and a suspended access lead to them.
#[test]
fn who_has_reached_an_end_stays_there_and_is_counted() {
    use BackfillTargetStatus::{Completed, Exempted, Requested};
    let world = World::new();
    let store = world.open();
    staffed_workplace(&store, "acme");
    fill(&world.path(), ("acme", 7));
    let campaign_id = start(&store, ("acme", 7));
    let ends = [(1, Completed), (2, Completed), (3, Exempted)];
    for (number, status) in ends {
        let sql = "UPDATE onboarding_backfill_targets SET target_status = ?2, updated_at = 2500
            WHERE campaign_id = ?1 AND recipient_user_id = ?3";
        let end = (campaign_id.as_str(), status.as_str(), name("acme", number));
        assert_eq!(world.raw().execute(sql, end).unwrap(), 1);
    }
    let ask = |who: &str| {
        let input = notification(&campaign_id, "acme", who);
        store.ph1onb_backfill_notify_commit_row(&simulated(3_000), input).unwrap().value.target_status
    };
    for (number, status) in ends {
        assert_eq!(ask(&name("acme", number)), status, "an end stays as it is");
        let sql =
            "SELECT target_status, updated_at FROM onboarding_backfill_targets WHERE recipient_user_id = ?1";
        let row = world.raw().query_row(sql, [name("acme", number)], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        });
        assert_eq!(row.unwrap(), (status.as_str().to_owned(), 2_500));
    }

    // Four still wait, and the ends do not count for them.
    let finish =
        || store.ph1onb_backfill_complete_commit_row(&simulated(4_000), completion(&campaign_id, "acme"));
    for who in [inviter("acme"), name("acme", 4), name("acme", 5), name("acme", 6)] {
        assert_eq!(finish().unwrap_err().reason_code(), Ph1OnbReasonCode::OnbBackfillNotTerminal.into());
        assert_eq!(ask(&who), Requested);
    }
    let over = finish().unwrap().value;
    assert_eq!(over.state, BackfillCampaignState::Completed);
    assert_eq!((over.completed_target_count, over.total_target_count), (3, 7));
}

/// One campaign from its start to its end, beside somebody who reads all the while.
fn run(store: &SqliteStore, path: &Path, Tenant { name: tenant, people, notified }: Tenant) {
    let meanwhile = Meanwhile::default();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| meanwhile.read(store, path, (tenant, people)));
        let reading = Reading(&meanwhile);
        while meanwhile.reads() == 0 && !reader.is_finished() {
            std::thread::yield_now();
        }
        let campaign_id = meanwhile.serves("start", people, || start(store, (tenant, people)));
        meanwhile.serves("were notified", notified, || ask(store, &campaign_id, (tenant, notified)));
        let finish =
            || store.ph1onb_backfill_complete_commit_row(&simulated(4_000), completion(&campaign_id, tenant));
        if notified < people {
            let refused = finish().unwrap_err();
            assert_eq!(refused.reason_code(), Ph1OnbReasonCode::OnbBackfillNotTerminal.into());
            mark(path, &campaign_id, people - notified);
        }
        // Over in less time than a read takes, so reads beside it are not counted: the reader sees it done.
        let over = finish().unwrap().value;
        assert_eq!(over.state, BackfillCampaignState::Completed);
        assert_eq!(over.total_target_count, u32::try_from(people).unwrap());
        drop(reading);
        let last_seen = reader.join().unwrap();
        assert_eq!(last_seen.as_deref(), Some("COMPLETED"), "the reader was there to the end");
    });
}

fn start(store: &SqliteStore, (tenant, people): (&str, usize)) -> CampaignId {
    let started = store.ph1onb_backfill_start_draft_row(&simulated(2_000), campaign(tenant)).unwrap().value;
    assert_eq!(started.state, BackfillCampaignState::Running);
    assert_eq!(started.pending_target_count, u32::try_from(people).unwrap());
    started.campaign_id
}

fn ask(store: &SqliteStore, campaign_id: &CampaignId, (tenant, notified): (&str, usize)) {
    for first in (0..notified).step_by(AT_ONCE) {
        let calls = (first..notified.min(first + AT_ONCE)).map(|number| {
            let who = if number == 0 { inviter(tenant) } else { name(tenant, number) };
            (simulated(3_000), notification(campaign_id, tenant, &who))
        });
        for ticket in store.submit_all(calls) {
            assert_eq!(Ticket::wait(ticket).unwrap().value.target_status, BackfillTargetStatus::Requested);
        }
    }
}

/// Marks who still waits, by plain statements that take little memory for themselves: it is not theirs that is watched.
fn mark(path: &Path, campaign_id: &CampaignId, waiting: usize) {
    let sql = "UPDATE onboarding_backfill_targets SET target_status = 'REQUESTED'
        WHERE (campaign_id, recipient_user_id) IN (SELECT campaign_id, recipient_user_id
            FROM onboarding_backfill_targets WHERE campaign_id = ?1 AND target_status = 'PENDING' LIMIT ?2)";
    let raw = raw(path);
    raw.execute_batch("PRAGMA cache_size = 100").unwrap();
    let mut statement = raw.prepare(sql).unwrap();
    let mut marked = 0;
    while marked < waiting {
        let some = statement.execute((campaign_id.as_str(), 1_000)).unwrap();
        assert!(some > 0, "{marked} of {waiting} are marked, and nobody waits");
        marked += some;
    }
    assert_eq!(marked, waiting);
}

/// What a campaign and somebody who reads beside it know of each other.
#[derive(Default)]
struct Meanwhile {
    reads: AtomicUsize,
    is_over: AtomicBool,
}

/// Ends the reading when it goes out of scope: also where a check fails, or the reader would be waited for in vain.
struct Reading<'a>(&'a Meanwhile);

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::Release);
    }
}

impl Meanwhile {
    fn reads(&self) -> usize {
        self.reads.load(Ordering::Acquire)
    }

    /// Does what concerns so many people, and checks that reads were served beside it.
    fn serves<T>(&self, what: &str, people: usize, act: impl FnOnce() -> T) -> T {
        let before = self.reads();
        let done = act();
        let served = self.reads() - before;
        assert!(
            served >= (people / 10_000).max(1),
            "{served} reads were served while {people} targets {what}"
        );
        done
    }

    /// Reads by the store and by a connection of its own, until the campaign is over. Gives the state that it saw last.
    fn read(&self, store: &SqliteStore, path: &Path, (tenant, people): (&str, usize)) -> Option<String> {
        let raw = raw(path);
        let mut progress = raw
            .prepare(
                "SELECT count(*), count(*) FILTER (WHERE target_status = 'PENDING'), max(state)
                 FROM onboarding_backfill_campaigns JOIN onboarding_backfill_targets USING (campaign_id)
                 WHERE tenant_id = ?1",
            )
            .unwrap();
        let people = i64::try_from(people).unwrap();
        let mut pending_before = people;
        loop {
            let is_last = self.is_over.load(Ordering::Acquire);
            let input = Ph1fReadIdentityRow { user_id: inviter(tenant).into() };
            assert!(store.ph1f_read_identity_row(&context(1), input).unwrap().is_some());
            let seen = progress.query_row([tenant], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?))
            });
            let (targets, pending, state) = seen.unwrap();
            // All targets are there at once, or none; and nobody who was asked waits again.
            assert!(targets == if state.is_some() { people } else { 0 }, "{targets} of {people}, {state:?}");
            if state.is_some() {
                assert!(pending <= pending_before, "{pending} wait, after {pending_before} did");
                pending_before = pending;
            }
            if is_last {
                return state;
            }
            self.reads.fetch_add(1, Ordering::Release);
        }
    }
}

fn notification(campaign_id: &CampaignId, tenant: &str, who: &str) -> Ph1onbBackfillNotifyCommitRow {
    Ph1onbBackfillNotifyCommitRow {
        campaign_id: campaign_id.clone(),
        tenant_id: tenant.into(),
        recipient_user_id: who.into(),
        idempotency_key: "notify".into(),
    }
}

fn completion(campaign_id: &CampaignId, tenant: &str) -> Ph1onbBackfillCompleteCommitRow {
    Ph1onbBackfillCompleteCommitRow {
        campaign_id: campaign_id.clone(),
        tenant_id: tenant.into(),
        idempotency_key: "complete".into(),
    }
}

/// The most memory that this process has had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}
