//! Rows of PH1.F: identities, devices, sessions, the memory and conversation ledgers.

mod guards;
mod ledgers;
mod people;
mod sessions;
