//! What a backup and a restore share: a copy that is checked before it has a name.

use std::path::Path;

use selene_storage::StoreOptions;
use selene_storage::upkeep::{self, CopyCheck};
use serde::Serialize;

use super::verify;
use crate::failure::{Ending, Failure};
use crate::heads_file::SavedHeads;
use crate::output::{self, Format, bytes};
use crate::progress::Progress;

/// A copy that is wanted.
pub(super) struct Copying<'a> {
    pub(super) from: &'a Path,
    pub(super) to: &'a Path,
    pub(super) options: &'a StoreOptions,
    pub(super) saved: Option<&'a SavedHeads>,
    /// Whether it gets its name also where something is wrong.
    pub(super) is_kept_anyway: bool,
    pub(super) told: Told,
}

/// How the result is told.
pub(super) struct Told {
    /// What the copy is called.
    pub(super) noun: &'static str,
    pub(super) format: Format,
}

#[derive(Serialize)]
struct Copied<'a> {
    from: String,
    to: String,
    is_kept: bool,
    is_intact: bool,
    bytes: u64,
    schema_version: i32,
    checks: &'a CopyCheck,
}

pub(super) fn run(wanted: &Copying<'_>) -> Result<Ending, Failure> {
    let heads = wanted.saved.map_or(&[][..], |saved| &saved.heads);
    let mut progress = Progress::new();
    let copy = upkeep::copy(wanted.from, wanted.to, wanted.options, |at| progress.tell_copy(at))
        .map_err(Failure::upkeep(wanted.from))?;
    let checked = copy.verify(heads, wanted.options, |at| progress.tell_check(at));
    drop(progress);
    let checks = checked.map_err(Failure::upkeep(wanted.to))?;
    let is_intact = checks.is_intact();
    let is_kept = is_intact || wanted.is_kept_anyway;
    let told = Copied {
        from: wanted.from.display().to_string(),
        to: wanted.to.display().to_string(),
        is_kept,
        is_intact,
        bytes: copy.bytes(),
        schema_version: copy.schema_version(),
        checks: &checks,
    };
    if is_kept {
        copy.keep().map_err(Failure::upkeep(wanted.to))?;
    } else {
        drop(copy);
    }
    match wanted.told.format {
        Format::Json => output::print_json(&told)?,
        Format::Text => output::print_for_people(&text(wanted, &told))?,
    }
    Ok(if is_intact { Ending::Done } else { Ending::Wrong })
}

fn text(wanted: &Copying<'_>, told: &Copied<'_>) -> String {
    let noun = wanted.told.noun;
    let done = match (told.is_kept, told.is_intact) {
        (true, true) => format!("{}: {noun} of {}, {}\n", told.to, told.from, bytes(told.bytes)),
        (true, false) => format!("{}: {noun} of {}, in which something is wrong\n", told.to, told.from),
        (false, _) => {
            format!("{}: no {noun} was made, because something is wrong with {}\n", told.to, told.from)
        }
    };
    let found = match told.checks {
        CopyCheck::Store(report) => verify::findings(wanted.from, report),
        CopyCheck::Pages(faults) if faults.is_empty() => format!(
            "  pages   as SQLite needs them; chains and rows were not checked, because the schema version is {}\n",
            told.schema_version
        ),
        CopyCheck::Pages(faults) => format!("    - {}\n", faults.join("\n    - ")),
        _ => String::new(),
    };
    done + &found
}
