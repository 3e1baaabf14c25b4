//! What the documents show is what happens: their worked examples run on a copy of the workspace.
//!
//! The copies stay in the target folder and share what cargo builds of them, so that a second run builds what an example changes.

mod checkout;
mod column;
mod document;
mod new_engine;
mod readme;
mod shapes;
