//! `selene-store verify`: every check of a store.

use std::fmt::Write as _;
use std::path::Path;

use selene_storage::{FoldReport, StoreReport};
use serde::Serialize;

use super::Source;
use super::saved_heads::SavedHeadsArgs;
use crate::failure::{Ending, Failure};
use crate::heads_file::SavedHeads;
use crate::output::{self, Format, count, list_faults, number};
use crate::progress::Progress;

/// Checks the chains of events, every row against the event that wrote it, and current rows against their ledgers
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store verify selene.db
  selene-store verify selene.db --heads heads.jsonl      also whether newest events were cut off since then
  selene-store verify selene.db --heads heads.jsonl --public-key public.pem      and heads.jsonl is what was signed
  selene-store verify selene.db --format json | jq '.chains.faults'

The file is opened for reading only, while others write; all of it is seen in one state. It may also lie on a medium that cannot be
written. Memory does not grow with the file. Each check lists the first 1,000 faults.

Exit codes: 0 nothing is wrong; 1 something is wrong, and it is listed; 2 a wrong command line; 3 it could not be done: no such file, no
store, another schema version, locked, heads that cannot be read or were not signed by the key.")]
pub struct Args {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    saved: SavedHeadsArgs,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The result for a tool.
#[derive(Serialize)]
struct Verified<'a> {
    file: String,
    is_intact: bool,
    heads: Option<HeadsSeen>,
    #[serde(flatten)]
    report: &'a StoreReport,
}

#[derive(Serialize)]
struct HeadsSeen {
    heads: usize,
    is_signed: bool,
    is_proven: bool,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let saved = args.saved.read()?;
    let store = args.source.open()?;
    let heads = saved.as_ref().map_or(&[][..], |saved| &saved.heads);
    let mut progress = Progress::new();
    let report = store.verify_watched(heads, |at| progress.tell_check(at));
    drop(progress);
    let report = report.map_err(Failure::store(args.source.path()))?;
    match args.format {
        Format::Text => output::print_for_people(&text(args.source.path(), &report, saved.as_ref()))?,
        Format::Json => output::print_json(&Verified {
            file: args.source.path().display().to_string(),
            is_intact: report.is_intact(),
            heads: saved.as_ref().map(|saved| HeadsSeen {
                heads: saved.heads.len(),
                is_signed: saved.is_signed,
                is_proven: saved.is_proven,
            }),
            report: &report,
        })?,
    }
    Ok(if report.is_intact() { Ending::Done } else { Ending::Wrong })
}

fn text(path: &Path, report: &StoreReport, saved: Option<&SavedHeads>) -> String {
    let mut text = findings(path, report);
    let heads = match saved {
        None => "none given: newest events that were cut off are not found".to_owned(),
        Some(SavedHeads { heads, is_proven: true, .. }) => {
            format!("{}, signed by the key", count(heads.len() as u64, "saved head"))
        }
        Some(SavedHeads { heads, is_signed: true, .. }) => format!(
            "{}; their signature was not looked at: give --public-key",
            count(heads.len() as u64, "saved head")
        ),
        Some(SavedHeads { heads, .. }) => format!("{}, not signed", count(heads.len() as u64, "saved head")),
    };
    let _ = writeln!(text, "  heads   {heads}");
    text
}

/// What the checks found, for people.
pub(super) fn findings(path: &Path, report: &StoreReport) -> String {
    let (chains, rows) = (&report.chains, &report.rows);
    let mut text = String::new();
    let all = chains.faults.len() + rows.faults.len() + report.folds.as_ref().map_or(0, |f| f.faults.len());
    let is_cut = chains.faults.is_cut()
        || rows.faults.is_cut()
        || report.folds.as_ref().is_some_and(|folds| folds.faults.is_cut());
    let verdict = match (report.is_intact(), is_cut) {
        (true, _) => "intact".to_owned(),
        (false, false) => format!("NOT INTACT, {}", count(all as u64, "fault")),
        (false, true) => format!("NOT INTACT, more than {}", count(all as u64, "fault")),
    };
    let _ = writeln!(text, "{}: {verdict}", path.display());
    let _ = writeln!(text, "  chains  {}, {}", count(chains.chains, "chain"), count(chains.events, "event"));
    list_faults(&mut text, &chains.faults);
    let _ =
        write!(text, "  rows    {} of {} as their events say", number(rows.sealed), count(rows.rows, "row"));
    if rows.unsealed > 0 {
        let _ = write!(text, "; {} from before events sealed rows", number(rows.unsealed));
    }
    text.push('\n');
    list_faults(&mut text, &rows.faults);
    match &report.folds {
        Some(folds) => push_folds(&mut text, folds),
        None => text.push_str("  folds   not checked: a row above holds a value that cannot be read\n"),
    }
    text
}

fn push_folds(text: &mut String, folds: &FoldReport) {
    let (rows, ledger) = (count(folds.rows, "current row"), count(folds.ledger_rows, "ledger row"));
    let _ = writeln!(text, "  folds   {rows} against {ledger}");
    list_faults(text, &folds.faults);
    if !folds.not_covered.is_empty() {
        let _ = writeln!(text, "          held against nothing: {}", folds.not_covered.join(", "));
    }
}
