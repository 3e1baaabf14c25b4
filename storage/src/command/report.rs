//! What the checks of a store found, for people and for tools: of a file, and of a database on a server.
//!
//! What must not live here: where a store lies, and running its checks.

use std::fmt::{Display, Write as _};

use serde::Serialize;

use crate::check::{FoldReport, StoreReport};
use crate::command::failure::Failure;
use crate::command::heads_file::SavedHeads;
use crate::command::output::{self, Format, count, list_faults, number};
use crate::command::saved_heads::{self, HeadsSeen};

/// The result for a tool.
#[derive(Serialize)]
struct Verified<'a> {
    file: String,
    is_intact: bool,
    heads: Option<HeadsSeen>,
    #[serde(flatten)]
    report: &'a StoreReport,
}

/// Writes what was found in a store, against saved heads where there were some.
pub fn print(
    place: &dyn Display,
    report: &StoreReport,
    saved: Option<&SavedHeads>,
    format: Format,
) -> Result<(), Failure> {
    match format {
        Format::Text => output::print_for_people(&text(place, report, saved)),
        Format::Json => output::print_json(&Verified {
            file: place.to_string(),
            is_intact: report.is_intact(),
            heads: saved.map(HeadsSeen::of),
            report,
        }),
    }
}

fn text(place: &dyn Display, report: &StoreReport, saved: Option<&SavedHeads>) -> String {
    let mut text = findings(place, report);
    let heads = match saved {
        None => "none given: newest events that were cut off are not found".to_owned(),
        Some(saved) => saved_heads::shown(saved),
    };
    let _ = writeln!(text, "  heads   {heads}");
    text
}

/// What the checks found, for people.
pub fn findings(place: &dyn Display, report: &StoreReport) -> String {
    let (chains, rows) = (&report.chains, &report.rows);
    let mut text = String::new();
    let folds = &report.folds;
    let pages = &report.pages;
    let all = pages.faults.len() + chains.faults.len() + rows.faults.len() + folds.faults.len();
    let is_cut =
        pages.faults.is_cut() || chains.faults.is_cut() || rows.faults.is_cut() || folds.faults.is_cut();
    let verdict = match (report.is_intact(), is_cut) {
        (true, _) => "intact".to_owned(),
        (false, false) => format!("NOT INTACT, {}", count(all as u64, "fault")),
        (false, true) => format!("NOT INTACT, more than {}", count(all as u64, "fault")),
    };
    let _ = writeln!(text, "{place}: {verdict}");
    if pages.is_checked {
        let found = if pages.is_intact() {
            "as SQLite needs them, and indices too"
        } else {
            "not as SQLite needs them"
        };
        let _ = writeln!(text, "  pages   {found}");
        list_faults(&mut text, &pages.faults);
    }
    let _ = writeln!(text, "  chains  {}, {}", count(chains.chains, "chain"), count(chains.events, "event"));
    list_faults(&mut text, &chains.faults);
    let _ =
        write!(text, "  rows    {} of {} as their events say", number(rows.sealed), count(rows.rows, "row"));
    if rows.unsealed > 0 {
        let _ = write!(text, "; {} from before events sealed rows", number(rows.unsealed));
    }
    text.push('\n');
    list_faults(&mut text, &rows.faults);
    push_folds(&mut text, folds);
    text
}

fn push_folds(text: &mut String, folds: &FoldReport) {
    let (rows, ledger) = (count(folds.rows, "current row"), count(folds.ledger_rows, "ledger row"));
    let _ = writeln!(text, "  folds   {rows} against {ledger}");
    list_faults(text, &folds.faults);
    if !folds.not_covered.is_empty() {
        let _ = writeln!(text, "          compared with nothing: {}", folds.not_covered.join(", "));
    }
}
