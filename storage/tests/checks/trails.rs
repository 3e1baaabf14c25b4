//! Heads, trails and exports of a store: whole and in order, and what cannot be read is named as the checks name it. These tests run on
//! PostgreSQL too.

use std::ops::ControlFlow;

use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fFoundationRepo as _};
use selene_contracts::shared::{AuditEventRecord, MonotonicTimeNs, TenantId};
use selene_storage::test_support::inputs;
use selene_storage::{ChainError, ChainFault, ExportError, ExportQuery, TrailQuery, verify_export};

use crate::common::{context, identity, populate, profile};
use crate::world::{Store, World};

/// So many events of tenant `t`, beside the six without a tenant: more than a page of a trail.
const EVENTS: u64 = 1_005;

fn filled(events: u64) -> World {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let calls = (1..=events).map(|number| (context(3), profile("t", &format!("k{number:05}"))));
    for ticket in store.submit_all(calls) {
        ticket.wait().unwrap();
    }
    world
}

fn of_tenant() -> TrailQuery {
    let mut query = TrailQuery::default();
    query.tenant_id = Some("t".into());
    query
}

fn trail(store: &Store, query: &TrailQuery) -> Result<Vec<AuditEventRecord>, ChainError> {
    let mut events = Vec::new();
    let given = store.visit_trail(query, |event| {
        events.push(event);
        ControlFlow::Continue(())
    });
    given.map(|()| events)
}

fn exported(store: &Store) -> Result<Vec<u8>, ExportError> {
    let mut out = Vec::new();
    store.export(&ExportQuery::default(), &mut out).map(|_| out)
}

#[test]
fn a_long_chain_is_shown_whole_and_in_its_order() {
    let world = filled(EVENTS);
    let store = world.open();
    let numbers: Vec<u64> =
        trail(&store, &of_tenant()).unwrap().iter().map(|event| event.chain_sequence).collect();
    assert_eq!(numbers, (1..=EVENTS).collect::<Vec<_>>());
    let mut shown = 0;
    let enough = |_| {
        shown += 1;
        if shown == 1_003 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    store.visit_trail(&of_tenant(), enough).unwrap();
    assert_eq!(shown, 1_003);
    // The connection serves the next call.
    assert_eq!(trail(&store, &of_tenant()).unwrap().len() as u64, EVENTS);
}

/// Devices of Ada in the order of their rows: their tenants, and the times of their calls, which follow neither rows nor chains.
const DEVICES: [(Option<&str>, u64); 6] =
    [(Some("zoo"), 5), (Some("acme"), 9), (None, 7), (Some("acme"), 2), (Some("zoo"), 1), (None, 3)];

/// The chain and the place in it of each event.
fn places(events: &[AuditEventRecord]) -> Vec<(&str, u64)> {
    events.iter().map(place).collect()
}

fn place(event: &AuditEventRecord) -> (&str, u64) {
    (event.tenant_id.as_ref().map_or("", TenantId::as_str), event.chain_sequence)
}

#[test]
fn events_of_several_chains_stand_by_chain_and_sequence_on_every_database() {
    let world = World::new();
    let store = world.open();
    identity(&store, "ada").unwrap();
    for (number, (tenant, now)) in DEVICES.into_iter().enumerate() {
        let mut context = context(7);
        context.now = MonotonicTimeNs::new(now);
        let device = inputs::device(format!("device {number}").as_str(), "ada", "device");
        let device = Ph1fDeviceInsertRow { tenant_id: tenant.map(Into::into), ..device };
        store.ph1f_device_insert_row(&context, device).unwrap();
    }
    let expected = [("", 1), ("", 2), ("", 3), ("acme", 1), ("acme", 2), ("zoo", 1), ("zoo", 2)];
    let mut query = TrailQuery::default();
    assert_eq!(places(&trail(&store, &query).unwrap()), expected);
    query.user_id = Some("ada".into());
    assert_eq!(places(&trail(&store, &query).unwrap()), expected);
    query.correlation_id = Some(context(7).correlation_id);
    assert_eq!(places(&trail(&store, &query).unwrap()), expected[1..]);
}

#[test]
fn every_chain_is_walked_whole_also_where_a_page_ends_within_one() {
    let world = filled(EVENTS);
    let store = world.open();
    let events = trail(&store, &TrailQuery::default()).unwrap();
    let expected = (1..=6).map(|number| ("", number)).chain((1..=EVENTS).map(|number| ("t", number)));
    assert_eq!(places(&events), expected.collect::<Vec<_>>());
}

#[test]
fn a_trail_has_the_events_for_which_all_that_is_asked_for_holds() {
    let world = filled(2);
    let store = world.open();
    let mut query = TrailQuery::default();
    query.user_id = Some("ada".into());
    let of_person = trail(&store, &query).unwrap();
    assert_eq!(of_person.len(), 5, "identity, device and session without a tenant, and both profiles");
    assert!(of_person.iter().all(|event| event.user_id == Some("ada".into())));
    query.correlation_id = Some(context(3).correlation_id);
    let numbers: Vec<u64> = trail(&store, &query).unwrap().iter().map(|event| event.chain_sequence).collect();
    assert_eq!(numbers, [1, 2]);
    query.device_id = Some("bob-tablet".into());
    assert_eq!(trail(&store, &query).unwrap(), []);
}

#[test]
fn an_export_is_verified_without_its_store_and_ends_at_its_heads() {
    let world = filled(3);
    let store = world.open();
    let (text, heads) = (exported(&store).unwrap(), store.chain_heads().unwrap());
    let found = verify_export(&*text, &heads).unwrap();
    assert!(found.is_intact(), "{found:?}");
    assert_eq!((found.chains, found.events, found.rows, found.unsealed_rows), (2, 9, 9, 0));
    identity(&store, "carol").unwrap();
    let mut query = ExportQuery::default();
    query.behind.clone_from(&heads);
    let mut since = Vec::new();
    assert_eq!(store.export(&query, &mut since).unwrap().events, 1);
    let found = verify_export(&*since, &heads).unwrap();
    assert!(found.is_intact() && found.events == 1, "{found:?}");
}

#[test]
fn an_output_that_takes_nothing_more_ends_an_export_and_no_connection() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let world = filled(3);
    let store = world.open();
    let full = store.export(&ExportQuery::default(), Full).unwrap_err();
    assert!(matches!(full, ExportError::Output(_)), "{full}");
    exported(&store).unwrap();
}

/// A code that nobody registered.
#[test]
fn an_event_that_cannot_be_read_is_named_with_its_place_and_column() {
    let world = filled(3);
    world.tamper(
        "UPDATE audit_events SET reason_code = 'NO_SUCH_CODE' WHERE chain_id = 't' AND chain_sequence = 2",
    );
    let store = world.open();
    for query in [of_tenant(), TrailQuery::default()] {
        let mut shown = 0;
        let given = store.visit_trail(&query, |_| {
            shown += 1;
            ControlFlow::Continue(())
        });
        let fault = named(given);
        assert_eq!((fault.tenant_id.as_ref(), fault.sequence), (Some(&"t".into()), 2), "{fault}");
        assert_eq!(fault.unreadable, Some("reason_code"));
        assert!(fault.to_string().contains("chain t, event 2: "), "{fault}");
        assert!(fault.to_string().contains("audit_events.reason_code holds a value"), "{fault}");
        assert_eq!(shown, if query.tenant_id.is_some() { 1 } else { 7 }, "what comes before it is shown");
    }
}

/// The fault that is given in the place of heads or events.
fn named<T: std::fmt::Debug>(given: Result<T, ChainError>) -> ChainFault {
    match given {
        Err(ChainError::Damaged(fault)) => fault,
        other => panic!("{other:?}"),
    }
}
