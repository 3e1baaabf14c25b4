//! What the event of a write says, by what its contract requires: the values stand in the input and in the rows that are written, unless
//! the model says another.

use selene_contracts::shared::{AuditEventType, DeviceId, EvidenceRef, IdempotencyKey, TenantId, UserId};
use selene_contracts::{CallContext, CapabilitySpec, ReasonCode, engines};

use crate::model::engine_call::EngineCall;
use crate::model::event::{Event, EventKey};
use crate::model::rows::{self, Row};

/// Where the values of an event stand.
struct Source<'a> {
    call: &'a EngineCall,
    rows: &'a [Row],
    stated: &'a [(&'static str, String)],
}

impl Source<'_> {
    fn stated(&self, name: &str) -> Option<String> {
        self.stated.iter().find(|(stated, _)| *stated == name).map(|(_, value)| value.clone())
    }

    /// What the model says, else the value in a row that is written, else that of the input.
    fn value(&self, name: &str) -> Option<String> {
        let in_row = |row: &Row| row.text(rows::table(row.table)?, name);
        self.stated(name).or_else(|| self.rows.iter().find_map(in_row)).or_else(|| self.call.text(name))
    }

    /// The value of a field of the event that its contract requires; another one has the value that the model says.
    fn required(&self, name: &str) -> Option<String> {
        let is_required = self.call.capability.audit.required_fields.contains(&name);
        if is_required { self.value(name) } else { self.stated(name) }
    }
}

/// The event of an applied write.
///
/// # Panics
/// Neither the contract nor the model says what the event needs.
pub(super) fn event_of(
    context: &CallContext,
    call: &EngineCall,
    rows: &[Row],
    stated: &[(&'static str, String)],
) -> Event {
    let spec = call.capability;
    let source = Source { call, rows, stated };
    let mut event = Event::new(context, spec.engine, event_type(spec, &source), reason_code(spec, &source));
    let tenant = source.stated("tenant_id").or_else(|| call.text("tenant_id"));
    event.tenant_id = tenant.or_else(|| source.required("tenant_id")).map(TenantId::new);
    event.user_id = source.required("user_id").map(UserId::new);
    event.device_id = source.required("device_id").map(DeviceId::new);
    event.session_id = source
        .required("session_id")
        .and_then(|id| id.parse().ok())
        .map(selene_contracts::shared::SessionId::new);
    event.evidence_ref = source.stated("evidence_ref").map(EvidenceRef::new);
    if let Some(key) = call.text("idempotency_key") {
        event.key = EventKey::Given(IdempotencyKey::new(key));
    }
    for key in spec.audit.payload_keys {
        let value = key.fixed.map(str::to_owned).or_else(|| source.value(key.name));
        match value {
            Some(value) => event.note(key.name, &value),
            None => assert!(key.is_optional, "{}", not_stated(spec, key.name)),
        }
    }
    event
}

fn event_type(spec: &CapabilitySpec, source: &Source<'_>) -> AuditEventType {
    let stated = source.stated("event_type");
    let only = match spec.audit.event_types {
        [only] => Some((*only).to_owned()),
        _ => None,
    };
    let name = stated.or(only).unwrap_or_else(|| panic!("{}", not_stated(spec, "event_type")));
    name.parse().unwrap_or_else(|_| panic!("`{name}` is no type of an event"))
}

fn reason_code(spec: &CapabilitySpec, source: &Source<'_>) -> ReasonCode {
    let given = || source.call.text("reason_code").filter(|_| spec.audit.reason_from_input);
    let known = |name: String| {
        let codes = engines::ALL.iter().flat_map(|engine| engine.reason_codes);
        codes
            .copied()
            .find(|code| code.as_str() == name)
            .unwrap_or_else(|| panic!("there is no code `{name}`"))
    };
    let stated = source.stated("reason_code").map(known);
    stated
        .or(spec.audit.reason_code)
        .or_else(|| given().map(known))
        .unwrap_or_else(|| panic!("{}", not_stated(spec, "reason_code")))
}

fn not_stated(spec: &CapabilitySpec, name: &str) -> String {
    format!(
        "the event of {} needs `{name}`, which stands neither in a row that is written nor in the input: the model has to say it, with `.says({name:?}, …)`",
        spec.id
    )
}
