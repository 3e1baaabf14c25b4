//! An idempotency record with what its event says, as one statement reads both.

use selene_contracts::row::Value;
use selene_contracts::sql;
use selene_contracts::tables::idempotency_records;
use serde_json::Value as Json;

use crate::failure::Failure;
use crate::seal::shown;
use crate::session::Session;

/// A record with what its event says; no event where that was taken away.
pub(super) struct Record<'a> {
    pub(super) capability: Value<'a>,
    pub(super) outcome: Value<'a>,
    pub(super) payload: Value<'a>,
    pub(super) seals: Value<'a>,
    pub(super) number: Value<'a>,
    pub(super) chain_id: Value<'a>,
    pub(super) chain_sequence: Value<'a>,
}

impl Record<'_> {
    pub(super) fn visit(
        db: &impl Session,
        visit: &mut dyn FnMut(Record<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        db.visit(
            sql!(
                "SELECT {record.capability}, {record.outcome}, {event.payload_min}, {event.row_seals}, {event.ledger_position},
                        {record.chain_id}, {record.chain_sequence}
                 FROM {@idempotency_records record}
                 LEFT JOIN {@audit_events event}
                   ON {event.chain_id} = {record.chain_id} AND {event.chain_sequence} = {record.chain_sequence}"
            ),
            &[],
            &mut |cells| {
                let [capability, outcome, payload, seals, number, chain_id, chain_sequence] =
                    std::array::from_fn(|position| cells.cell(position));
                visit(Record { capability, outcome, payload, seals, number, chain_id, chain_sequence })
            },
        )
    }

    /// The place of the record, which is that of its event.
    pub(super) fn place(&self) -> Option<(&str, u64)> {
        match (&self.chain_id, &self.chain_sequence) {
            (Value::Text(chain_id), Value::Integer(sequence)) => Some((chain_id, sequence.cast_unsigned())),
            _ => None,
        }
    }

    /// The place as a report has it, whatever form its values have.
    pub(super) fn shown_place(&self) -> String {
        format!("{}, {}", shown(&self.chain_id), shown(&self.chain_sequence))
    }

    /// Adds the place of the write to its answer: a row that carries a place carries that of its commit.
    pub(super) fn add_place(&self, outcome: &mut Json) {
        if let (Some((chain_id, sequence)), Json::Object(fields)) = (self.place(), outcome) {
            fields.insert(idempotency_records::CHAIN_ID.to_owned(), chain_id.into());
            fields.insert(idempotency_records::CHAIN_SEQUENCE.to_owned(), sequence.into());
        }
    }
}
