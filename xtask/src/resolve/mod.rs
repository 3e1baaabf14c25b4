//! Documents, lexicon and register become contracts. Every name is looked up here and nowhere else.
//!
//! What must not live here: rules across engines or against what was written before; that is the next phase.

mod across;
mod alternatives;
mod audit;
mod bounds;
mod capability;
mod classes;
mod constraints;
mod declared;
mod documents;
mod engine;
mod fields;
mod input;
mod items;
mod lost;
mod names;
mod output;
mod provenance;
mod reasons;
mod tables;
mod types;
mod typing;
mod writes;
mod writes_by_words;

pub use across::{named_scope, row_keys};
pub use documents::{EngineDocuments, group, is_engine_id, role};
pub use lost::Lost;
pub use names::Names;
pub use provenance::Provenance;
pub use types::UNKNOWN;
pub use writes_by_words::WritesByWords;

use selene_codegen::contract::{Contract, SharedContract};

use crate::diagnostics::Diagnostics;
use crate::parse::document::Document;
use crate::parse::lexicon::{Lexicon, Scope};
use crate::parse::reason_codes::Register;
use crate::paths::SHARED;

/// What a run builds.
#[derive(Debug, Default)]
pub struct Resolved {
    /// Types and records that all engines share.
    pub shared: SharedContract,
    /// One contract per engine, by id.
    pub contracts: Vec<Contract>,
    /// Where every item comes from.
    pub provenance: Provenance,
}

/// Looks up every name. Without a register everything but reason codes is looked at.
pub fn resolve(
    documents: &[Document],
    lexicon: &Lexicon,
    register: Option<&Register>,
    lost: &Lost,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let mut resolved = Resolved::default();
    check_lexicon(lexicon, register, diagnostics);
    let names = Names::shared(lexicon);
    resolved.shared.types = items::type_defs(&lexicon.shared);
    resolved.shared.records =
        items::records(&names, &lexicon.shared, SHARED, &mut resolved.provenance, diagnostics);
    resolved.provenance.scope(SHARED, &lexicon.shared);
    for documents in group(documents) {
        let contract =
            engine::contract(&documents, lexicon, register, lost, &mut resolved.provenance, diagnostics);
        resolved.contracts.push(contract);
    }
    let gone = register.map_or(&[][..], |register| &register.engines);
    for engine in gone.iter().filter(|engine| engine.is_retired() && !lost.concerns(&engine.id.value)) {
        if !resolved.contracts.iter().any(|contract| contract.engine.id == engine.id.value) {
            let contract = engine::retired(engine, register, &mut resolved.provenance);
            resolved.contracts.push(contract);
        }
    }
    resolved.contracts.sort_by(|a, b| a.engine.id.cmp(&b.engine.id));
    resolved.contracts.iter_mut().for_each(without_absent);
    across::share_dedupe_spaces(&mut resolved.contracts);
    across::set_read_scopes(&mut resolved.contracts, lexicon);
    resolved
}

/// Only answers are older than their fields: what old ones have says nothing about inputs and columns.
fn without_absent(contract: &mut Contract) {
    for capability in &mut contract.capabilities {
        let alternatives =
            capability.input_alternatives.iter_mut().flat_map(|alternative| &mut alternative.fields);
        capability.input.iter_mut().chain(alternatives).for_each(|field| field.absent = None);
    }
    let columns = contract.tables.iter_mut().flat_map(|table| &mut table.columns);
    columns.for_each(|field| field.absent = None);
}

/// Looks at every declaration of the lexicon, used or not.
fn check_lexicon(lexicon: &Lexicon, register: Option<&Register>, diagnostics: &mut Diagnostics) {
    for scope in std::iter::once(&lexicon.shared).chain(lexicon.engines.iter().map(|(_, scope)| scope)) {
        if let Some(register) = register {
            reasons::report_refusals(scope, register, diagnostics);
        }
    }
    if let Some(register) = register {
        classes::check_refusals(lexicon, register, diagnostics);
    }
    let shared = Names::shared(lexicon);
    check_scope(&shared, &lexicon.shared, diagnostics);
    for (id, scope) in &lexicon.engines {
        check_scope(&Names::engine(lexicon, &id.value), scope, diagnostics);
    }
}

fn check_scope(names: &Names<'_>, scope: &Scope, diagnostics: &mut Diagnostics) {
    declared::report_duplicates(names, scope, diagnostics);
    for field in &scope.fields {
        declared::check_field_name(&field.name, diagnostics);
        names.check_field(field, diagnostics);
    }
    for field in scope.groups.iter().flat_map(|(_, fields)| fields) {
        names.marked_field(field, diagnostics, &mut |name, diagnostics| names.field(name, diagnostics));
    }
    for record in &scope.records {
        names.report_recursion(record, diagnostics);
    }
}
