//! The acceptance tests AT-F-DB-01..04: identities, devices, sessions, memory and turns.

use std::collections::BTreeMap;

use selene_contracts::ph1_f::{
    ContentRef, ConversationRole, DeviceType, MemoryKey, MemoryOperation, MemoryValueRef, Ph1FAcceptance,
    Ph1FReasonCode, Ph1fAppendOnlyGuards, Ph1fConversationAppendCommitRow, Ph1fDeviceInsertRow,
    Ph1fFoundationRepo, Ph1fIdentityInsertRow, Ph1fMemoryAppendCommitRow, Ph1fReadConversationRows,
    Ph1fReadIdentityRow, Ph1fReadMemoryCurrentRows, Ph1fReadMemoryLedgerRows, Ph1fReadSessionRow,
    Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionState,
};
use selene_contracts::shared::{CorrelationId, DeviceId, SessionId, TenantId, UserId};
use selene_contracts::{CallContext, Committed, StorageError};
use selene_storage::test_support::inputs;

use crate::harness::{Backend, Harness};
use crate::world::{World, context, in_chain, key};

/// The acceptance tests of PH1.F on the stores of a harness.
pub struct FoundationSuite<H>(pub H);

fn remember(idempotency_key: &str, memory_key: &str, value: Option<&str>) -> Ph1fMemoryAppendCommitRow {
    Ph1fMemoryAppendCommitRow {
        user_id: UserId::new("ann"),
        memory_key: MemoryKey::new(memory_key),
        memory_operation: if value.is_some() { MemoryOperation::Store } else { MemoryOperation::Forget },
        memory_value_ref: value.map(MemoryValueRef::new),
        idempotency_key: key(idempotency_key),
    }
}

fn turn(idempotency_key: &str) -> Ph1fConversationAppendCommitRow {
    Ph1fConversationAppendCommitRow {
        device_id: Some(DeviceId::new("ann_phone")),
        content_ref: ContentRef::new("content_1"),
        ..inputs::turn(UserId::new("ann"), key(idempotency_key))
    }
}

fn register(device_id: &str, user_id: &str, tenant_id: &str, idempotency_key: &str) -> Ph1fDeviceInsertRow {
    Ph1fDeviceInsertRow {
        device_id: DeviceId::new(device_id),
        user_id: UserId::new(user_id),
        device_type: DeviceType::new("PHONE"),
        audio_profile_ref: None,
        tenant_id: Some(TenantId::new(tenant_id)),
        idempotency_key: key(idempotency_key),
    }
}

/// Checks that a second call replays the first one, and that a differing one gets the first outcome too.
fn replays<B: Backend, I: Clone, T: PartialEq + std::fmt::Debug>(
    world: &World<B>,
    input: I,
    differing: I,
    call: impl Fn(&B, &CallContext, I) -> Result<Committed<T>, StorageError>,
) {
    world.replays(Ph1FReasonCode::FIdempotencyReplay, input, differing, call);
}

impl<H: Harness> Ph1FAcceptance for FoundationSuite<H> {
    fn at_f_db_01_tenant_isolation_enforced(&self) {
        let mut world = World::with_people(&self.0);
        // A bound device never moves: not to another tenant, not to another owner, under no key.
        world.refuses(Ph1FReasonCode::FDuplicateKey, |store| {
            store.ph1f_device_insert_row(&context(2), register("ann_phone", "ann", "tenant_b", "again"))
        });
        world.refuses(Ph1FReasonCode::FDuplicateKey, |store| {
            store.ph1f_device_insert_row(&context(2), register("ann_phone", "bob", "tenant_b", "again"))
        });
        assert_eq!(world.tenant_of("ann_phone"), Some(TenantId::new("tenant_a")));
        // The same key with another tenant is no replay: its answer would show one tenant the row of another.
        world.refuses(Ph1FReasonCode::FScopeViolation, |store| {
            store.ph1f_device_insert_row(&context(2), register("ann_phone", "ann", "tenant_b", "device"))
        });
        // A session needs the device's owner.
        let open = |session: u64, user: &str, device: &str| Ph1fSessionOpenCommitRow {
            session_id: SessionId::new(session),
            user_id: UserId::new(user),
            device_id: DeviceId::new(device),
            idempotency_key: key("open"),
        };
        world.refuses(Ph1FReasonCode::FScopeViolation, |store| {
            store.ph1f_session_open_commit_row(&context(3), open(1, "bob", "ann_phone"))
        });
        world.refuses(Ph1FReasonCode::FForeignKeyMissing, |store| {
            store.ph1f_session_open_commit_row(&context(3), open(1, "eve", "ann_phone"))
        });
        world.refuses(Ph1FReasonCode::FForeignKeyMissing, |store| {
            store.ph1f_session_open_commit_row(&context(3), open(1, "ann", "no_phone"))
        });
        let opened =
            world.store().ph1f_session_open_commit_row(&context(3), open(1, "ann", "ann_phone")).unwrap();
        world.reopen();
        let read = Ph1fReadSessionRow { session_id: SessionId::new(1) };
        let session = world.store().ph1f_read_session_row(&context(4), read).unwrap().unwrap();
        assert_eq!(session.session_state, SessionState::Open);
        let event = world.events().into_iter().find(|event| event.event_id == opened.event_id).unwrap();
        assert_eq!(
            event.tenant_id,
            Some(TenantId::new("tenant_a")),
            "the event is in the chain of the device's tenant"
        );
    }

    fn at_f_db_02_append_only_enforced(&self) {
        let mut world = World::with_people(&self.0);
        let memory =
            world.store().ph1f_memory_append_commit_row(&context(5), remember("m1", "colour", Some("blue")));
        let memory = memory.unwrap().value;
        let first_turn =
            world.store().ph1f_conversation_append_commit_row(&in_chain(9, 6), turn("c1")).unwrap().value;
        world.reopen();
        world.refuses(Ph1FReasonCode::FAppendOnlyViolation, |store| {
            let guard = Ph1fAppendOnlyGuards::UserIdAndMemorySeq {
                user_id: memory.user_id.clone(),
                memory_seq: memory.memory_seq,
            };
            store.ph1f_append_only_guards(&context(7), guard)
        });
        world.refuses(Ph1FReasonCode::FAppendOnlyViolation, |store| {
            let guard = Ph1fAppendOnlyGuards::ConversationTurnId {
                conversation_turn_id: first_turn.conversation_turn_id.clone(),
            };
            store.ph1f_append_only_guards(&context(7), guard)
        });
        let read = Ph1fReadMemoryLedgerRows { user_id: UserId::new("ann") };
        assert_eq!(world.store().ph1f_read_memory_ledger_rows(&context(8), read).unwrap(), [memory]);
        let turns = world
            .store()
            .ph1f_read_conversation_rows(
                &in_chain(9, 8),
                Ph1fReadConversationRows {
                    user_id: UserId::new("ann"),
                    correlation_id: CorrelationId::new(9),
                },
            )
            .unwrap();
        assert_eq!(turns, [first_turn]);
        world.refuses(Ph1FReasonCode::FDuplicateKey, |store| {
            store.ph1f_conversation_append_commit_row(&in_chain(9, 9), turn("c2"))
        });
    }

    fn at_f_db_03_idempotency_dedupe_works(&self) {
        let world = World::with_people(&self.0);
        let identity = |language: &str| Ph1fIdentityInsertRow {
            primary_language: Some(language.into()),
            ..inputs::identity(UserId::new("cleo"), key("i1"))
        };
        replays(&world, identity("en"), identity("de"), |store, context, input| {
            store.ph1f_identity_insert_row(context, input)
        });
        let mut watch = register("cleo_watch", "cleo", "tenant_a", "d1");
        watch.device_type = DeviceType::new("WATCH");
        replays(&world, watch, register("cleo_watch", "cleo", "tenant_a", "d1"), |store, context, input| {
            store.ph1f_device_insert_row(context, input)
        });
        world.session(4, "ann", "ann_phone");
        let state = |state| Ph1fSessionStateCommitRow {
            session_id: SessionId::new(4),
            session_state: state,
            idempotency_key: key("s1"),
        };
        replays(
            &world,
            state(SessionState::Suspended),
            state(SessionState::Closed),
            Ph1fFoundationRepo::ph1f_session_state_commit_row,
        );
        replays(
            &world,
            remember("m1", "a", Some("x")),
            remember("m1", "a", None),
            Ph1fFoundationRepo::ph1f_memory_append_commit_row,
        );
        let mut other = turn("c1");
        other.conversation_role = ConversationRole::Assistant;
        replays(&world, turn("c1"), other, |store, context, input| {
            store.ph1f_conversation_append_commit_row(context, input)
        });
        // The key is taken, and it names the identity still: a new key cannot insert it again.
        world.refuses(Ph1FReasonCode::FDuplicateKey, |store| {
            let mut again = identity("en");
            again.idempotency_key = key("i2");
            store.ph1f_identity_insert_row(&context(9), again)
        });
        let read = Ph1fReadIdentityRow { user_id: UserId::new("cleo") };
        let row = world.store().ph1f_read_identity_row(&context(9), read).unwrap().unwrap();
        assert_eq!(row.primary_language, Some("en".into()), "a differing replay changed nothing");
    }

    fn at_f_db_04_memory_current_rebuilds_from_ledger(&self) {
        let mut world = World::with_people(&self.0);
        let steps = [
            ("a", Some("1")),
            ("b", Some("2")),
            ("a", Some("3")),
            ("b", None),
            ("c", None),
            ("c", Some("4")),
        ];
        for (step, (memory_key, value)) in steps.into_iter().enumerate() {
            let input = remember(&format!("m{step}"), memory_key, value);
            let committed =
                world.store().ph1f_memory_append_commit_row(&context(10 + step as u64), input).unwrap();
            assert_eq!(committed.value.memory_seq, step as u64 + 1);
        }
        world.refuses(Ph1FReasonCode::FContractValidationFailed, |store| {
            let mut forget = remember("bad", "a", None);
            forget.memory_value_ref = Some(MemoryValueRef::new("left over"));
            store.ph1f_memory_append_commit_row(&context(20), forget)
        });
        world.refuses(Ph1FReasonCode::FContractValidationFailed, |store| {
            let mut empty = remember("bad", "a", Some("5"));
            empty.memory_value_ref = None;
            store.ph1f_memory_append_commit_row(&context(20), empty)
        });
        world.reopen();
        let ledger = Ph1fReadMemoryLedgerRows { user_id: UserId::new("ann") };
        let ledger = world.store().ph1f_read_memory_ledger_rows(&context(30), ledger).unwrap();
        let mut fold = BTreeMap::new();
        for row in ledger {
            fold.insert(row.memory_key, (row.memory_value_ref, row.memory_seq, row.created_at));
        }
        let current = Ph1fReadMemoryCurrentRows { user_id: UserId::new("ann") };
        let current = world.store().ph1f_read_memory_current_rows(&context(30), current).unwrap();
        let current: BTreeMap<_, _> = current
            .into_iter()
            .map(|row| (row.memory_key, (row.memory_value_ref, row.memory_seq, row.updated_at)))
            .collect();
        assert_eq!(current.len(), 3);
        assert_eq!(current, fold);
    }
}
