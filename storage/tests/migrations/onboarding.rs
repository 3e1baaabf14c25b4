//! Onboardings and campaigns that an earlier build wrote: after the migration they are read, replayed, verified, and
//! led to their end.

use rusqlite::Connection;
use selene_contracts::Disposition;
use selene_contracts::ph1_link::{Ph1LinkRepo as _, Ph1linkInviteOpenActivateCommitRow};
use selene_contracts::ph1_onb::{
    CampaignId, OnboardingNextStep, OnboardingStatus, Ph1OnbReasonCode, Ph1OnbRepo as _,
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow,
    Ph1onbSessionRow,
};
use selene_storage::SqliteStore;

use crate::common::journeys::{Journey, STEPS, campaign, inviter, person, staffed_workplace};
use crate::common::{World, simulated};

/// Version 4, step by step.
const STEPS_TO_4: [&str; 4] = [
    include_str!("../../src/sqlite/migrations/0001_foundation.sql"),
    include_str!("../../src/sqlite/migrations/0002_wake_and_voice.sql"),
    include_str!("../../src/sqlite/migrations/0003_links_positions_access.sql"),
    include_str!("../../src/sqlite/migrations/0004_onboarding.sql"),
];

/// What version 4 answered had none of this.
const WITHOUT_NEW_FIELDS: &str = "CASE capability
    WHEN 'PH1ONB_COMPLETE_COMMIT_ROW' THEN json_remove(outcome, '$.user_id', '$.completed_campaign_ids')
    ELSE json_remove(outcome, '$.missing_requirement_keys', '$.next_requirement_key', '$.passed_over_count',
                     '$.completion_reason_code') END";

/// Nor had the payloads of its events. The events are hashed with what stands in them, so the chains of such a copy are
/// not looked at here: files that a released build wrote show that they hold.
const WITHOUT_NEW_ENTRIES: &str =
    "json_remove(payload_min, '$.passed_over_count', '$.completion_reason_code',
    '$.previous_link_status', '$.completed_target_count', '$.pending_target_count')";

/// A row stood under the number of its event in the store, which is found by its place now.
const EVENT_NUMBER: &str = "(SELECT event.ledger_position FROM source.audit_events AS event
    WHERE event.chain_id = kept.chain_id AND event.chain_sequence = kept.chain_sequence)";

/// The rows of a store of today in a file of version 4, as far as it had columns for them.
fn as_version_4(source: &World) -> World {
    let old = World::new();
    let raw = Connection::open(old.path()).unwrap();
    for step in STEPS_TO_4 {
        raw.execute_batch(step).unwrap();
    }
    raw.pragma_update(None, "application_id", i32::from_be_bytes(*b"SELN")).unwrap();
    raw.pragma_update(None, "user_version", 4).unwrap();
    raw.pragma_update(None, "foreign_keys", false).unwrap();
    raw.execute("ATTACH ?1 AS source", [source.path().to_str().unwrap()]).unwrap();
    for table in names(&raw, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
        let columns = names(&raw, &format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"));
        let given: Vec<_> = columns
            .iter()
            .map(|column| match (table.as_str(), column.as_str()) {
                ("idempotency_records", "outcome") => WITHOUT_NEW_FIELDS,
                ("audit_events", "payload_min") => WITHOUT_NEW_ENTRIES,
                ("idempotency_records", "ledger_position") | ("wake_runtime_events", "wake_position") => {
                    EVENT_NUMBER
                }
                (_, column) => column,
            })
            .collect();
        let (columns, given) = (columns.join(", "), given.join(", "));
        raw.execute(
            &format!("INSERT INTO {table} ({columns}) SELECT {given} FROM source.{table} AS kept"),
            [],
        )
        .unwrap();
    }
    old
}

fn names(raw: &Connection, sql: &str) -> Vec<String> {
    names_or_none(raw, sql).into_iter().flatten().collect()
}

fn names_or_none(raw: &Connection, sql: &str) -> Vec<Option<String>> {
    let mut statement = raw.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn notify(store: &SqliteStore, campaign_id: &CampaignId, who: &str, now: u64, key: &str) -> String {
    let input = Ph1onbBackfillNotifyCommitRow {
        campaign_id: campaign_id.clone(),
        tenant_id: "t".into(),
        recipient_user_id: who.into(),
        idempotency_key: key.into(),
    };
    store.ph1onb_backfill_notify_commit_row(&simulated(now), input).unwrap().value.target_status.to_string()
}

fn start() -> Ph1onbBackfillStartDraftRow {
    Ph1onbBackfillStartDraftRow { idempotency_key: "k".into(), ..campaign("t") }
}

/// A file of version 4. Ada's onboarding is over, Bea's waits for the sender; one campaign runs, and one had nobody to ask.
struct Before {
    world: World,
    ada: Journey,
    bea: Journey,
    running: CampaignId,
}

impl Before {
    fn new() -> Self {
        let source = World::new();
        let store = source.open();
        staffed_workplace(&store, "t");
        let mut ada = Journey::new("ada", "t", 7);
        let mut bea = Journey::new("bea", "t", 8);
        person(&store, "t", &bea.user());
        let started = store.ph1onb_backfill_start_draft_row(&simulated(50), start()).unwrap();
        let running = started.value.campaign_id;
        assert_eq!(notify(&store, &running, &inviter("t"), 60, "k"), "REQUESTED");
        for step in 0..STEPS.len() {
            ada.take(&store, step).unwrap();
        }
        for step in 0..5 {
            bea.take(&store, step).unwrap();
        }
        drop(store);
        let world = as_version_4(&source);
        let empty = "INSERT INTO onboarding_backfill_campaigns SELECT 'cmp_empty', tenant_id, company_id, position_id,
                 schema_version_id, rollout_scope, 'COMPLETED', actor_user_id, 0, 50, 50, 50
             FROM onboarding_backfill_campaigns";
        world.raw().execute(empty, []).unwrap();
        Self { world, ada, bea, running }
    }

    /// The file after the migration. Only the campaign that was put in follows from no call.
    fn open(&self) -> SqliteStore {
        let store = self.world.open();
        let folds = store.verify_folds().unwrap();
        let faults: Vec<_> = folds.faults.iter().map(|fault| (fault.table, fault.row.as_str())).collect();
        assert_eq!(faults, [("onboarding_backfill_campaigns", "cmp_empty")], "{folds:?}");
        store
    }
}

#[test]
fn onboardings_and_campaigns_of_version_4_are_read_with_the_columns_that_came_later() {
    let before = Before::new();
    let store = before.open();
    let reasons = names_or_none(
        &before.world.raw(),
        "SELECT completion_reason_code FROM onboarding_backfill_campaigns ORDER BY total_target_count",
    );
    assert_eq!(reasons, [Some("ONB_BACKFILL_NO_TARGETS".to_owned()), None]);
    let read = |journey: &Journey| {
        let input = Ph1onbSessionRow { onboarding_session_id: journey.session_id.clone().unwrap() };
        store.ph1onb_session_row(&simulated(1), input).unwrap().unwrap()
    };
    // The prefilled context came along, and what is missing follows from the pinned version.
    let row = read(&before.bea);
    assert_eq!(row.prefilled_context.unwrap().position_id, Some("nurse".into()));
    assert_eq!(row.pinned_requirement_keys, ["licence".into()]);
    assert_eq!((row.next_step, row.missing_requirement_keys), (Some(OnboardingNextStep::Install), vec![]));
    assert_eq!(read(&before.ada).status, OnboardingStatus::Complete);
}

#[test]
fn answers_of_version_4_are_replayed_without_the_fields_that_came_later() {
    let mut before = Before::new();
    let store = before.open();
    for (step, name) in STEPS.iter().enumerate() {
        let (_, disposition) = before.ada.take(&store, step).unwrap();
        assert_eq!(disposition, Disposition::Replayed { identical: true }, "{name}");
    }
    let again = store.ph1onb_backfill_start_draft_row(&simulated(70), start()).unwrap();
    assert!(!again.is_applied());
    assert_eq!((again.value.passed_over_count, again.value.completion_reason_code), (None, None));
}

#[test]
fn onboardings_and_campaigns_of_version_4_go_on_by_the_rules_of_today() {
    let mut before = Before::new();
    let store = before.open();
    assert_eq!(notify(&store, &before.running, &inviter("t"), 20_000, "k2"), "REMINDED");
    for step in 5..STEPS.len() {
        before.bea.take(&store, step).unwrap();
    }
    let finish = Ph1onbBackfillCompleteCommitRow {
        campaign_id: before.running.clone(),
        tenant_id: "t".into(),
        idempotency_key: "k".into(),
    };
    let over = store.ph1onb_backfill_complete_commit_row(&simulated(20_000), finish).unwrap().value;
    assert_eq!((over.completed_target_count, over.total_target_count), (1, 2));
    assert_eq!(over.completion_reason_code, Some(Ph1OnbReasonCode::OnbBackfillFinished));
    // What was put in is all that follows from no call.
    before.open();
}

/// An earlier build answered another device with BLOCKED, and left the link as it was.
#[test]
fn a_link_that_was_only_answered_with_blocked_is_what_its_ledger_leads_to() {
    let source = World::new();
    let store = source.open();
    staffed_workplace(&store, "t");
    let mut ada = Journey::new("ada", "t", 7);
    for step in 0..2 {
        ada.take(&store, step).unwrap();
    }
    let from_another_device = Ph1linkInviteOpenActivateCommitRow {
        token_id: ada.token_id.clone().unwrap(),
        device_fingerprint: "another".into(),
        idempotency_key: "another".into(),
    };
    store.ph1link_invite_open_activate_commit_row(&simulated(20_000), from_another_device).unwrap();
    drop(store);
    source.tamper("UPDATE links SET link_status = 'ACTIVATED' WHERE link_status = 'BLOCKED'");
    let differs = source.open().verify_folds().unwrap();
    assert_eq!(differs.faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["link_status"]);
    let world = as_version_4(&source);
    let folds = world.open().verify_folds().unwrap();
    assert!(folds.is_intact(), "{folds:?}");
}
