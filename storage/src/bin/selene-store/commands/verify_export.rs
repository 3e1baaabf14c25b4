//! `selene-store verify-export`: an export, without the store that it came from.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use selene_storage::ExportReport;
use selene_storage::command::ending;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::heads_file::SavedHeads;
use selene_storage::command::output::{self, Format, count, list_faults, number};
use selene_storage::command::saved_heads::{self, HeadsSeen, SavedHeadsArgs};
use serde::Serialize;

use super::file_name;

/// Checks every event, every link between events and every ledger row of an export
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store verify-export export.jsonl
  selene-store verify-export export.jsonl --heads heads.jsonl --public-key public.pem
  gzip -dc acme.jsonl.gz | selene-store verify-export /dev/stdin

Whoever writes a whole export anew can make it whole in itself: only heads that were saved elsewhere show that it is the store's. An
export that begins behind heads needs them to show what it follows. One line is held in memory at a time.

Exit codes: 0 nothing is wrong; 1 something is wrong, and it is listed; 2 a wrong command line; 3 it could not be done.")]
pub struct Args {
    /// The file with the output of `selene-store export`
    export: PathBuf,
    #[command(flatten)]
    saved: SavedHeadsArgs,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Reread<'a> {
    file: String,
    is_intact: bool,
    heads: Option<HeadsSeen>,
    #[serde(flatten)]
    report: &'a ExportReport,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let saved = args.saved.read()?;
    let heads = saved.as_ref().map_or(&[][..], |saved| &saved.heads);
    let file = File::open(file_name(&args.export)?).map_err(Failure::read(&args.export))?;
    let report =
        selene_storage::verify_export(BufReader::new(file), heads).map_err(Failure::read(&args.export))?;
    let printed = match args.format {
        Format::Text => output::print_for_people(&text(&args.export, &report, saved.as_ref())),
        Format::Json => output::print_json(&Reread {
            file: args.export.display().to_string(),
            is_intact: report.is_intact(),
            heads: saved.as_ref().map(HeadsSeen::of),
            report: &report,
        }),
    };
    ending::of_reading(report.is_intact(), printed)
}

fn text(path: &Path, report: &ExportReport, saved: Option<&SavedHeads>) -> String {
    let verdict = match (report.is_intact(), report.faults.is_cut()) {
        (true, _) => "intact".to_owned(),
        (false, false) => format!("NOT INTACT, {}", count(report.faults.len() as u64, "fault")),
        (false, true) => format!("NOT INTACT, more than {}", count(report.faults.len() as u64, "fault")),
    };
    let mut text = format!("{}: {verdict}\n", path.display());
    let _ = writeln!(text, "  chains  {}, {}", count(report.chains, "chain"), count(report.events, "event"));
    let _ = write!(text, "  rows    {} as their events say", count(report.rows, "ledger row"));
    if report.unsealed_rows > 0 {
        let _ = write!(text, "; {} more from before events sealed rows", number(report.unsealed_rows));
    }
    text.push('\n');
    let heads = match saved {
        None => "none given: an export that was written anew, or that ends early, is not found".to_owned(),
        Some(saved) => saved_heads::shown(saved),
    };
    let _ = writeln!(text, "  heads   {heads}");
    if saved.is_some_and(|saved| saved.heads.len() as u64 > report.compared_heads) {
        let _ = writeln!(text, "          {} of them of events that are here", number(report.compared_heads));
    }
    if report.unanchored > 0 {
        let chains = count(report.unanchored, "chain");
        let begin = if report.unanchored == 1 { "begins" } else { "begin" };
        let _ = writeln!(text, "          {chains} {begin} behind an event of which no head was given");
    }
    list_faults(&mut text, &report.faults);
    text
}
