//! The names by which calls depend on each other: calls that have none in common give the same answers in any order.
//!
//! What lives here: tenants, people, devices and every other id that leads the key of a row, the idempotency key, and the dedupe key. What
//! must not: which queue a call waits in.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use selene_contracts::{Admitted, Capability, FieldSpec, engines};
use serde_json::Value;

use crate::encode::Encoder;
use crate::scope::{self, Scope};

/// The digest of one name.
pub(crate) type Name = [u8; 16];

/// The type of a tenant's id, which is that of its chain too.
const TENANT: &str = "TenantId";

/// Everything that a write names. Names are of a type: a person and a device of one id are two names.
pub(crate) fn of_write<C: Capability>(call: &Admitted<C>) -> Vec<Name> {
    let mut names = Vec::new();
    if let Ok(input) = serde_json::to_value(call.input()) {
        add::<C>(&input, None, &mut names);
    }
    if let Some(key) = call.input().idempotency_key() {
        names.push(scope::key_in_correlation(call.context().correlation_id, key));
    }
    if let Some(key) = call.input().dedupe_key(call.context()) {
        names.push(shortened(Scope::of(&key).digest));
    }
    names
}

/// The name of a chain: that of its tenant.
pub(crate) fn of_chain(chain_id: &str) -> Name {
    name(TENANT, chain_id)
}

/// Adds the ids in a value, which is that of a field, of a list, or of all fields.
fn add<C: Capability>(value: &Value, field: Option<&FieldSpec>, names: &mut Vec<Name>) {
    match value {
        Value::Object(values) => {
            for (key, value) in values {
                let mut fields = C::SPEC.input.iter().copied().flatten();
                add::<C>(value, fields.find(|field| field.name == key), names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| add::<C>(value, field, names)),
        Value::String(id) => names.extend(field.and_then(|field| key_type(field.ty)).map(|ty| name(ty, id))),
        Value::Number(id) => {
            names.extend(field.and_then(|field| key_type(field.ty)).map(|ty| name(ty, &id.to_string())));
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The type of a field, if ids of the type lead the keys of rows.
fn key_type(ty: &'static str) -> Option<&'static str> {
    static TYPES: OnceLock<BTreeSet<&str>> = OnceLock::new();
    let types = TYPES.get_or_init(|| {
        let tables = engines::ALL.iter().flat_map(|engine| engine.tables);
        let leading = tables.flat_map(|table| {
            table.columns.iter().filter(|column| table.primary_key.first() == Some(&column.name))
        });
        leading.map(|column| column.ty).chain([TENANT]).collect()
    });
    // `Option<UserId>` and `Vec<UserId>` are ids of people too.
    let ty = ty.rsplit('<').next().unwrap_or(ty).trim_end_matches('>');
    types.get(ty).copied()
}

fn name(ty: &str, id: &str) -> Name {
    let mut bytes = Encoder::new("selene.name.v1");
    bytes.text(ty);
    bytes.text(id);
    shortened(bytes.finish())
}

fn shortened(digest: [u8; 32]) -> Name {
    let mut name = [0; 16];
    name.copy_from_slice(&digest[..16]);
    name
}

#[cfg(test)]
mod tests {
    use selene_contracts::ph1_w::Ph1wRuntimeEventCommitRow;
    use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
    use selene_contracts::{CallContext, Caller};

    use super::*;
    use crate::test_support::wake_event;

    fn event(device: &str, profile: &str, key: &str) -> BTreeSet<Name> {
        let input = Ph1wRuntimeEventCommitRow {
            user_id: Some("ann".into()),
            wake_profile_id: Some(profile.into()),
            ..wake_event(&format!("wake_{key}"), device, key)
        };
        let correlation = CorrelationId::new(7);
        let context =
            CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), correlation, TurnId::new(1));
        of_write(&Admitted::admit(&context, input).unwrap()).into_iter().collect()
    }

    #[test]
    fn a_call_names_the_keys_of_rows_and_its_own() {
        let names = event("phone", "profile", "one");
        for (ty, id) in [("UserId", "ann"), ("DeviceId", "phone"), ("WakeEventId", "wake_one")] {
            assert!(names.contains(&name(ty, id)), "{ty}");
        }
        assert_eq!(names.len(), 5, "and the idempotency key and the dedupe key");
        // Devices, keys and events of two calls differ; the person is the same, and profiles are no keys of rows.
        assert_eq!(names.intersection(&event("watch", "profile", "two")).count(), 1);
        assert!(!names.contains(&name("DeviceId", "ann")));
    }

    #[test]
    fn a_chain_has_the_name_of_its_tenant() {
        for ty in [TENANT, "Option<TenantId>", "Vec<TenantId>"] {
            assert_eq!(key_type(ty), Some(TENANT));
        }
        assert_eq!(key_type("Option<WakeProfileId>"), None);
        assert_eq!(of_chain("acme"), name("TenantId", "acme"));
    }
}
