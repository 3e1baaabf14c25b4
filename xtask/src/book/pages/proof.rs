//! What tests saw, as `coverage` takes it from the record of the last run.

use maud::{Markup, html};
use selene_codegen::contract::AcceptanceTest;

use super::super::page::Book;
use crate::coverage::item::Kind;
use crate::coverage::report::{Row, State};

/// The rows of one kind that are wanted.
pub(super) fn rows<'a>(book: &Book<'a>, kind: Kind, is_wanted: impl Fn(&Row) -> bool) -> Vec<&'a Row> {
    let rows = book.subject.report.into_iter().flat_map(|report| &report.rows);
    rows.filter(|row| row.kind == kind && is_wanted(row)).collect()
}

/// The row of an entry among the tests of an engine: a test that several functions prove has a row for each, in their order.
pub(super) fn of_test<'a>(rows: &[&'a Row], tests: &[AcceptanceTest], place: usize) -> Option<&'a Row> {
    let id = &tests[place].id;
    let before = tests[..place].iter().filter(|test| test.id == *id).count();
    rows.iter().filter(|row| row.name == *id).nth(before).copied()
}

/// Whether tests left a record.
pub(super) fn has_record(book: &Book<'_>) -> bool {
    book.subject.report.is_some_and(|report| report.records > 0)
}

/// What to say where there is none.
pub(super) fn note(book: &Book<'_>) -> Option<Markup> {
    (!has_record(book)).then(|| {
        html! {
            p.note {
                "No record of a run: " code { "cargo test -p selene-acceptance" }
                " makes it, and the next book says what the tests saw."
            }
        }
    })
}

/// A state as a mark. Without a record nothing is known of what tests saw, and the mark says so.
pub(super) fn state(book: &Book<'_>, row: Option<&Row>) -> Markup {
    let Some(row) = row else { return html! { span.mark.unknown { "no record" } } };
    let is_of_tests = matches!(row.state, State::Tested | State::Implemented | State::Stale | State::Excused);
    if is_of_tests && !has_record(book) {
        return html! { span.mark.unknown { "no record" } };
    }
    let class = match row.state {
        State::Tested => "mark good",
        State::Failed | State::Missing => "mark bad",
        State::Skeleton | State::Stale | State::Implemented => "mark warn",
        State::Excused | State::Planned | State::Retired => "mark unknown",
    };
    html! { span class=(class) { (row.state.as_str()) } }
}

/// The tests that saw something, each once, at most a handful.
pub(super) fn tests(row: &Row) -> Markup {
    const SHOWN: usize = 6;
    let mut functions: Vec<&str> = row.tests.iter().map(|proof| proof.function.as_str()).collect();
    functions.dedup();
    let more = functions.len().saturating_sub(SHOWN);
    html! {
        @for (place, function) in functions.iter().take(SHOWN).enumerate() {
            @if place > 0 { ", " }
            code { (function) }
        }
        @if more > 0 { " and " (more) " more" }
        @if let Some(reason) = &row.reason { (reason) }
    }
}
