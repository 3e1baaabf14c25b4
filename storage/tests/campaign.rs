//! Beyond the pages that the store keeps at hand, a campaign takes no memory for its targets, and readers are served
//! while it starts.

#![cfg(target_os = "linux")]

mod common;

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use common::journeys::{campaign, inviter, staffed_workplace};
use common::{World, context, raw, simulated};
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fReadIdentityRow};
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, Ph1OnbReasonCode, Ph1OnbRepo as _,
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow,
};
use selene_storage::{SqliteStore, Ticket};

/// Names the database of the child; without it the child does nothing.
const DATABASE: &str = "SELENE_CAMPAIGN_DATABASE";

/// Tenants with their people, and so the targets of their campaigns. Every target of the first one is notified by a
/// call; the second one fills the page cache, which the third one finds full.
const TENANTS: [(&str, usize); 3] = [("few", 5_000), ("many", 100_000), ("twice-as-many", 200_000)];

/// How many targets of a campaign are notified by calls, at most. In a build without optimization the others are
/// marked by a plain statement: it would take a minute.
const NOTIFIED: usize = if cfg!(debug_assertions) { 5_000 } else { 100_000 };
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
        staffed_workplace(&store, tenant.0);
        fill(&world.path(), tenant);
    }
    drop(store);
    // A process of its own has a peak of its own.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "child_that_runs_the_campaigns"])
        .env(DATABASE, world.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success(), "{said}");

    let store = world.open();
    assert!(store.verify_chains(&[]).unwrap().is_intact());
    let count = |sql: &str| raw(&world.path()).query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let targets = TENANTS.iter().map(|(_, people)| i64::try_from(*people).unwrap()).sum::<i64>();
    assert_eq!(count("SELECT count(*) FROM onboarding_backfill_targets"), targets);
    let asked = "SELECT count(*) FROM audit_events WHERE reason_code = 'ONB_BACKFILL_NOTIFY_COMMIT'";
    assert_eq!(
        count(asked),
        TENANTS.iter().map(|(_, people)| i64::try_from(*people.min(&NOTIFIED)).unwrap()).sum::<i64>()
    );
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

/// One campaign from its start to its end.
fn run(store: &SqliteStore, path: &Path, (tenant, people): (&str, usize)) {
    let campaign_id = start(store, path, (tenant, people));
    let finish = || {
        let input = Ph1onbBackfillCompleteCommitRow {
            campaign_id: campaign_id.clone(),
            tenant_id: tenant.into(),
            idempotency_key: "complete".into(),
        };
        store.ph1onb_backfill_complete_commit_row(&simulated(4_000), input)
    };
    let notified = people.min(NOTIFIED);
    for first in (0..notified).step_by(AT_ONCE) {
        let calls = (first..notified.min(first + AT_ONCE)).map(|number| {
            let who = if number == 0 { inviter(tenant) } else { name(tenant, number) };
            let input = Ph1onbBackfillNotifyCommitRow {
                campaign_id: campaign_id.clone(),
                tenant_id: tenant.into(),
                recipient_user_id: who.into(),
                idempotency_key: "notify".into(),
            };
            (simulated(3_000), input)
        });
        for ticket in store.submit_all(calls) {
            assert_eq!(Ticket::wait(ticket).unwrap().value.target_status, BackfillTargetStatus::Requested);
        }
    }
    if notified < people {
        let refused = finish().unwrap_err();
        assert_eq!(refused.reason_code(), Ph1OnbReasonCode::OnbBackfillNotTerminal.into());
        let rest = "UPDATE onboarding_backfill_targets SET target_status = 'REQUESTED'
            WHERE campaign_id = ?1 AND target_status = 'PENDING'";
        assert_eq!(raw(path).execute(rest, [campaign_id.as_str()]).unwrap(), people - notified);
    }
    let over = finish().unwrap().value;
    assert_eq!(over.state, BackfillCampaignState::Completed);
    assert_eq!(over.total_target_count, u32::try_from(people).unwrap());
}

/// Starts a campaign beside somebody who reads.
fn start(store: &SqliteStore, path: &Path, (tenant, people): (&str, usize)) -> CampaignId {
    let (is_reading, is_started) = (AtomicBool::new(false), AtomicBool::new(false));
    let reader = || {
        let raw = raw(path);
        let mut statement = raw
            .prepare(
                "SELECT count(*) FROM onboarding_backfill_campaigns JOIN onboarding_backfill_targets
                 USING (campaign_id) WHERE tenant_id = ?1",
            )
            .unwrap();
        let mut served = 0;
        loop {
            let input = Ph1fReadIdentityRow { user_id: inviter(tenant).into() };
            assert!(store.ph1f_read_identity_row(&context(1), input).unwrap().is_some());
            let targets: i64 = statement.query_row([tenant], |row| row.get(0)).unwrap();
            is_reading.store(true, Ordering::Release);
            // All targets are there at once, or none.
            if targets > 0 {
                assert_eq!(targets, i64::try_from(people).unwrap());
            }
            if is_started.load(Ordering::Acquire) {
                return served;
            }
            served += 1;
        }
    };
    std::thread::scope(|scope| {
        let reader = scope.spawn(reader);
        while !is_reading.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        let started = store.ph1onb_backfill_start_draft_row(&simulated(2_000), campaign(tenant));
        is_started.store(true, Ordering::Release);
        let started = started.unwrap().value;
        assert_eq!(started.state, BackfillCampaignState::Running);
        assert_eq!(started.pending_target_count, u32::try_from(people).unwrap());
        let served = reader.join().unwrap();
        let expected = people / 10_000;
        assert!(served >= expected, "{served} reads were served while a campaign of {people} started");
        started.campaign_id
    })
}

/// The most memory that this process has had.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}
