//! Rows of PH1.POSITION: companies, positions, requirement schemas, and their ledgers.

mod companies;
mod positions;
mod schemas;
