//! Reads and replays. Every contestant asks for the same rows, spread over the whole table.

use std::collections::BTreeMap;
use std::hint::black_box;

use rusqlite::{Connection, OptionalExtension as _, Row};
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fReadIdentityRow};
use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadCorrelationRows};

use crate::arguments::{CALLS, Extent};
use crate::bed::Template;
use crate::event::Event;
use crate::raw::{Chain, Raw};
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed, timed};
use crate::store::Ours;
use crate::workload::{self, Call, EVENTS_OF_A_CHAIN, calls, context, correlation_id};

/// Numbers that are spread over the whole table, others in every round.
fn spread(events: usize, count: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |index| {
        let digest = workload::digest("spread", round * count + index);
        let number = u64::from_be_bytes(digest[..8].try_into().expect("8 of 32 bytes"));
        usize::try_from(number % events as u64).expect("below the number of events")
    })
}

/// A row by its key.
pub fn by_key_store(ours: &Ours, count: usize) -> Contestant<'_> {
    let mut round = 0;
    Contestant::new(count, move || {
        round += 1;
        let inputs: Vec<_> = spread(64, count, round)
            .map(|number| Ph1fReadIdentityRow { user_id: workload::user(number).into() })
            .collect();
        let context = context(0);
        timed(|| {
            for input in inputs {
                let found = ours.store.ph1f_read_identity_row(&context, input).expect("a read");
                assert!(black_box(found).is_some());
            }
        })
    })
}

/// A row by its key, by a plain statement.
pub fn by_key_raw(raw: &Raw, count: usize) -> Contestant<'_> {
    let mut round = 0;
    Contestant::new(count, move || {
        round += 1;
        let users: Vec<String> = spread(64, count, round).map(workload::user).collect();
        timed(|| {
            for user in users {
                assert!(black_box(identity(raw.reader(), &user).expect("a read")).is_some());
            }
        })
    })
}

type Identity = (String, Option<String>, Option<String>, Option<String>, i64, String);

fn identity(connection: &Connection, user: &str) -> rusqlite::Result<Option<Identity>> {
    connection
        .prepare_cached(
            "SELECT user_id, speaker_id, primary_language, tenant_id, created_at, status FROM identities WHERE user_id = ?1",
        )?
        .query_row([user], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })
        .optional()
}

/// The hundred events of a correlation chain.
pub fn by_chain_store(ours: &Ours, events: usize, count: usize) -> Contestant<'_> {
    let mut round = 0;
    Contestant::new(count, move || {
        round += 1;
        let inputs: Vec<_> = whole_chains(events, count, round)
            .map(|(tenant, chain)| Ph1jReadCorrelationRows {
                tenant_id: Some(tenant.into()),
                correlation_id: chain.into(),
            })
            .collect();
        let context = context(0);
        timed(|| {
            for input in inputs {
                let rows = ours.store.ph1j_read_correlation_rows(&context, input).expect("a read");
                assert_eq!(black_box(rows).len(), EVENTS_OF_A_CHAIN);
            }
        })
    })
}

/// The hundred events of a correlation chain, by a plain statement.
pub fn by_chain_raw(raw: &Raw, events: usize, count: usize, payload: Payload) -> Contestant<'_> {
    let mut round = 0;
    Contestant::new(count, move || {
        round += 1;
        let chains: Vec<(String, u128)> = whole_chains(events, count, round).collect();
        timed(|| {
            for (tenant, chain) in chains {
                let rows = audit_events(raw.reader(), &tenant, chain, payload).expect("a read");
                assert_eq!(black_box(rows).len(), EVENTS_OF_A_CHAIN);
            }
        })
    })
}

/// Chains that have all of their events already, each with its tenant.
fn whole_chains(events: usize, count: usize, round: usize) -> impl Iterator<Item = (String, u128)> {
    let whole = events / (EVENTS_OF_A_CHAIN * 16) * (EVENTS_OF_A_CHAIN * 16);
    spread(whole, count, round).map(|number| (workload::tenant(number), correlation_id(number)))
}

/// What the plain side does with the JSON of a payload. The store always gives its entries.
#[derive(Clone, Copy)]
pub enum Payload {
    Parsed,
    Text,
}

/// An audit event as a plain program reads it: texts, numbers and bytes.
#[derive(Debug)]
#[expect(dead_code, reason = "read and handed over, as a caller would get it")]
struct Plain {
    texts: [Option<String>; 12],
    payload: Result<BTreeMap<String, String>, String>,
    numbers: [Option<i64>; 4],
    correlation_id: [u8; 16],
    hashes: [[u8; 32]; 2],
}

fn audit_events(
    connection: &Connection,
    tenant: &str,
    chain: u128,
    payload: Payload,
) -> rusqlite::Result<Vec<Plain>> {
    let mut statement = connection.prepare_cached(
        "SELECT event_id, created_at, tenant_id, work_order_id, session_id, user_id, device_id, engine, event_type, \
         reason_code, severity, correlation_id, turn_id, simulation_id, payload_min, evidence_ref, idempotency_key, \
         chain_sequence, previous_hash, hash \
         FROM audit_events WHERE correlation_id = ?1 AND +tenant_id IS ?2 ORDER BY chain_sequence",
    )?;
    let rows = statement.query_map((chain.to_be_bytes(), tenant), |row| plain(row, payload))?;
    rows.collect()
}

fn plain(row: &Row<'_>, payload: Payload) -> rusqlite::Result<Plain> {
    let text = row.get_ref(14)?.as_str()?;
    Ok(Plain {
        texts: [
            row.get(0)?,
            row.get(2)?,
            row.get(3)?,
            row.get(5)?,
            row.get(6)?,
            row.get(7)?,
            row.get(8)?,
            row.get(9)?,
            row.get(10)?,
            row.get(13)?,
            row.get(15)?,
            row.get(16)?,
        ],
        payload: match payload {
            Payload::Parsed => Ok(serde_json::from_str(text).expect("a payload is JSON")),
            Payload::Text => Err(text.to_owned()),
        },
        numbers: [row.get(1)?, row.get(4)?, row.get(12)?, row.get(17)?],
        correlation_id: row.get(11)?,
        hashes: [row.get(18)?, row.get(19)?],
    })
}

/// Which earlier calls are made again.
#[derive(Clone, Copy)]
pub enum Earlier {
    /// Drawn from all earlier calls.
    Any,
    /// One of the last thousand, as a caller does whose connection broke.
    Late,
}

impl Earlier {
    fn calls(self, events: usize, count: usize, round: usize) -> Vec<Call> {
        let range = match self {
            Self::Any => events,
            Self::Late => events.min(1_000),
        };
        spread(range, count, round)
            .map(|number| events - range + number)
            .flat_map(|number| calls(number..number + 1))
            .collect()
    }
}

/// Calls that were made before.
pub fn replay_store(ours: &Ours, earlier: Earlier, events: usize, count: usize) -> Contestant<'_> {
    let mut round = 0;
    Contestant::new(count, move || {
        round += 1;
        ours.replay(earlier.calls(events, count, round))
    })
}

/// Calls that were made before, by plain statements.
pub fn replay_raw(raw: &Raw, earlier: Earlier, events: usize, count: usize) -> Contestant<'_> {
    let mut round = 0;
    Contestant::new(count, move || {
        round += 1;
        let before: Vec<Event> = earlier.calls(events, count, round).iter().map(Event::of).collect();
        timed(|| {
            for event in &before {
                black_box(raw.replay(event).expect("a replay"));
            }
        })
    })
}

/// Reads and replays in one table.
pub fn measure(template: &Template, extent: Extent) -> Vec<Line> {
    let (rounds, count, events) = (extent.rounds(), CALLS, template.events);
    let ours = Ours::new(template.store("reads"), events);
    let raw = template.raw("reads-raw", Chain::Hashed);
    let mut lines = Vec::new();
    let mut compare = |case: &str, aim, mut contestants: [Contestant<'_>; 2]| {
        rounds::run(&mut contestants, rounds);
        let [ours, raw] = &contestants;
        lines.push(Line::new(case, aim, speed(raw, ours), ours.nanoseconds(), raw.nanoseconds()));
    };
    compare(
        "read by key: time against raw",
        Aim::AtMost(1.15),
        [by_key_store(&ours, count * 4), by_key_raw(&raw, count * 4)],
    );
    for (case, payload) in [
        ("100 events by correlation: time against raw", Payload::Parsed),
        ("100 events by correlation: time against raw that leaves payloads unparsed", Payload::Text),
    ] {
        compare(
            case,
            Aim::AtMost(1.15),
            [by_chain_store(&ours, events, count / 16), by_chain_raw(&raw, events, count / 16, payload)],
        );
    }
    compare(
        "replay: time against raw",
        Aim::AtMost(1.10),
        [
            replay_store(&ours, Earlier::Any, events, count * 2),
            replay_raw(&raw, Earlier::Any, events, count * 2),
        ],
    );
    lines
}
