//! The lines of an export. docs/FORMAT.md is for who reads them without this library.

use std::borrow::Cow;

use selene_contracts::Digest;
use selene_contracts::row::Value;
use selene_contracts::shared::TenantId;
use serde::{Deserialize, Serialize};

use crate::chain::ChainedEvent;
use crate::seal::RowSeal;

/// What an export calls itself. A change of a line needs a new number.
pub(super) const FORMAT: &str = "selene.export.v1";

/// One line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Line<'a> {
    /// The first line: the form, and where chains begin.
    Export(Header),
    /// A chain begins; its events follow.
    Chain(ChainStart),
    /// An event, as it is stored; the ledger rows that it seals follow.
    #[serde(borrow)]
    Event(Box<EventLine<'a>>),
    /// A row of a ledger.
    #[serde(borrow)]
    Row(RowLine<'a>),
    /// The last line: how much the export has.
    End(End),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    /// The tenant whose chain it is alone; absent where every chain is exported.
    pub(super) tenant_id: Option<TenantId>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChainStart {
    pub(super) tenant_id: Option<TenantId>,
    /// The event before the first one of the export: zero where the chain is whole.
    pub(super) after_sequence: u64,
    pub(super) after_hash: Digest,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventLine<'a> {
    pub(super) chain_id: Cow<'a, str>,
    pub(super) chain_sequence: u64,
    pub(super) previous_hash: Digest,
    pub(super) event_id: Cow<'a, str>,
    /// Only where the hash goes over it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ledger_position: Option<u64>,
    pub(super) created_at: u64,
    pub(super) tenant_id: Option<Cow<'a, str>>,
    pub(super) work_order_id: Option<Cow<'a, str>>,
    pub(super) session_id: Option<u64>,
    pub(super) user_id: Option<Cow<'a, str>>,
    pub(super) device_id: Option<Cow<'a, str>>,
    pub(super) engine: Cow<'a, str>,
    pub(super) event_type: Cow<'a, str>,
    pub(super) reason_code: Cow<'a, str>,
    pub(super) severity: Cow<'a, str>,
    /// Decimal digits: it has 128 bits.
    pub(super) correlation_id: Cow<'a, str>,
    pub(super) turn_id: u64,
    pub(super) simulation_id: Option<Cow<'a, str>>,
    pub(super) payload_min: Cow<'a, str>,
    pub(super) evidence_ref: Option<Cow<'a, str>>,
    pub(super) idempotency_key: Option<Cow<'a, str>>,
    pub(super) row_seals: Option<Cow<'a, str>>,
    pub(super) hash: Digest,
}

impl<'a> EventLine<'a> {
    /// The line of an event.
    pub(super) fn of(event: &ChainedEvent<'a>, hash: [u8; 32]) -> Self {
        let optional = |text: Option<&'a str>| text.map(Cow::Borrowed);
        Self {
            chain_id: event.chain_id.into(),
            chain_sequence: event.chain_sequence,
            previous_hash: Digest(*event.previous_hash),
            event_id: event.event_id.into(),
            ledger_position: event.row_seals.is_none().then_some(event.ledger_position),
            created_at: event.created_at,
            tenant_id: optional(event.tenant_id),
            work_order_id: optional(event.work_order_id),
            session_id: event.session_id,
            user_id: optional(event.user_id),
            device_id: optional(event.device_id),
            engine: event.engine.into(),
            event_type: event.event_type.into(),
            reason_code: event.reason_code.into(),
            severity: event.severity.into(),
            correlation_id: event.correlation_id.to_string().into(),
            turn_id: event.turn_id,
            simulation_id: optional(event.simulation_id),
            payload_min: event.payload_min.into(),
            evidence_ref: optional(event.evidence_ref),
            idempotency_key: optional(event.idempotency_key),
            row_seals: optional(event.row_seals),
            hash: Digest(hash),
        }
    }

    /// The event of a line. None where its correlation is no number in the digits that it is written with, or where it has a position
    /// that its hash does not go over.
    pub(super) fn event(&self) -> Option<ChainedEvent<'_>> {
        let correlation_id: u128 = self.correlation_id.parse().ok()?;
        let is_one_text = correlation_id.to_string() == self.correlation_id;
        if !is_one_text || self.ledger_position.is_some() == self.row_seals.is_some() {
            return None;
        }
        Some(ChainedEvent {
            event_id: &self.event_id,
            ledger_position: self.ledger_position.unwrap_or_default(),
            created_at: self.created_at,
            tenant_id: self.tenant_id.as_deref(),
            work_order_id: self.work_order_id.as_deref(),
            session_id: self.session_id,
            user_id: self.user_id.as_deref(),
            device_id: self.device_id.as_deref(),
            engine: &self.engine,
            event_type: &self.event_type,
            reason_code: &self.reason_code,
            severity: &self.severity,
            correlation_id,
            turn_id: self.turn_id,
            simulation_id: self.simulation_id.as_deref(),
            payload_min: &self.payload_min,
            evidence_ref: self.evidence_ref.as_deref(),
            idempotency_key: self.idempotency_key.as_deref(),
            row_seals: self.row_seals.as_deref(),
            chain_id: &self.chain_id,
            chain_sequence: self.chain_sequence,
            previous_hash: &self.previous_hash.0,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowLine<'a> {
    pub(super) table: Cow<'a, str>,
    /// How many of the columns are the primary key; they come first.
    pub(super) key_columns: usize,
    /// Whether the event before it seals it. A row from before events sealed rows stands at the end of an export.
    pub(super) is_sealed: bool,
    /// Name, kind of value and value of every column that has one, in the order in which they are sealed.
    pub(super) columns: Vec<(Cow<'a, str>, Kind, serde_json::Value)>,
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Kind {
    /// 64 bits, without a sign.
    #[serde(rename = "i")]
    Integer,
    #[serde(rename = "r")]
    Real,
    #[serde(rename = "t")]
    Text,
    /// Lower-case hex digits.
    #[serde(rename = "b")]
    Bytes,
}

impl<'a> RowLine<'a> {
    /// The line of a row whose columns come in the order in which they are sealed. None where a number is not finite.
    pub(super) fn of<'v, 'w: 'v>(
        table: &'a str,
        key_columns: usize,
        is_sealed: bool,
        columns: impl Iterator<Item = (&'a str, &'v Value<'w>)>,
    ) -> Option<Self> {
        let is_there = |(_, value): &(&str, &Value<'_>)| !matches!(value, Value::Null);
        let columns = columns
            .filter(is_there)
            .map(|(name, value)| cell(value).map(|(kind, value)| (Cow::Borrowed(name), kind, value)))
            .collect::<Option<_>>()?;
        Some(Self { table: table.into(), key_columns, is_sealed, columns })
    }

    /// The seal that an event would have of the row. None where a value is not of its kind.
    pub(super) fn seal(&self) -> Option<RowSeal> {
        let columns: Vec<(&str, Value<'_>)> = self
            .columns
            .iter()
            .map(|(name, kind, value)| Some((name.as_ref(), stored(*kind, value)?)))
            .collect::<Option<_>>()?;
        let columns = columns.iter().map(|(name, value)| (*name, value));
        Some(RowSeal::of_columns(&self.table, self.key_columns, columns, 0))
    }
}

/// A value as JSON. None where it is absent, or cannot be written.
fn cell(value: &Value<'_>) -> Option<(Kind, serde_json::Value)> {
    Some(match value {
        Value::Null => return None,
        Value::Integer(number) => (Kind::Integer, number.cast_unsigned().into()),
        Value::Real(number) => (Kind::Real, serde_json::Number::from_f64(*number)?.into()),
        Value::Text(text) => (Kind::Text, text.as_ref().into()),
        Value::Bytes(blob) => (Kind::Bytes, crate::encode::hexadecimal(blob).into()),
        Value::Wide(blob) => (Kind::Bytes, crate::encode::hexadecimal(blob.as_ref()).into()),
    })
}

fn stored(kind: Kind, value: &serde_json::Value) -> Option<Value<'_>> {
    match kind {
        Kind::Integer => value.as_u64().map(|number| Value::Integer(number.cast_signed())),
        Kind::Real => value.as_f64().map(Value::Real),
        Kind::Text => value.as_str().map(|text| Value::Text(text.into())),
        Kind::Bytes => bytes(value.as_str()?).map(|bytes| Value::Bytes(bytes.into())),
    }
}

/// The bytes of lower-case hex digits.
pub(super) fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}

/// How much an export holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    pub(super) chains: u64,
    pub(super) events: u64,
    /// Rows that events seal.
    pub(super) rows: u64,
    /// Rows from before events sealed rows.
    pub(super) unsealed_rows: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_was_written_and_read_has_the_same_seal() {
        let columns = [
            ("id", Value::Text("ä\"\n\u{1f600}".into())),
            ("absent", Value::Null),
            ("big", Value::Integer(-1)),
            ("real", Value::Real(0.1 + 0.2)),
            ("blob", Value::Bytes(vec![0, 0xaf].into())),
            ("wide", Value::Wide([7; 16])),
        ];
        let columns = || columns.iter().map(|(name, value)| (*name, value));
        let row = RowLine::of("t", 1, true, columns()).unwrap();
        let text = serde_json::to_string(&Line::Row(row)).unwrap();
        let Line::Row(read) = serde_json::from_str(&text).unwrap() else { panic!("{text}") };
        assert_eq!(read.seal(), Some(RowSeal::of_columns("t", 1, columns(), 0)), "{text}");
        assert!(text.contains(r#"["big","i",18446744073709551615]"#), "{text}");
    }

    #[test]
    fn what_json_cannot_hold_has_no_line() {
        let value = Value::Real(f64::INFINITY);
        assert!(RowLine::of("t", 1, true, [("a", &value)].into_iter()).is_none());
        assert_eq!(bytes("0g"), None);
        assert_eq!(bytes("0af"), None);
        assert_eq!(bytes("0aff"), Some(vec![10, 255]));
    }
}
