//! PH1.PERSONA: a profile decision is one audit event.

use selene_contracts::ph1_persona::Ph1personaProfileCommitRow;
use selene_contracts::shared::{AuditEventId, AuditEventType};
use selene_contracts::{Admitted, StorageError};

use super::standing::{Binding, Named, Standing};
use super::{Decision, EventDraft, WriteRule, refuse};

impl WriteRule for Ph1personaProfileCommitRow {
    type Facts = Standing;
    type Change = Option<Binding>;

    fn decide(
        call: &Admitted<Self>,
        facts: Standing,
        event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        refuse::refusal_as_reason::<Self>(input.reason_code.into())?;
        let cleared = facts.check::<Self>(Named {
            user: Some(&input.user_id),
            device: Some(&input.device_id),
            session: input.session_id,
            tenant: Some(&input.tenant_id),
        })?;
        let event = EventDraft::new(call, AuditEventType::Other, input.reason_code.into())
            .user(Some(&input.user_id))
            .device(Some(&input.device_id))
            .session(input.session_id)
            .payload([
                ("style_profile_ref", input.style_profile_ref.as_str()),
                ("delivery_policy_ref", input.delivery_policy_ref.as_str()),
                ("preferences_snapshot_ref", input.preferences_snapshot_ref.as_str()),
            ]);
        event.check::<Self>()?;
        Ok(Decision { change: cleared.binding, event, output: event_id.clone() })
    }
}
