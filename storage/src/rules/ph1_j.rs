//! PH1.J: a direct append is the audit event itself.

use selene_contracts::ph1_j::Ph1jAuditAppendCommitRow;
use selene_contracts::{Admitted, Capability, EngineSpec, Refusals, StorageError, engines};

use super::audited::{allows, any_allows};
use super::standing::{Binding, Named, Standing};
use super::{Decision, EventDraft, WriteRule, event, refuse};

/// The codes with which the chains themselves are refused, and the checks of a store.
pub const fn refusals() -> &'static Refusals {
    Ph1jAuditAppendCommitRow::SPEC.refusals
}

impl WriteRule for Ph1jAuditAppendCommitRow {
    type Facts = Standing;
    type Change = Option<Binding>;

    /// Checks in this order: the reason is one that the named engine or PH1.J registers; every payload entry is one that
    /// either allows.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        let owner = input.reason_code.engine();
        if owner != input.engine.as_str() && owner != Self::SPEC.engine {
            return Err(refuse::rule::<Self>("reason_code", "is not one that the named engine registers"));
        }
        let named = engines::ALL.iter().copied().find(|engine| engine.id == input.engine.as_str());
        event::check_payload::<Self>(&input.payload_min, |key, value| {
            allows(key, value)
                || named.is_some_and(|engine: &EngineSpec| any_allows(engine.capabilities, key, value))
        })
    }

    fn decide(call: &Admitted<Self>, facts: Standing) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let draft = EventDraft {
            engine: input.engine.clone(),
            severity: input.severity,
            work_order_id: input.work_order_id.clone(),
            user_id: facts.person(input.user_id.as_ref()).cloned(),
            device_id: input.device_id.clone(),
            session_id: input.session_id,
            payload: input.payload_min.clone(),
            evidence_ref: input.evidence_ref.clone(),
            ..EventDraft::new(call, input.event_type, input.reason_code)
        };
        let cleared = facts.check::<Self>(Named {
            user: input.user_id.as_ref(),
            device: input.device_id.as_ref(),
            session: input.session_id,
            tenant: input.tenant_id.as_ref(),
        })?;
        let draft = draft.tenant(cleared.tenant_id.as_ref());
        Ok(Decision { change: cleared.binding, event: draft, output: event::id_of(call)? })
    }
}
