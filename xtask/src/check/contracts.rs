//! Contracts among each other: the tables that they declare and write.

use selene_codegen::contract::{Contract, Effect, SpecKind, TruthType};
use selene_codegen::naming::{module_name, without_schema};

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Document;
use crate::resolve::{Lost, Provenance};
use crate::source::Span;

/// Checks what one engine names of another. Where a DB wiring, or what one owns, could not be read, the
/// declared tables are not all known.
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
    provenance.find(file, &parts)
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
                if let Some(span) =
                    find(provenance, &file, &["capabilities", &capability.id, "writes", table])
                {
                    let own = contract.tables.first().map(|table| (file.clone(), table));
                    let any = || {
                        contracts
                            .iter()
                            .find_map(|one| Some((module_name(&one.engine.id), one.tables.first()?)))
                    };
                    let at = own
                        .or_else(any)
                        .and_then(|(file, table)| find(provenance, &file, &["tables", &table.name]));
                    let message =
                        format!("`{}` writes `{table}`, which no DB wiring declares", capability.id);
                    let known = declared.iter().copied();
                    let finding = Diagnostic::new(codes::UNKNOWN_TABLE, message, span, "this write")
                        .help(guess_or(name, known, "declare it under `Data Owned`"));
                    diagnostics.push(match at {
                        Some(at) => finding.beside(at, "the tables that are declared"),
                        None => finding,
                    });
                }
            }
        }
    }
}
