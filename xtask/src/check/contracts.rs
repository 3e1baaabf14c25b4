//! Contracts among each other: tables and dedupe spaces.

use selene_codegen::contract::{Contract, Effect, SpecKind, TruthType};
use selene_codegen::naming::module_name;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Document;
use crate::resolve::{Lost, Provenance};
use crate::source::Span;

/// A capability that writes one ledger and nothing else shares the ledger's dedupe space; any table may be declared by
/// another engine's DB wiring, so that this is known only now.
pub fn share_dedupe_spaces(contracts: &mut [Contract]) {
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

/// `os_core.audit_events` without `os_core`.
fn without_schema(table: &str) -> &str {
    table.rsplit_once('.').map_or(table, |(_, name)| name)
}

/// Checks what one engine names of another. Where a DB wiring, or what one owns, could not be read, nobody knows which
/// tables are declared.
pub fn check_contracts(
    contracts: &[Contract],
    documents: &[Document],
    lost: &Lost,
    provenance: &Provenance,
    diagnostics: &mut Diagnostics,
) {
    let declared = declared_tables(contracts, provenance, diagnostics);
    let is_whole =
        !lost.any(SpecKind::DbWiring) && !documents.iter().any(|document| document.lacks("Data Owned"));
    if is_whole {
        report_unknown_tables(contracts, &declared, provenance, diagnostics);
    }
}

fn find(provenance: &Provenance, file: &str, path: &[&str]) -> Option<Span> {
    let parts: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
    provenance.find(file, &parts).map(|(_, span)| span)
}

/// The tables of all DB wirings by name, without their schemas.
fn declared_tables<'c>(
    contracts: &'c [Contract],
    provenance: &Provenance,
    diagnostics: &mut Diagnostics,
) -> Vec<&'c str> {
    let mut declared: Vec<(&str, TruthType, &str, Option<Span>)> = Vec::new();
    for contract in contracts {
        let file = module_name(&contract.engine.id);
        for table in &contract.tables {
            let name = without_schema(&table.name);
            let span = find(provenance, &file, &["tables", &table.name]);
            let clash = declared.iter().find(|(known, truth, engine, _)| {
                *known == name && (*truth != table.truth_type || *engine == contract.engine.id)
            });
            if let (Some((_, _, _, first)), Some(span)) = (clash, span) {
                let message = format!("the table `{name}` is declared twice, and not in the same way");
                let diagnostic = Diagnostic::new(codes::DUPLICATE_TABLE, message, span, "here")
                    .help("declare a table once per engine, with the same `truth_type` everywhere");
                diagnostics.push(match first {
                    Some(first) if *first != span => diagnostic.and(*first, "and here"),
                    _ => diagnostic,
                });
            }
            declared.push((name, table.truth_type, &contract.engine.id, span));
        }
    }
    declared.into_iter().map(|(name, ..)| name).collect()
}

fn report_unknown_tables(
    contracts: &[Contract],
    declared: &[&str],
    provenance: &Provenance,
    diagnostics: &mut Diagnostics,
) {
    for contract in contracts {
        let file = module_name(&contract.engine.id);
        for capability in contract.capabilities.iter().filter(|capability| capability.effect == Effect::Write)
        {
            for table in &capability.writes {
                let name = without_schema(table);
                if declared.contains(&name) {
                    continue;
                }
                if let Some(span) = find(provenance, &file, &["capabilities", &capability.id, "writes"]) {
                    let message =
                        format!("`{}` writes `{table}`, which no DB wiring declares", capability.id);
                    diagnostics.push(
                        Diagnostic::new(codes::UNKNOWN_TABLE, message, span, "this write").help(guess_or(
                            name,
                            declared.iter().copied(),
                            "declare it under `Data Owned`",
                        )),
                    );
                }
            }
        }
    }
}
