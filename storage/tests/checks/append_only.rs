//! Six ways by which SQL could rewrite a ledger row, tried by another program on the file itself: the
//! triggers hold alone.

use rusqlite::Connection;
use selene_contracts::ph1_f::{Ph1fAppendOnlyGuards, Ph1fFoundationRepo as _, Ph1fReadConversationRows};
use selene_contracts::ph1_j::{Ph1jAppendOnlyGuard, Ph1jAuditRepo as _, Ph1jReadRows};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::ph1_position::{Ph1PositionRepo as _, Ph1positionAppendOnlyGuards};
use selene_contracts::{CallMode, StorageError};
use selene_storage::SqliteStore;
use selene_storage::backend::ledgers;

use crate::common::{World, context, count, dump, fill_ledgers, populate, profile};

fn world() -> World {
    let world = World::new();
    let store = world.open();
    populate(&store);
    fill_ledgers(&store);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    world
}

/// The key columns of a ledger, and a column that is not part of the key.
fn columns(ledger: &str) -> (&'static str, &'static str) {
    match ledger {
        "audit_events" => ("event_id", "severity"),
        "idempotency_records" => ("chain_id, chain_sequence", "outcome"),
        "memory_ledger" => ("user_id, memory_seq", "memory_key"),
        "conversation_ledger" => ("conversation_turn_id", "content_ref"),
        "position_events" => ("tenant_id, position_id, position_event_seq", "position_lifecycle"),
        "requirement_schema_events" => ("tenant_id, position_id, schema_event_seq", "schema_state"),
        "wake_enrollment_samples" => ("wake_enrollment_session_id, sample_seq", "result"),
        "wake_runtime_events" => ("wake_event_id", "reason_code"),
        "voice_enrollment_samples" => ("voice_enrollment_session_id, sample_seq", "result"),
        other => panic!("{other} is no ledger"),
    }
}

/// Every way to rewrite a row, as one statement.
fn rewrites(ledger: &str) -> Vec<String> {
    let (key, column) = columns(ledger);
    vec![
        format!("UPDATE {ledger} SET {column} = 'x'"),
        format!("DELETE FROM {ledger}"),
        format!("REPLACE INTO {ledger} SELECT * FROM {ledger}"),
        format!("INSERT OR REPLACE INTO {ledger} SELECT * FROM {ledger}"),
        format!(
            "INSERT INTO {ledger} SELECT * FROM {ledger} WHERE true ON CONFLICT ({key}) DO UPDATE SET {column} = 'x'"
        ),
        format!("UPDATE OR REPLACE {ledger} SET {column} = 'x'"),
    ]
}

#[test]
fn no_statement_of_another_program_rewrites_a_ledger_row() {
    let world = world();
    let before = dump(&world.path());
    for recursive_triggers in ["OFF", "ON"] {
        let raw = world.raw();
        raw.pragma_update(None, "recursive_triggers", recursive_triggers).unwrap();
        for ledger in ledgers() {
            assert!(count(&world.path(), ledger) > 0, "{ledger} needs a row");
            for sql in rewrites(ledger) {
                let error = raw.execute(&sql, []).expect_err(&sql);
                assert!(error.to_string().contains("is append-only"), "{sql}: {error}");
            }
        }
    }
    assert_eq!(dump(&world.path()), before);
}

#[test]
fn no_cascade_reaches_a_ledger_row() {
    let world = world();
    let ledgers_before: Vec<_> = ledgers().iter().map(|ledger| count(&world.path(), ledger)).collect();
    let raw = world.raw();
    raw.pragma_update(None, "foreign_keys", true).unwrap();
    for sql in [
        "DELETE FROM identities",
        "DELETE FROM devices",
        "DELETE FROM sessions",
        "UPDATE identities SET user_id = 'eve'",
        "UPDATE devices SET device_id = 'other'",
    ] {
        raw.execute(sql, []).expect_err(sql);
    }
    // Also with the keys off no row of a ledger goes with its parent.
    raw.pragma_update(None, "foreign_keys", false).unwrap();
    raw.execute("REPLACE INTO identities SELECT 'ada', NULL, NULL, NULL, 0, 'DISABLED', 0", []).unwrap();
    raw.execute("DELETE FROM sessions", []).unwrap();
    let ledgers_after: Vec<_> = ledgers().iter().map(|ledger| count(&world.path(), ledger)).collect();
    assert_eq!(ledgers_after, ledgers_before);
}

#[test]
fn a_row_of_another_key_cannot_push_a_row_out() {
    // REPLACE removes every row that collides in any unique key, the row number included.
    let world = world();
    let raw = world.raw();
    for (column, value) in [("ledger_position", "1"), ("chain_sequence", "1"), ("event_id", "'aud_new'")] {
        let sql = format!(
            "REPLACE INTO audit_events (event_id, ledger_position, created_at, engine, event_type, reason_code, severity,
                 correlation_id, turn_id, payload_min, chain_id, chain_sequence, previous_hash, hash)
             SELECT {}, {}, 0, 'E', 'OTHER', 'R', 'INFO', zeroblob(16), 1, '{{}}', '', {}, zeroblob(32), zeroblob(32)",
            if column == "event_id" { "(SELECT event_id FROM audit_events LIMIT 1)" } else { "'aud_other'" },
            if column == "ledger_position" { value } else { "900" },
            if column == "chain_sequence" { value } else { "900" },
        );
        let error = raw.execute(&sql, []).expect_err(column);
        assert!(error.to_string().contains("is append-only"), "{column}: {error}");
    }
    for column in ["wake_event_id", "chain_sequence"] {
        let own = |name, fresh: &'static str| if column == name { name } else { fresh };
        let sql = format!(
            "REPLACE INTO wake_runtime_events (wake_event_id, chain_id, chain_sequence, created_at, device_id, accepted,
                 reason_code, tts_active_at_trigger, media_playback_active_at_trigger)
             SELECT {}, chain_id, {}, 0, 'ada-phone', 1, 'R', 0, 0 FROM wake_runtime_events",
            own("wake_event_id", "'other'"),
            own("chain_sequence", "900"),
        );
        let error = raw.execute(&sql, []).expect_err(column);
        assert!(error.to_string().contains("is append-only"), "{column}: {error}");
    }
}

#[test]
fn bindings_and_owners_never_move() {
    let world = world();
    let raw = world.raw();
    for sql in [
        "UPDATE devices SET tenant_id = 'other' WHERE device_id = 'ada-phone'",
        "UPDATE devices SET tenant_id = NULL WHERE device_id = 'ada-phone'",
        "UPDATE devices SET user_id = 'bob' WHERE device_id = 'ada-phone'",
        "UPDATE sessions SET device_id = 'bob-tablet' WHERE session_id = 1",
    ] {
        let error = raw.execute(sql, []).expect_err(sql);
        assert!(error.to_string().contains("never change"), "{sql}: {error}");
    }
}

#[test]
fn every_guard_tries_and_fails() {
    for store in [world().open(), in_memory()] {
        let event_id = store.ph1j_read_rows(&context(9), Ph1jReadRows {}).unwrap()[0].event_id.clone();
        let turns = store
            .ph1f_read_conversation_rows(
                &context(5),
                Ph1fReadConversationRows { user_id: "ada".into(), correlation_id: context(5).correlation_id },
            )
            .unwrap();
        let conversation_turn_id = turns[0].conversation_turn_id.clone();
        let before = store.ph1j_read_rows(&context(9), Ph1jReadRows {}).unwrap();
        let memory = Ph1fAppendOnlyGuards::UserIdAndMemorySeq { user_id: "ada".into(), memory_seq: 1 };
        let conversation = Ph1fAppendOnlyGuards::ConversationTurnId { conversation_turn_id };
        let position = Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndPositionEventSeq {
            tenant_id: "t".into(),
            position_id: "nurse".into(),
            position_event_seq: 1,
        };
        let schema = Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndSchemaEventSeq {
            tenant_id: "t".into(),
            position_id: "nurse".into(),
            schema_event_seq: 1,
        };
        let answers = [
            (store.ph1position_append_only_guards(&context(9), position), "position_events"),
            (store.ph1position_append_only_guards(&context(9), schema), "requirement_schema_events"),
            (store.ph1j_append_only_guard(&context(9), Ph1jAppendOnlyGuard { event_id }), "audit_events"),
            (store.ph1f_append_only_guards(&context(9), memory), "memory_ledger"),
            (store.ph1f_append_only_guards(&context(9), conversation), "conversation_ledger"),
        ];
        for (answer, ledger) in answers {
            assert!(
                matches!(&answer, Err(StorageError::AppendOnlyViolation { table, .. }) if *table == ledger),
                "{ledger}: {answer:?}"
            );
        }
        assert_eq!(store.ph1j_read_rows(&context(9), Ph1jReadRows {}).unwrap(), before);
    }
}

fn in_memory() -> SqliteStore {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    fill_ledgers(&store);
    store
}

#[test]
fn a_guard_on_a_row_that_is_not_there_proves_nothing() {
    let store = in_memory();
    let guard = Ph1jAppendOnlyGuard { event_id: "aud_unknown".into() };
    let error = store.ph1j_append_only_guard(&context(9), guard).unwrap_err();
    assert!(matches!(error, StorageError::NotFound { field: "event_id", .. }), "{error}");
}

#[test]
fn a_guard_says_so_when_a_lock_is_missing_and_changes_nothing() {
    for event in ["UPDATE", "DELETE", "INSERT"] {
        let world = world();
        let store = world.open();
        world.unlock("memory_ledger", event);
        let before = dump(&world.path());
        let guard = Ph1fAppendOnlyGuards::UserIdAndMemorySeq { user_id: "ada".into(), memory_seq: 1 };
        let error = store.ph1f_append_only_guards(&context(9), guard);
        match event {
            // REPLACE also fires the delete trigger here, so its own trigger is a second lock on the same
            // door.
            "INSERT" => {
                assert!(matches!(error, Err(StorageError::AppendOnlyViolation { .. })), "{error:?}");
            }
            _ => assert!(
                matches!(&error, Err(StorageError::BackendUnavailable { detail, .. }) if detail.contains("NOT APPEND-ONLY")),
                "{event}: {error:?}"
            ),
        }
        assert_eq!(dump(&world.path()), before, "{event}");
        // The lock on the connection is back in its place: an ordinary write still works.
        store.ph1persona_profile_commit_row(&context(4), profile("t", "k2")).unwrap();
    }
}

#[test]
fn guards_and_reads_emit_an_event_only_in_replay_and_diagnostic_mode() {
    let store = in_memory();
    let event_id = store.ph1j_read_rows(&context(9), Ph1jReadRows {}).unwrap()[0].event_id.clone();
    let events = || store.verify_chains(&[]).unwrap().events;
    let before = events();
    for (mode, emitted) in [(CallMode::Normal, 0), (CallMode::Replay, 2), (CallMode::Diagnostic, 2)] {
        let start = events();
        let context = context(9).with_mode(mode);
        store.ph1j_read_rows(&context, Ph1jReadRows {}).unwrap();
        store
            .ph1j_append_only_guard(&context, Ph1jAppendOnlyGuard { event_id: event_id.clone() })
            .unwrap_err();
        assert_eq!(events() - start, emitted, "{mode:?}");
    }
    assert_eq!(events(), before + 4);
    let rows = store.ph1j_read_rows(&context(9), Ph1jReadRows {}).unwrap();
    let audited: Vec<_> =
        rows.iter().filter(|row| row.correlation_id.get() == 9).map(|row| row.reason_code.as_str()).collect();
    assert_eq!(audited, ["J_READ_AUDITED", "J_GUARD_AUDITED", "J_READ_AUDITED", "J_GUARD_AUDITED"]);
    assert!(store.verify_chains(&[]).unwrap().is_intact());
}

#[test]
fn the_schema_has_no_way_to_reuse_a_number() {
    let world = world();
    let raw: Connection = world.raw();
    let sql: String =
        raw.query_row("SELECT group_concat(sql, ' ') FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert!(!sql.to_ascii_uppercase().contains("AUTOINCREMENT"));
}
