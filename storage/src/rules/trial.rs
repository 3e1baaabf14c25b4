//! What the tests of the rules share for calls in a simulation: a call of Selene OS at a fixed time, its decision, the code and
//! the field of its refusal, and the payload of its event.

use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{Admitted, CallContext, Caller, StorageError};

use super::{Decision, WriteRule};

/// When the calls are made.
pub(crate) const NOW: MonotonicTimeNs = MonotonicTimeNs::new(50);

fn admit<C: WriteRule>(input: C) -> Result<Admitted<C>, StorageError> {
    let context = CallContext::new(Caller::SeleneOs, NOW, CorrelationId::new(7), TurnId::new(1))
        .with_simulation(SimulationId::new("sim"));
    Admitted::admit(&context, input)
}

/// A call of this input as Selene OS makes it, with a simulation, at a time that tests agree on.
pub(crate) fn call<C: WriteRule>(input: C) -> Admitted<C> {
    admit(input).expect("the call is admitted")
}

/// What the rule decides, with an event that may be stored.
pub(crate) fn decide<C: WriteRule>(input: C, facts: C::Facts) -> Result<Decision<C>, StorageError> {
    let call = admit(input)?;
    C::check_input(call.input())?;
    let decision = C::decide(&call, facts)?;
    decision.event.clone().checked::<C>(call.context())?;
    Ok(decision)
}

/// The code and the field of a refusal.
pub(crate) fn refusal<C: WriteRule>(input: C, facts: C::Facts) -> (&'static str, &'static str) {
    let error = decide(input, facts).err().expect("the call is refused");
    let field = match &error {
        StorageError::ContractViolation { violations, .. } => violations[0].field,
        StorageError::ForeignKey { field, .. }
        | StorageError::DuplicateKey { field, .. }
        | StorageError::ScopeViolation { field, .. }
        | StorageError::NotFound { field, .. } => field,
        other => panic!("{other}"),
    };
    (error.reason_code().as_str(), field)
}

/// The payload of an event, as it reads.
pub(crate) fn payload<C: WriteRule>(decision: &Decision<C>) -> Vec<(String, String)> {
    decision.event.payload.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
