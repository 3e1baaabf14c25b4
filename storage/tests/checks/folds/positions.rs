//! The check of the current rows knows positions and requirement schemas too: it names every row that its ledger does not
//! lead to, and every gap.

use selene_contracts::ph1_position::{
    Ph1PositionRepo as _, Ph1positionLifecycleCommitRow, Ph1positionSchemaActivateCommitRow,
    PositionLifecycle,
};
use selene_contracts::shared::RolloutScope;
use selene_storage::{FoldFaultKind, FoldReport};

use crate::common::{populate, schema, simulated, workplace};
use crate::world::World;

/// In `t`, a position that was activated and suspended, with the versions v1 RETIRED, v2 ACTIVE and v3 DRAFT; in `u`, one
/// with the draft v1.
fn staffed() -> World {
    let world = World::new();
    let store = world.open();
    populate(&store);
    for tenant in ["t", "u"] {
        workplace(&store, tenant);
    }
    for (to, now) in [(PositionLifecycle::Active, 20), (PositionLifecycle::Suspended, 21)] {
        let input = Ph1positionLifecycleCommitRow {
            tenant_id: "t".into(),
            position_id: "nurse".into(),
            position_lifecycle: to,
            idempotency_key: format!("move-{now}").into(),
        };
        store.ph1position_lifecycle_commit_row(&simulated(now), input).unwrap();
    }
    for version in ["v2", "v3"] {
        store.ph1position_schema_draft_row(&simulated(30), schema("t", version)).unwrap();
    }
    for (version, rollout_scope, now) in
        [("v1", RolloutScope::NewHiresOnly, 31), ("v2", RolloutScope::CurrentAndNew, 32)]
    {
        let input = Ph1positionSchemaActivateCommitRow {
            tenant_id: "t".into(),
            position_id: "nurse".into(),
            schema_version_id: version.into(),
            rollout_scope,
            idempotency_key: format!("activate-{now}").into(),
        };
        store.ph1position_schema_activate_commit_row(&simulated(now), input).unwrap();
    }
    world
}

/// What the check finds after some tampering: tables, rows, fields and what is wrong with them.
fn found(sql: &str) -> Vec<String> {
    let world = staffed();
    // Opened first: a file without one of its indices would not open.
    let store = world.open();
    world.tamper(sql);
    let report: FoldReport = store.verify_folds().unwrap();
    report.faults.iter().map(ToString::to_string).collect()
}

fn differs(table: &str, row: &str, fields: &[&str]) -> Vec<String> {
    let kind = FoldFaultKind::Differs;
    fields.iter().map(|field| format!("{table} ({row}): {field} {kind}")).collect()
}

fn one(place: &str, kind: FoldFaultKind) -> Vec<String> {
    vec![format!("{place} {kind}")]
}

#[test]
fn an_untouched_workplace_is_intact() {
    let report = staffed().open().verify_folds().unwrap();
    assert!(report.is_intact(), "{report:?}");
    // Two positions, four versions; two companies, two identities, two devices, two sessions.
    assert_eq!(report.rows, 6 + 8);
    // Four states of positions, seven of versions; and the records of as many rows, of two moves, two activations.
    assert_eq!(report.ledger_rows, 11 + 14 + 4);
}

#[test]
fn a_changed_position_is_named() {
    for (change, field) in [
        ("position_lifecycle = 'ACTIVE'", "position_lifecycle"),
        ("created_at = 9", "created_at"),
        ("updated_at = 22", "updated_at"),
        ("department = 'Forged'", "department"),
        ("permission_profile_ref = 'all'", "permission_profile_ref"),
    ] {
        let faults = found(&format!("UPDATE positions SET {change} WHERE tenant_id = 't'"));
        assert_eq!(faults, differs("positions", "t, nurse", &[field]));
    }
}

#[test]
fn a_changed_version_is_named() {
    for (change, version, field) in [
        ("schema_state = 'ACTIVE'", "v1", "schema_state"),
        ("schema_state = 'RETIRED'", "v2", "schema_state"),
        ("rollout_scope = 'CURRENT_AND_NEW'", "v1", "rollout_scope"),
        ("rollout_scope = 'NEW_HIRES_ONLY'", "v3", "rollout_scope"),
        ("created_at = 9", "v2", "created_at"),
        ("updated_at = 33", "v2", "updated_at"),
        ("requirement_fields = '[{}]'", "v1", "requirement_fields"),
        ("selectors = '{\"jurisdiction\":\"XX\"}'", "v3", "selectors"),
    ] {
        let faults = found(&format!(
            "DROP INDEX requirement_schemas_active;
             UPDATE requirement_schemas SET {change} WHERE tenant_id = 't' AND schema_version_id = '{version}'"
        ));
        assert_eq!(faults, differs("requirement_schemas", &format!("t, nurse, {version}"), &[field]));
    }
}

#[test]
fn a_missing_ledger_row_is_shown_by_the_gap_or_by_what_it_led_to() {
    use FoldFaultKind::{Gap, Unfounded};
    let gone = |table: &str, condition: &str| found(&format!("DELETE FROM {table} WHERE {condition}"));
    assert_eq!(
        gone("position_events", "tenant_id = 't' AND position_event_seq = 2"),
        one("position_events (t, nurse, 3): position_event_seq", Gap)
    );
    assert_eq!(
        gone("position_events", "tenant_id = 't' AND position_event_seq = 3"),
        differs("positions", "t, nurse", &["position_lifecycle", "updated_at"])
    );
    assert_eq!(
        gone("position_events", "tenant_id = 'u'"),
        one("positions (u, nurse): position_lifecycle", Unfounded)
    );
    // v1 was activated by the fourth row and retired by the fifth.
    assert_eq!(
        gone("requirement_schema_events", "tenant_id = 't' AND schema_event_seq = 4"),
        one("requirement_schema_events (t, nurse, 5): schema_event_seq", Gap)
    );
    assert_eq!(
        gone("requirement_schema_events", "tenant_id = 't' AND schema_event_seq = 6"),
        differs("requirement_schemas", "t, nurse, v2", &["schema_state", "rollout_scope", "updated_at"])
    );
    assert_eq!(
        gone("requirement_schema_events", "tenant_id = 'u'"),
        one("requirement_schemas (u, nurse, v1): schema_version_id", Unfounded)
    );
}

#[test]
fn a_row_that_is_gone_is_shown_by_its_ledger() {
    use FoldFaultKind::{Missing, Unfounded};
    assert_eq!(
        found("DELETE FROM requirement_schemas WHERE tenant_id = 't' AND schema_version_id = 'v3'"),
        one("requirement_schemas (t, nurse, v3): schema_version_id", Missing)
    );
    let expected = [
        "position_events (u, nurse, 1): position_id",
        "requirement_schemas (u, nurse, v1): position_id",
        "requirement_schema_events (u, nurse, 1): position_id",
    ];
    let mut expected = expected.map(|place| format!("{place} {Unfounded}")).to_vec();
    expected.extend(one("positions (u, nurse): position_id", Missing));
    assert_eq!(found("DELETE FROM positions WHERE tenant_id = 'u'"), expected);
}
