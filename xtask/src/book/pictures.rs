//! What the pictures show: tables with their keys and references, states with their moves.

use std::collections::BTreeSet;

use selene_codegen::contract::{Contract, ForeignKey, Table};
use selene_codegen::naming::without_schema;

use super::graph::{Edge, Graph, Look, Node};
use super::hrefs;
use super::machine::Machine;
use super::page::Book;

/// The tables of all engines; none where there are none.
pub(super) fn all(book: &Book<'_>) -> Option<Graph> {
    let names: Vec<&str> = tables(book).into_iter().map(|(_, table)| without_schema(&table.name)).collect();
    let wanted: BTreeSet<&str> = names.iter().copied().collect();
    graph(book, "Entities of all engines", &wanted, &wanted, "")
}

/// The tables of one engine, and those that they are joined with.
pub(super) fn of_engine(book: &Book<'_>, contract: &Contract, root: &str) -> Option<Graph> {
    let own: BTreeSet<&str> = contract.tables.iter().map(|table| without_schema(&table.name)).collect();
    let mut wanted = own.clone();
    for (from, to) in references(book) {
        if own.contains(from) {
            wanted.insert(to);
        }
    }
    graph(book, &format!("Entities of {}", contract.engine.id), &wanted, &own, root)
}

fn graph(
    book: &Book<'_>,
    title: &str,
    wanted: &BTreeSet<&str>,
    own: &BTreeSet<&str>,
    root: &str,
) -> Option<Graph> {
    let nodes: Vec<Node> = tables(book)
        .into_iter()
        .filter(|(_, table)| wanted.contains(without_schema(&table.name)))
        .map(|(hue, table)| {
            let bare = without_schema(&table.name);
            let keys = table.primary_key.iter().map(|column| format!("◆ {column}"));
            Node {
                id: bare.to_owned(),
                lines: std::iter::once(bare.to_owned()).chain(keys).collect(),
                href: Some(format!("{root}{}", hrefs::table(bare))),
                look: if own.contains(bare) { Look::Plain } else { Look::Faint },
                hue,
            }
        })
        .collect();
    // What is named lies left of what names it.
    let is_shown =
        |(from, to): &(&str, &str)| wanted.contains(from) && wanted.contains(to) && own.contains(from);
    let edges = references(book).into_iter().filter(is_shown).map(|(from, to)| Edge {
        from: to.to_owned(),
        to: from.to_owned(),
        label: String::new(),
    });
    let edges = edges.collect();
    (!nodes.is_empty()).then(|| Graph { title: title.to_owned(), nodes, edges, is_reversed: true })
}

/// Every table once, with the number of the engine that lists its columns, else of the first that has it.
fn tables<'a>(book: &Book<'a>) -> Vec<(usize, &'a Table)> {
    let all = || {
        let contracts = book.contracts().iter().enumerate();
        contracts.flat_map(|(hue, contract)| contract.tables.iter().map(move |table| (hue, table)))
    };
    let mut found: Vec<(usize, &Table)> = Vec::new();
    for (hue, table) in all().filter(|(_, table)| !table.columns.is_empty()).chain(all()) {
        let bare = without_schema(&table.name);
        if !found.iter().any(|(_, known)| without_schema(&known.name) == bare) {
            found.push((hue, table));
        }
    }
    found
}

/// Which table names rows of which, each pair once.
fn references<'a>(book: &Book<'a>) -> BTreeSet<(&'a str, &'a str)> {
    let keys = book.contracts().iter().flat_map(|contract| &contract.relations.foreign_keys);
    let table = |place: &'a str| place.rsplit_once('.').map(|(table, _)| without_schema(table));
    let pair = |key: &'a ForeignKey| Some((table(&key.from)?, table(&key.to)?));
    keys.filter_map(pair).collect()
}

/// The states of a machine, which lead to where they are described. What refuses a call moves nothing, and stands in words only.
pub(super) fn of_machine(machine: &Machine, href: Option<&str>) -> Graph {
    let is_left = |state: &str| {
        machine
            .moves
            .iter()
            .any(|one| one.from.as_deref() == Some(state) && one.to.as_deref().is_some_and(|to| to != state))
    };
    let is_start =
        |state: &str| machine.moves.iter().any(|one| one.from.is_none() && one.to.as_deref() == Some(state));
    let is_reached = |state: &str| machine.moves.iter().any(|one| one.to.as_deref() == Some(state));
    let mut nodes: Vec<Node> = machine
        .states
        .iter()
        .map(|state| Node {
            id: state.clone(),
            lines: if is_reached(state) {
                vec![state.clone()]
            } else {
                vec![state.clone(), "no call leads here".to_owned()]
            },
            href: href.map(str::to_owned),
            look: match (is_start(state), is_left(state), is_reached(state)) {
                (true, ..) => Look::Start,
                (_, _, false) => Look::Faint,
                (_, false, _) => Look::End,
                _ => Look::Plain,
            },
            hue: 0,
        })
        .collect();
    nodes.sort_by_key(|node| !is_start(&node.id));
    let edges = machine.moves.iter().filter_map(|one| {
        let (from, to) = (one.from.clone()?, one.to.clone()?);
        Some(Edge { from, to, label: short(machine, &one.call, &one.when) })
    });
    Graph { title: machine.title.clone(), nodes, edges: edges.collect(), is_reversed: false }
}

/// `sample: too late` of `PH1W_ENROLL_SAMPLE_COMMIT_ROW`, where every call of the machine is one of an `ENROLL`.
fn short(machine: &Machine, call: &str, when: &str) -> String {
    let words = |call: &'_ str| -> Vec<String> {
        let words = call.split('_').skip(1).filter(|word| !["COMMIT", "ROW", "DRAFT"].contains(word));
        words.map(str::to_lowercase).collect()
    };
    let own = words(call);
    let is_common = machine.moves.iter().all(|one| {
        let other = words(&one.call);
        other.len() > 1 && other.first() == own.first()
    });
    let call = own[usize::from(is_common)..].join(" ");
    if when.is_empty() { call } else { format!("{call}: {when}") }
}
