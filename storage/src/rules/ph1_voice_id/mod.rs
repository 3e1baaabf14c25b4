//! PH1.VOICE.ID: voice enrollments with their samples, and the profile of a LOCKED enrollment.

mod enroll;
mod moves;
mod sample;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use enroll::StartFacts;
