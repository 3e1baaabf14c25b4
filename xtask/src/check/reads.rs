//! Whose rows every read looks at: those of a tenant, those of one row, or, where the lexicon declares it, all of them.

use std::collections::BTreeSet;

use selene_codegen::contract::{Capability, Contract, Effect, Field, ReadScope, SpecKind, TypeRef};
use selene_codegen::naming::module_name;

use super::contracts::without_schema;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{Document, Text};
use crate::parse::lexicon::Lexicon;
use crate::resolve::{Lost, Provenance, group};

/// Says of every read and guard whose rows it looks at. Any engine may declare the table that a key is of, so that this is
/// known only now.
pub fn scope_reads(
    contracts: &mut [Contract],
    documents: &[Document],
    lexicon: &Lexicon,
    lost: &Lost,
    provenance: &Provenance,
    diagnostics: &mut Diagnostics,
) {
    let keys = row_keys(contracts);
    // Where a table could not be read, or is still to be written, nobody knows every key.
    let has_tables = group(documents).iter().all(|engine| engine.db_wiring.is_some());
    let is_whole = has_tables && !lost.any(SpecKind::DbWiring) && !diagnostics.has_errors();
    for contract in contracts {
        let declared = lexicon.engine(&contract.engine.id).map_or(&[][..], |scope| &scope.whole_ledger_reads);
        let file = module_name(&contract.engine.id);
        for capability in &mut contract.capabilities {
            let declaration = declared.iter().find(|name| name.value == capability.id);
            let named = scope_of(capability, &keys);
            capability.read_scope = match (capability.effect, declaration) {
                (Effect::Write, _) => None,
                (Effect::Read | Effect::Guard, Some(declaration)) => {
                    if named.is_some() {
                        needless(declaration, diagnostics);
                    }
                    Some(ReadScope::WholeLedger)
                }
                (Effect::Read | Effect::Guard, None) => {
                    if named.is_none() && is_whole {
                        unscoped(capability, &file, provenance, diagnostics);
                    }
                    named
                }
            };
        }
        report_strangers(declared, contract, diagnostics);
    }
}

/// Names that lead to one row: the whole primary key of a table, a whole unique key, and what a foreign key leads to in a
/// table that is declared nowhere here.
fn row_keys(contracts: &[Contract]) -> BTreeSet<String> {
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
fn scope_of(capability: &Capability, keys: &BTreeSet<String>) -> Option<ReadScope> {
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

fn unscoped(capability: &Capability, file: &str, provenance: &Provenance, diagnostics: &mut Diagnostics) {
    let place = |path: &[&str]| {
        provenance.find(file, &path.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>())
    };
    let base = ["capabilities", capability.id.as_str()];
    let input = place(&[&base[..], &["input"]].concat());
    let Some(span) = input.or_else(|| place(&base)) else { return };
    diagnostics.push(
        Diagnostic::new(
            codes::UNSCOPED_READ,
            format!("`{}` may tell the rows of several tenants", capability.id),
            span,
            "neither a tenant nor a row",
        )
        .help(
            "add `tenant_id`, or the key of the row that is asked for; where it is meant to tell everything, name the capability \
             under `whole_ledger_reads` of its engine in lexicon.yaml",
        ),
    );
}

fn needless(declaration: &Text, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(
            codes::NEEDLESS_WHOLE_LEDGER,
            format!("`{}` names a tenant or a row", declaration.value),
            declaration.span,
            "declared to tell everything",
        )
        .help("take it out of `whole_ledger_reads`"),
    );
}

/// Declarations that lead to no read of the engine.
fn report_strangers(declared: &[Text], contract: &Contract, diagnostics: &mut Diagnostics) {
    let reads = || contract.capabilities.iter().filter(|capability| capability.effect != Effect::Write);
    if contract.capabilities.is_empty() {
        return;
    }
    for name in declared {
        if reads().any(|capability| capability.id == name.value) {
            continue;
        }
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_CAPABILITY,
                format!("the engine has no read `{}`", name.value),
                name.span,
                "which read?",
            )
            .help(guess_or(
                &name.value,
                reads().map(|capability| capability.id.as_str()),
                "use the id of a read of the engine's ECM",
            )),
        );
    }
}
