//! The log beside the database: it stays within its bound, grows only while something reads for long, and is short
//! again afterwards.

use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_storage::SqliteStore;

use crate::common::{World, context, populate, profile};

/// Commits one by one until the log is longer than its bound.
fn outgrow(store: &SqliteStore) {
    let mut number = 0;
    while store.log_bytes().unwrap() <= SqliteStore::LOG_BOUND_BYTES {
        store.ph1persona_profile_commit_row(&context(3), profile("t", &format!("k{number}"))).unwrap();
        number += 1;
        assert!(number < 20_000, "the log does not grow");
    }
}

#[test]
fn the_next_write_after_a_long_reader_has_gone_empties_the_log() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let reader = world.raw();
    reader.execute_batch("BEGIN").unwrap();
    let seen = |reader: &rusqlite::Connection| -> i64 {
        reader.query_row("SELECT count(*) FROM audit_events", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(seen(&reader), 6);
    outgrow(&store);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "while it reads")).unwrap();
    assert!(store.log_bytes().unwrap() > SqliteStore::LOG_BOUND_BYTES, "a reader keeps what it may ask for");
    assert_eq!(seen(&reader), 6);
    drop(reader);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "afterwards")).unwrap();
    assert_eq!(store.log_bytes().unwrap(), 0);
    assert!(store.verify_chains(&[]).unwrap().is_intact());
    store.ph1persona_profile_commit_row(&context(3), profile("t", "and on")).unwrap();
    assert!(store.log_bytes().unwrap() > 0);
}

#[test]
fn the_log_stays_within_its_bound_while_nothing_reads_for_long() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let mut longest = 0;
    for round in 0..40 {
        let calls = (0..100).map(|number| (context(3), profile("t", &format!("{round}-{number}"))));
        for ticket in store.submit_all(calls) {
            ticket.wait().unwrap();
        }
        for number in 0..20 {
            store
                .ph1persona_profile_commit_row(&context(3), profile("t", &format!("{round}+{number}")))
                .unwrap();
        }
        store.chain_heads().unwrap();
        longest = longest.max(store.log_bytes().unwrap());
    }
    // It started over at least once, or this would prove nothing.
    assert!(longest > 16_000_000, "{longest}");
    assert!(longest <= SqliteStore::LOG_BOUND_BYTES, "{longest}");
    drop(store);
    assert_eq!(world.open().verify_chains(&[]).unwrap().events, 6 + 40 * 120);
}
