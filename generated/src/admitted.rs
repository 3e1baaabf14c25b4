//! The door between callers and backends: a call that passed every check that needs no rows.

use crate::bounded::Bounded;
use crate::capability::Capability;
use crate::check::Violations;
use crate::context::CallContext;
use crate::error::StorageError;
use crate::outcome::refused_at_the_door;
use crate::violation::Problem;

/// A call whose caller, simulation gate and bounds have been checked against the contract.
///
/// [`Admitted::admit`] is the only way to make one, so no backend can forget a check and no caller can go around one.
///
/// One check is left to the backend of a write, because only its rows show it: an id that looks like another one
/// ([`LookAlike`](crate::LookAlike)) may have been stored before such ids were refused. A call that was answered then is
/// answered again; anything new under such an id is refused with [`Admitted::require_distinct_ids`]. Reads are admitted
/// with such ids, so that what was stored stays readable.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted<C> {
    context: CallContext,
    input: C,
    /// The refusal of ids that look like others.
    look_alikes: Option<Box<StorageError>>,
}

impl<C: Capability> Admitted<C> {
    /// Checks a call: the caller, then the simulation gate, then the context, then every bound of the input.
    ///
    /// # Errors
    /// [`StorageError::CallerNotAllowed`] or [`StorageError::ContractViolation`], with the engine's reason code.
    pub fn admit(context: &CallContext, input: C) -> Result<Self, StorageError> {
        Self::admit_with(context, input, |_, _| ())
    }

    /// Admits a call that brings more than its input; `further` reports what is wrong with that, behind the bounds of the input.
    pub(crate) fn admit_with(
        context: &CallContext,
        input: C,
        further: impl FnOnce(&C, &mut Violations),
    ) -> Result<Self, StorageError> {
        Self::check(context, input, further).inspect_err(|error| refused_at_the_door(C::SPEC, error))
    }

    fn check(
        context: &CallContext,
        input: C,
        further: impl FnOnce(&C, &mut Violations),
    ) -> Result<Self, StorageError> {
        let spec = C::SPEC;
        if !spec.allowed_callers.contains(&context.caller) {
            return Err(StorageError::CallerNotAllowed {
                reason_code: spec.refusals.caller,
                capability: spec.id,
                caller: context.caller,
            });
        }
        if spec.simulation_gated && context.simulation_id.is_none() {
            return Err(StorageError::SimulationRequired {
                reason_code: spec.refusals.simulation,
                capability: spec.id,
            });
        }
        let mut violations = Violations::new(spec.refusals.contract);
        check_context(context, &mut violations);
        input.check_bounds(&mut violations);
        further(&input, &mut violations);
        let is_refused = !violations.found().is_empty();
        match violations.into_error(spec.id) {
            Some(error) if is_refused => Err(error),
            look_alikes => {
                Ok(Self { context: context.clone(), input, look_alikes: look_alikes.map(Box::new) })
            }
        }
    }

    /// Refuses a call that names an id which looks like another one. A backend asks before it writes anything new, and
    /// after it looked for the outcome of an earlier call with the same key.
    ///
    /// # Errors
    /// [`StorageError::ContractViolation`], with every such field.
    pub fn require_distinct_ids(&self) -> Result<(), StorageError> {
        self.look_alikes.as_deref().map_or(Ok(()), |refusal| Err(refusal.clone()))
    }

    /// What every call brings beside its input.
    pub const fn context(&self) -> &CallContext {
        &self.context
    }

    /// The input, within its bounds.
    pub const fn input(&self) -> &C {
        &self.input
    }
}

/// Reports every field of the context that is out of its bounds.
fn check_context(context: &CallContext, violations: &mut Violations) {
    // Zero is refused whatever the lexicon says: it is how a missing id looks in other systems.
    if context.correlation_id.get() == 0 {
        violations.push("correlation_id", Problem::Zero, None);
    } else {
        context.correlation_id.check("correlation_id", None, violations);
    }
    if context.turn_id.get() == 0 {
        violations.push("turn_id", Problem::Zero, None);
    } else {
        context.turn_id.check("turn_id", None, violations);
    }
    context.now.check("now", None, violations);
    context.simulation_id.check("simulation_id", None, violations);
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::capability::{AuditSpec, CapabilitySpec, DedupeKey, Effect};
    use crate::context::Caller;
    use crate::reason::{ReasonClass, ReasonCode, ReasonCodeInfo, Refusals};
    use crate::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};

    const fn info(name: &'static str, number: u32) -> ReasonCodeInfo {
        ReasonCodeInfo {
            engine: "PH9.T",
            name,
            number,
            class: ReasonClass::Refusal,
            meaning: "For tests.",
            retired: false,
        }
    }

    static CALLER: ReasonCodeInfo = info("T_CALLER", 1);
    static SIMULATION: ReasonCodeInfo = info("T_SIMULATION", 2);
    static CONTRACT: ReasonCodeInfo = info("T_CONTRACT", 3);
    static OWN: ReasonCodeInfo = info("T_OWN", 4);

    static REFUSALS: Refusals = Refusals {
        caller: ReasonCode::new(&CALLER),
        simulation: ReasonCode::new(&SIMULATION),
        contract: ReasonCode::new(&CONTRACT),
        foreign_key: ReasonCode::new(&CONTRACT),
        duplicate: ReasonCode::new(&CONTRACT),
        scope: ReasonCode::new(&CONTRACT),
        append_only: ReasonCode::new(&CONTRACT),
        not_found: ReasonCode::new(&CONTRACT),
        replay: ReasonCode::new(&CONTRACT),
        outcome_unknown: ReasonCode::new(&CONTRACT),
        unavailable: ReasonCode::new(&CONTRACT),
    };

    /// Accepts numbers up to ten; the second one has a code of its own.
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Gated {
        first: u8,
        second: u8,
    }

    impl Capability for Gated {
        type Output = ();

        const SPEC: &'static CapabilitySpec = &CapabilitySpec {
            id: "PH9T_GATED_ROW",
            stored_name: "PH9T_GATED_ROW",
            method: "ph9t_gated_row",
            engine: "PH9.T",
            name: "For tests",
            effect: Effect::Read,
            read_scope: None,
            allowed_callers: &[Caller::SeleneOs],
            simulation_gated: true,
            context: &[],
            input: &[],
            variants: &[],
            output: "()",
            writes: &[],
            dedupe: None,
            audit: AuditSpec {
                event_types: &[],
                reason_code: None,
                reason_from_input: false,
                required_fields: &[],
                payload_keys: &[],
            },
            notes: &[],
            refusals: &REFUSALS,
        };

        fn check_bounds(&self, violations: &mut Violations) {
            violations.range("first", self.first <= 10, ("0", "10"), None);
            violations.range("second", self.second <= 10, ("0", "10"), Some(ReasonCode::new(&OWN)));
        }

        fn dedupe_key(&self, _context: &CallContext) -> Option<DedupeKey> {
            None
        }
    }

    fn context(caller: Caller) -> CallContext {
        CallContext::new(caller, MonotonicTimeNs::new(5), CorrelationId::new(0), TurnId::new(0))
    }

    fn admit(context: &CallContext) -> Result<Admitted<Gated>, StorageError> {
        Admitted::admit(context, Gated { first: 11, second: 11 })
    }

    #[test]
    fn the_caller_is_refused_before_the_simulation_gate_and_the_gate_before_the_bounds() {
        let everything_wrong = context(Caller::Operator);
        let refused = admit(&everything_wrong).unwrap_err();
        assert!(
            matches!(refused, StorageError::CallerNotAllowed { caller: Caller::Operator, .. }),
            "{refused}"
        );
        assert_eq!(refused.reason_code().as_str(), "T_CALLER");

        let gate_and_bounds_wrong = context(Caller::SeleneOs);
        let refused = admit(&gate_and_bounds_wrong).unwrap_err();
        assert!(matches!(refused, StorageError::SimulationRequired { .. }), "{refused}");
        assert_eq!(refused.reason_code().as_str(), "T_SIMULATION");
    }

    #[test]
    fn every_violation_is_reported_at_once_context_first() {
        let context = context(Caller::SeleneOs).with_simulation(SimulationId::new(" "));
        let refused = admit(&context).unwrap_err();
        assert_eq!(refused.reason_code().as_str(), "T_CONTRACT");
        let StorageError::ContractViolation { capability, violations, .. } = refused else {
            panic!("{refused}");
        };
        assert_eq!(capability, "PH9T_GATED_ROW");
        let found: Vec<_> =
            violations.iter().map(|found| (found.field, found.reason_code.as_str())).collect();
        assert_eq!(
            found,
            [
                ("correlation_id", "T_CONTRACT"),
                ("turn_id", "T_CONTRACT"),
                ("simulation_id", "T_CONTRACT"),
                ("first", "T_CONTRACT"),
                ("second", "T_OWN"),
            ]
        );
        assert_eq!(violations[0].problem, Problem::Zero);
        assert_eq!(violations[2].problem, Problem::Blank);
    }

    #[test]
    fn an_admitted_call_holds_what_was_given() {
        let mut context = context(Caller::SeleneOs).with_simulation(SimulationId::new("sim_1"));
        (context.correlation_id, context.turn_id) = (CorrelationId::new(1), TurnId::new(1));
        let admitted = Admitted::admit(&context, Gated { first: 10, second: 10 }).unwrap();
        assert_eq!((admitted.context(), admitted.input().first), (&context, 10));
    }
}
