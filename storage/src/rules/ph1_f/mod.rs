//! PH1.F: identities, devices, sessions, and the memory and conversation ledgers.

mod ledgers;
mod people;
mod sessions;

pub(crate) use ledgers::{MemoryFacts, TurnFacts, audience_of_turn};
pub(crate) use people::DeviceFacts;
pub(crate) use sessions::{OpenFacts, StateFacts, audience_of_session};
