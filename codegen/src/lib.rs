//! The contract model of Selene Contracts and the emission of Rust tokens from it.
//!
//! What lives here: the shape of a contract file ([`contract`]), how spec names become Rust names ([`naming`]),
//! reading and writing contract YAML ([`yaml`]), and the emission of Rust code ([`emit`]),
//! views of expanded code for people ([`outline`]), the tables that contracts require and their SQL ([`schema`]), which types are rows of a table ([`row`]), statements that name
//! columns through contracts ([`statement`]), which reads have pages ([`paged`]), and the statements of a list and its pages ([`listing`]).
//! What must not: Markdown, diagnostics, any I/O beyond the one YAML file that a caller names.

pub mod contract;
pub mod emit;
pub mod listing;
pub mod naming;
pub mod outline;
pub mod paged;
pub mod row;
pub mod schema;
pub mod statement;
pub mod yaml;
