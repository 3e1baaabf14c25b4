//! What the tests of the rules share: calls of Selene OS, and the devices and onboarding sessions that they name.

use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{Admitted, CallContext, Caller, Capability, StorageError};

use super::onboarding::OnboardingStanding;
use super::standing::DeviceStanding;
use super::{Decision, WriteRule};

/// A call at a time, admitted or not.
pub(crate) fn admit<C: Capability>(now: u64, input: C) -> Result<Admitted<C>, StorageError> {
    let context =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(now), CorrelationId::new(1), TurnId::new(1));
    Admitted::admit(&context, input)
}

/// A call at a time, decided, with an event that may be stored.
pub(crate) fn decide<C: WriteRule>(now: u64, input: C, facts: C::Facts) -> Result<Decision<C>, StorageError> {
    let call = admit(now, input)?;
    C::check_input(call.input())?;
    let decision = C::decide(&call, facts)?;
    decision.event.clone().checked::<C>(call.context())?;
    Ok(decision)
}

pub(crate) fn phone(owner: &str, tenant: Option<&str>) -> DeviceStanding {
    DeviceStanding { owner: owner.into(), tenant_id: tenant.map(Into::into), home_tenant_id: None }
}

pub(crate) fn onboarding(tenant: Option<&str>, person: Option<&str>) -> OnboardingStanding {
    OnboardingStanding {
        tenant_id: tenant.map(Into::into),
        person: person.map(Into::into),
        is_declined: false,
        began_at: MonotonicTimeNs::new(0),
    }
}
