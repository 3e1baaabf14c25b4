//! The resolved contract of one engine: the only thing that passes from the specs to the Rust code.
//!
//! Plain data with a stable order. It holds no line numbers, dates or tool versions: where things come from lives in
//! `generated/sources.json`, so that a prose edit elsewhere never churns a contract.

mod bound;
mod capability;
mod reason;
mod table;
mod types;

pub use capability::{
    Alternative, AuditRule, Capability, DedupeRule, EVENT_FIELDS, Effect, Note, Output, ReadScope,
};
pub use reason::{ReasonClass, ReasonCode, ReasonRef, RefusalClass};
pub use table::{
    AcceptanceTest, Constraint, ForeignKey, Index, PrivateColumn, ROW_VERSION, ReadDependency, Relations,
    Table, TruthType,
};
pub use types::{Builtin, Field, IntegerRepr, Number, Record, TypeDef, TypeKind, TypeRef, TypeRefError};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The types and records that every engine shares, in `contracts/shared.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedContract {
    /// Named types, in lexicon order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<TypeDef>,
    /// Records, in lexicon order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<Record>,
}

/// The contract of one engine, in `contracts/<module>.yaml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Who the engine is.
    pub engine: EngineHeader,
    /// Every capability, in the order of the ECM; planned ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<Capability>,
    /// Types that only this engine has, in lexicon order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<TypeDef>,
    /// Records of this engine: the lexicon's first, then those that a schema writes in place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<Record>,
    /// Every reason code of the engine, by number; retired ones included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason_codes: Vec<ReasonCode>,
    /// Which reason code each class of refusal carries, its own or another engine's.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refusals: BTreeMap<RefusalClass, ReasonRef>,
    /// Tables, in the order of the DB wiring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    /// What the engine reads of others, in the order of the DB wiring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<ReadDependency>,
    /// Foreign keys, unique keys and boundaries that the DB wiring states.
    #[serde(default, skip_serializing_if = "Relations::is_empty")]
    pub relations: Relations,
    /// What the specs say about failures, sentence by sentence, in their words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failure_rules: Vec<String>,
    /// What the specs say about audit, sentence by sentence, in their words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub audit_rules: Vec<String>,
    /// Acceptance tests, in the order of the DB wiring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptance_tests: Vec<AcceptanceTest>,
}

impl Contract {
    /// The capabilities that a store has to serve, in the order of the ECM: all that are not planned.
    pub fn served(&self) -> impl Iterator<Item = &Capability> {
        self.capabilities.iter().filter(|capability| !capability.planned)
    }
}

/// The header of an engine, from `## Engine Header`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineHeader {
    /// `PH1.W`.
    pub id: String,
    /// The repository trait that the ECM's Sources name: `Ph1wWakeRepo`. Absent while the ECM is missing.
    #[serde(rename = "trait", default, skip_serializing_if = "Option::is_none")]
    pub repo_trait: Option<String>,
    /// What the engine is for, in the spec's words.
    pub purpose: String,
    /// Version of the spec, as it states it.
    pub version: String,
    /// Status of the spec, as it states it.
    pub status: String,
    /// Names of the tables that the engine owns, from `data_owned` of the ECM.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_owned: Vec<String>,
    /// Which halves of the engine's specs do not exist yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<SpecKind>,
}

/// One half of an engine's specs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpecKind {
    /// The capability map, `specs/ecm/`.
    Ecm,
    /// Tables, keys, dedupe rules and acceptance tests, `specs/db_wiring/`.
    DbWiring,
}

impl SpecKind {
    /// The name of the kind, which is also its folder below `specs/`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ecm => "ecm",
            Self::DbWiring => "db_wiring",
        }
    }
}
