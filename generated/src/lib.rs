//! Typed repository traits, reason codes, records and acceptance tests of every Selene engine.
//!
//! Features, all off by default: `async` expands the traits once more with methods that give futures (`asynchronous`); `tracing` and `metrics`
//! report calls that are refused before a store sees them. The stores turn them on with features of the same names.
//!
//! What lives here: the contracts (`contracts/*.yaml`, written by `cargo xtask regenerate`), the macro calls that expand
//! them ([`engines`], [`shared`]), and the few hand-written primitives that every contract needs.
//! What must not: SQL, rules, clocks, Markdown. A caller imports an engine's module by a star and has its `…Repo` trait;
//! a backend implements the trait in the module's `backend`, whose methods take [`Admitted`] calls only.

// Expanded contracts name this crate by its own name, as foreign code does.
extern crate self as selene_contracts;

mod admitted;
mod bounded;
mod capability;
mod check;
mod committed;
mod context;
mod cursor;
mod digest;
pub mod engines;
mod error;
mod error_json;
mod every_repo;
#[cfg(test)]
mod foreign;
pub mod known;
mod look_alike;
mod outcome;
mod page;
mod pages;
mod payload;
mod reason;
mod registered;
pub mod row;
pub mod shared;
mod skeleton;
mod value;
mod violation;

pub use admitted::Admitted;
pub use bounded::Bounded;
pub use capability::{
    AcceptanceTestSpec, AuditSpec, Capability, CapabilitySpec, CapabilityVisitor, DedupeKey, DedupePart,
    DedupeSpec, Effect, EngineSpec, FieldSpec, Note, PagedRead, PayloadKeySpec, ReadCapability, ReadScope,
    TableSpec, TruthType, ValueSpec, WriteCapability,
};
pub use check::Violations;
pub use committed::{Committed, Disposition};
pub use context::{CallContext, CallMode, Caller};
pub use cursor::{Cursor, CursorProblem};
pub use digest::{Digest, DigestError};
pub use engines::*;
pub use error::StorageError;
pub use every_repo::EveryRepo;
#[cfg(test)]
use foreign::ph1_t;
pub use look_alike::LookAlike;
pub use outcome::{Ended, Outcome};
pub use page::{AdmittedPage, Page, PageRequest};
pub use pages::{Pages, Rows, pages};
pub use payload::{Payload, PayloadError};
pub use reason::{ReasonClass, ReasonCode, ReasonCodeInfo, ReasonRule, Refusals, UnknownReasonCode};
pub use selene_codegen_macros::{listing, sql};
pub use value::UnknownValue;
pub use violation::{FieldViolation, Problem};
