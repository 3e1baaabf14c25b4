//! What an audited read or guard was asked, as the payload of its event.
//!
//! The capability stands under `capability`, the alternative of its input under `variant`, and each field of the input under
//! its own name. A secret, and a value that a payload could not hold, stands there as its digest, under `<name>_digest`. The
//! tenant is a field of the event itself.

use selene_contracts::{Capability, DedupePart, Payload, ReadCapability};

use crate::encode::{Encoder, short_id};

/// Whoever knows one of these may use what it stands for, so no event tells it.
const SECRETS: [&str; 2] = ["token_id", "device_fingerprint"];

/// The payload of the event of a read.
pub(super) fn payload<C: ReadCapability>(input: &C) -> Payload {
    let keys = input.asked().into_iter().filter(|part| part.field != "tenant_id").map(entry);
    let capability = ("capability".to_owned(), C::SPEC.id.to_owned());
    let variant = variant(input).map(|variant| ("variant".to_owned(), variant));
    Payload::new([capability].into_iter().chain(variant).chain(keys))
}

/// A key as the event tells it.
fn entry(part: DedupePart) -> (String, String) {
    let DedupePart { field, value } = part;
    let fits = !value.trim().is_empty() && value.len() <= Payload::MAX_VALUE_BYTES;
    if fits && !SECRETS.contains(&field) {
        (field.to_owned(), value)
    } else {
        (format!("{field}_digest"), digest(field, &value))
    }
}

/// The digest of a value under the name of its field. The same value has the same one everywhere, so that two events can be
/// seen to be about the same thing.
pub(crate) fn digest(field: &str, value: &str) -> String {
    let mut bytes = Encoder::new("selene.asked.v1");
    bytes.text(field);
    bytes.text(value);
    short_id("dig_", &bytes.finish())
}

/// Which alternative of its input the call is, where there are several.
fn variant<C: Capability>(input: &C) -> Option<String> {
    if C::SPEC.variants.is_empty() {
        return None;
    }
    // An alternative is written as a map of its name alone.
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

    fn told<C: ReadCapability>(input: &C) -> Vec<(String, String)> {
        payload(input).iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    fn entry(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn capability_alternative_and_keys_are_told() {
        assert_eq!(told(&Ph1jReadRows {}), [entry("capability", "PH1J_READ_ROWS")]);
        let read = Ph1fReadConversationRows { user_id: "ann".into(), correlation_id: u128::MAX.into() };
        assert_eq!(
            told(&read),
            [
                entry("capability", "PH1F_READ_CONVERSATION_ROWS"),
                entry("correlation_id", &u128::MAX.to_string()),
                entry("user_id", "ann"),
            ]
        );
        let read = VidReadEnrollmentState::Samples { voice_enrollment_session_id: "ves_1".into() };
        assert_eq!(
            told(&read),
            [
                entry("capability", "VID_READ_ENROLLMENT_STATE"),
                entry("variant", "Samples"),
                entry("voice_enrollment_session_id", "ves_1"),
            ]
        );
    }

    #[test]
    fn a_secret_and_a_value_that_does_not_fit_are_told_as_digests() {
        let told_of = |token: &str| told(&Ph1linkReadLinkRow { token_id: token.into() });
        assert_eq!(
            told_of("tok_1"),
            [
                entry("capability", "PH1LINK_READ_LINK_ROW"),
                entry("token_id_digest", &digest("token_id", "tok_1"))
            ]
        );
        assert_ne!(told_of("tok_1"), told_of("tok_2"));
        let long = "x".repeat(Payload::MAX_VALUE_BYTES + 1);
        let read = Ph1fReadIdentityRow { user_id: long.as_str().into() };
        assert_eq!(told(&read)[1], entry("user_id_digest", &digest("user_id", &long)));
        assert_eq!(payload(&read).check(), Ok(()));
    }
}
