//! An engine: what it is for, its picture, its capabilities, tables, codes, tests, and what its specs say beside them.

use maud::{Markup, html};
use selene_codegen::contract::{Contract, ReadDependency};
use selene_codegen::naming::without_schema;

use super::super::page::{Book, Page};
use super::super::{hrefs, pictures};
use super::parts::{At, capabilities, words};
use super::{entities, machines, proof, table};
use crate::coverage::item::Kind;

pub(super) fn page(book: &Book<'_>, contract: &Contract) -> Page {
    let id = contract.engine.id.as_str();
    let path = hrefs::engine(id);
    let at = At::new(book, &path);
    let picture = pictures::of_engine(book, contract, &at.to("")).map(|graph| {
        html! {
            p { "Its tables, and those of other engines (dashed) that they refer to." }
            (entities::shown(&graph, "Entities"))
        }
    });
    let has_machines = book.subject.machines.iter().any(|machine| machine.engine == id);
    let relations = &contract.relations;
    let moves = has_machines.then(|| machines::of_engine(at, id));
    Page::new(path.clone(), id, "overview", lead(contract))
        .above("Engines", Some("index.html#engines".to_owned()))
        .with_some("entities", "Entities", picture)
        .with("capabilities", "Capabilities", capabilities(at, contract))
        .with_some("machines", "State machines", moves)
        .with_some("tables", "Tables", tables(at, contract))
        .with_some("codes", "Reason codes", codes(at, contract))
        .with_some("refusals", "Refusals", refusals(at, contract))
        .with_some("tests", "Acceptance tests", tests(at, contract))
        .with_some("reads", "What it reads of others", reads(at, &contract.reads))
        .with_some("unique", "Keys, in the words of the specs", sentences(at, "unique", &relations.unique))
        .with_some(
            "constraint",
            "Constraints, in the words of the specs",
            sentences(at, "constraint", &relations.constraints),
        )
        .with_some(
            "failure",
            "Failures, in the words of the specs",
            sentences(at, "failure", &contract.failure_rules),
        )
        .with_some("audit", "Audit, in the words of the specs", sentences(at, "audit", &contract.audit_rules))
        .with_some("lines", "From the specs", at.lines(&book.links.lines_of_page(&path)))
}

fn lead(contract: &Contract) -> Markup {
    let engine = &contract.engine;
    html! {
        p.lead { (words(&engine.purpose)) }
        dl.facts {
            @if let Some(repo) = &engine.repo_trait { dt { "Trait" } dd { code { (repo) } } }
            dt { "Version" } dd { (engine.version) }
            dt { "Status" } dd { (engine.status) }
            @if !engine.missing.is_empty() {
                dt { "Missing" }
                dd { @for kind in &engine.missing { code { (kind.as_str()) } " " } }
            }
        }
    }
}

fn tables(at: At<'_>, contract: &Contract) -> Option<Markup> {
    (!contract.tables.is_empty()).then(|| {
        html! {
            ul.plain {
                @for one in &contract.tables {
                    li {
                        (at.code_link(&hrefs::table(&one.name), without_schema(&one.name))) " " (table::truth(one.truth_type))
                        @if one.columns.is_empty() { " " span.small { "its columns are listed by another engine" } }
                    }
                }
            }
        }
    })
}

fn codes(at: At<'_>, contract: &Contract) -> Option<Markup> {
    (!contract.reason_codes.is_empty()).then(|| {
        html! {
            div.scroll tabindex="0" role="region" aria-label="Reason codes" {
                table.list {
                    thead { tr { th { "Code" } th { "Class" } th { "Meaning" } } }
                    tbody {
                        @for code in &contract.reason_codes {
                            tr {
                                th scope="row" { (at.reason(&code.name)) }
                                td { (code.class.as_str()) @if code.retired { " " span.mark.unknown { "retired" } } }
                                td { (words(&code.meaning)) }
                            }
                        }
                    }
                }
            }
        }
    })
}

fn refusals(at: At<'_>, contract: &Contract) -> Option<Markup> {
    (!contract.refusals.is_empty()).then(|| {
        html! {
            dl.facts {
                @for (class, code) in &contract.refusals {
                    dt { (class.as_str().replace('_', " ")) }
                    dd { (at.reason(&code.name)) @if code.engine != contract.engine.id { " " span.small { "of " (code.engine) } } }
                }
            }
        }
    })
}

fn tests(at: At<'_>, contract: &Contract) -> Option<Markup> {
    let id = contract.engine.id.as_str();
    (!contract.acceptance_tests.is_empty()).then(|| {
        let rows = proof::rows(at.book, Kind::AcceptanceTest, |row| row.engine == id);
        html! {
            @if let Some(note) = proof::note(at.book) { (note) }
            ul.plain {
                @for (place, test) in contract.acceptance_tests.iter().enumerate() {
                    @let row = proof::of_test(&rows, &contract.acceptance_tests, place);
                    li { (proof::state(at.book, row)) " " (at.code_link(&format!("tests.html#{}", hrefs::test_entry(&contract.acceptance_tests, place)), &test.id)) " " (words(&test.title)) }
                }
            }
        }
    })
}

fn reads(at: At<'_>, reads: &[ReadDependency]) -> Option<Markup> {
    (!reads.is_empty()).then(|| {
        html! {
            ul {
                @for (place, read) in reads.iter().enumerate() {
                    @let anchor = format!("read.{place}");
                    li id=(anchor) {
                        (words(&read.title))
                        @for table in &read.tables { " " (at.table(table)) }
                        @if !read.required_indices.is_empty() {
                            p.small { "Indices: " @for index in &read.required_indices { code { (index) } " " } }
                        }
                        " " (stated(at, &anchor))
                        @if !read.notes.is_empty() {
                            ul { @for note in &read.notes { li { code { (note.key) } ": " (words(&note.text)) } } }
                        }
                    }
                }
            }
        }
    })
}

/// Sentences of the specs, each with its anchor and the lines that state it.
fn sentences(at: At<'_>, kind: &str, rules: &[String]) -> Option<Markup> {
    (!rules.is_empty()).then(|| {
        html! {
            ul {
                @for (place, rule) in rules.iter().enumerate() {
                    @let anchor = format!("{kind}.{place}");
                    li id=(anchor) { (words(rule)) " " (stated(at, &anchor)) }
                }
            }
        }
    })
}

fn stated(at: At<'_>, anchor: &str) -> Markup {
    html! { @if let Some(places) = at.places(&format!("{}#{anchor}", at.path)) { (places) } }
}
