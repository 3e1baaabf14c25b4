//! Acceptance test bodies and the harnesses that run them.
//!
//! What lives here: `harness`, what a database must offer to be tested; `suites`, one per engine, each the acceptance
//! trait of its contract through the public repository traits; `model`, a second implementation of the engines to hold
//! stores against; `world` and `workplace`, the people and companies that both act with; `contracts`, as they are committed; and
//! `place`, where the checkout lies. What must not: SQL, and the name of a database outside its own file in `harness`.

mod contracts;
pub mod harness;
pub mod model;
pub mod place;
pub mod suites;
mod workplace;
mod world;

pub use contracts::Contracts;
#[cfg(feature = "async")]
pub use harness::ByTasks;
pub use harness::{Backend, Harness, InMemory, OnDisk, OpenStore, Recorded, Shared, saw};
#[cfg(feature = "postgres")]
pub use harness::{Database, OnServer, OwnServer, unprivileged_user};
pub use suites::{onboarding, wake};
pub use world::{World, context};

/// The Rust code of README.md compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
