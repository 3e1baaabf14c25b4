//! Rows of PH1.F: identities, devices, sessions, the memory and conversation ledgers.

mod ledgers;
mod people;
mod sessions;
