//! The calls that are measured: wake runtime events of a fleet, made one by one or handed over.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fIdentityInsertRow};
use selene_contracts::ph1_w::{Ph1wRuntimeEventCommitRow, Ph1wWakeRepo as _};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage::Ticket;
use selene_storage::test_support::wake_event;
use selene_storage_postgres::PostgresStore;

use crate::people::{self, applied};

/// Devices of a fleet, each with an owner of its own.
const DEVICES: usize = 1_024;
/// Calls that are handed over together.
pub const TOGETHER: usize = 100;

/// A fleet in a database: devices of some tenants, and the number of its next event.
pub struct Fleet {
    store: PostgresStore,
    tenants: usize,
    next: usize,
}

type Call = (CallContext, Ph1wRuntimeEventCommitRow);

impl Fleet {
    /// Puts the devices into a database.
    pub fn new(store: PostgresStore, tenants: usize) -> Self {
        let fleet = Self { store, tenants, next: 0 };
        let (identities, devices): (Vec<_>, Vec<_>) = (0..DEVICES).map(|number| fleet.device(number)).unzip();
        applied(fleet.store.submit_all(identities).into_iter().map(Ticket::wait));
        applied(fleet.store.submit_all(devices).into_iter().map(Ticket::wait));
        fleet
    }

    fn device(
        &self,
        number: usize,
    ) -> ((CallContext, Ph1fIdentityInsertRow), (CallContext, Ph1fDeviceInsertRow)) {
        let tenant_id = format!("tenant-{}-of-{}", number % self.tenants, self.tenants);
        let (user_id, device_id) = (self.name("user", number), self.name("device", number));
        let person = people::person(&user_id, &tenant_id);
        let device = people::device(&device_id, &user_id, &tenant_id);
        ((context(number), person), (context(number), device))
    }

    fn name(&self, what: &str, number: usize) -> String {
        format!("{what}-{}-{number:04}", self.tenants)
    }

    /// The next calls. Which device makes one looks random and is the same in every run.
    fn take(&mut self, count: usize) -> Vec<Call> {
        self.next += count;
        (self.next - count..self.next)
            .map(|number| {
                let digest = blake3::hash(format!("{} {number}", self.tenants).as_bytes());
                let device =
                    usize::from(u16::from_be_bytes([digest.as_bytes()[0], digest.as_bytes()[1]])) % DEVICES;
                let hex = digest.to_hex();
                let input = Ph1wRuntimeEventCommitRow {
                    user_id: Some(self.name("user", device).as_str().into()),
                    wake_profile_id: Some("wake-profile-1".into()),
                    ..wake_event(
                        &format!("wake-{}", &hex.as_str()[..32]),
                        &self.name("device", device),
                        &format!("wake-key-{number:012}"),
                    )
                };
                (context(number), input)
            })
            .collect()
    }

    /// New events from so many callers, each of whom waits for one before the next.
    pub fn commit_from(&mut self, callers: usize, count: usize) -> Duration {
        let calls = self.take(count);
        self.from(callers, calls, |store, calls| {
            applied(
                calls
                    .into_iter()
                    .map(|(context, input)| store.ph1w_runtime_event_commit_row(&context, input)),
            );
        })
    }

    /// New events from so many callers, each of whom hands a number over and waits for them before the next.
    pub fn commit_tickets(&mut self, callers: usize, count: usize) -> Duration {
        let calls = self.take(count);
        self.from(callers, calls, |store, mut calls| {
            while !calls.is_empty() {
                let rest = calls.split_off(TOGETHER.min(calls.len()));
                let tickets = store.submit_all(std::mem::replace(&mut calls, rest));
                applied(tickets.into_iter().map(Ticket::wait));
            }
        })
    }

    fn from(&self, callers: usize, calls: Vec<Call>, work: fn(&PostgresStore, Vec<Call>)) -> Duration {
        let mut shares: Vec<Vec<Call>> = (0..callers).map(|_| Vec::new()).collect();
        for (index, call) in calls.into_iter().enumerate() {
            shares[index % callers].push(call);
        }
        let (barrier, store) = (&Barrier::new(callers), &self.store);
        let started: Vec<Instant> = std::thread::scope(|scope| {
            let threads: Vec<_> = shares
                .into_iter()
                .map(|share| {
                    scope.spawn(move || {
                        barrier.wait();
                        let start = Instant::now();
                        work(store, share);
                        start
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("every call is answered")).collect()
        });
        started.iter().min().map_or(Duration::ZERO, Instant::elapsed)
    }
}

fn context(number: usize) -> CallContext {
    let number = number as u64;
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(1_000_000_000 + 1_000 * number),
        CorrelationId::new(u128::from(number / 100 + 1) << 64 | u128::from(number % 16 + 1)),
        TurnId::new(1 + number),
    )
}
