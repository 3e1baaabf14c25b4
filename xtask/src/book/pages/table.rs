//! A table: columns, keys, locks, who writes and reads it, what keeps its sentences.

use maud::{Markup, html};
use selene_codegen::contract::{Contract, Field, Table, TruthType};
use selene_codegen::naming::{module_name, without_schema};

use super::super::hrefs;
use super::super::page::{Book, Page};
use super::super::places::tables;
use super::parts::{At, Fields, words};
use super::{machines, proof};
use crate::coverage::item::Kind;

/// A page for every table, by the first contract that lists its columns, else the first that has it.
pub(super) fn pages(book: &Book<'_>) -> Vec<Page> {
    tables(book.contracts()).into_iter().map(|(contract, table)| page(book, contract, table)).collect()
}

/// Whether rows change, as a mark.
pub(super) fn truth(truth: TruthType) -> Markup {
    match truth {
        TruthType::Ledger => html! { span.mark.ledger { "ledger" } },
        TruthType::Current => html! { span.mark.current { "current" } },
    }
}

fn page(book: &Book<'_>, contract: &Contract, table: &Table) -> Page {
    let bare = without_schema(&table.name);
    let path = hrefs::table(bare);
    let at = At::new(book, &path);
    let lead = html! {
        p.marks { (truth(table.truth_type)) }
        p.lead { (match table.truth_type {
            TruthType::Ledger => "Rows are appended, and never changed or removed.",
            TruthType::Current => "Rows hold the newest state and are updated.",
        }) }
    };
    let machine = book
        .subject
        .machines
        .iter()
        .any(|machine| machine.table == bare)
        .then(|| machines::of_table(at, bare));
    Page::new(path.clone(), bare, "tables", lead)
        .above(&contract.engine.id, Some(hrefs::engine(&contract.engine.id)))
        .above("table", None)
        .with("columns", "Columns", columns(at, contract, table))
        .with("keys", "Keys and locks", keys(at, contract, table))
        .with_some("references", "References", references(at, bare))
        .with_some("machine", "States", machine)
        .with_some("invariants", "What its rows keep", invariants(at, contract, table))
        .with("use", "Who uses it", used(at, bare))
        .with_some("lines", "From the specs", at.lines(&book.links.lines_of_page(&path)))
}

fn columns(at: At<'_>, contract: &Contract, table: &Table) -> Markup {
    let module = module_name(&contract.engine.id);
    let fields = Fields {
        at,
        contract: Some(contract),
        module: &module,
        anchor: "column.",
        base: vec!["tables", &table.name, "columns"],
    };
    let is_key = |field: &Field| table.primary_key.contains(&field.name);
    html! {
        @if table.columns.is_empty() { p { "No DB wiring lists them." } }
        @else { (fields.table(&table.columns, &|field| html! { @if is_key(field) { " " span.mark.key { "key" } } })) }
        @if !table.private.is_empty() {
            p { "Private, in no row that anybody reads: " @for one in &table.private { code { (one.column.name) } " " } }
        }
    }
}

fn keys(at: At<'_>, contract: &Contract, table: &Table) -> Markup {
    let bare = without_schema(&table.name);
    let tuple = |columns: &[String]| html! { code { "(" (columns.join(", ")) ")" } };
    let fixed: Vec<String> = table.constraints.iter().flat_map(|one| one.fixed.iter().cloned()).collect();
    let once: Vec<String> = table.constraints.iter().flat_map(|one| one.set_once.iter().cloned()).collect();
    let module = module_name(&contract.engine.id);
    let line = |rest: &[&str]| {
        let line = at.book.links.line(&module, &[&["tables", table.name.as_str()][..], rest].concat());
        html! { " " (at.place(line)) }
    };
    let locks = proof::rows(at.book, Kind::LedgerLock, |row| row.name == bare);
    html! {
        dl.facts {
            dt { "Primary key" } dd { (tuple(&table.primary_key)) (line(&["primary_key"])) }
            @for key in &table.unique_keys { dt { "Unique" } dd { (tuple(key)) (line(&["unique_keys"])) } }
            @for one in table.constraints.iter().filter_map(|one| one.unique_where.as_ref()) {
                dt { "Unique where" } dd { (tuple(&one.columns)) @if let Some(condition) = &one.condition { " " code { (condition) } } }
            }
            @for one in &table.indices {
                dt { "Index" }
                dd { (tuple(&one.columns)) @if let Some(condition) = &one.condition { " where " code { (condition) } } (line(&["indices", &one.name])) }
            }
            @for one in table.constraints.iter().flat_map(|one| &one.checks) { dt { "Check" } dd { code { (one) } } }
            @if !fixed.is_empty() { dt { "Never change" } dd { (tuple(&fixed)) } }
            @if !once.is_empty() { dt { "Set once" } dd { (tuple(&once)) } }
            @if table.truth_type == TruthType::Ledger {
                dt { "Locks" }
                dd {
                    "No statement changes it; triggers refuse UPDATE and DELETE; the authorizer of the writing connection denies both. "
                    (proof::state(at.book, locks.first().copied()))
                }
            }
        }
    }
}

/// Keys of this table that name others, and of others that name this one.
fn references(at: At<'_>, bare: &str) -> Option<Markup> {
    let is_of = |place: &str| place.rsplit_once('.').is_some_and(|(table, _)| without_schema(table) == bare);
    let all = at.book.contracts().iter().flat_map(|contract| &contract.relations.foreign_keys);
    let mut out: Vec<(&str, &str, Option<&str>)> = all
        .clone()
        .filter(|key| is_of(&key.from))
        .map(|key| (key.from.as_str(), key.to.as_str(), key.note.as_deref()))
        .collect();
    let mut into: Vec<&str> = all.filter(|key| is_of(&key.to)).map(|key| key.from.as_str()).collect();
    out.sort_unstable();
    out.dedup();
    into.sort_unstable();
    into.dedup();
    let linked = |place: &str| {
        let Some((table, column)) = place.rsplit_once('.') else { return html! { code { (place) } } };
        html! { (at.table(table)) "." code { (column) } }
    };
    let lines = |from: &str| {
        let item = at.book.links.places().reference(from);
        html! { @if let Some(places) = item.and_then(|(_, href)| at.places(&href)) { (places) } }
    };
    (!out.is_empty() || !into.is_empty()).then(|| {
        html! {
            ul.plain {
                @for (place, (from, to, note)) in out.iter().enumerate() {
                    @let column = from.rsplit('.').next().unwrap_or(from);
                    @let is_first = !out[..place].iter().any(|(other, ..)| other == from);
                    li id=[is_first.then(|| hrefs::slug(&format!("reference.{column}")))] {
                        code { (column) } " names " (linked(to)) @if let Some(note) = note { " (" (note) ")" } " " (lines(from))
                    }
                }
                @for from in &into { li { (linked(from)) " names a row of it " (lines(from)) } }
            }
        }
    })
}

fn invariants(at: At<'_>, contract: &Contract, table: &Table) -> Option<Markup> {
    let bare = without_schema(&table.name);
    let rows = proof::rows(at.book, Kind::Invariant, |row| row.engine == contract.engine.id);
    (!table.invariants.is_empty()).then(|| {
        html! {
            ul.plain {
                @for (place, text) in table.invariants.iter().enumerate() {
                    @let row = rows.iter().find(|row| row.name == format!("{bare}: {text}")).copied();
                    @let anchor = format!("invariant.{place}");
                    li id=(anchor) {
                        (proof::state(at.book, row)) " " (words(text)) " "
                        @if let Some(places) = at.places(&format!("{}#{anchor}", at.path)) { (places) }
                    }
                }
            }
        }
    })
}

fn used(at: At<'_>, bare: &str) -> Markup {
    let is_it = |name: &String| without_schema(name) == bare;
    let contracts = at.book.contracts();
    let writers: Vec<&str> = contracts
        .iter()
        .flat_map(Contract::served)
        .filter(|one| one.writes.iter().any(is_it))
        .map(|one| one.id.as_str())
        .collect();
    let readers: Vec<(&str, &str)> = contracts
        .iter()
        .flat_map(|contract| contract.reads.iter().map(move |read| (contract, read)))
        .filter(|(_, read)| read.tables.iter().any(is_it))
        .map(|(contract, read)| (contract.engine.id.as_str(), read.title.as_str()))
        .collect();
    let owners: Vec<&str> = contracts
        .iter()
        .filter(|contract| contract.engine.data_owned.iter().any(is_it))
        .map(|contract| contract.engine.id.as_str())
        .collect();
    html! {
        dl.facts {
            dt { "Owned by" }
            dd { @if owners.is_empty() { "nobody states it" } @for (place, id) in owners.iter().enumerate() { @if place > 0 { ", " } (at.link(&hrefs::engine(id), id)) } }
            dt { "Written by" }
            dd { @if writers.is_empty() { "no capability directly" } @else { ul.plain { @for id in &writers { li { (at.code_link(&hrefs::capability(id), id)) } } } } }
            @if !readers.is_empty() {
                dt { "Read by" }
                dd { ul.plain { @for (id, title) in &readers { li { (at.link(&hrefs::engine(id), id)) ": " (words(title)) } } } }
            }
        }
    }
}
