//! Acceptance test bodies and the harnesses that run them.
//!
//! What lives here: one suite per engine that implements the acceptance trait of its contract, through the public
//! repository traits only, the harnesses that give a suite a store: a file on disk, or memory; and a model of
//! the engines to hold stores against.
//! What must not: SQL, and knowledge of a backend beyond opening it.

mod access;
mod audit;
mod foundation;
mod harness;
mod link;
pub mod model;
pub mod onboarding;
mod persona;
pub mod place;
mod position;
mod scope;
mod voice;
pub mod wake;
mod workplace;
mod world;
mod write;

pub use access::AccessSuite;
pub use audit::AuditSuite;
pub use foundation::FoundationSuite;
pub use harness::{Harness, InMemory, OnDisk, OpenStore};
pub use link::LinkSuite;
pub use onboarding::OnboardingSuite;
pub use persona::PersonaSuite;
pub use position::PositionSuite;
pub use voice::VoiceSuite;
pub use wake::WakeSuite;
pub use world::World;
pub use write::WriteSuite;

/// The Rust code of README.md compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
