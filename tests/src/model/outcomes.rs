//! PH1.PERSONA and PH1.WRITE as their specs state them: a commit is one audit event and nothing else.
//!
//! Both write into one ledger, so they share the keys of a chain; and where a commit is nothing but its event, an
//! event of any other engine under the same key in the same chain makes it a duplicate, which is refused.

use selene_contracts::ph1_persona::{Ph1PersonaReasonCode as P, Ph1personaProfileCommitRow};
use selene_contracts::ph1_write::{FormatMode, Ph1WriteReasonCode as R, Ph1writeFormatCommitRow};
use selene_contracts::shared::{
    AuditEventId, AuditEventType, DeviceId, IdempotencyKey, SessionId, TenantId, UserId,
};
use selene_contracts::{CallContext, ReasonCode};

use super::admission::{Admission, tenant, text};
use super::calls::{Answer, Call, Value};
use super::decision::Decided;
use super::event::{Event, EventKey};
use super::reference::{Model, Write};
use super::tables::Tables;

/// The ledger whose keys they share.
pub(super) const LEDGER: &str = "audit_events";

/// What the two engines have in common.
struct Outcome<'a> {
    engine: &'static str,
    tenant_id: &'a TenantId,
    session_id: Option<SessionId>,
    user_id: &'a UserId,
    device_id: &'a DeviceId,
    key: &'a IdempotencyKey,
    reason_code: ReasonCode,
    /// Whether the reason is one that the engine takes, and says the same as the rest.
    is_reason: bool,
    /// Bounds of the fields between the device and the key.
    details: bool,
    contract: ReasonCode,
    scope: ReasonCode,
    payload: Vec<(&'static str, &'a str)>,
}

impl Model {
    /// Answers a commit of the two engines; `None` for another call.
    pub(super) fn answer_outcome(&mut self, context: &CallContext, call: &Call) -> Option<Answer> {
        match call {
            Call::Format(input) => Some(self.answer_commit(context, input, &format(input))),
            Call::Profile(input) => Some(self.answer_commit(context, input, &profile(input))),
            _ => None,
        }
    }

    fn answer_commit<I: std::fmt::Debug>(
        &mut self,
        context: &CallContext,
        input: &I,
        outcome: &Outcome<'_>,
    ) -> Answer {
        let bounds = [
            tenant(outcome.tenant_id),
            text(outcome.user_id.as_str(), 128),
            text(outcome.device_id.as_str(), 128),
            outcome.details,
            text(outcome.key.as_str(), 128),
        ];
        let admission = Admission::of(outcome.contract, &bounds).and(outcome.is_reason, outcome.contract);
        let key: [&str; 2] = [&context.correlation_id.to_string(), outcome.key.as_str()];
        let write = Write { capability: LEDGER, key: &key, input, admission: &admission };
        let is_taken = self.events().iter().any(|event| {
            event.correlation_id == context.correlation_id
                && event.key == EventKey::Given(outcome.key.clone())
        });
        self.write_for(
            context,
            &write,
            |_, earlier| {
                let is_outcome = matches!(earlier.value, Value::Event(_));
                let is_own = is_outcome
                    && earlier.engine == outcome.engine
                    && earlier.tenant.as_ref() == Some(outcome.tenant_id);
                if is_own { Ok(()) } else { Err(outcome.scope) }
            },
            |tables| if is_taken { Err(outcome.scope) } else { commit(tables, context, outcome) },
        )
    }
}

fn format(input: &Ph1writeFormatCommitRow) -> Outcome<'_> {
    Outcome {
        engine: "PH1.WRITE",
        tenant_id: &input.tenant_id,
        session_id: input.session_id,
        user_id: &input.user_id,
        device_id: &input.device_id,
        key: &input.idempotency_key,
        reason_code: input.reason_code.into(),
        is_reason: match input.format_mode {
            FormatMode::FormattedText => input.reason_code == R::WriteFormattedText,
            FormatMode::FallbackOriginal => input.reason_code == R::WriteFallbackOriginal,
        },
        details: true,
        contract: R::WriteContractValidationFailed.into(),
        scope: R::WriteScopeViolation.into(),
        payload: vec![("directive", "format"), ("format_mode", input.format_mode.as_str())],
    }
}

fn profile(input: &Ph1personaProfileCommitRow) -> Outcome<'_> {
    let (style, delivery, preferences) = (
        input.style_profile_ref.as_str(),
        input.delivery_policy_ref.as_str(),
        input.preferences_snapshot_ref.as_str(),
    );
    Outcome {
        engine: "PH1.PERSONA",
        tenant_id: &input.tenant_id,
        session_id: input.session_id,
        user_id: &input.user_id,
        device_id: &input.device_id,
        key: &input.idempotency_key,
        reason_code: input.reason_code.into(),
        is_reason: input.reason_code == P::PersonaProfileCommit,
        details: text(style, 64) && text(delivery, 32) && text(preferences, 96),
        contract: P::PersonaContractValidationFailed.into(),
        scope: P::PersonaScopeViolation.into(),
        payload: vec![
            ("style_profile_ref", style),
            ("delivery_policy_ref", delivery),
            ("preferences_snapshot_ref", preferences),
        ],
    }
}

/// The person exists and is at home nowhere else, owns the device and the session on it, and the device is of this tenant; one of no
/// tenant is bound.
fn commit(tables: &mut Tables, context: &CallContext, outcome: &Outcome<'_>) -> Decided {
    let is_elsewhere = tables.home_of(outcome.user_id).is_some_and(|home| home != *outcome.tenant_id);
    if !tables.has_identity(outcome.user_id) || is_elsewhere {
        return Err(outcome.scope);
    }
    let session = match outcome.session_id {
        Some(id) => Some(tables.sessions.get(&id).ok_or(outcome.scope)?),
        None => None,
    };
    let is_of_another =
        session.is_some_and(|row| row.user_id != *outcome.user_id || row.device_id != *outcome.device_id);
    let device = tables.devices.get_mut(outcome.device_id).ok_or(outcome.scope)?;
    let bound = device.tenant.get_or_insert_with(|| outcome.tenant_id.clone());
    if device.owner != *outcome.user_id || is_of_another || bound != outcome.tenant_id {
        return Err(outcome.scope);
    }
    let mut event = Event::new(context, outcome.engine, AuditEventType::Other, outcome.reason_code);
    event.tenant_id = Some(outcome.tenant_id.clone());
    event.user_id = Some(outcome.user_id.clone());
    event.device_id = Some(outcome.device_id.clone());
    event.session_id = outcome.session_id;
    event.key = EventKey::Given(outcome.key.clone());
    for (key, value) in &outcome.payload {
        event.note(key, value);
    }
    let id = AuditEventId::new(format!("#event/{}/{}", context.correlation_id, outcome.key));
    Ok((Value::Event(id), event))
}
