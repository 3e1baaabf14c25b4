//! People and their devices, as every load needs them before it begins.

use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fIdentityInsertRow};
use selene_contracts::{Committed, Disposition, StorageError};
use selene_storage::test_support::inputs;

/// A person at home in a tenant.
pub fn person(user_id: &str, tenant_id: &str) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        primary_language: Some("en-GB".into()),
        tenant_id: Some(tenant_id.into()),
        ..inputs::identity(user_id, user_id)
    }
}

/// A device of a person, bound to a tenant.
pub fn device(device_id: &str, user_id: &str, tenant_id: &str) -> Ph1fDeviceInsertRow {
    Ph1fDeviceInsertRow {
        device_id: device_id.into(),
        user_id: user_id.into(),
        device_type: "speaker".into(),
        audio_profile_ref: None,
        tenant_id: Some(tenant_id.into()),
        idempotency_key: device_id.into(),
    }
}

/// Every call was applied.
pub fn applied<T>(answers: impl IntoIterator<Item = Result<Committed<T>, StorageError>>) {
    for answer in answers {
        let committed = answer.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(committed.disposition, Disposition::Applied);
    }
}
