//! The input of an audited read or guard, as the payload of its event.
//!
//! The key `capability` has the capability's id, `variant` the alternative of the input, and each field of the input is a key of
//! its own name. A secret, and a value that a payload cannot hold, is replaced by its digest under `<name>_digest`. The tenant
//! is a field of the event itself. Example: `capability=PH1LINK_READ_LINK_ROW`, `token_id_digest=dig_…`.

use selene_contracts::{Capability, DedupePart, Payload, ReadCapability};

use crate::encode::{Encoder, short_id};

/// Fields whose value grants access, so that an event contains only its digest.
const SECRETS: [&str; 2] = ["token_id", "device_fingerprint"];

/// The payload of the event of a read.
pub(super) fn payload<C: ReadCapability>(input: &C) -> Payload {
    let keys = input.asked().into_iter().filter(|part| part.field != "tenant_id").map(entry);
    let capability = ("capability".to_owned(), C::SPEC.id.to_owned());
    let variant = variant(input).map(|variant| ("variant".to_owned(), variant));
    Payload::new([capability].into_iter().chain(variant).chain(keys))
}

/// The payload entry of a field: its value, or its digest.
fn entry(part: DedupePart) -> (String, String) {
    let DedupePart { field, value } = part;
    let fits = !value.trim().is_empty() && value.len() <= Payload::MAX_VALUE_BYTES;
    if fits && !SECRETS.contains(&field) {
        (field.to_owned(), value)
    } else {
        (format!("{field}_digest"), digest(field, &value))
    }
}

/// The digest of a value under the name of its field. It depends on both only, so that two events of the same value can be
/// matched. Form: `dig_` and the short form of a hash.
pub(crate) fn digest(field: &str, value: &str) -> String {
    let mut bytes = Encoder::new("selene.asked.v1");
    bytes.text(field);
    bytes.text(value);
    short_id("dig_", &bytes.finish())
}

/// The name of the alternative of the input, where there are several.
fn variant<C: Capability>(input: &C) -> Option<String> {
    if C::SPEC.variants.is_empty() {
        return None;
    }
    // JSON writes an alternative as an object whose only key is its name.
    match serde_json::to_value(input).ok()? {
        serde_json::Value::Object(map) => map.keys().next().cloned(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use selene_contracts::ph1_f::{Ph1fReadConversationRows, Ph1fReadIdentityRow};
    use selene_contracts::ph1_j::Ph1jReadRows;
    use selene_contracts::ph1_link::Ph1linkReadLinkRow;
    use selene_contracts::ph1_voice_id::VidReadEnrollmentState;

    use super::*;

    fn entries<C: ReadCapability>(input: &C) -> Vec<(String, String)> {
        payload(input).iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    fn entry(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn the_payload_has_capability_alternative_and_keys() {
        assert_eq!(entries(&Ph1jReadRows {}), [entry("capability", "PH1J_READ_ROWS")]);
        let read = Ph1fReadConversationRows { user_id: "ann".into(), correlation_id: u128::MAX.into() };
        assert_eq!(
            entries(&read),
            [
                entry("capability", "PH1F_READ_CONVERSATION_ROWS"),
                entry("correlation_id", &u128::MAX.to_string()),
                entry("user_id", "ann"),
            ]
        );
        let read = VidReadEnrollmentState::Samples { voice_enrollment_session_id: "ves_1".into() };
        assert_eq!(
            entries(&read),
            [
                entry("capability", "VID_READ_ENROLLMENT_STATE"),
                entry("variant", "Samples"),
                entry("voice_enrollment_session_id", "ves_1"),
            ]
        );
    }

    #[test]
    fn a_secret_and_a_value_that_does_not_fit_are_digests() {
        let entries_of = |token: &str| entries(&Ph1linkReadLinkRow { token_id: token.into() });
        assert_eq!(
            entries_of("tok_1"),
            [
                entry("capability", "PH1LINK_READ_LINK_ROW"),
                entry("token_id_digest", &digest("token_id", "tok_1"))
            ]
        );
        assert_ne!(entries_of("tok_1"), entries_of("tok_2"));
        let long = "x".repeat(Payload::MAX_VALUE_BYTES + 1);
        let read = Ph1fReadIdentityRow { user_id: long.as_str().into() };
        assert_eq!(entries(&read)[1], entry("user_id_digest", &digest("user_id", &long)));
        assert_eq!(payload(&read).check(), Ok(()));
    }
}
