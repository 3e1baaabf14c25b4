//! `selene-store inspect`: what a file holds.

use std::fmt::Write as _;

use selene_storage::command::ending;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::output::{self, Format, bytes};
use selene_storage::command::shown_contents;
use selene_storage::upkeep::{self, Inspection};
use serde::Serialize;

use super::Source;

/// Shows sizes, rows per table, schema version, oldest and newest event, and settings of a file
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store inspect selene.db
  selene-store inspect selene.db --format json | jq '.tables[] | select(.is_ledger)'
  selene-store inspect 'postgres://selene@db.example.org/selene?sslmode=verify-full'     on a server

The file is opened for reading only, while others write; all of it is seen in one state. Its schema version may be an earlier one than
that of this build. Rows are counted, not checked: `selene-store verify` does that.

The oldest event is the earliest first event of a chain, and the newest event the latest newest event of a chain, by their times. Times
are nanoseconds as the calls gave them. For an address of PostgreSQL the program `selene-store-server` is run.

Exit codes: 0 shown; 2 a wrong command line; 3 it could not be done.")]
pub struct Args {
    #[command(flatten)]
    pub source: Source,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Inspected<'a> {
    file: String,
    #[serde(flatten)]
    inspection: &'a Inspection,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let path = args.source.path();
    let inspection = upkeep::inspect(path, &args.source.options()).map_err(Failure::upkeep(path))?;
    let printed = match args.format {
        Format::Text => output::print_for_people(&format!("{}\n{}", path.display(), text(&inspection))),
        Format::Json => {
            output::print_json(&Inspected { file: path.display().to_string(), inspection: &inspection })
        }
    };
    ending::of_reading(true, printed)
}

fn text(of: &Inspection) -> String {
    let mut text = String::new();
    let version = match of.newest_version - of.schema_version {
        0 => "that of this build".to_owned(),
        _ => format!("this build has {}: `selene-store migrate` brings the file there", of.newest_version),
    };
    let _ = writeln!(text, "  schema    version {}, {version}", of.schema_version);
    let free = of.free_pages * of.page_bytes;
    let _ = writeln!(text, "  size      {}, of which {} hold nothing", bytes(of.file_bytes), bytes(free));
    let _ = writeln!(text, "  log       {}", bytes(of.log_bytes));
    text.push_str(&shown_contents::events(&of.contents));
    let settings: Vec<String> = of.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    let _ = writeln!(text, "  settings  page_size {}, {}\n", of.page_bytes, settings.join(", "));
    text.push_str(&shown_contents::tables(&of.contents, None));
    text
}
