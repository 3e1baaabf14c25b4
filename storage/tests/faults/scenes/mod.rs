//! What is done while files break, and what must hold afterwards.

mod clock;
mod commits;
mod existing;
pub mod files;
mod opening;
mod reading;
mod upkeep;
pub mod writes;
