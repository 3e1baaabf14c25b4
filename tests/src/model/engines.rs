//! Models of engines that `cargo xtask scaffold` drafted: a person writes what each call makes of the rows, and all else follows from the
//! contract.
//!
//! What lives here: the list of the models; one file for each engine. Below, for all of them alike: what a model of an engine is
//! (`model`), how a call is answered (`answering`), what its event says (`event`), how it is sent to a store (`dispatch`), random
//! sequences of calls (`sequences`, of values that `values` draws), and which answers these have to reach (`reach`). Admission and
//! dedupe keys are asked of the contract itself: `generated/tests` compare them with what the contract states.

mod answering;
mod dispatch;
mod event;
pub(super) mod model;
pub(super) mod reach;
mod sequences;
mod values;

pub use sequences::engine_script;

pub(super) use dispatch::{hand_over, send};

use model::EngineModel;

/// The models, by engine. One line for each.
#[rustfmt::skip]
pub const ALL: &[&EngineModel] = &[
];
