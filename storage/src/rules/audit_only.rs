//! A commit that is one audit event and no row: what the rules of PH1.PERSONA and PH1.WRITE share.
//!
//! The two are alike by nature: section 4 of `specs/db_wiring/PH1_PERSONA.md` and of `specs/db_wiring/PH1_WRITE.md` write
//! `audit_events` only. What differs is an engine's own: its payload, and whether its reason fits the rest of the input.

use selene_contracts::shared::{AuditEventId, AuditEventType};
use selene_contracts::{Admitted, Payload, ReasonCode, StorageError, WriteCapability};

use super::standing::{Binding, Named, Standing};
use super::{Decision, EventDraft, WriteRule, event};

/// An input whose commit is one audit event.
pub(crate) trait AuditOnly: WriteCapability<Output = AuditEventId> {
    /// The user, device, session and tenant that the commit names.
    fn named(&self) -> Named<'_>;

    /// The reason code of the input; it becomes that of the event.
    fn reason_code(&self) -> ReasonCode;

    /// The payload of the event.
    fn payload(&self) -> Payload;

    /// Refuses an input whose reason contradicts its other fields.
    ///
    /// # Errors
    /// The refusal, with its reason code.
    fn check_reason(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

/// Checks that identity, device, session and tenant exist and fit together, in the order of [`Standing::check`].
impl<C: AuditOnly> WriteRule for C {
    type Facts = Standing;
    type Change = Option<Binding>;

    /// The reason fits the rest of the input.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        input.check_reason()
    }

    fn decide(call: &Admitted<Self>, facts: Standing) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let named = input.named();
        let cleared = facts.check::<Self>(named)?;
        let mut draft = EventDraft::new(call, AuditEventType::Other, input.reason_code())
            .user(named.user)
            .device(named.device)
            .session(named.session);
        draft.payload = input.payload();
        Ok(Decision { change: cleared.binding, event: draft, output: event::id_of(call)? })
    }
}
