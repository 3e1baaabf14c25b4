//! A store, people to write into it, and lanes that another transaction holds.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use selene_contracts::ph1_f::Ph1fIdentityInsertRow;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage_postgres::test_support::{Raw, lane_of};
use selene_storage_postgres::{PostgresOptions, PostgresStore};

use crate::database::Database;
use crate::people::person;

/// Connections that write, beside the one of calls that lead to no tenant yet.
const WRITERS: i64 = 4;

pub fn store(database: &Database) -> PostgresStore {
    let mut options = PostgresOptions::default();
    options.writers = usize::try_from(WRITERS).unwrap();
    PostgresStore::open_with(&database.address(), &options).unwrap()
}

pub fn context() -> CallContext {
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1))
}

/// A person of a tenant, and the call that inserts the person.
pub fn insert(user: &str, tenant: &str) -> (CallContext, Ph1fIdentityInsertRow) {
    (context(), person(user, tenant))
}

/// So many tenants that no two of them are led by the same thread of such a store.
pub fn tenants_apart(count: usize) -> Vec<String> {
    let mut leaders = BTreeSet::new();
    let named = (0..).map(|number| format!("tenant_{number}"));
    named.filter(|tenant| leaders.insert(lane_of(tenant) % WRITERS)).take(count).collect()
}

/// Holds the lane of a chain until the connection is asked to end its transaction.
pub fn hold_lane(database: &Database, chain_id: &str) -> Raw {
    let holder = Raw::open(&database.superuser_address()).unwrap();
    let lane = lane_of(chain_id);
    holder.run(&format!("BEGIN; SELECT lane FROM commit_lanes WHERE lane = {lane} FOR UPDATE")).unwrap();
    holder
}

/// Waits until this is true, a few seconds at most.
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let comes = (0..400).any(|_| {
        thread::sleep(Duration::from_millis(10));
        is_so()
    });
    assert!(comes, "{what}");
}

/// The keys of the events of each chain, in the order of the chain.
pub fn chains(database: &Database) -> BTreeMap<String, Vec<String>> {
    let events =
        "SELECT chain_id || ' ' || idempotency_key FROM audit_events ORDER BY chain_id, chain_sequence";
    let mut chains = BTreeMap::<String, Vec<String>>::new();
    for event in database.raw().texts(events).unwrap() {
        let (chain_id, key) = event.split_once(' ').unwrap();
        chains.entry(chain_id.to_owned()).or_default().push(key.to_owned());
    }
    chains
}

/// How many events there are in all chains.
pub fn events(database: &Database) -> usize {
    chains(database).values().map(Vec::len).sum()
}
