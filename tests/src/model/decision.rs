//! What a rule decides, and conditions that rules of several engines share.

use selene_contracts::ReasonCode;
use selene_contracts::shared::TenantId;

use super::calls::{HiringValue, Value};
use super::event::Event;

/// What a rule decides: what the caller gets and what is emitted, or the code of the refusal.
pub(super) type Decided = Result<(Value, Event), ReasonCode>;

/// What a rule of one of the four engines decides.
pub(super) fn decided(value: HiringValue, event: Event) -> (Value, Event) {
    (Value::Hiring(Box::new(value)), event)
}

/// A key that was used for one tenant is refused to a call that names another one.
pub(super) fn own_tenant(
    given: Option<&TenantId>,
    recorded: Option<&TenantId>,
    code: impl Into<ReasonCode>,
) -> Result<(), ReasonCode> {
    if given.is_some() && given != recorded { Err(code.into()) } else { Ok(()) }
}

/// Two tenants that do not contradict each other: at least one is not named, or they are the same.
pub(super) fn agree(one: Option<&TenantId>, other: Option<&TenantId>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// A key as a part of an id of the model.
pub(super) fn short(text: &str) -> &str {
    if text.len() <= 16 { text } else { "long" }
}
