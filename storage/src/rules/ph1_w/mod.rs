//! PH1.W: wake enrollments with their samples, wake runtime events, and the active wake profile of a user on a
//! device.

mod enroll;
mod moves;
mod runtime;
mod sample;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use enroll::{CompleteFacts, StartFacts};
pub(crate) use runtime::{RuntimeFacts, WakeEvent};
pub(crate) use sample::{SampleFacts, needs_free_slot};
