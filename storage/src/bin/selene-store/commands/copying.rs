//! What a backup and a restore share: a copy that is checked before it has a name.

use std::path::{Path, PathBuf};

use selene_storage::command::ending;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::output::{self, Format, bytes};
use selene_storage::command::progress::Progress;
use selene_storage::command::report;
use selene_storage::command::saved_heads::SavedHeadsArgs;
use selene_storage::upkeep::{self, CopyCheck};
use serde::Serialize;

use super::{FileSource, file_name};

/// The command line of a copy.
#[derive(Debug, clap::Args)]
pub struct CopyArgs {
    #[command(flatten)]
    source: FileSource,
    /// The new database file
    to: PathBuf,
    #[command(flatten)]
    saved: SavedHeadsArgs,
    /// Give the copy its name also where the checks found something wrong
    #[arg(long)]
    even_if_damaged: bool,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct CopyReport<'a> {
    from: String,
    to: String,
    is_kept: bool,
    is_intact: bool,
    bytes: u64,
    schema_version: i32,
    checks: &'a CopyCheck,
}

impl CopyArgs {
    /// Makes the copy. `noun` is what the result calls it.
    pub(super) fn run(&self, noun: &str) -> Result<Ending, Failure> {
        let (from, to, options) = (self.source.path()?, file_name(&self.to)?, self.source.options());
        let saved = self.saved.read()?;
        let heads = saved.as_ref().map_or(&[][..], |saved| &saved.heads);
        let mut progress = Progress::begin();
        let copy =
            upkeep::copy(from, to, &options, |at| progress.show_copy(at)).map_err(Failure::upkeep(from))?;
        let checked = copy.verify(heads, &options, |at| progress.show_check(at));
        drop(progress);
        let checks = checked.map_err(Failure::upkeep(to))?;
        let is_intact = checks.is_intact();
        let is_kept = is_intact || self.even_if_damaged;
        let report = CopyReport {
            from: from.display().to_string(),
            to: to.display().to_string(),
            is_kept,
            is_intact,
            bytes: copy.bytes(),
            schema_version: copy.schema_version(),
            checks: &checks,
        };
        if is_kept {
            copy.keep().map_err(Failure::upkeep(to))?;
        } else {
            drop(copy);
        }
        let printed = match self.format {
            Format::Json => output::print_json(&report),
            Format::Text => output::print_for_people(&report.text(noun, from)),
        };
        Ok(ending::of_work(is_intact, printed))
    }
}

impl CopyReport<'_> {
    fn text(&self, noun: &str, source: &Path) -> String {
        let Self { from, to, .. } = self;
        let done = match (self.is_kept, self.is_intact) {
            (true, true) => format!("{to}: {noun} of {from}, {}\n", bytes(self.bytes)),
            (true, false) => format!("{to}: {noun} of {from}, in which something is wrong\n"),
            (false, _) => format!("{to}: no {noun} was made, because something is wrong with {from}\n"),
        };
        let found = match self.checks {
            CopyCheck::Store(report) => report::findings(&source.display(), report),
            CopyCheck::Pages(faults) if faults.is_empty() => format!(
                "  pages   as SQLite needs them; chains and rows were not checked, because the schema version is {}\n",
                self.schema_version
            ),
            CopyCheck::Pages(faults) => format!("    - {}\n", faults.join("\n    - ")),
            _ => String::new(),
        };
        done + &found
    }
}
