//! diesel as its documentation has it: tables that it knows, statements that it makes of them and keeps, a transaction for each event. Threads
//! share the one connection that writes.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::work::{Value, Work};

diesel::table! {
    devices (device_id) {
        device_id -> Text,
        user_id -> Text,
        tenant_id -> Nullable<Text>,
    }
}

diesel::table! {
    wake_runtime_events (wake_event_id) {
        wake_event_id -> Text,
        chain_id -> Text,
        chain_sequence -> BigInt,
        created_at -> BigInt,
        session_id -> Nullable<BigInt>,
        user_id -> Nullable<Text>,
        device_id -> Text,
        accepted -> BigInt,
        reason_code -> Text,
        wake_profile_id -> Nullable<Text>,
        tts_active_at_trigger -> BigInt,
        media_playback_active_at_trigger -> BigInt,
        suppression_reason_code -> Nullable<Text>,
    }
}

diesel::table! {
    audit_events (event_id) {
        event_id -> Text,
        created_at -> BigInt,
        tenant_id -> Nullable<Text>,
        work_order_id -> Nullable<Text>,
        session_id -> Nullable<BigInt>,
        user_id -> Nullable<Text>,
        device_id -> Nullable<Text>,
        engine -> Text,
        event_type -> Text,
        reason_code -> Text,
        severity -> Text,
        correlation_id -> Binary,
        turn_id -> BigInt,
        simulation_id -> Nullable<Text>,
        payload_min -> Text,
        evidence_ref -> Nullable<Text>,
        idempotency_key -> Nullable<Text>,
        row_seals -> Nullable<Text>,
        chain_id -> Text,
        chain_sequence -> BigInt,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    idempotency_records (chain_id, chain_sequence) {
        chain_id -> Text,
        chain_sequence -> BigInt,
        scope_digest -> Binary,
        dedupe_space -> Text,
        engine -> Text,
        capability -> Text,
        tenant_id -> Nullable<Text>,
        request_digest -> Binary,
        outcome -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(audit_events, idempotency_records);
diesel::allow_tables_to_appear_in_same_query!(devices, wake_runtime_events);

type Step = Vec<Value>;

/// Commits all events and gives the time of it.
pub fn run(database: &str, work: Work, threads: usize) -> Result<Duration, String> {
    let mut connection = SqliteConnection::establish(database).map_err(|error| error.to_string())?;
    for (name, value) in &work.pragmas {
        connection
            .batch_execute(&format!("PRAGMA {name} = {value}"))
            .map_err(|error| format!("{name}: {error}"))?;
    }
    let shares = work.shares(threads);
    let connection = &Mutex::new(connection);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let shares = shares.into_iter().map(|share| {
            scope.spawn(move || {
                share.iter().try_for_each(|event| {
                    let mut connection = connection.lock().expect("no thread panics");
                    connection.immediate_transaction(|connection| commit_one(connection, event))
                })
            })
        });
        let shares: Vec<_> = shares.collect();
        shares.into_iter().try_for_each(|share| share.join().expect("no thread panics"))
    })
    .map_err(|error: diesel::result::Error| error.to_string())?;
    Ok(began.elapsed())
}

fn commit_one(connection: &mut SqliteConnection, event: &[Step]) -> QueryResult<()> {
    let [dedupe, facts, wake, audit, record] = event else { panic!("an event has five statements") };
    let known = find_record(connection, dedupe)?;
    assert!(known.is_none(), "the key is new");
    find_device(connection, facts)?;
    insert_wake_event(connection, wake)?;
    insert_audit_event(connection, audit)?;
    insert_record(connection, record)
}

type Known = (String, String, Option<String>, Vec<u8>, String);

fn find_record(connection: &mut SqliteConnection, of: &Step) -> QueryResult<Option<Known>> {
    use idempotency_records as record;
    let place = audit_events::chain_id
        .eq(record::chain_id)
        .and(audit_events::chain_sequence.eq(record::chain_sequence));
    audit_events::table
        .inner_join(record::table.on(place))
        .filter(audit_events::event_id.eq(text(&of[0])))
        .filter(record::scope_digest.eq(bytes(&of[1])))
        .select((
            record::engine,
            record::capability,
            record::tenant_id,
            record::request_digest,
            record::outcome,
        ))
        .first(connection)
        .optional()
}

fn find_device(connection: &mut SqliteConnection, of: &Step) -> QueryResult<(String, Option<String>, bool)> {
    let known = wake_runtime_events::table.filter(wake_runtime_events::wake_event_id.eq(text(&of[1])));
    devices::table
        .filter(devices::device_id.eq(text(&of[0])))
        .select((devices::user_id, devices::tenant_id, exists(known)))
        .first(connection)
}

fn insert_wake_event(connection: &mut SqliteConnection, of: &Step) -> QueryResult<()> {
    use wake_runtime_events::*;
    let values = (
        wake_event_id.eq(text(&of[0])),
        chain_id.eq(text(&of[1])),
        chain_sequence.eq(integer(&of[2])),
        created_at.eq(integer(&of[3])),
        session_id.eq(any_integer(&of[4])),
        user_id.eq(any_text(&of[5])),
        device_id.eq(text(&of[6])),
        accepted.eq(integer(&of[7])),
        reason_code.eq(text(&of[8])),
        wake_profile_id.eq(any_text(&of[9])),
        tts_active_at_trigger.eq(integer(&of[10])),
        media_playback_active_at_trigger.eq(integer(&of[11])),
        suppression_reason_code.eq(any_text(&of[12])),
    );
    diesel::insert_into(table).values(values).execute(connection).map(drop)
}

fn insert_audit_event(connection: &mut SqliteConnection, of: &Step) -> QueryResult<()> {
    use audit_events::*;
    let values = (
        event_id.eq(text(&of[0])),
        created_at.eq(integer(&of[1])),
        tenant_id.eq(any_text(&of[2])),
        work_order_id.eq(any_text(&of[3])),
        session_id.eq(any_integer(&of[4])),
        user_id.eq(any_text(&of[5])),
        device_id.eq(any_text(&of[6])),
        engine.eq(text(&of[7])),
        event_type.eq(text(&of[8])),
        reason_code.eq(text(&of[9])),
        severity.eq(text(&of[10])),
        correlation_id.eq(bytes(&of[11])),
        turn_id.eq(integer(&of[12])),
        simulation_id.eq(any_text(&of[13])),
        payload_min.eq(text(&of[14])),
        evidence_ref.eq(any_text(&of[15])),
        idempotency_key.eq(any_text(&of[16])),
        row_seals.eq(any_text(&of[17])),
        chain_id.eq(text(&of[18])),
        chain_sequence.eq(integer(&of[19])),
        previous_hash.eq(bytes(&of[20])),
        hash.eq(bytes(&of[21])),
    );
    diesel::insert_into(table).values(values).execute(connection).map(drop)
}

fn insert_record(connection: &mut SqliteConnection, of: &Step) -> QueryResult<()> {
    use idempotency_records::*;
    let values = (
        chain_id.eq(text(&of[0])),
        chain_sequence.eq(integer(&of[1])),
        scope_digest.eq(bytes(&of[2])),
        dedupe_space.eq(text(&of[3])),
        engine.eq(text(&of[4])),
        capability.eq(text(&of[5])),
        tenant_id.eq(any_text(&of[6])),
        request_digest.eq(bytes(&of[7])),
        outcome.eq(text(&of[8])),
    );
    diesel::insert_into(table).values(values).execute(connection).map(drop)
}

fn any_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn any_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

fn text(value: &Value) -> &str {
    any_text(value).expect("a text")
}

fn integer(value: &Value) -> i64 {
    any_integer(value).expect("a number")
}

fn bytes(value: &Value) -> &[u8] {
    match value {
        Value::Bytes(bytes) => bytes,
        _ => panic!("bytes"),
    }
}
