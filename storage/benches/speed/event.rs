//! The values of one wake event, as the store would write them: all that is known before its transaction.

use std::collections::BTreeMap;

use selene_contracts::ph1_w::{WakeProfileId, WakeRuntimeEventRecord};
use selene_contracts::shared::UserId;
use serde_json::json;

use crate::workload::{self, Call, hex};

pub const ENGINE: &str = "PH1.W";
pub const CAPABILITY: &str = "PH1W_RUNTIME_EVENT_COMMIT_ROW";
pub const SPACE: &str = "wake_runtime_events";

/// A wake event with all values that do not depend on the rows before.
pub struct Event {
    pub row: WakeRuntimeEventRecord,
    pub tenant_id: String,
    pub correlation_id: [u8; 16],
    pub turn_id: i64,
    pub key: String,
    pub payload: String,
    pub outcome: String,
    pub scope: [u8; 32],
    pub request: [u8; 32],
    pub audit_id: String,
    /// As long as the seals, for who stores none.
    pub unsealed: String,
}

impl Event {
    /// Everything that is known of a call before its transaction.
    pub fn of(call: &Call) -> Self {
        let (context, input) = call;
        let row = row_of(call);
        let key = input.idempotency_key.as_str().to_owned();
        let device = input.device_id.as_str();
        let scope = hash_of("selene.dedupe.v1", &[SPACE, "device_id", device, "idempotency_key", &key]);
        let request = serde_json::to_string(input).expect("an input has a JSON form");
        let user = row.user_id.as_ref().map_or("", UserId::as_str);
        let payload = BTreeMap::from([
            ("wake_event_id", row.wake_event_id.as_str()),
            ("user_id", user),
            ("device_id", device),
            ("wake_profile_id", row.wake_profile_id.as_ref().map_or("", WakeProfileId::as_str)),
            ("accepted", if row.accepted { "true" } else { "false" }),
            ("gate_reason_code", row.reason_code.as_str()),
        ]);
        let number: usize = device.trim_start_matches("device-").parse().expect("a number");
        let mut event = Self {
            tenant_id: workload::tenant(number),
            correlation_id: context.correlation_id.get().to_be_bytes(),
            turn_id: context.turn_id.get().cast_signed(),
            payload: serde_json::to_string(&payload).expect("a payload has a JSON form"),
            outcome: serde_json::to_string(&row).expect("a record has a JSON form"),
            audit_id: format!("aud_{}", hex(&scope[..16])),
            request: hash_of("selene.request.v1", &[&request]),
            scope,
            key,
            row,
            unsealed: String::new(),
        };
        event.unsealed = event.seals(1_000);
        event
    }

    /// What the event says of the rows of its commit: the wake event and the idempotency record.
    pub fn seals(&self, sequence: i64) -> String {
        let row = &self.row;
        let (wake_event_id, tenant_id) = (row.wake_event_id.as_str(), self.tenant_id.as_str());
        let profile_id = row.wake_profile_id.as_ref().map(WakeProfileId::as_str);
        let flag = |is_so| Cell::Number(u64::from(is_so));
        let wake = digest(
            SPACE,
            &[
                ("wake_event_id", Cell::Text(Some(wake_event_id))),
                ("accepted", flag(row.accepted)),
                ("chain_id", Cell::Text(Some(tenant_id))),
                ("chain_sequence", Cell::Number(sequence.cast_unsigned())),
                ("created_at", Cell::Number(row.created_at.get())),
                ("device_id", Cell::Text(Some(row.device_id.as_str()))),
                ("media_playback_active_at_trigger", flag(row.media_playback_active_at_trigger)),
                ("reason_code", Cell::Text(Some(row.reason_code.as_str()))),
                ("tts_active_at_trigger", flag(row.tts_active_at_trigger)),
                ("user_id", Cell::Text(row.user_id.as_ref().map(UserId::as_str))),
                ("wake_profile_id", Cell::Text(profile_id)),
            ],
        );
        let record = digest(
            "idempotency_records",
            &[
                ("chain_id", Cell::Text(Some(tenant_id))),
                ("chain_sequence", Cell::Number(sequence.cast_unsigned())),
                ("capability", Cell::Text(Some(CAPABILITY))),
                ("dedupe_space", Cell::Text(Some(SPACE))),
                ("engine", Cell::Text(Some(ENGINE))),
                ("outcome", Cell::Text(Some(&self.outcome))),
                ("request_digest", Cell::Bytes(&self.request)),
                ("scope_digest", Cell::Bytes(&self.scope)),
                ("tenant_id", Cell::Text(Some(tenant_id))),
            ],
        );
        format!(r#"[["{SPACE}",["{wake_event_id}"],0,"{wake}"],"{record}"]"#)
    }

    /// The hash that links the event to the one before.
    pub fn chain_hash(&self, seals: &str, sequence: i64, previous: &[u8; 32]) -> [u8; 32] {
        let mut bytes = Vec::with_capacity(1_024);
        let row = &self.row;
        let number = |value: u64| value.to_be_bytes();
        add(&mut bytes, b"selene.audit.event.v2");
        add(&mut bytes, self.tenant_id.as_bytes());
        add(&mut bytes, &number(sequence.cast_unsigned()));
        add(&mut bytes, previous);
        add(&mut bytes, self.audit_id.as_bytes());
        add(&mut bytes, &number(row.created_at.get()));
        add_optional(&mut bytes, Some(&self.tenant_id));
        add_optional(&mut bytes, None);
        add_optional(&mut bytes, None);
        add_optional(&mut bytes, row.user_id.as_ref().map(UserId::as_str));
        add_optional(&mut bytes, Some(row.device_id.as_str()));
        for text in [ENGINE, "PERCEPTION_SIGNAL_EMITTED", "WAKE_RUNTIME_EVENT_COMMIT", "INFO"] {
            add(&mut bytes, text.as_bytes());
        }
        add(&mut bytes, &self.correlation_id);
        add(&mut bytes, &number(self.turn_id.cast_unsigned()));
        add_optional(&mut bytes, None);
        add(&mut bytes, self.payload.as_bytes());
        add_optional(&mut bytes, None);
        add_optional(&mut bytes, Some(&self.key));
        add(&mut bytes, seals.as_bytes());
        *blake3::hash(&bytes).as_bytes()
    }
}

/// A value of a row under its seal.
enum Cell<'a> {
    Number(u64),
    Text(Option<&'a str>),
    Bytes(&'a [u8]),
}

/// The digest of a row that never changes, as hexadecimal digits. An absent value adds nothing.
fn digest(table: &str, columns: &[(&str, Cell<'_>)]) -> String {
    let mut bytes = Vec::with_capacity(1_024);
    add(&mut bytes, b"selene.row.v1");
    add(&mut bytes, table.as_bytes());
    add(&mut bytes, &0_u64.to_be_bytes());
    for (name, cell) in columns {
        let (kind, value): (&[u8], &[u8]) = match cell {
            Cell::Number(number) => (b"i", &number.to_be_bytes()),
            Cell::Text(Some(text)) => (b"t", text.as_bytes()),
            Cell::Text(None) => continue,
            Cell::Bytes(blob) => (b"b", blob),
        };
        add(&mut bytes, kind);
        add(&mut bytes, value);
        add(&mut bytes, name.as_bytes());
    }
    hex(blake3::hash(&bytes).as_bytes())
}

fn add(bytes: &mut Vec<u8>, value: &[u8]) {
    bytes.extend_from_slice(&(value.len() as u64).to_be_bytes());
    bytes.extend_from_slice(value);
}

fn add_optional(bytes: &mut Vec<u8>, value: Option<&str>) {
    bytes.push(u8::from(value.is_some()));
    if let Some(value) = value {
        add(bytes, value.as_bytes());
    }
}

fn hash_of(domain: &str, parts: &[&str]) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(256);
    add(&mut bytes, domain.as_bytes());
    for part in parts {
        add(&mut bytes, part.as_bytes());
    }
    *blake3::hash(&bytes).as_bytes()
}

/// The row of a call: what its input says, and its time.
fn row_of((context, input): &Call) -> WakeRuntimeEventRecord {
    let mut row = json!(input);
    row["created_at"] = json!(context.now);
    serde_json::from_value(row).expect("a row has the fields of its input")
}
