//! Whose rows every read looks at: those of a tenant, those of one row, or, where the lexicon declares it, all of them.

use selene_codegen::contract::{Capability, Contract, Effect, SpecKind};
use selene_codegen::naming::module_name;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{Document, Text};
use crate::parse::lexicon::Lexicon;
use crate::resolve::{Lost, Provenance, group, named_scope, row_keys};
use crate::source::Span;

/// Reports reads that may return the rows of several tenants, and declarations of whole ledgers that are not needed.
pub fn check_reads(
    contracts: &[Contract],
    documents: &[Document],
    lexicon: &Lexicon,
    lost: &Lost,
    provenance: &Provenance,
    diagnostics: &mut Diagnostics,
) {
    let keys = row_keys(contracts);
    // Where a table could not be read, or is still to be written, the keys are not all known.
    let has_tables = group(documents).iter().all(|engine| engine.db_wiring.is_some());
    let is_whole = has_tables && !lost.any(SpecKind::DbWiring) && !diagnostics.has_errors();
    for contract in contracts {
        let declared = lexicon.engine(&contract.engine.id).map_or(&[][..], |scope| &scope.whole_ledger_reads);
        let file = module_name(&contract.engine.id);
        for capability in contract.served().filter(|one| one.effect != Effect::Write) {
            let declaration = declared.iter().find(|name| name.value == capability.id);
            match (declaration, named_scope(capability, &keys)) {
                (Some(declaration), Some(_)) => {
                    needless(declaration, input_of(capability, &file, provenance), diagnostics);
                }
                (None, None) if is_whole => unscoped(capability, &file, provenance, diagnostics),
                _ => {}
            }
        }
        report_unknown(declared, contract, provenance, diagnostics);
    }
}

/// Where a read says what it takes, or its id.
fn input_of(capability: &Capability, file: &str, provenance: &Provenance) -> Option<Span> {
    let path = ["capabilities", capability.id.as_str(), "input"].map(str::to_owned);
    provenance.find(file, &path)
}

fn unscoped(capability: &Capability, file: &str, provenance: &Provenance, diagnostics: &mut Diagnostics) {
    let Some(span) = input_of(capability, file, provenance) else { return };
    diagnostics.push(
        Diagnostic::new(
            codes::UNSCOPED_READ,
            format!("`{}` may return the rows of several tenants", capability.id),
            span,
            "neither a tenant nor a row",
        )
        .help(
            "add `tenant_id`, or the key of the row that is asked for; where it is meant to return everything, name the capability \
             under `whole_ledger_reads` of its engine in lexicon.yaml",
        ),
    );
}

fn needless(declaration: &Text, input: Option<Span>, diagnostics: &mut Diagnostics) {
    let finding = Diagnostic::new(
        codes::NEEDLESS_WHOLE_LEDGER,
        format!("`{}` names a tenant or a row", declaration.value),
        declaration.span,
        "declared to return everything",
    )
    .help("take it out of `whole_ledger_reads`");
    diagnostics.push(match input {
        Some(input) => finding.beside(input, "what it takes"),
        None => finding,
    });
}

/// Declarations that lead to no read of the engine.
fn report_unknown(
    declared: &[Text],
    contract: &Contract,
    provenance: &Provenance,
    diagnostics: &mut Diagnostics,
) {
    let reads = || contract.capabilities.iter().filter(|capability| capability.effect != Effect::Write);
    let Some(first) = reads().next().or_else(|| contract.capabilities.first()) else { return };
    let at = provenance.exact(&module_name(&contract.engine.id), &["capabilities", &first.id]);
    for name in declared {
        if reads().any(|capability| capability.id == name.value) {
            continue;
        }
        let of_that_id = provenance.exact(&module_name(&contract.engine.id), &["capabilities", &name.value]);
        let finding = Diagnostic::new(
            codes::UNKNOWN_CAPABILITY,
            format!("the engine has no read `{}`", name.value),
            name.span,
            "which read?",
        );
        let finding = match (of_that_id, at) {
            (Some(at), _) => finding.beside(at, "it writes"),
            (None, Some(at)) => finding.beside(at, "its capabilities"),
            (None, None) => finding,
        };
        diagnostics.push(finding.help(guess_or(
            &name.value,
            reads().map(|capability| capability.id.as_str()),
            "use the id of a read of the engine's ECM",
        )));
    }
}
