//! Fills a new database file with audit events, to try a command on a large store: `fill FILE EVENTS`.
//!
//! Every event has a row in a ledger: most are wake events, the others append to the memory and the conversation of people. The same
//! arguments give the same rows.

use std::path::Path;
use std::process::ExitCode;

use selene_contracts::ph1_f::{
    MemoryOperation, Ph1fConversationAppendCommitRow, Ph1fDeviceInsertRow, Ph1fFoundationRepo as _,
    Ph1fIdentityInsertRow, Ph1fMemoryAppendCommitRow,
};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_storage::test_support::inputs;
use selene_storage::test_support::wake_event;
use selene_storage::{SqliteStore, StoredWrite};

/// People, each with a device; a multiple of the tenants.
const PEOPLE: u64 = 64;
/// Tenants that people and devices belong to.
const TENANTS: u64 = 4;
/// Events of one correlation chain.
const OF_A_CHAIN: u64 = 100;
/// Calls that are committed together.
const AT_ONCE: u64 = 1_000;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, events] = arguments.as_slice() else {
        eprintln!("usage: fill FILE EVENTS");
        return ExitCode::from(2);
    };
    let filled = events.parse().map_err(Failure::from).and_then(|events| fill(Path::new(file), events));
    match filled {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn fill(file: &Path, events: u64) -> Result<(), Failure> {
    if file.exists() {
        return Err(format!("{} exists; name a new file", file.display()).into());
    }
    let store = SqliteStore::open(file)?;
    for number in 0..PEOPLE {
        add_person(&store, number)?;
    }
    // The people are events too.
    let mut number = 2 * PEOPLE;
    while number < events {
        let end = events.min(number + AT_ONCE);
        let of_kind = |kind: Kind| (number..end).filter(move |number| Kind::of(*number) == kind);
        commit(&store, of_kind(Kind::Wake).map(|number| (context(number), wake(number))))?;
        commit(&store, of_kind(Kind::Memory).map(|number| (context(number), memory(number))))?;
        commit(&store, of_kind(Kind::Turn).map(|number| (context(number), turn(number))))?;
        number = end;
    }
    Ok(())
}

/// What a call appends to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Wake,
    Memory,
    Turn,
}

impl Kind {
    const fn of(number: u64) -> Self {
        match number % 10 {
            0 => Self::Memory,
            5 => Self::Turn,
            _ => Self::Wake,
        }
    }
}

fn commit<C: StoredWrite>(
    store: &SqliteStore,
    calls: impl Iterator<Item = (CallContext, C)>,
) -> Result<(), Failure> {
    for ticket in store.submit_all(calls) {
        ticket.wait()?;
    }
    Ok(())
}

fn add_person(store: &SqliteStore, number: u64) -> Result<(), Failure> {
    let tenant_id = Some(format!("tenant-{}", number % TENANTS).as_str().into());
    let identity = Ph1fIdentityInsertRow {
        primary_language: Some("en-GB".into()),
        tenant_id: tenant_id.clone(),
        ..inputs::identity(person(number).as_str(), "identity")
    };
    store.ph1f_identity_insert_row(&context(2 * number), identity)?;
    let device = Ph1fDeviceInsertRow {
        device_id: device(number).as_str().into(),
        user_id: person(number).as_str().into(),
        device_type: "speaker".into(),
        audio_profile_ref: None,
        tenant_id,
        idempotency_key: "device".into(),
    };
    store.ph1f_device_insert_row(&context(2 * number + 1), device)?;
    Ok(())
}

fn person(number: u64) -> String {
    format!("user-{:04}", number % PEOPLE)
}

fn device(number: u64) -> String {
    format!("device-{:04}", number % PEOPLE)
}

fn context(number: u64) -> CallContext {
    let time = MonotonicTimeNs::new(1_000_000_000 + 1_000 * number);
    let correlation = CorrelationId::new(u128::from(number / OF_A_CHAIN + 1));
    CallContext::new(Caller::SeleneOs, time, correlation, TurnId::new(number + 1))
}

fn wake(number: u64) -> selene_contracts::ph1_w::Ph1wRuntimeEventCommitRow {
    selene_contracts::ph1_w::Ph1wRuntimeEventCommitRow {
        user_id: Some(person(number).as_str().into()),
        ..wake_event(&format!("wake-{number:012}"), &device(number), &format!("wake-key-{number:012}"))
    }
}

fn memory(number: u64) -> Ph1fMemoryAppendCommitRow {
    Ph1fMemoryAppendCommitRow {
        user_id: person(number).as_str().into(),
        memory_key: format!("key-{}", number % 100).as_str().into(),
        memory_operation: MemoryOperation::Store,
        memory_value_ref: Some(format!("value-{number}").as_str().into()),
        idempotency_key: format!("memory-{number}").as_str().into(),
    }
}

fn turn(number: u64) -> Ph1fConversationAppendCommitRow {
    Ph1fConversationAppendCommitRow {
        device_id: Some(device(number).as_str().into()),
        content_ref: format!("content-{number}").as_str().into(),
        ..inputs::turn(person(number).as_str(), format!("turn-{number}"))
    }
}
