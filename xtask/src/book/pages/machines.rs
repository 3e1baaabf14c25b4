//! State machines: a picture, every move in words, and the lines of the specs that they come from.

use maud::{Markup, html};
use selene_codegen::naming::module_name;

use super::super::links::leaf;
use super::super::machine::{Machine, Move};
use super::super::page::{Book, Page};
use super::super::{hrefs, pictures};
use super::parts::At;
use super::picture::framed;

pub(super) fn page(book: &Book<'_>) -> Page {
    let path = "machines.html";
    let at = At::new(book, path);
    let lead = html! {
        p.lead {
            "What moves a row from one state to another. They are taken from the rules that the store runs: a test writes them down, and fails where \
             the rules have become others."
        }
        @if book.subject.machines.is_empty() { p.note { "None: this workspace has no " code { "storage/machines.json" } "." } }
    };
    let mut page = Page::new(path.to_owned(), "State machines", "machines", lead);
    for machine in book.subject.machines {
        page = page.with_lines(&hrefs::slug(&machine.table), &machine.title, whole(at, machine));
    }
    page
}

/// The machines of an engine, as pictures.
pub(super) fn of_engine(at: At<'_>, engine: &str) -> Markup {
    let own = at.book.subject.machines.iter().filter(|machine| machine.engine == engine);
    html! {
        @for machine in own {
            h3 { (at.link(&hrefs::machine(&machine.table), &machine.title)) }
            (picture(at, machine))
        }
    }
}

/// The machines of a table, as pictures.
pub(super) fn of_table(at: At<'_>, table: &str) -> Markup {
    let own = at.book.subject.machines.iter().filter(|machine| machine.table == table);
    html! {
        @for machine in own {
            (picture(at, machine))
            p { (at.link(&hrefs::machine(&machine.table), "Every move in words")) }
        }
    }
}

/// The states of a machine and what moves it from one to another.
fn picture(at: At<'_>, machine: &Machine) -> Markup {
    let href = states_href(at, machine);
    let graph = pictures::of_machine(machine, href.as_deref());
    let words = html! {
        @for state in &machine.states { (words(at, machine, state, href.as_deref())) }
    };
    framed(&graph, &machine.title, &words)
}

/// Where the type of the states is described, as seen from this page.
fn states_href(at: At<'_>, machine: &Machine) -> Option<String> {
    let (contract, _, column) = at.book.links.column_of(machine)?;
    let href = at.book.links.type_href(&module_name(&contract.engine.id), &leaf(&column.ty).to_string())?;
    Some(at.to(&href))
}

/// A state, the calls that begin with it, and where the others lead from it.
fn words(at: At<'_>, machine: &Machine, state: &str, href: Option<&str>) -> Markup {
    let to_it = |one: &&Move| one.from.is_none() && one.to.as_deref() == Some(state);
    let leaves = |one: &&Move| one.from.as_deref() == Some(state) && one.to.is_some();
    let is_reached = machine.moves.iter().any(|one| one.to.as_deref() == Some(state));
    let is_left = machine.moves.iter().any(|one| leaves(&one));
    html! {
        li.hue0 {
            strong { @if let Some(href) = href { a href=(href) { code { (state) } } } @else { code { (state) } } }
            @if !is_reached { p { "no call leads here" } }
            @if !is_left { p { "no call leads on" } }
            @for one in machine.moves.iter().filter(to_it) { p { "begun by " (call(at, one)) } }
            @for one in machine.moves.iter().filter(leaves) {
                p { (call(at, one)) " → " code { (one.to.as_deref().unwrap_or_default()) } }
            }
        }
    }
}

fn call(at: At<'_>, one: &Move) -> Markup {
    html! {
        (at.code_link(&hrefs::capability(&one.call), &one.call))
        @if !one.when.is_empty() { ", " (one.when) }
    }
}

fn whole(at: At<'_>, machine: &Machine) -> Markup {
    html! {
        p {
            code { (machine.column) } " of " (at.table(&machine.table)) ", by " (at.link(&hrefs::engine(&machine.engine), &machine.engine))
            ". The rules: " code { (machine.source) } "."
        }
        @if let Some(lines) = at.lines(&at.book.links.lines_of_states(machine)) { (lines) }
        (picture(at, machine))
        div.scroll tabindex="0" role="region" aria-label="Moves" {
            table.list.moves {
                thead { tr { th { "Before" } th { "Call" } th { "Condition" } th { "After" } th { "Reason" } } }
                tbody { @for one in &machine.moves { (row(at, one)) } }
            }
        }
    }
}

fn row(at: At<'_>, one: &Move) -> Markup {
    html! {
        tr {
            td { @match &one.from { Some(from) => code { (from) }, None => span.small { "no row" } } }
            td {
                (at.code_link(&hrefs::capability(&one.call), &one.call))
                p.small { (at.place(at.book.links.line_of_call(&one.call))) }
            }
            td { (one.when) }
            td { @match &one.to { Some(to) => code { (to) }, None => span.mark.bad { "refused" } } }
            td { @if !one.reason.is_empty() { (at.reason(&one.reason)) } }
        }
    }
}
