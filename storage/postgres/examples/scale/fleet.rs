//! Tenants with a device each, in several stores of one database, and the calls of the devices.

use selene_contracts::ph1_w::Ph1wWakeRepo as _;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage::Ticket;
use selene_storage::test_support::wake_event;
use selene_storage_postgres::PostgresStore;

use crate::arguments::Arguments;
use crate::people::{applied, device, person};

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
            let people =
                ranks.clone().map(|rank| (context(0), person(&name("user", rank), &name("tenant", rank))));
            applied(store.submit_all(people).into_iter().map(Ticket::wait));
            let devices = ranks.map(|rank| {
                let [device_id, user_id, tenant_id] =
                    ["device", "user", "tenant"].map(|what| name(what, rank));
                (context(0), device(&device_id, &user_id, &tenant_id))
            });
            applied(store.submit_all(devices).into_iter().map(Ticket::wait));
        }
    }

    /// Makes a call of a tenant through one of the stores.
    pub fn call(&self, caller: usize, rank: usize, number: u64) {
        let store = &self.stores[caller % self.stores.len()];
        let event = wake_event(&format!("wake-{number}"), &name("device", rank), &format!("key-{number}"));
        applied([store.ph1w_runtime_event_commit_row(&context(number), event)]);
    }
}

fn name(what: &str, rank: usize) -> String {
    format!("{what}-{rank:06}")
}

fn context(number: u64) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(1_000_000 + number),
        CorrelationId::new(u128::from(number) + 1),
        TurnId::new(1),
    )
}
