//! The listener on a real store: errors in `anyhow` keep the store's reason code, and a reused key is an error.

use selene_contracts::ph1_f::*;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};
use selene_example_os_crate::{Listener, reason_of};
use selene_storage::SqliteStore;

fn context() -> CallContext {
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1_000), CorrelationId::new(7), TurnId::new(1))
}

/// A store that knows Ann and her phone.
fn store() -> anyhow::Result<SqliteStore> {
    let store = SqliteStore::open_in_memory()?;
    store.ph1f_identity_insert_row(
        &context(),
        Ph1fIdentityInsertRow {
            user_id: "ann".into(),
            speaker_id: None,
            primary_language: None,
            tenant_id: Some("tenant_a".into()),
            status: IdentityStatus::Active,
            idempotency_key: "insert-ann".into(),
        },
    )?;
    store.ph1f_device_insert_row(
        &context(),
        Ph1fDeviceInsertRow {
            device_id: "phone".into(),
            user_id: "ann".into(),
            device_type: "PHONE".into(),
            audio_profile_ref: None,
            tenant_id: Some("tenant_a".into()),
            idempotency_key: "insert-phone".into(),
        },
    )?;
    Ok(store)
}

#[test]
fn an_error_of_the_store_keeps_its_code_in_anyhow() -> anyhow::Result<()> {
    let store = store()?;
    let listener = Listener::new(&store, "ann".into(), "phone".into());
    let refused = listener.enroll(&context(), 200, "enroll").unwrap_err();
    assert_eq!(reason_of(&refused), Some("W_ENROLL_INVALID_BOUNDS"));
    assert!(
        format!("{refused:#}").starts_with("starting a wake enrollment: W_ENROLL_INVALID_BOUNDS"),
        "{refused:#}"
    );
    let nothing = listener.profile(&context()).unwrap_err();
    assert_eq!(reason_of(&nothing), None);
    Ok(())
}

#[test]
fn a_retry_is_a_success_and_a_reused_key_is_not() -> anyhow::Result<()> {
    let store = store()?;
    let listener = Listener::new(&store, "ann".into(), "phone".into());
    let first = listener.enroll(&context(), 3, "enroll")?;
    assert_eq!(listener.enroll(&context(), 3, "enroll")?, first);
    let reused = listener.enroll(&context(), 4, "enroll").unwrap_err();
    assert_eq!(reason_of(&reused), Some("W_IDEMPOTENCY_REPLAY"));
    assert!(format!("{reused:#}").contains("used before for another request"), "{reused:#}");
    Ok(())
}
