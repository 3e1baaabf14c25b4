//! PH1.POSITION on SQLite.

mod companies;
mod guards;
mod positions;
mod schemas;

pub(crate) use companies::company;
pub(crate) use positions::position;
pub(crate) use schemas::active_schema;
