//! Contracts become files. Renders them, compares them with what is there, and writes only what differs.
//!
//! What must not live here: deciding what a contract holds.

mod apply;
mod origin;
mod plan;
mod record;
mod render;

pub use apply::{TEMPORARY, apply, prepared, replace};
pub use origin::{item_paths, origins};
pub use plan::{Change, ChangeKind, plan};
pub use record::record;
pub use render::{Rendered, render};
