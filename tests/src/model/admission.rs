//! What every call must pass before any row is looked at: caller, simulation, context, bounds.

use selene_contracts::ph1_f::Ph1FReasonCode as F;
use selene_contracts::shared::TenantId;
use selene_contracts::{CallContext, Caller, ReasonCode};

/// What a call has to pass before any row is looked at.
pub(super) struct Admission {
    /// The engine's code for a value out of its bounds.
    contract: ReasonCode,
    /// The code of the first field of the input that is out of its bounds, or contradicts another one.
    broken: Option<ReasonCode>,
    /// Whether the call must name a simulation.
    is_gated: bool,
    /// Whether the contract was asked about caller, simulation and context.
    is_asked: bool,
}

impl Admission {
    /// `fields` says of each bounded field of the input, in order, whether it is fine, and which code it has
    /// if not.
    pub(super) fn new(contract: impl Into<ReasonCode>, fields: &[(bool, ReasonCode)]) -> Self {
        let broken = fields.iter().find(|(is_fine, _)| !is_fine).map(|(_, code)| *code);
        Self { contract: contract.into(), broken, is_gated: false, is_asked: false }
    }

    /// `fields` says of each bounded field of the input, in order, whether it is fine; all have the engine's code.
    pub(super) fn of(contract: impl Into<ReasonCode>, fields: &[bool]) -> Self {
        let contract = contract.into();
        let broken = fields.contains(&false).then_some(contract);
        Self { contract, broken, is_gated: false, is_asked: false }
    }

    /// What the contract itself says of a call: why it is not admitted, if it is not.
    pub(super) fn by_contract(refusal: Option<ReasonCode>) -> Self {
        let contract = F::FContractValidationFailed.into();
        Self { contract, broken: refusal, is_gated: false, is_asked: true }
    }

    /// The same, admitted only in a simulation.
    pub(super) fn gated(self) -> Self {
        Self { is_gated: true, ..self }
    }

    /// What an input must say beyond its bounds, asked after them and before any replay.
    pub(super) fn and(self, is_fine: bool, code: impl Into<ReasonCode>) -> Self {
        let broken = self.broken.or_else(|| (!is_fine).then(|| code.into()));
        Self { broken, ..self }
    }

    /// The caller is looked at first, then the simulation, then the context, then the input.
    pub(super) fn refusal(&self, context: &CallContext) -> Option<ReasonCode> {
        if self.is_asked {
            return self.broken;
        }
        if context.caller != Caller::SeleneOs {
            return Some(F::FCallerNotAllowed.into());
        }
        if self.is_gated && context.simulation_id.is_none() {
            return Some(F::FSimulationRequired.into());
        }
        let is_simulation_bad = context.simulation_id.as_ref().is_some_and(|id| !text(id.as_str(), 128));
        if context.correlation_id.get() == 0 || context.turn_id.get() == 0 || is_simulation_bad {
            return Some(self.contract);
        }
        self.broken
    }
}

/// Whether a text that must not be blank is within its bound.
pub(super) fn text(value: &str, max: usize) -> bool {
    !value.trim().is_empty() && value.len() <= max
}

/// A tenant is a text of ASCII letters.
pub(super) fn tenant(value: &TenantId) -> bool {
    text(value.as_str(), 64) && value.as_str().is_ascii()
}
