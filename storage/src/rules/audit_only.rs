//! A commit that is its audit event and nothing else: what the rules of PH1.PERSONA and PH1.WRITE share.

use selene_contracts::shared::{AuditEventId, AuditEventType};
use selene_contracts::{Admitted, Payload, ReasonCode, StorageError, WriteCapability};

use super::standing::{Binding, Named, Standing};
use super::{Decision, EventDraft, WriteRule};

/// An input whose commit is one audit event.
pub(crate) trait AuditOnly: WriteCapability<Output = AuditEventId> {
    /// Whom the commit names.
    fn named(&self) -> Named<'_>;

    /// The reason that the caller gives; it becomes the reason code of the event.
    fn reason_code(&self) -> ReasonCode;

    /// The payload of the event.
    fn payload(&self) -> Payload;

    /// Refuses an input whose reason says something else than the rest of it.
    ///
    /// # Errors
    /// The refusal, with its reason code.
    fn check_reason(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

/// Checks in this order: identity, device, session and tenant fit together; the event is one
/// that the spec allows.
impl<C: AuditOnly> WriteRule for C {
    type Facts = Standing;
    type Change = Option<Binding>;

    /// The reason fits the rest of the input.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        input.check_reason()
    }

    fn decide(
        call: &Admitted<Self>,
        facts: Standing,
        event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let named = input.named();
        let cleared = facts.check::<Self>(named)?;
        let mut event = EventDraft::new(call, AuditEventType::Other, input.reason_code())
            .user(named.user)
            .device(named.device)
            .session(named.session);
        event.payload = input.payload();
        Ok(Decision { change: cleared.binding, event, output: event_id.clone() })
    }
}
