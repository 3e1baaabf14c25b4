//! Chain verification finds every kind of tampering and says where. The tampering is done beside the store, without its triggers.
//! These tests run on PostgreSQL too.

use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadRows};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_storage::{ChainReport, FaultKind, SavedHead};

use crate::common::{context, populate, profile};
use crate::world::World;

/// A chain of five events of tenant `t`, beside the six without a tenant.
fn world() -> (World, Vec<SavedHead>) {
    let world = World::new();
    let store = world.open();
    populate(&store);
    for number in 1..=5 {
        store.ph1persona_profile_commit_row(&context(3), profile("t", &format!("k{number}"))).unwrap();
    }
    let heads = store.chain_heads().unwrap();
    (world, heads)
}

/// Tampers and verifies; gives the faults of the tenant's chain.
fn after(sql: &str, with_heads: bool) -> Vec<(u64, FaultKind)> {
    let (world, heads) = world();
    world.tamper(sql);
    let report = verify(&world, if with_heads { &heads } else { &[] });
    report
        .faults
        .iter()
        .map(|fault| {
            assert_eq!(fault.tenant_id, Some("t".into()), "{fault}");
            (fault.sequence, fault.kind)
        })
        .collect()
}

fn verify(world: &World, heads: &[SavedHead]) -> ChainReport {
    world.open().verify_chains(heads).unwrap()
}

#[test]
fn an_untouched_ledger_is_intact() {
    let (world, heads) = world();
    let report = verify(&world, &heads);
    assert!(report.is_intact());
    assert_eq!((report.chains, report.events), (2, 11));
    assert_eq!(heads.iter().map(|head| head.sequence).collect::<Vec<_>>(), [6, 5]);
}

#[test]
fn a_change_of_any_column_is_found_where_it_is() {
    let (chain, hash) = (World::bytes(&255_u128.to_be_bytes()), World::bytes(&[0; 32]));
    for (column, value) in [
        ("event_id", "'aud_forged'"),
        ("created_at", "1"),
        ("work_order_id", "'o'"),
        ("session_id", "1"),
        ("user_id", "'bob'"),
        ("device_id", "NULL"),
        ("engine", "'PH1.W'"),
        ("event_type", "'TOOL_OK'"),
        ("reason_code", "'F_IDENTITY_INSERT'"),
        ("severity", "'ERROR'"),
        ("correlation_id", &*chain),
        ("turn_id", "-1"),
        ("simulation_id", "'s'"),
        ("payload_min", "'{}'"),
        ("evidence_ref", "'e'"),
        ("idempotency_key", "NULL"),
        ("row_seals", "'[]'"),
        ("row_seals", "NULL"),
        ("previous_hash", &*hash),
    ] {
        let sql =
            format!("UPDATE audit_events SET {column} = {value} WHERE chain_id = 't' AND chain_sequence = 3");
        assert_eq!(after(&sql, false), [(3, FaultKind::Changed)], "{column}");
    }
}

#[test]
fn the_number_of_a_row_in_the_file_is_no_part_of_an_event() {
    let (world, heads) = world();
    let before = world.open().ph1j_read_rows(&context(9), Ph1jReadRows {}).unwrap();
    world.tamper("UPDATE audit_events SET ledger_position = 1000 - ledger_position");
    assert!(verify(&world, &heads).is_intact());
    assert_eq!(world.open().ph1j_read_rows(&context(9), Ph1jReadRows {}).unwrap(), before);
}

#[test]
fn a_changed_hash_is_found_there() {
    let hash = World::bytes(&[0; 32]);
    let sql = format!("UPDATE audit_events SET hash = {hash} WHERE chain_id = 't' AND chain_sequence = 3");
    assert_eq!(after(&sql, false), [(3, FaultKind::Changed)]);
}

#[test]
fn a_missing_event_is_found() {
    for (sequences, expected) in [("1", vec![1]), ("3", vec![3]), ("2, 3", vec![2, 3])] {
        let sql =
            format!("DELETE FROM audit_events WHERE chain_id = 't' AND chain_sequence IN ({sequences})");
        let expected: Vec<_> = expected.into_iter().map(|place| (place, FaultKind::Missing)).collect();
        assert_eq!(after(&sql, false), expected);
    }
}

#[test]
fn a_closed_gap_is_found() {
    let sql = "DELETE FROM audit_events WHERE chain_id = 't' AND chain_sequence = 3;
               UPDATE audit_events SET chain_sequence = chain_sequence - 1 WHERE chain_id = 't' AND chain_sequence = 4;
               UPDATE audit_events SET chain_sequence = chain_sequence - 1 WHERE chain_id = 't' AND chain_sequence = 5";
    assert_eq!(after(sql, false), [(3, FaultKind::Changed), (4, FaultKind::Changed)]);
}

#[test]
fn exchanged_events_are_found() {
    let sql = "UPDATE audit_events SET chain_sequence = 100 WHERE chain_id = 't' AND chain_sequence = 2;
               UPDATE audit_events SET chain_sequence = 2 WHERE chain_id = 't' AND chain_sequence = 3;
               UPDATE audit_events SET chain_sequence = 3 WHERE chain_id = 't' AND chain_sequence = 100";
    assert_eq!(after(sql, false), [(2, FaultKind::Reordered), (3, FaultKind::Reordered)]);
}

#[test]
fn a_cut_off_end_is_found_against_a_saved_head_only() {
    let sql = "DELETE FROM audit_events WHERE chain_id = 't' AND chain_sequence > 3";
    assert_eq!(after(sql, false), []);
    assert_eq!(after(sql, true), [(4, FaultKind::Truncated)]);
    // The whole chain.
    let all = "DELETE FROM audit_events WHERE chain_id = 't'";
    assert_eq!(after(all, false), []);
    assert_eq!(after(all, true), [(1, FaultKind::Truncated)]);
}

#[test]
fn a_rewritten_end_is_found_against_a_saved_head() {
    let (world, mut heads) = world();
    heads[1].hash = heads[0].hash;
    let report = verify(&world, &heads);
    assert_eq!(report.faults.len(), 1);
    assert_eq!((report.faults[0].sequence, report.faults[0].kind), (5, FaultKind::Changed));
    assert!(report.faults[0].event_id.is_some());
}

#[test]
fn a_chain_may_grow_beyond_a_saved_head() {
    let (world, heads) = world();
    world.open().ph1persona_profile_commit_row(&context(3), profile("t", "later")).unwrap();
    assert!(verify(&world, &heads).is_intact());
}

#[test]
fn an_event_moved_to_another_tenant_is_missed_and_found() {
    let (world, _) = world();
    world.tamper(
        "UPDATE audit_events SET tenant_id = 'u', chain_id = 'u', chain_sequence = 1 WHERE chain_id = 't' AND chain_sequence = 2",
    );
    let faults: Vec<_> = verify(&world, &[])
        .faults
        .into_iter()
        .map(|fault| (fault.tenant_id.map(|tenant| tenant.to_string()), fault.sequence))
        .collect();
    assert_eq!(faults, [(Some("t".to_owned()), 2), (Some("u".to_owned()), 1)]);
}
