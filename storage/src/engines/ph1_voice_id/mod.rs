//! PH1.VOICE.ID: voice enrollments with their samples, and the profile that a locked enrollment leads to.

mod enroll;
mod sample;
#[cfg(test)]
mod tests;

pub(crate) use enroll::{CompleteChange, EnrollmentFacts, StartFacts};
pub(crate) use sample::SampleChange;
