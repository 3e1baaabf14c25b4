//! Processes that are killed in the middle of their work, or stopped and go on: what was answered is there, and nothing is
//! there by half.

#[path = "../common/mod.rs"]
mod common;
#[cfg(unix)]
mod journeys;
#[cfg(unix)]
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../faults/proof.rs"]
mod proof;
#[cfg(unix)]
mod stopped;
mod writes;
