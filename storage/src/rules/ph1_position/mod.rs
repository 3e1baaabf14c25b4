//! PH1.POSITION: companies, positions, and the requirement schemas of positions.

mod companies;
mod positions;
mod schemas;
#[cfg(test)]
mod tests;

pub(crate) use positions::{DraftFacts, LifecycleFacts, PositionChange};
pub(crate) use schemas::{ActivateFacts, SchemaChange, SchemaDraftFacts};
