//! PH1.F on SQLite.

mod guards;
mod ledgers;
mod people;
mod sessions;
