//! Rows of PH1.POSITION: companies, positions, requirement schemas, and their ledgers.

mod companies;
mod positions;
mod schemas;

pub(crate) use companies::company;
pub(crate) use positions::position;
pub(crate) use schemas::active_schema;
