//! Who owns, declares and writes which table.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::naming::without_schema;

use super::schemas::differing;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::subject::head;
use crate::parse::document::{TableText, Text};
use crate::source::Span;

/// The owners of every table: the ids of engines whose ECM says so, each with the place.
fn owners<'a>(subject: &Subject<'a>) -> BTreeMap<&'a str, Vec<(&'a str, Span)>> {
    let mut owners: BTreeMap<&str, Vec<(&str, Span)>> = BTreeMap::new();
    for engine in &subject.engines {
        for table in engine.ecm.iter().flat_map(|page| &page.header.data_owned) {
            owners.entry(without_schema(&table.value)).or_default().push((&engine.id.value, table.span));
        }
    }
    owners
}

/// Tables that an ECM owns and its DB wiring does not declare.
pub fn owned_undeclared(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, wiring)) = engine.pages() else { continue };
        let declared = || wiring.tables.iter().map(|table| without_schema(&table.name.value));
        for table in &ecm.header.data_owned {
            let name = without_schema(&table.value);
            let does = (engine.id.value.as_str(), "owns", "owned");
            let named = (table.value.as_str(), table.span);
            if let Some(finding) = differing(codes::OWNED_UNDECLARED, named, does, subject) {
                diagnostics.push(finding);
                continue;
            }
            if declared().any(|known| known == name) {
                continue;
            }
            let message = format!("the DB wiring of `{}` declares no table `{name}`", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::OWNED_UNDECLARED, message, table.span, "owned by the ECM")
                    .and(first_table(&wiring.tables, head(wiring)), "declared here")
                    .help(guess_or(
                        name,
                        declared(),
                        "declare it under `Data Owned`, or take it out of `data_owned`",
                    )),
            );
        }
    }
}

fn first_table(tables: &[TableText], otherwise: Span) -> Span {
    tables.first().map_or(otherwise, |table| table.name.span)
}

/// Tables that a DB wiring declares and no ECM owns.
pub fn declared_unowned(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let owners = owners(subject);
    for engine in &subject.engines {
        let Some((ecm, wiring)) = engine.pages() else { continue };
        for table in &wiring.tables {
            let name = without_schema(&table.name.value);
            let own = owners.get(name).into_iter().flatten();
            // Another engine's table may be declared again, by whoever keeps rows of its own in it.
            if own.clone().next().is_some() {
                continue;
            }
            let at = ecm.header.data_owned.first().map_or(engine.id.span, |owned: &Text| owned.span);
            let message = format!("no ECM owns the table `{name}`");
            diagnostics.push(
                Diagnostic::new(codes::DECLARED_UNOWNED, message, table.name.span, "declared here")
                    .and(at, "not owned here")
                    .help(guess_or(
                        name,
                        ecm.header.data_owned.iter().map(|owned| owned.value.as_str()),
                        &format!("add `{name}` to `data_owned` of the ECM, or take the table out"),
                    )),
            );
        }
    }
}

/// Tables that several ECMs own.
pub fn two_owners(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (table, owners) in owners(subject) {
        let [(first, place), others @ ..] = owners.as_slice() else { continue };
        for (other, again) in others {
            let message = if first == other {
                format!("`{first}` owns the table `{table}` twice")
            } else {
                format!("`{first}` and `{other}` both own the table `{table}`")
            };
            diagnostics.push(
                Diagnostic::new(codes::TWO_OWNERS, message, *again, "owned again")
                    .and(*place, "owned here")
                    .help(
                        "leave it to the engine that changes its rows; the other one names it under `Reads`",
                    ),
            );
        }
    }
}

/// Two declarations of one table that differ in their key or their columns.
pub fn different_tables(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (name, declared) in &subject.tables {
        let [first, others @ ..] = declared.as_slice() else { continue };
        for other in others {
            let values = |key: &[Text]| key.iter().map(|column| column.value.clone()).collect::<Vec<_>>();
            let (one, two) = (values(&first.text.primary_key), values(&other.text.primary_key));
            let schema =
                |table: &TableText| table.name.value.rsplit_once('.').map(|(schema, _)| schema.to_owned());
            let differs = schema(first.text).zip(schema(other.text)).is_some_and(|(one, two)| one != two);
            let differing = if differs {
                Some(("schemas", first.text.name.span, other.text.name.span))
            } else if one != two {
                let place = |key: &[Text], table: Span| key.first().map_or(table, |column| column.span);
                Some((
                    "primary keys",
                    place(&first.text.primary_key, first.text.name.span),
                    place(&other.text.primary_key, other.text.name.span),
                ))
            } else if first.columns.is_empty() || other.columns.is_empty() {
                None
            } else {
                let names = |columns: &[selene_codegen::contract::Field]| {
                    columns.iter().map(|column| (column.name.clone(), column.ty.clone())).collect::<Vec<_>>()
                };
                let place = |text: &TableText| {
                    text.columns.as_ref().map_or(text.name.span, |columns| columns.text.span)
                };
                (names(first.columns) != names(other.columns))
                    .then(|| ("columns", place(first.text), place(other.text)))
            };
            let Some((what, place, again)) = differing else { continue };
            let message = format!("`{}` and `{}` give `{name}` different {what}", first.engine, other.engine);
            diagnostics.push(
                Diagnostic::new(codes::DIFFERENT_TABLES, message, again, "here")
                    .and(place, "and here")
                    .help("write the same, or leave the columns to the wiring of the owner"),
            );
        }
    }
}

/// Writes of a table that its wiring neither declares nor reads.
pub fn foreign_write(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let own = wiring.tables.iter().map(|table| &table.name);
        let read = wiring.reads.iter().flat_map(|read| &read.tables);
        let known: BTreeSet<&str> = own.chain(read).map(|table| without_schema(&table.value)).collect();
        for table in wiring.writes.iter().flat_map(|write| &write.tables) {
            let name = without_schema(&table.value);
            let does = (engine.id.value.as_str(), "writes", "written");
            let named = (table.value.as_str(), table.span);
            if let Some(finding) = differing(codes::FOREIGN_WRITE, named, does, subject) {
                diagnostics.push(finding);
                continue;
            }
            let Some(declared) = subject.tables.get(name).filter(|_| !known.contains(&name)) else {
                continue;
            };
            let Some(owner) = declared.first() else { continue };
            let message =
                format!("`{}` writes `{name}`, which it neither declares nor reads", engine.id.value);
            diagnostics.push(
                Diagnostic::new(codes::FOREIGN_WRITE, message, table.span, "written here")
                    .and(owner.text.name.span, format!("a table of `{}`", owner.engine))
                    .help("name the table under `Reads`, with what is asked of it before it is changed"),
            );
        }
    }
}

/// Declared tables that no capability of any engine writes.
pub fn unwritten(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if !subject.is_whole {
        return;
    }
    let contracts = || subject.engines.iter().map(|engine| engine.contract);
    let written: BTreeSet<&str> = contracts()
        .flat_map(|contract| &contract.capabilities)
        .flat_map(|capability| &capability.writes)
        .map(|table| without_schema(table))
        .collect();
    let owners = owners(subject);
    for (name, declared) in subject.tables.iter().filter(|(name, _)| !written.contains(**name)) {
        let Some(first) = declared.first() else { continue };
        let message = format!("no capability writes the table `{name}`");
        let mut finding =
            Diagnostic::new(codes::UNWRITTEN_TABLE, message, first.text.name.span, "declared here")
                .help("name it in the `writes` of a capability, or take it out");
        if let Some((_, place)) = owners.get(name).and_then(|owners| owners.first()) {
            finding = finding.and(*place, "owned here");
        }
        diagnostics.push(finding);
    }
}
