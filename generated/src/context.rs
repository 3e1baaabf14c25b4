//! What every call brings beside its input.

use serde::{Deserialize, Serialize};

use crate::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};

/// Who calls, when, in which chain of work, and in which mode.
///
/// The lexicon calls these fields ambient: an input schema may name them, and they are not repeated in input structs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallContext {
    /// Who calls; checked against the capability's `allowed_callers`.
    pub caller: Caller,
    /// Now, in nanoseconds of a monotonic clock that the caller owns. The store has no clock.
    pub now: MonotonicTimeNs,
    /// The chain of work that the call belongs to; greater than zero.
    pub correlation_id: CorrelationId,
    /// The turn within the chain; greater than zero.
    pub turn_id: TurnId,
    /// The simulation that allows the call. Simulation-gated writes are refused without one.
    pub simulation_id: Option<SimulationId>,
    /// Why the call is made.
    #[serde(default)]
    pub mode: CallMode,
}

impl CallContext {
    /// A normal call without a simulation.
    #[must_use]
    pub const fn new(
        caller: Caller,
        now: MonotonicTimeNs,
        correlation_id: CorrelationId,
        turn_id: TurnId,
    ) -> Self {
        Self { caller, now, correlation_id, turn_id, simulation_id: None, mode: CallMode::Normal }
    }

    /// The same call, allowed by a simulation.
    #[must_use]
    pub fn with_simulation(mut self, simulation_id: SimulationId) -> Self {
        self.simulation_id = Some(simulation_id);
        self
    }

    /// The same call in another mode.
    #[must_use]
    pub const fn with_mode(mut self, mode: CallMode) -> Self {
        self.mode = mode;
        self
    }

    /// The same call at another time.
    #[must_use]
    pub const fn at(mut self, now: MonotonicTimeNs) -> Self {
        self.now = now;
        self
    }
}

/// The part of the system that makes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum Caller {
    /// Selene OS itself: the only caller that `SELENE_OS_ONLY` admits.
    SeleneOs,
    /// An engine that calls another one directly. No capability admits it today.
    Engine,
    /// A person with a tool.
    Operator,
}

impl Caller {
    /// The spelling of specs and contracts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SeleneOs => "SELENE_OS",
            Self::Engine => "ENGINE",
            Self::Operator => "OPERATOR",
        }
    }
}

/// Why a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CallMode {
    /// Ordinary work. Reads and guards emit nothing.
    #[default]
    Normal,
    /// A recorded turn is played again. Reads and guards emit an audit event.
    Replay,
    /// Somebody looks for a fault. Reads and guards emit an audit event.
    Diagnostic,
}

impl CallMode {
    /// Whether reads and guards emit an audit event in this mode.
    #[must_use]
    pub const fn audits_reads(self) -> bool {
        matches!(self, Self::Replay | Self::Diagnostic)
    }
}
