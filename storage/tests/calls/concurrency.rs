//! Many callers at once, tickets, and the same content however the calls were batched.

use std::collections::BTreeSet;
use std::sync::Barrier;

use selene_contracts::ph1_persona::{Ph1PersonaRepo as _, Ph1personaReadAuditRows};
use selene_contracts::{Committed, Disposition, StorageError};
use selene_storage::{SqliteStore, Ticket};

use crate::common::{World, context, count, dump, populate, profile, raw};

const THREADS: u128 = 64;
const CALLS: u128 = 20;

fn hammer(store: &SqliteStore) {
    populate(store);
    let barrier = Barrier::new(usize::try_from(THREADS).unwrap());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (store, barrier) = (store.clone(), &barrier);
            scope.spawn(move || {
                barrier.wait();
                for call in 0..CALLS {
                    let context = context(100 + thread);
                    let key = format!("k{call}");
                    // Every third call is refused in the middle of a batch.
                    let mut input = profile("t", &key);
                    if call % 3 == 1 {
                        input.device_id = "bob-tablet".into();
                        let error = store.ph1persona_profile_commit_row(&context, input).unwrap_err();
                        assert!(matches!(error, StorageError::ScopeViolation { field: "device_id", .. }));
                        continue;
                    }
                    let applied = store.ph1persona_profile_commit_row(&context, input.clone()).unwrap();
                    assert_eq!(applied.disposition, Disposition::Applied);
                    let replayed = store.ph1persona_profile_commit_row(&context, input).unwrap();
                    assert_eq!(replayed.disposition, Disposition::Replayed { identical: true });
                    assert_eq!(replayed.value, applied.value);
                }
                let input = Ph1personaReadAuditRows {
                    tenant_id: "t".into(),
                    correlation_id: context(100 + thread).correlation_id,
                };
                let rows = store.ph1persona_read_audit_rows(&context(100 + thread), input).unwrap();
                assert_eq!(rows.len(), 13, "13 of 20 calls are applied");
            });
        }
    });
    let report = store.verify_chains(&store.chain_heads().unwrap()).unwrap();
    assert!(report.is_intact(), "{:?}", report.faults);
    assert_eq!(u128::from(report.events), 6 + THREADS * 13);
}

#[test]
fn sixty_four_threads_lose_and_double_nothing_on_a_file() {
    let world = World::new();
    hammer(&world.open());
    let applied = i64::try_from(6 + THREADS * 13).unwrap();
    assert_eq!(count(&world.path(), "audit_events"), applied);
    assert_eq!(count(&world.path(), "idempotency_records"), applied);
    let places = |table: &str| -> BTreeSet<(String, i64)> {
        let sql = format!("SELECT chain_id, chain_sequence FROM {table}");
        let raw = raw(&world.path());
        let mut places = raw.prepare(&sql).unwrap();
        places.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    let chain = |id: &'static str, events: i64| (1..=events).map(move |sequence| (id.to_owned(), sequence));
    let expected: BTreeSet<_> = chain("", 6).chain(chain("t", applied - 6)).collect();
    assert_eq!(places("audit_events"), expected, "every chain counts without a gap");
    assert_eq!(places("idempotency_records"), expected, "every record has the place of its event");
}

#[test]
fn sixty_four_threads_lose_and_double_nothing_in_memory() {
    hammer(&SqliteStore::open_in_memory().unwrap());
}

#[test]
fn one_key_from_many_threads_is_applied_once() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let call = || store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(call)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_applied()).count(), 1);
    assert!(answers.iter().all(|answer| answer.value == answers[0].value));
    assert_eq!(store.verify_chains(&[]).unwrap().events, 7);
}

#[test]
fn tickets_may_be_waited_for_in_any_order() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    let mut tickets: Vec<_> =
        (0..300).map(|number| store.submit(&context(3), profile("t", &format!("k{number}")))).collect();
    tickets.reverse();
    let answers: Vec<_> = tickets.into_iter().map(|ticket| ticket.wait().unwrap()).collect();
    assert!(answers.iter().all(Committed::is_applied));
    assert_eq!(store.verify_chains(&[]).unwrap().events, 306);
}

#[test]
fn a_failing_call_in_a_batch_costs_only_itself() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let calls = (0..9).map(|number| {
        let mut input = profile("t", &format!("k{number}"));
        if number == 4 {
            input.user_id = "nobody".into();
        }
        (context(3), input)
    });
    let answers: Vec<_> = store.submit_all(calls).into_iter().map(Ticket::wait).collect();
    for (number, answer) in answers.iter().enumerate() {
        match answer {
            Ok(committed) => assert!(number != 4 && committed.is_applied()),
            Err(error) => {
                assert!(number == 4 && matches!(error, StorageError::ForeignKey { .. }), "{number}: {error}");
            }
        }
    }
    assert!(store.verify_chains(&[]).unwrap().is_intact());
    assert_eq!(count(&world.path(), "audit_events"), 14);
}

#[test]
fn a_call_that_is_not_admitted_gives_a_ticket_with_the_refusal() {
    let store = SqliteStore::open_in_memory().unwrap();
    let error = store.submit(&context(0), profile("t", "k")).wait().unwrap_err();
    assert!(matches!(error, StorageError::ContractViolation { .. }));
}

#[test]
fn a_full_queue_is_served_by_whoever_fills_it() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    // More than the queue holds, and nobody waits for any of them.
    let tickets: Vec<_> =
        (0..3_000).map(|number| store.submit(&context(3), profile("t", &format!("k{number}")))).collect();
    assert!(store.verify_chains(&[]).unwrap().events > 1_000);
    assert!(tickets.into_iter().all(|ticket| ticket.wait().unwrap().is_applied()));
}

#[test]
fn writes_that_nobody_waits_for_are_durable_with_the_last_handle() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    for number in 0..5 {
        drop(store.submit(&context(3), profile("t", &format!("k{number}"))));
    }
    drop(store);
    assert_eq!(count(&world.path(), "audit_events"), 11);
}

#[test]
fn the_same_calls_give_the_same_content_however_they_are_batched() {
    let calls = |store: &SqliteStore, batch: usize| {
        populate(store);
        let inputs: Vec<_> = (0..40)
            .map(|number| {
                let mut input = profile("t", &format!("k{}", number % 30));
                if number % 7 == 0 {
                    input.device_id = "bob-tablet".into();
                }
                (context(3), input)
            })
            .collect();
        for chunk in inputs.chunks(batch) {
            for ticket in store.submit_all(chunk.to_vec()) {
                // Refusals are part of the calls.
                let _ = ticket.wait();
            }
        }
    };
    let worlds: Vec<_> = [1, 3, 40]
        .map(|batch| {
            let world = World::new();
            calls(&world.open(), batch);
            dump(&world.path())
        })
        .into();
    assert!(worlds[0].lines().count() > 60);
    assert_eq!(worlds[0], worlds[1]);
    assert_eq!(worlds[0], worlds[2]);
}
