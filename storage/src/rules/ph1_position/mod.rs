//! PH1.POSITION: companies, positions, and the requirement schemas of positions.

mod companies;
mod positions;
mod schemas;
#[cfg(test)]
mod tests;

pub(crate) use positions::{DraftFacts, LifecycleFacts};
pub(crate) use schemas::{ActivateFacts, SchemaDraftFacts};
