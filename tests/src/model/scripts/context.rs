//! Random contexts: callers, chains, turns and modes that are sometimes wrong, and times that also stand still, jump and go
//! back.

use proptest::prelude::{BoxedStrategy, Strategy};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{CallContext, CallMode, Caller};

use super::draw::{edge, weighted};

/// How a call's time lies to the one before.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) enum Clock {
    /// Later, and the clock goes on from there.
    Later(u64),
    /// Earlier; the clock goes on as if nothing had been.
    Earlier(u64),
    /// Somewhere else; the clock goes on as if nothing had been.
    At(u64),
}

impl Clock {
    /// The time of the next call; `now` is where the clock stands, and goes on.
    pub(in crate::model) const fn next(self, now: &mut u64) -> u64 {
        match self {
            Self::Later(by) => {
                *now = now.saturating_add(by);
                *now
            }
            Self::Earlier(by) => now.saturating_sub(by),
            Self::At(time) => time,
        }
    }
}

pub(in crate::model) const SECOND: u64 = 1_000_000_000;
pub(in crate::model) const START: u64 = 1_000 * SECOND;

pub(in crate::model) fn clock() -> BoxedStrategy<Clock> {
    weighted(&[
        (60, Clock::Later(SECOND)),
        (12, Clock::Later(0)),
        (3, Clock::Later(1)),
        (3, Clock::Later(60 * SECOND - 1)),
        (4, Clock::Later(60 * SECOND)),
        (2, Clock::Later(180 * SECOND - 1)),
        (3, Clock::Later(180 * SECOND)),
        (1, Clock::Later(600 * SECOND)),
        (2, Clock::Earlier(1)),
        (2, Clock::Earlier(100 * SECOND)),
        (1, Clock::At(0)),
        (1, Clock::At(1 << 63)),
        (1, Clock::At(u64::MAX)),
    ])
}

/// Values with their weights.
type Choices<T> = [(u32, T)];

/// Everything of a context but its time, which is 1 ns.
pub(super) fn contexts(
    correlation: &Choices<u128>,
    turn: &Choices<u64>,
    simulation: &Choices<Option<&'static str>>,
    mode: &Choices<CallMode>,
) -> BoxedStrategy<CallContext> {
    let caller = edge(Caller::SeleneOs, &[Caller::Operator, Caller::Engine]);
    (caller, weighted(correlation), weighted(turn), weighted(simulation), weighted(mode))
        .prop_map(|(caller, correlation, turn, simulation, mode)| CallContext {
            caller,
            correlation_id: CorrelationId::new(correlation),
            turn_id: TurnId::new(turn),
            simulation_id: simulation.map(SimulationId::new),
            mode,
            ..plain()
        })
        .boxed()
}

/// A normal call of Selene OS in chain 1, turn 1, at 1 ns.
pub(super) fn plain() -> CallContext {
    let (correlation_id, turn_id) = (CorrelationId::new(1), TurnId::new(1));
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), correlation_id, turn_id)
}
