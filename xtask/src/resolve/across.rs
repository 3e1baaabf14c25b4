//! What is known of a contract once all engines are resolved, because any engine may declare a table: the dedupe spaces that
//! ledgers share, and whose rows every read looks at.

use std::collections::BTreeSet;

use selene_codegen::contract::{Capability, Contract, Effect, Field, ReadScope, TruthType, TypeRef};
use selene_codegen::naming::without_schema;

use crate::parse::lexicon::Lexicon;

/// A capability that writes one ledger and nothing else shares the ledger's dedupe space.
pub(super) fn share_dedupe_spaces(contracts: &mut [Contract]) {
    let ledgers: Vec<String> = contracts
        .iter()
        .flat_map(|contract| &contract.tables)
        .filter(|table| table.truth_type == TruthType::Ledger)
        .map(|table| without_schema(&table.name).to_owned())
        .collect();
    for capability in contracts.iter_mut().flat_map(|contract| &mut contract.capabilities) {
        if let (Some(dedupe), [table]) = (&mut capability.dedupe, capability.writes.as_slice()) {
            let table = without_schema(table);
            if ledgers.iter().any(|ledger| ledger == table) {
                table.clone_into(&mut dedupe.space);
            }
        }
    }
}

/// Says of every read and guard whose rows it looks at: what the lexicon declares, else what its inputs name.
pub(super) fn set_read_scopes(contracts: &mut [Contract], lexicon: &Lexicon) {
    let keys = row_keys(contracts);
    for contract in contracts {
        let declared = lexicon.engine(&contract.engine.id).map_or(&[][..], |scope| &scope.whole_ledger_reads);
        for capability in &mut contract.capabilities {
            let is_declared = declared.iter().any(|name| name.value == capability.id);
            capability.read_scope = match capability.effect {
                Effect::Write => None,
                Effect::Read | Effect::Guard if is_declared => Some(ReadScope::WholeLedger),
                Effect::Read | Effect::Guard => named_scope(capability, &keys),
            };
        }
    }
}

/// Names that lead to one row: the whole primary key of a table, a whole unique key, and what a foreign key leads to in a
/// table that is declared nowhere here.
#[must_use]
pub fn row_keys(contracts: &[Contract]) -> BTreeSet<String> {
    let tables = || contracts.iter().flat_map(|contract| &contract.tables);
    let mut keys = BTreeSet::new();
    for table in tables() {
        for key in std::iter::once(&table.primary_key).chain(&table.unique_keys) {
            if let [column] = key.as_slice() {
                keys.insert(column.clone());
            }
        }
    }
    let is_declared = |name: &str| tables().any(|table| without_schema(&table.name) == without_schema(name));
    let foreign_keys = contracts.iter().flat_map(|contract| &contract.relations.foreign_keys);
    for (table, column) in foreign_keys.filter_map(|key| key.to.rsplit_once('.')) {
        if !is_declared(table) {
            keys.insert(column.to_owned());
        }
    }
    keys
}

/// The scope that every set of inputs names, if there is one.
#[must_use]
pub fn named_scope(capability: &Capability, keys: &BTreeSet<String>) -> Option<ReadScope> {
    let sets: Vec<&[Field]> = if capability.input_alternatives.is_empty() {
        vec![&capability.input]
    } else {
        capability.input_alternatives.iter().map(|alternative| alternative.fields.as_slice()).collect()
    };
    let names_tenant = |fields: &[Field]| fields.iter().any(|field| field.name == "tenant_id");
    let names_row = |fields: &[Field]| {
        fields.iter().any(|field| !matches!(field.ty, TypeRef::Option(_)) && keys.contains(&field.name))
    };
    if sets.iter().all(|fields| names_tenant(fields)) {
        Some(ReadScope::Tenant)
    } else if sets.iter().all(|fields| names_tenant(fields) || names_row(fields)) {
        Some(ReadScope::Row)
    } else {
        None
    }
}
