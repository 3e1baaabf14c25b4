//! State machines: a picture, and every move in words.

use maud::{Markup, html};

use super::super::graph::svg;
use super::super::machine::Machine;
use super::super::page::{Book, Page};
use super::super::{hrefs, pictures};
use super::parts::At;

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
        page = page.with(&hrefs::slug(&machine.table), &machine.title, whole(at, machine));
    }
    page
}

/// The machines of an engine, as pictures.
pub(super) fn of_engine(at: At<'_>, engine: &str) -> Markup {
    let own = at.book.subject.machines.iter().filter(|machine| machine.engine == engine);
    html! {
        @for machine in own {
            h3 { (at.link(&hrefs::machine(&machine.table), &machine.title)) }
            (picture(machine))
        }
    }
}

/// The machines of a table, as pictures.
pub(super) fn of_table(at: At<'_>, table: &str) -> Markup {
    let own = at.book.subject.machines.iter().filter(|machine| machine.table == table);
    html! {
        @for machine in own {
            (picture(machine))
            p { (at.link(&hrefs::machine(&machine.table), "Every move in words")) }
        }
    }
}

fn picture(machine: &Machine) -> Markup {
    html! {
        div.picture tabindex="0" role="region" aria-label=(machine.title) { (svg(&pictures::of_machine(machine))) }
    }
}

fn whole(at: At<'_>, machine: &Machine) -> Markup {
    html! {
        p {
            code { (machine.column) } " of " (at.table(&machine.table)) ", by " (at.link(&hrefs::engine(&machine.engine), &machine.engine))
            ". The rules: " code { (machine.source) } "."
        }
        (picture(machine))
        div.scroll tabindex="0" role="region" aria-label="Moves" {
            table.list {
                thead { tr { th { "Before" } th { "Call" } th { "Condition" } th { "After" } th { "Reason" } } }
                tbody {
                    @for one in &machine.moves {
                        tr {
                            td { @match &one.from { Some(from) => code { (from) }, None => span.small { "no row" } } }
                            td { (at.code_link(&hrefs::capability(&one.call), &one.call)) }
                            td { (one.when) }
                            td { @match &one.to { Some(to) => code { (to) }, None => span.mark.bad { "refused" } } }
                            td { @if !one.reason.is_empty() { (at.reason(&one.reason)) } }
                        }
                    }
                }
            }
        }
    }
}
