//! Two writers, in an order that the test decides, of calls that name no tenant: devices, sessions, links, onboarding sessions and
//! enrollments lead them to their chains, by rows that the other writer is about to change.

use std::sync::Mutex;

use selene_acceptance::onboarding::{invitation, simulated};
use selene_acceptance::{Database, context};
use selene_contracts::ReasonCode;
use selene_contracts::ph1_f::{
    MemoryOperation, Ph1FReasonCode, Ph1fFoundationRepo as _, Ph1fMemoryAppendCommitRow,
    Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionState,
};
use selene_contracts::ph1_link::{
    Ph1LinkReasonCode, Ph1LinkRepo as _, Ph1linkInviteOpenActivateCommitRow, Ph1linkInviteRevokeCommitRow,
};
use selene_contracts::ph1_w::Ph1wWakeRepo as _;
use selene_contracts::shared::{SessionId, TokenId};
use selene_storage::test_support::wake_event;
use selene_storage_postgres::PostgresStore;

use crate::interleaved::{person, profile};
use crate::order::{Answer, First, TENANTS, both, one_of_two};

const TENANT: &str = TENANTS[0];

/// The keys of the first call and of the second.
pub const KEYS: [&str; 2] = ["key_0", "key_1"];

/// Ann and her phone, of a tenant.
pub fn at_home(store: &PostgresStore) {
    person(store, "ann", Some(TENANT));
}

/// Ann and her phone, of nobody.
pub fn at_large(store: &PostgresStore) {
    person(store, "ann", None);
}

/// What an answer of one text is, and `-` where it is absent.
pub fn text(database: &Database, sql: &str) -> String {
    let texts = database.raw().texts(sql).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(texts.len(), 1, "{sql}: {texts:?}");
    texts[0].clone()
}

/// The tenant of the newest event of a kind.
fn tenant_of(database: &Database, reason_code: &str) -> String {
    text(
        database,
        &format!("SELECT coalesce(tenant_id, '-') FROM audit_events WHERE reason_code = '{reason_code}'"),
    )
}

/// Two calls about Ann's phone, one of which binds it to the tenant: the event of the other is of that tenant where the binding is there
/// before, and of nobody else.
fn beside_a_binding(
    reason_code: &str,
    prepare: impl Fn(&PostgresStore),
    other: impl Fn(&PostgresStore) -> Answer + Sync,
) {
    let binds = |store: &PostgresStore| profile(store, TENANT, "ann", "binds");
    both(
        &prepare,
        |number, store| if number == 0 { binds(store) } else { other(store) },
        |first, database| {
            let expected = if first == First::Commits { TENANT } else { "-" };
            assert_eq!(tenant_of(database, reason_code), expected, "{first:?}");
        },
    );
    both(
        &prepare,
        |number, store| if number == 0 { other(store) } else { binds(store) },
        |first, database| {
            if first == First::Commits {
                assert_eq!(tenant_of(database, reason_code), "-");
            }
            assert_eq!(text(database, "SELECT tenant_id FROM devices"), TENANT);
        },
    );
}

fn wakes(store: &PostgresStore) -> Answer {
    let event = wake_event("wake", "ann_phone", "wakes");
    store.ph1w_runtime_event_commit_row(&context(5), event).map(|done| done.is_applied())
}

fn opens_session(store: &PostgresStore) -> Answer {
    let input = Ph1fSessionOpenCommitRow {
        session_id: SessionId::new(7),
        user_id: "ann".into(),
        device_id: "ann_phone".into(),
        idempotency_key: "opens".into(),
    };
    store.ph1f_session_open_commit_row(&context(5), input).map(|done| done.is_applied())
}

fn moves_session(store: &PostgresStore, to: SessionState, key: &str) -> Answer {
    let input = Ph1fSessionStateCommitRow {
        session_id: SessionId::new(7),
        session_state: to,
        idempotency_key: key.into(),
    };
    store.ph1f_session_state_commit_row(&context(6), input).map(|done| done.is_applied())
}

/// A row that a LEFT JOIN may find: the home of the owner of a device that is nobody's. It counts until the device is bound.
#[test]
fn a_wake_word_is_of_the_tenant_that_the_device_was_bound_to() {
    beside_a_binding("WAKE_RUNTIME_EVENT_COMMIT", at_large, wakes);
}

/// The same, as every call reads it that names a device.
#[test]
fn a_session_is_opened_for_the_tenant_that_the_device_was_bound_to() {
    beside_a_binding("F_SESSION_OPEN", at_large, opens_session);
}

/// The same behind a session.
#[test]
fn a_session_changes_for_the_tenant_that_its_device_was_bound_to() {
    let prepare = |store: &PostgresStore| {
        at_large(store);
        opens_session(store).unwrap();
    };
    beside_a_binding("F_SESSION_STATE", prepare, |store| {
        moves_session(store, SessionState::Suspended, "moves")
    });
}

/// A row that may change, of no tenant: both are in the chain without one.
#[test]
fn a_session_is_closed_once() {
    let refusals: [ReasonCode; 1] = [Ph1FReasonCode::FSessionStateInvalid.into()];
    for prepare in [at_large, at_home] {
        let prepare = |store: &PostgresStore| {
            prepare(store);
            opens_session(store).unwrap();
        };
        let closes =
            |number: usize, store: &PostgresStore| moves_session(store, SessionState::Closed, KEYS[number]);
        one_of_two(prepare, closes, &refusals);
    }
}

/// The next number of a person's ledger, and the value that is remembered last.
#[test]
fn what_two_writers_remember_of_a_person_has_two_numbers() {
    let remembers = |number: usize, store: &PostgresStore| {
        let input = Ph1fMemoryAppendCommitRow {
            user_id: "ann".into(),
            memory_key: "colour".into(),
            memory_operation: MemoryOperation::Store,
            memory_value_ref: Some(["blue", "green"][number].into()),
            idempotency_key: KEYS[number].into(),
        };
        store.ph1f_memory_append_commit_row(&context(5), input).map(|done| done.is_applied())
    };
    both(at_large, remembers, |first, database| {
        let expected = if first == First::Commits { "2 green" } else { "1 green" };
        let current = "SELECT concat_ws(' ', memory_seq, memory_value_ref) FROM memory_current";
        assert_eq!(text(database, current), expected);
    });
}

/// What a test has prepared, for its calls: each database has another one.
pub struct Prepared<T>(Mutex<Option<T>>);

impl<T: Clone> Prepared<T> {
    pub const fn nothing() -> Self {
        Self(Mutex::new(None))
    }

    pub fn set(&self, prepared: T) {
        *self.0.lock().unwrap() = Some(prepared);
    }

    pub fn get(&self) -> T {
        self.0.lock().unwrap().clone().expect("it was prepared")
    }
}

/// A link of Ann.
fn invites(store: &PostgresStore) -> TokenId {
    at_home(store);
    let input = invitation("ann", Some(TENANT), "invites");
    store.ph1link_invite_generate_draft_row(&simulated(3), input).unwrap().value.token_id
}

fn opens_link(store: &PostgresStore, token_id: TokenId, number: usize) -> Answer {
    let input = Ph1linkInviteOpenActivateCommitRow {
        token_id,
        device_fingerprint: ["phone", "tablet"][number].into(),
        idempotency_key: KEYS[number].into(),
    };
    store.ph1link_invite_open_activate_commit_row(&simulated(5), input).map(|done| done.is_applied())
}

fn revokes_link(store: &PostgresStore, token_id: TokenId) -> Answer {
    let input = Ph1linkInviteRevokeCommitRow {
        token_id,
        reason_code: Ph1LinkReasonCode::LinkRevokedByInviter,
        idempotency_key: "revokes".into(),
    };
    store.ph1link_invite_revoke_commit_row(&simulated(5), input).map(|done| done.is_applied())
}

#[test]
fn a_link_is_bound_to_the_device_that_opened_it_first() {
    let link = Prepared::nothing();
    both(
        |store| link.set(invites(store)),
        |number, store| opens_link(store, link.get(), number),
        |first, database| {
            let expected = if first == First::Commits { "BLOCKED" } else { "ACTIVATED" };
            assert_eq!(text(database, "SELECT link_status FROM links"), expected);
        },
    );
}

#[test]
fn a_link_that_is_revoked_meanwhile_is_not_opened() {
    let link = Prepared::nothing();
    one_of_two(
        |store| link.set(invites(store)),
        |number, store| match number {
            0 => revokes_link(store, link.get()),
            _ => opens_link(store, link.get(), 0),
        },
        &[Ph1LinkReasonCode::LinkStateInvalid.into()],
    );
    both(
        |store| link.set(invites(store)),
        |number, store| match number {
            0 => opens_link(store, link.get(), 0),
            _ => revokes_link(store, link.get()),
        },
        |_, database| assert_eq!(text(database, "SELECT link_status FROM links"), "REVOKED"),
    );
}
