//! What an operator's command does: the program itself, its output, its exit codes, and what it leaves of the files.

#[path = "../common/mod.rs"]
mod common;
mod compact;
mod copies;
mod export;
mod external;
mod forged;
mod heads;
mod inspect;
mod migrate;
mod output;
mod program;
mod refused;
mod run;
mod trail;
mod verify;
