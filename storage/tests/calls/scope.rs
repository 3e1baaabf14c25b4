//! The order of refusals: identity, device, owner, session, tenant. The first that fails is the answer, and
//! nothing is written.

use selene_contracts::StorageError;
use selene_contracts::ph1_f::{
    Ph1fFoundationRepo as _, Ph1fIdentityInsertRow, Ph1fReadDeviceRow, Ph1fSessionOpenCommitRow,
};
use selene_contracts::ph1_persona::{Ph1PersonaReasonCode, Ph1PersonaRepo as _, Ph1personaProfileCommitRow};
use selene_contracts::ph1_write::{Ph1WriteReasonCode, Ph1WriteRepo as _};
use selene_contracts::shared::SessionId;
use selene_storage::SqliteStore;
use selene_storage::test_support::inputs;

use crate::common::{World, context, device, dump, format, identity, populate, profile, session, turn};

/// Commits, and says which field was refused how.
fn refusal(store: &SqliteStore, input: Ph1personaProfileCommitRow) -> String {
    match store.ph1persona_profile_commit_row(&context(3), input).unwrap_err() {
        StorageError::ForeignKey { field, reason_code, .. } => format!("{reason_code}: no {field}"),
        StorageError::ScopeViolation { field, rule, reason_code } => format!("{reason_code}: {field} {rule}"),
        other => other.to_string(),
    }
}

fn broken(change: impl FnOnce(&mut Ph1personaProfileCommitRow)) -> Ph1personaProfileCommitRow {
    let mut input = profile("t", "k");
    change(&mut input);
    input
}

#[test]
fn each_check_refuses_before_the_next_one() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    session(&store, 3, "bob", "bob-tablet").unwrap();
    device(&store, "ada-watch", "ada", Some("elsewhere")).unwrap();
    session(&store, 4, "ada", "ada-watch").unwrap();
    device(&store, "ada-tablet", "ada", None).unwrap();
    session(&store, 5, "ada", "ada-tablet").unwrap();
    let before = dump(&world.path());
    // Each input breaks one check and all those that come after it as far as they can be broken together.
    let cases = [
        (
            broken(|i| {
                i.user_id = "nobody".into();
                i.device_id = "nothing".into();
                i.session_id = Some(SessionId::new(99));
            }),
            "no user_id",
        ),
        (
            broken(|i| {
                i.device_id = "nothing".into();
                i.session_id = Some(SessionId::new(99));
            }),
            "no device_id",
        ),
        (
            broken(|i| {
                i.device_id = "bob-tablet".into();
                i.session_id = Some(SessionId::new(99));
            }),
            "device_id must belong to the user",
        ),
        (broken(|i| i.session_id = Some(SessionId::new(99))), "no session_id"),
        (broken(|i| i.session_id = Some(SessionId::new(3))), "session_id must be a session of the user"),
        (broken(|i| i.session_id = Some(SessionId::new(5))), "session_id must be a session on the device"),
        // What is of another tenant is refused as what does not exist.
        (broken(|i| i.session_id = Some(SessionId::new(4))), "no session_id"),
        (broken(|i| i.device_id = "ada-watch".into()), "no device_id"),
    ];
    for (input, expected) in cases {
        assert_eq!(refusal(&store, input), format!("PERSONA_SCOPE_VIOLATION: {expected}"));
    }
    assert_eq!(dump(&world.path()), before);
}

#[test]
fn the_first_write_that_names_a_tenant_binds_the_device_for_good() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let tenant = || {
        let input = Ph1fReadDeviceRow { device_id: "ada-phone".into() };
        store.ph1f_read_device_row(&context(1), input).unwrap().unwrap().tenant_id
    };
    assert_eq!(tenant(), None);
    // A refused write binds nothing.
    let _ = refusal(&store, broken(|i| i.session_id = Some(SessionId::new(99))));
    assert_eq!(tenant(), None);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
    assert_eq!(tenant(), Some("t".into()));
    let moved = store.ph1write_format_commit_row(&context(4), format("other", "k")).unwrap_err();
    assert!(matches!(&moved, StorageError::ForeignKey { field: "device_id", .. }), "{moved}");
    assert_eq!(moved.reason_code().as_str(), "WRITE_SCOPE_VIOLATION");
    store.ph1write_format_commit_row(&context(4), format("t", "k")).unwrap();
    assert_eq!(tenant(), Some("t".into()));
}

#[test]
fn a_session_of_the_user_on_the_device_fits() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    let input = broken(|i| i.session_id = Some(SessionId::new(1)));
    store.ph1persona_profile_commit_row(&context(3), input).unwrap();
}

#[test]
fn the_code_of_a_refusal_is_no_reason_for_a_commit() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    let input = broken(|i| i.reason_code = Ph1PersonaReasonCode::PersonaScopeViolation);
    let error = store.ph1persona_profile_commit_row(&context(3), input).unwrap_err();
    assert_eq!(error.reason_code().as_str(), "PERSONA_CONTRACT_VALIDATION_FAILED");
    let mut input = format("t", "k");
    input.reason_code = Ph1WriteReasonCode::WriteIdempotencyReplay;
    let error = store.ph1write_format_commit_row(&context(3), input).unwrap_err();
    assert_eq!(error.reason_code().as_str(), "WRITE_CONTRACT_VALIDATION_FAILED");
}

#[test]
fn bounds_hold_at_below_and_above() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    let mut key = 0;
    let mut commit = |change: &dyn Fn(&mut Ph1personaProfileCommitRow)| {
        key += 1;
        let mut input = profile("t", &format!("k{key}"));
        change(&mut input);
        store.ph1persona_profile_commit_row(&context(3), input)
    };
    let text = |length: usize| "x".repeat(length);
    for length in [1, 64] {
        commit(&|i| i.style_profile_ref = text(length).into()).unwrap();
    }
    commit(&|i| i.delivery_policy_ref = text(32).into()).unwrap();
    commit(&|i| i.preferences_snapshot_ref = text(96).into()).unwrap();
    let refused: [&dyn Fn(&mut Ph1personaProfileCommitRow); 6] = [
        &|i| i.style_profile_ref = "".into(),
        &|i| i.style_profile_ref = "  ".into(),
        &|i| i.style_profile_ref = text(65).into(),
        &|i| i.delivery_policy_ref = text(33).into(),
        &|i| i.preferences_snapshot_ref = text(97).into(),
        &|i| i.tenant_id = "é".into(),
    ];
    for (index, change) in refused.into_iter().enumerate() {
        let error = commit(change).unwrap_err();
        assert_eq!(error.reason_code().as_str(), "PERSONA_CONTRACT_VALIDATION_FAILED", "case {index}");
    }
}

#[test]
fn identities_and_devices_are_inserted_once() {
    let store = SqliteStore::open_in_memory().unwrap();
    assert!(matches!(
        device(&store, "d", "nobody", None),
        Err(StorageError::ForeignKey { field: "user_id", .. })
    ));
    populate(&store);
    assert!(!identity(&store, "ada").unwrap().is_applied());
    let again = Ph1fIdentityAgain::insert(&store);
    assert!(
        matches!(again, StorageError::DuplicateKey { field: "user_id", table: "identities", .. }),
        "{again}"
    );
}

/// The same identity under another key.
struct Ph1fIdentityAgain;

impl Ph1fIdentityAgain {
    fn insert(store: &SqliteStore) -> StorageError {
        let input = inputs::identity("ada", "another");
        store.ph1f_identity_insert_row(&context(1), input).unwrap_err()
    }
}

#[test]
fn a_used_key_of_a_session_answers_the_person_of_the_session_only() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let before = dump(&world.path());
    let open = |user: &str, device_id: &str| {
        let input = Ph1fSessionOpenCommitRow {
            session_id: SessionId::new(1),
            user_id: user.into(),
            device_id: device_id.into(),
            idempotency_key: "session".into(),
        };
        store.ph1f_session_open_commit_row(&context(9), input)
    };
    // Whoever knows the number of a session may guess the key.
    let error = open("bob", "bob-tablet").unwrap_err();
    assert!(matches!(&error, StorageError::ScopeViolation { field: "idempotency_key", .. }), "{error}");
    assert_eq!(error.reason_code().as_str(), "F_SCOPE_VIOLATION");
    let again = open("ada", "ada-phone").unwrap();
    assert!(!again.is_applied() && again.value.user_id.as_str() == "ada");
    assert_eq!(dump(&world.path()), before);
}

/// People at home in a tenant, and a device of each that no tenant has.
fn at_home(store: &SqliteStore) {
    for (user, tenant) in [("cleo", "t"), ("dan", "u")] {
        let input =
            Ph1fIdentityInsertRow { tenant_id: Some(tenant.into()), ..inputs::identity(user, "identity") };
        store.ph1f_identity_insert_row(&context(1), input).unwrap();
        device(store, &format!("{user}-phone"), user, None).unwrap();
    }
}

#[test]
fn whoever_is_at_home_in_another_tenant_is_refused_as_nobody() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    at_home(&store);
    session(&store, 6, "dan", "dan-phone").unwrap();
    let before = dump(&world.path());
    let of = |user: &str, device_id: &str, session: Option<u64>| {
        broken(|i| {
            (i.user_id, i.device_id) = (user.into(), device_id.into());
            i.session_id = session.map(SessionId::new);
        })
    };
    let cases = [
        (of("dan", "dan-phone", None), of("nobody", "dan-phone", None), "no user_id"),
        (of("cleo", "dan-phone", None), of("cleo", "nothing", None), "no device_id"),
        (of("cleo", "cleo-phone", Some(6)), of("cleo", "cleo-phone", Some(99)), "no session_id"),
    ];
    for (elsewhere, missing, expected) in cases {
        assert_eq!(refusal(&store, elsewhere), format!("PERSONA_SCOPE_VIOLATION: {expected}"));
        assert_eq!(refusal(&store, missing), format!("PERSONA_SCOPE_VIOLATION: {expected}"));
    }
    // What is of one tenant, or of none, is refused as what it is.
    let refused = refusal(&store, of("cleo", "bob-tablet", None));
    assert_eq!(refused, "PERSONA_SCOPE_VIOLATION: device_id must belong to the user");
    // A device for a tenant is not one of a person at home in another one.
    let error = device(&store, "watch", "dan", Some("t")).unwrap_err();
    assert!(matches!(&error, StorageError::ForeignKey { field: "user_id", .. }), "{error}");
    assert_eq!(dump(&world.path()), before);
    device(&store, "watch", "dan", Some("u")).unwrap();
}

#[test]
fn a_device_of_another_tenant_is_refused_for_a_session_as_one_that_does_not_exist() {
    let store = SqliteStore::open_in_memory().unwrap();
    populate(&store);
    at_home(&store);
    let refused = |device_id: &str| match session(&store, 7, "cleo", device_id).unwrap_err() {
        StorageError::ForeignKey { field, reason_code, .. } => format!("{reason_code}: no {field}"),
        other => other.to_string(),
    };
    assert_eq!(refused("dan-phone"), "F_FOREIGN_KEY_MISSING: no device_id");
    assert_eq!(refused("nothing"), "F_FOREIGN_KEY_MISSING: no device_id");
    assert_eq!(refused("bob-tablet"), "F_SCOPE_VIOLATION: device_id must belong to the user");
}

#[test]
fn a_used_key_of_a_turn_answers_the_person_of_the_turn_only() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    identity(&store, "bob").unwrap();
    let append = |input| store.ph1f_conversation_append_commit_row(&context(3), input);
    let first = append(turn("ada", "k")).unwrap();
    // Whoever has a part in the chain of work may guess the key, of this tenant or of another one.
    let before = dump(&world.path());
    let error = append(turn("bob", "k")).unwrap_err();
    assert!(matches!(&error, StorageError::ScopeViolation { field: "idempotency_key", .. }), "{error}");
    assert_eq!(error.reason_code().as_str(), "F_SCOPE_VIOLATION");
    assert_eq!(dump(&world.path()), before);
    let mut other = turn("ada", "k");
    other.content_ref = "content-2".into();
    for input in [turn("ada", "k"), other] {
        let again = append(input).unwrap();
        assert!(!again.is_applied());
        assert_eq!(again.value, first.value);
    }
}
