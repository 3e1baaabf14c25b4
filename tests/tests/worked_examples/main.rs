//! What the documents show is what happens: their worked examples run on a copy of the workspace.
//!
//! The copy stays in the target folder with what cargo builds of it, so that an example, and a second run, builds what an example changes.

mod checkout;
mod column;
mod document;
mod new_engine;
mod readme;
mod shapes;
