//! The keys of a document's schemas, and which of them something refers to. What must not live here: how a schema looks.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Contract, Record, TypeDef};
use selene_codegen::naming::{engine_stem, module_name};
use serde_json::{Value, json};

use super::exported::Exported;

/// The part of a key that stands for what all engines share.
const SHARED: &str = "shared";

/// Schemas by key (`ph1_w.WakeEnrollmentSessionRecord`, `shared.UserId`), and those that are still to be made.
pub(super) struct Definitions<'c> {
    exported: Exported<'c>,
    /// What stands before a key where something refers to it.
    prefix: &'static str,
    schemas: BTreeMap<String, Value>,
    known: BTreeSet<String>,
    /// What something refers to and nobody has made.
    wanted: Vec<(String, Wanted<'c>)>,
}

/// A schema that is still to be made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'c> {
    /// A type of the lexicon.
    Type(&'c TypeDef),
    /// A record, as an engine understands its names; without one as all do.
    Record(Option<&'c Contract>, &'c Record),
    /// The codes of one engine.
    CodesOf(&'c Contract),
    /// The codes of all engines.
    Codes,
}

impl<'c> Definitions<'c> {
    pub fn new(exported: Exported<'c>, prefix: &'static str) -> Self {
        Self { exported, prefix, schemas: BTreeMap::new(), known: BTreeSet::new(), wanted: Vec::new() }
    }

    pub fn exported(&self) -> Exported<'c> {
        self.exported
    }

    pub fn into_schemas(self) -> BTreeMap<String, Value> {
        self.schemas
    }

    pub fn insert(&mut self, key: String, schema: Value) {
        self.schemas.insert(key, schema);
    }

    /// The next schema to make.
    pub fn next_wanted(&mut self) -> Option<(String, Wanted<'c>)> {
        self.wanted.pop()
    }

    /// A reference to a key.
    pub fn to(&self, key: &str) -> Value {
        json!({ "$ref": format!("{}{key}", self.prefix) })
    }

    /// A reference to a type or record by its name, as an engine understands it; anything where nobody declares it.
    pub fn named(&mut self, contract: Option<&'c Contract>, name: &str) -> Value {
        let shared = self.exported.shared;
        let own = contract.and_then(|contract| {
            Some((key_of(contract, name), find(Some(contract), &contract.types, &contract.records, name)?))
        });
        let found = own.or_else(|| {
            let wanted = find(None, &shared.types, &shared.records, name)?;
            Some((format!("{SHARED}.{name}"), wanted))
        });
        match found {
            Some((key, wanted)) => self.refer(key, wanted),
            None => json!({}),
        }
    }

    /// A reference to the codes of one engine.
    pub fn reason_codes_of(&mut self, contract: &'c Contract) -> Value {
        let key = key_of(contract, &format!("{}ReasonCode", engine_stem(&contract.engine.id)));
        self.refer(key, Wanted::CodesOf(contract))
    }

    /// A reference to the codes of all engines.
    pub fn reason_codes(&mut self) -> Value {
        self.refer(format!("{SHARED}.ReasonCode"), Wanted::Codes)
    }

    fn refer(&mut self, key: String, wanted: Wanted<'c>) -> Value {
        let reference = self.to(&key);
        if self.known.insert(key.clone()) {
            self.wanted.push((key, wanted));
        }
        reference
    }
}

/// `ph1_w.WakeProfileId`
pub(super) fn key_of(contract: &Contract, name: &str) -> String {
    format!("{}.{name}", module_name(&contract.engine.id))
}

fn find<'c>(
    contract: Option<&'c Contract>,
    types: &'c [TypeDef],
    records: &'c [Record],
    name: &str,
) -> Option<Wanted<'c>> {
    let ty = types.iter().find(|ty| ty.name == name).map(Wanted::Type);
    let record = || records.iter().find(|record| record.name == name);
    ty.or_else(|| Some(Wanted::Record(contract, record()?)))
}
