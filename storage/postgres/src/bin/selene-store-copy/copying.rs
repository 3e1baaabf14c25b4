//! Making the copy, and reporting the result.

use std::fmt::Write as _;
use std::time::Duration;

use selene_storage::StoreReport;
use selene_storage::command::output::{self, Format, count, list_faults, number};
use selene_storage::command::progress::Progress;
use selene_storage_postgres::copy::{self, CopiedRows, CopyOptions, CopyProgress, CopyReport};
use serde_json::json;

use crate::cli::Args;
use crate::failure::{CopyPlaces, Failure};
use crate::place::Place;

/// Makes the copy; says whether nothing is wrong with it.
pub fn run(args: &Args) -> Result<bool, Failure> {
    let password = std::env::var_os("PGPASSWORD");
    let place = |word| Place::of(word, password.as_ref());
    let places = CopyPlaces { from: place(&args.from), to: place(&args.to) };
    let mut options = CopyOptions::default();
    options.role.clone_from(&args.role);
    options.busy_timeout = Duration::from_secs(args.wait.into());
    let mut progress = Progress::begin();
    let mut on_progress = |at: CopyProgress| match at {
        CopyProgress::Rows(at) => {
            progress.show_part("copying", "rows", at.rows, Some(at.total));
        }
        CopyProgress::Checks(at) => progress.show_check(at),
        _ => {}
    };
    let copied = match (&places.from, &places.to) {
        (Place::File(from), Place::Server(to)) => copy::to_server(from, to, &options, &mut on_progress),
        (Place::Server(_), Place::File(_)) if args.role.is_some() => {
            return Err(Failure::RoleOfFile(places.to));
        }
        (Place::Server(from), Place::File(to)) => copy::to_file(from, to, &options, &mut on_progress),
        (Place::File(_), Place::File(_)) => {
            return Err(Failure::TwoFiles { from: places.from, to: places.to });
        }
        (Place::Server(_), Place::Server(_)) => return Err(Failure::TwoServers),
    };
    drop(progress);
    let report =
        copied.map_err(|source| Failure::Copy { place: places.clone(), source: Box::new(source) })?;
    output::report_loss(match args.format {
        Format::Text => output::print_for_people(&text(&places, &report)),
        Format::Json => output::print_json(&document(&places, &report)),
    });
    Ok(report.is_complete())
}

fn rows(report: &CopyReport) -> u64 {
    report.tables.iter().map(CopiedRows::rows).sum()
}

fn found(report: &CopyReport) -> u64 {
    report.tables.iter().map(|table| table.found).sum()
}

fn document(places: &CopyPlaces, report: &CopyReport) -> serde_json::Value {
    let tables: Vec<_> =
        report.tables.iter().map(|table| json!({ "table": table.table, "rows": table.rows() })).collect();
    json!({
        "from": places.from.to_string(),
        "to": places.to.to_string(),
        "is_complete": report.is_complete(),
        "is_continued": report.is_continued,
        "rows": rows(report),
        "rows_from_before": found(report),
        "tables": tables,
        "differing_tables": report.arrival.differing,
        "checks": report.arrival.report,
    })
}

fn text(places: &CopyPlaces, report: &CopyReport) -> String {
    let CopyPlaces { from, to } = places;
    let (arrival, checks) = (&report.arrival, &report.arrival.report);
    let verdict =
        if report.is_complete() { "complete" } else { "NOT COMPLETE, because something is wrong with it" };
    let mut text = format!("{to}: copy of {from}, {verdict}\n");
    let tables = report.tables.iter().filter(|table| table.rows() > 0).count();
    let _ = write!(text, "  rows    {} of {}", number(rows(report)), count(tables as u64, "table"));
    if report.is_continued {
        let _ = write!(text, "; {} had arrived before", number(found(report)));
    }
    text.push('\n');
    for table in &arrival.differing {
        let _ = writeln!(text, "    - {table}: its rows are not those of {from}");
    }
    let (chains, events) = (count(checks.chains.chains, "chain"), count(checks.chains.events, "event"));
    let _ = writeln!(text, "  chains  {chains}, {events}");
    push_faults(&mut text, checks);
    if !report.is_complete() && arrival.differing.is_empty() {
        let _ = writeln!(text, "Every row is as in {from}, so it has these faults as well.");
    }
    text
}

fn push_faults(text: &mut String, checks: &StoreReport) {
    let (chains, rows) = (&checks.chains, &checks.rows);
    list_faults(text, &checks.pages.faults);
    list_faults(text, &chains.faults);
    let _ =
        write!(text, "  checks  {} of {} as their events say", number(rows.sealed), count(rows.rows, "row"));
    if rows.unsealed > 0 {
        let _ = write!(text, "; {} from before events sealed rows", number(rows.unsealed));
    }
    text.push('\n');
    list_faults(text, &rows.faults);
    list_faults(text, &checks.folds.faults);
}
