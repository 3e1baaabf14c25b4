//! PH1.J as its spec states it: a direct append is one audit event, for whatever engine it names.
//!
//! Its key is that of the work order of a tenant, where it names both, else of the chain of work. It shares its ledger with the engines
//! whose commits are events only, so the event of any other engine under the same key in the same chain refuses it.

use selene_contracts::ph1_j::{Ph1JReasonCode as J, Ph1jAuditAppendCommitRow};
use selene_contracts::shared::{AuditEventId, CorrelationId, IdempotencyKey, TenantId, UserId, WorkOrderId};
use selene_contracts::{CallContext, ReasonClass, ReasonCode, engines};

use super::admission::{Admission, tenant, text};
use super::calls::{Answer, Value};
use super::decision::Decided;
use super::event::{Event, EventKey};
use super::foundation;
use super::outcomes::LEDGER;
use super::reference::{Answered, Model, Write};
use super::tables::Tables;

/// The only engine that the sequences name beside this one.
const GUEST: &str = "PH1.WRITE";

impl Model {
    /// Answers a direct append.
    pub(super) fn answer_append(
        &mut self,
        context: &CallContext,
        input: &Ph1jAuditAppendCommitRow,
    ) -> Answer {
        let admission = admission(input);
        let named = (input.tenant_id.as_ref(), input.work_order_id.as_ref());
        let key = key_of(named, context.correlation_id, &input.idempotency_key);
        let is_taken = self.events().iter().any(|event| {
            let named = (event.tenant_id.as_ref(), event.work_order_id.as_ref());
            let own = key_of(named, context.correlation_id, &input.idempotency_key);
            let is_append = |answered: &Answered| matches!(answered.value, Value::Appended(_));
            event.correlation_id == context.correlation_id
                && event.key == EventKey::Given(input.idempotency_key.clone())
                && (own == key || !self.answered_under(LEDGER, &own).is_some_and(is_append))
        });
        let parts: Vec<&str> = key.iter().map(String::as_str).collect();
        let write = Write { capability: LEDGER, key: &parts, input, admission: &admission };
        let id = AuditEventId::new(format!("#event/{}", key.join("/")));
        self.write_for(
            context,
            &write,
            |_, earlier| match earlier.value {
                Value::Appended(_) => foundation::may_replay(earlier, input.tenant_id.as_ref(), input)
                    .map_err(|_| J::JTenantScopeViolation.into()),
                _ => Err(J::JTenantScopeViolation.into()),
            },
            |tables| {
                if is_taken {
                    Err(J::JTenantScopeViolation.into())
                } else {
                    append(tables, context, input, id)
                }
            },
        )
    }
}

/// The key of a work order of a tenant, else of a chain of work.
fn key_of(
    named: (Option<&TenantId>, Option<&WorkOrderId>),
    correlation_id: CorrelationId,
    key: &IdempotencyKey,
) -> Vec<String> {
    match named {
        (Some(tenant_id), Some(order)) => vec![tenant_id.to_string(), order.to_string(), key.to_string()],
        _ => vec![correlation_id.to_string(), key.to_string()],
    }
}

/// The bounds; then that the reason is of the named engine or of this one and is none of a replay, and that one of the two allows every
/// payload entry.
fn admission(input: &Ph1jAuditAppendCommitRow) -> Admission {
    let engine = input.engine.as_str();
    let reason: ReasonCode = input.reason_code;
    let is_reason = reason.class() != ReasonClass::Replay
        && !reason.is_retired()
        && [engine, "PH1.J"].contains(&reason.engine());
    let is_allowed = |(key, _): (&str, &str)| key == "gate" || key == "format_mode" && engine == GUEST;
    Admission::of(
        J::JContractValidationFailed,
        &[
            input.tenant_id.as_ref().is_none_or(tenant),
            input.work_order_id.as_ref().is_none_or(|id| text(id.as_str(), 64)),
            input.user_id.as_ref().is_none_or(|id| text(id.as_str(), 128)),
            input.device_id.as_ref().is_none_or(|id| text(id.as_str(), 128)),
            text(engine, 64) && engine.is_ascii(),
            input.evidence_ref.as_ref().is_none_or(|evidence| text(evidence.as_str(), 256)),
            text(input.idempotency_key.as_str(), 128),
            is_reason,
            input.payload_min.iter().all(is_allowed),
        ],
    )
}

/// What is named exists and fits together, and none of it is of another tenant than the named one; a device of no tenant is bound.
fn append(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1jAuditAppendCommitRow,
    id: AuditEventId,
) -> Decided {
    let refused = ReasonCode::from(J::JTenantScopeViolation);
    let named = input.tenant_id.as_ref();
    let fits =
        |tenant_id: Option<&TenantId>| named.zip(tenant_id).is_none_or(|(named, known)| named == known);
    if let Some(user_id) = &input.user_id {
        let person = tables.identity(user_id).ok_or(refused)?;
        if !fits(person.tenant_id.as_ref()) {
            return Err(refused);
        }
    }
    let is_user = |owner: &UserId| input.user_id.as_ref().is_none_or(|user_id| user_id == owner);
    let (mut owner, mut known) = (input.user_id.clone(), None);
    if let Some(device_id) = &input.device_id {
        let device = tables.devices.get(device_id).ok_or(refused)?;
        known = Some(tables.tenant_of(device_id));
        if !is_user(&device.owner) || !fits(known.as_ref().and_then(Option::as_ref)) {
            return Err(refused);
        }
        owner = owner.or_else(|| Some(device.owner.clone()));
    }
    if let Some(session_id) = &input.session_id {
        let session = tables.sessions.get(session_id).ok_or(refused)?;
        let tenant_id = tables.tenant_of(&session.device_id);
        let is_on_device = input.device_id.as_ref().is_none_or(|device_id| *device_id == session.device_id);
        if !is_user(&session.user_id) || !is_on_device || !fits(tenant_id.as_ref()) {
            return Err(refused);
        }
        known = known.or(Some(tenant_id));
        owner = owner.or_else(|| Some(session.user_id.clone()));
    }
    let home = || input.user_id.as_ref().and_then(|user_id| tables.home_of(user_id));
    let tenant_id = input.tenant_id.clone().or_else(|| known.unwrap_or_else(home));
    if let (Some(device_id), Some(named)) = (&input.device_id, named) {
        let device = tables.devices.get_mut(device_id).ok_or(refused)?;
        device.tenant.get_or_insert_with(|| named.clone());
    }
    Ok((Value::Appended(id), event(context, input, tenant_id, owner)))
}

fn event(
    context: &CallContext,
    input: &Ph1jAuditAppendCommitRow,
    tenant_id: Option<TenantId>,
    user_id: Option<UserId>,
) -> Event {
    let engine = engines::ALL.iter().map(|engine| engine.id).find(|id| *id == input.engine.as_str());
    let engine = engine.expect("sequences name engines that there are");
    let mut event = Event::new(context, engine, input.event_type, input.reason_code);
    event.severity = input.severity;
    event.tenant_id = tenant_id;
    event.work_order_id.clone_from(&input.work_order_id);
    event.user_id = user_id;
    event.device_id.clone_from(&input.device_id);
    event.session_id = input.session_id;
    event.evidence_ref.clone_from(&input.evidence_ref);
    event.key = EventKey::Given(input.idempotency_key.clone());
    for (key, value) in input.payload_min.iter() {
        event.note(key, &value);
    }
    event
}
