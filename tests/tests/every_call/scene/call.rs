//! One write of the scene.

use selene_acceptance::{Backend, OpenStore};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{CallContext, Caller, StorageError};
use serde_json::Value;

use crate::dispatch::{self, Written};

/// The chain of work in which both tenants do everything.
pub const CHAIN: u128 = 7;

/// A call of Selene OS in a simulation.
pub fn context(now: u64, turn: u64) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(now),
        CorrelationId::new(CHAIN),
        TurnId::new(turn),
    )
    .with_simulation(SimulationId::new("simulation"))
}

/// A write in its context.
#[derive(Debug, Clone)]
pub struct Call {
    pub context: CallContext,
    pub id: &'static str,
    pub input: Value,
}

impl Call {
    /// Makes the call.
    pub fn on(&self, store: &impl Backend) -> Result<Written, StorageError> {
        let Self { context, id, input } = self;
        dispatch::write(store, context, id, input).unwrap_or_else(|| panic!("{id} is a write"))
    }

    /// The same call at another time.
    #[must_use]
    pub fn at(&self, now: u64) -> Self {
        Self { context: self.context.clone().at(MonotonicTimeNs::new(now)), ..self.clone() }
    }

    /// Makes the call, which must be served.
    pub fn applied<B: Backend>(open: &OpenStore<B>, call: &Self) -> Written {
        let Self { id, input, .. } = call;
        call.on(open.store()).unwrap_or_else(|error| panic!("{id}: {error}: {input}"))
    }
}
