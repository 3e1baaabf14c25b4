//! Tenants with a device each, in several stores of one database, and the calls of the devices.

use selene_contracts::ph1_f::{IdentityStatus, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow};
use selene_contracts::ph1_w::Ph1wWakeRepo as _;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller, Committed, Disposition, StorageError};
use selene_storage::Ticket;
use selene_storage::test_support::wake_event;
use selene_storage_postgres::PostgresStore;

use crate::arguments::Arguments;

/// Calls that are handed over together while tenants are made.
const TOGETHER: usize = 200;

/// The tenants and the stores that serve them.
pub struct Fleet {
    stores: Vec<PostgresStore>,
    tenants: usize,
}

impl Fleet {
    /// Opens the stores.
    pub fn new(address: &str, arguments: &Arguments) -> Self {
        let open = |_| PostgresStore::open(address).unwrap_or_else(|error| panic!("{error}"));
        Self { stores: (0..arguments.stores).map(open).collect(), tenants: arguments.tenants }
    }

    pub const fn tenants(&self) -> usize {
        self.tenants
    }

    /// Events that every tenant has before any load.
    pub const fn settled_events(&self) -> usize {
        2 * self.tenants
    }

    pub fn first_store(&self) -> &PostgresStore {
        &self.stores[0]
    }

    /// Puts a person and a device of each tenant into the database.
    pub fn settle(&self) {
        let store = self.first_store();
        for first in (0..self.tenants).step_by(TOGETHER) {
            let ranks = first..(first + TOGETHER).min(self.tenants);
            applied(store.submit_all(ranks.clone().map(|rank| (context(0), person(rank)))));
            applied(store.submit_all(ranks.map(|rank| (context(0), device(rank)))));
        }
    }

    /// Makes a call of a tenant through one of the stores.
    pub fn call(&self, caller: usize, rank: usize, number: u64) {
        let store = &self.stores[caller % self.stores.len()];
        let event = wake_event(&format!("wake-{number}"), &name("device", rank), &format!("key-{number}"));
        let done = store.ph1w_runtime_event_commit_row(&context(number), event);
        settled(done);
    }
}

fn applied<T>(tickets: Vec<Ticket<T>>) {
    for ticket in tickets {
        settled(ticket.wait());
    }
}

fn settled<T>(done: Result<Committed<T>, StorageError>) {
    let committed = done.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(committed.disposition, Disposition::Applied);
}

fn name(what: &str, rank: usize) -> String {
    format!("{what}-{rank:06}")
}

fn person(rank: usize) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        user_id: name("user", rank).as_str().into(),
        speaker_id: None,
        primary_language: Some("en-GB".into()),
        tenant_id: Some(name("tenant", rank).as_str().into()),
        status: IdentityStatus::Active,
        idempotency_key: "person".into(),
    }
}

fn device(rank: usize) -> Ph1fDeviceInsertRow {
    Ph1fDeviceInsertRow {
        device_id: name("device", rank).as_str().into(),
        user_id: name("user", rank).as_str().into(),
        device_type: "speaker".into(),
        audio_profile_ref: None,
        tenant_id: Some(name("tenant", rank).as_str().into()),
        idempotency_key: "device".into(),
    }
}

fn context(number: u64) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(1_000_000 + number),
        CorrelationId::new(u128::from(number) + 1),
        TurnId::new(1),
    )
}
