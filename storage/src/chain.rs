//! The hash chain of the audit events: one chain per tenant, and one for the events without a tenant.
//!
//! Every event carries its place in its chain, the hash of the event before, and its own hash over all of its
//! fields. The bytes that are hashed are versioned and unambiguous, so a stored event can be checked by
//! anyone who has its row.

use selene_contracts::row::Value;
use selene_contracts::shared::ChainId;

use crate::encode::Encoder;
use crate::event_values::{Values, at};

/// The domain of an event's hash. A change of the fields or of their order needs a new number.
const EVENT_DOMAIN: &str = "selene.audit.event.v2";
/// The domain of events from before rows were sealed. Their hash goes over their number among all events of the store, and
/// over no seals.
const UNSEALED_DOMAIN: &str = "selene.audit.event.v1";

/// Every field of a stored event except its own hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChainedEvent<'a> {
    pub(crate) event_id: &'a str,
    /// Its number among all events of its store. Only the hash of an event without seals goes over it.
    pub(crate) ledger_position: u64,
    pub(crate) created_at: u64,
    pub(crate) tenant_id: Option<&'a str>,
    pub(crate) work_order_id: Option<&'a str>,
    pub(crate) session_id: Option<u64>,
    pub(crate) user_id: Option<&'a str>,
    pub(crate) device_id: Option<&'a str>,
    pub(crate) engine: &'a str,
    pub(crate) event_type: &'a str,
    pub(crate) reason_code: &'a str,
    pub(crate) severity: &'a str,
    pub(crate) correlation_id: u128,
    pub(crate) turn_id: u64,
    pub(crate) simulation_id: Option<&'a str>,
    /// As stored: JSON with its keys in order.
    pub(crate) payload_min: &'a str,
    pub(crate) evidence_ref: Option<&'a str>,
    pub(crate) idempotency_key: Option<&'a str>,
    /// What its commit wrote, as stored; absent in events from before rows were sealed.
    pub(crate) row_seals: Option<&'a str>,
    /// The tenant, or empty for the chain without one.
    pub(crate) chain_id: &'a str,
    pub(crate) chain_sequence: u64,
    pub(crate) previous_hash: &'a [u8; 32],
}

impl ChainedEvent<'_> {
    /// The event's own hash.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut bytes = Encoder::new(if self.row_seals.is_some() { EVENT_DOMAIN } else { UNSEALED_DOMAIN });
        bytes.text(self.chain_id);
        bytes.number(self.chain_sequence);
        bytes.bytes(self.previous_hash);
        bytes.text(self.event_id);
        if self.row_seals.is_none() {
            bytes.number(self.ledger_position);
        }
        bytes.number(self.created_at);
        bytes.optional_text(self.tenant_id);
        bytes.optional_text(self.work_order_id);
        bytes.optional_number(self.session_id);
        bytes.optional_text(self.user_id);
        bytes.optional_text(self.device_id);
        bytes.text(self.engine);
        bytes.text(self.event_type);
        bytes.text(self.reason_code);
        bytes.text(self.severity);
        bytes.wide(self.correlation_id);
        bytes.number(self.turn_id);
        bytes.optional_text(self.simulation_id);
        bytes.text(self.payload_min);
        bytes.optional_text(self.evidence_ref);
        bytes.optional_text(self.idempotency_key);
        if let Some(row_seals) = self.row_seals {
            bytes.text(row_seals);
        }
        bytes.finish()
    }
}

impl<'a> ChainedEvent<'a> {
    /// The event of a row's values, in the order of the table's columns, and of its number in the store.
    ///
    /// # Errors
    /// The column whose value has another form than the schema says.
    pub(crate) fn of_values(values: &'a [Value<'_>], ledger_position: u64) -> Result<Self, &'static str> {
        let row = Values(values);
        Ok(Self {
            event_id: row.text(at!(EVENT_ID))?,
            ledger_position,
            created_at: row.number(at!(CREATED_AT))?,
            tenant_id: row.optional_text(at!(TENANT_ID))?,
            work_order_id: row.optional_text(at!(WORK_ORDER_ID))?,
            session_id: row.optional_number(at!(SESSION_ID))?,
            user_id: row.optional_text(at!(USER_ID))?,
            device_id: row.optional_text(at!(DEVICE_ID))?,
            engine: row.text(at!(ENGINE))?,
            event_type: row.text(at!(EVENT_TYPE))?,
            reason_code: row.text(at!(REASON_CODE))?,
            severity: row.text(at!(SEVERITY))?,
            correlation_id: row.wide(at!(CORRELATION_ID))?,
            turn_id: row.number(at!(TURN_ID))?,
            simulation_id: row.optional_text(at!(SIMULATION_ID))?,
            payload_min: row.text(at!(PAYLOAD_MIN))?,
            evidence_ref: row.optional_text(at!(EVIDENCE_REF))?,
            idempotency_key: row.optional_text(at!(IDEMPOTENCY_KEY))?,
            row_seals: row.optional_text(at!(ROW_SEALS))?,
            chain_id: row.text(at!(CHAIN_ID))?,
            chain_sequence: row.number(at!(CHAIN_SEQUENCE))?,
            previous_hash: row.digest(at!(PREVIOUS_HASH))?,
        })
    }
}

/// The place of a commit: that of its event in its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The tenant, or empty for the chain without one.
    pub chain_id: ChainId,
    /// From one, without a gap.
    pub chain_sequence: u64,
}

/// The newest event of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) sequence: u64,
    pub(crate) hash: [u8; 32],
}

impl Head {
    /// Before the first event.
    pub(crate) const START: Self = Self { sequence: 0, hash: [0; 32] };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> ChainedEvent<'static> {
        ChainedEvent {
            event_id: "aud_1",
            ledger_position: 1,
            created_at: 2,
            tenant_id: Some("t"),
            work_order_id: Some("o"),
            session_id: Some(3),
            user_id: Some("u"),
            device_id: Some("d"),
            engine: "PH1.J",
            event_type: "OTHER",
            reason_code: "R",
            severity: "INFO",
            correlation_id: 4,
            turn_id: 5,
            simulation_id: Some("s"),
            payload_min: "{}",
            evidence_ref: Some("e"),
            idempotency_key: Some("k"),
            row_seals: None,
            chain_id: "t",
            chain_sequence: 6,
            previous_hash: &[7; 32],
        }
    }

    #[test]
    fn every_field_reaches_the_hash() {
        let changed: [fn(&mut ChainedEvent<'static>); 22] = [
            |e| e.event_id = "aud_2",
            |e| e.ledger_position = 9,
            |e| e.created_at = 9,
            |e| e.tenant_id = None,
            |e| e.work_order_id = None,
            |e| e.session_id = None,
            |e| e.user_id = None,
            |e| e.device_id = None,
            |e| e.engine = "PH1.W",
            |e| e.event_type = "TOOL_OK",
            |e| e.reason_code = "S",
            |e| e.severity = "WARN",
            |e| e.correlation_id = 9,
            |e| e.turn_id = 9,
            |e| e.simulation_id = None,
            |e| e.payload_min = "{\"a\":\"b\"}",
            |e| e.evidence_ref = None,
            |e| e.idempotency_key = None,
            |e| e.row_seals = Some("[]"),
            |e| e.chain_id = "",
            |e| e.chain_sequence = 9,
            |e| e.previous_hash = &[8; 32],
        ];
        for (index, change) in changed.iter().enumerate() {
            let mut other = event();
            change(&mut other);
            assert_ne!(other.hash(), event().hash(), "field {index}");
        }
    }

    #[test]
    fn the_seals_take_the_place_of_the_number_in_the_store() {
        let sealed = ChainedEvent { row_seals: Some("[]"), ..event() };
        assert_eq!(ChainedEvent { ledger_position: 9, ..sealed }.hash(), sealed.hash());
        assert_ne!(ChainedEvent { row_seals: Some("[1]"), ..sealed }.hash(), sealed.hash());
    }
}
