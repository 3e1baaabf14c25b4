//! When two calls are the same call: the digest of a dedupe key, and the digest of a request.

use selene_contracts::shared::{AuditEventId, CorrelationId, IdempotencyKey};
use selene_contracts::{Admitted, Capability, DedupeKey};

use crate::chain::Place;
use crate::encode::{Encoder, short_id};

/// The identity of a write: its dedupe space and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) space: &'static str,
    pub(crate) digest: [u8; 32],
}

impl Scope {
    /// The scope of a dedupe key. Field names count: alternatives of a key never meet.
    pub(crate) fn of(key: &DedupeKey) -> Self {
        Self::from_parts(key.space, key.parts.iter().map(|part| (part.field, part.value.as_str())))
    }

    /// The scope of the named values of a key.
    pub(crate) fn from_parts<'a>(
        space: &'static str,
        parts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut bytes = Encoder::new("selene.dedupe.v1");
        bytes.text(space);
        for (field, value) in parts {
            bytes.text(field);
            bytes.text(value);
        }
        Self { space, digest: bytes.finish() }
    }

    /// The id of the event that an applied write of this scope emits, known before the write.
    pub(crate) fn event_id(&self) -> AuditEventId {
        AuditEventId::new(short_id("aud_", &self.digest))
    }
}

/// The idempotency key of an event whose input has none: it follows from the dedupe key, as the event does.
pub(crate) fn derived_key<C: Capability>(prefix: &str, call: &Admitted<C>) -> Option<IdempotencyKey> {
    let scope = call.input().dedupe_key(call.context()).as_ref().map(Scope::of)?;
    Some(IdempotencyKey::new(short_id(prefix, &scope.digest)))
}

/// The digest that stands for an idempotency key in a correlation, whoever uses it.
pub(crate) fn key_in_correlation(
    correlation_id: CorrelationId,
    idempotency_key: &IdempotencyKey,
) -> [u8; 16] {
    let mut bytes = Encoder::new("selene.key.v1");
    bytes.wide(correlation_id.get());
    bytes.text(idempotency_key.as_str());
    let mut digest = [0; 16];
    digest.copy_from_slice(&bytes.finish()[..16]);
    digest
}

/// The digest of a request: of its input alone, since a retry comes later and maybe in another turn.
pub(crate) fn request_digest<C: Capability>(input: &C) -> Result<[u8; 32], serde_json::Error> {
    let mut bytes = Encoder::new("selene.request.v1");
    bytes.bytes(&serde_json::to_vec(input)?);
    Ok(bytes.finish())
}

/// The id of the event of a write whose dedupe rule has a key, known before the write;
/// `None` where the input leaves the key open.
pub(crate) fn event_id<C: Capability>(call: &Admitted<C>) -> Option<AuditEventId> {
    call.input().dedupe_key(call.context()).as_ref().map(Scope::of).map(|scope| scope.event_id())
}

/// The id of an event that belongs to no dedupe key: an audited read, or a write without a rule. It follows
/// from the event's place in its chain, which no other event ever has.
pub(crate) fn event_id_at(place: &Place, capability: &str) -> AuditEventId {
    let mut bytes = Encoder::new("selene.event.v2");
    bytes.text(place.chain_id.as_str());
    bytes.number(place.chain_sequence);
    bytes.text(capability);
    AuditEventId::new(short_id("aud_", &bytes.finish()))
}
