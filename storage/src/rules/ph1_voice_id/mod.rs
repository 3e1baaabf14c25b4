//! PH1.VOICE.ID: voice enrollments with their samples, and the profile that a locked enrollment leads to.

mod enroll;
mod moves;
mod sample;
#[cfg(test)]
mod tests;

pub(crate) use enroll::{CompleteChange, StartFacts};
pub(crate) use sample::SampleChange;
