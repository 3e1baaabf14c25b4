//! What the commands do: they open the store, ask the library, and write what it gives.

use std::time::Duration;

use selene_storage::command::ending;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::heads_file::{self, keys};
use selene_storage::command::output;
use selene_storage::command::progress::Progress;
use selene_storage::command::report;
use selene_storage::command::shown_export;
use selene_storage_postgres::{PostgresOptions, PostgresStore};

use crate::cli::{ExportArgs, HeadsArgs, Source, TrailArgs, VerifyArgs};
use crate::place::Place;
use crate::refused::Refused;

/// Runs every check of a store.
pub fn verify(args: &VerifyArgs) -> Result<Ending, Refused> {
    let saved = args.saved.read()?;
    let (store, place) = open(&args.source)?;
    let heads = saved.as_ref().map_or(&[][..], |saved| &saved.heads);
    let mut progress = Progress::begin();
    let report = store.verify_watched(heads, |at| progress.show_check(at));
    drop(progress);
    let report = report.map_err(|source| Refused::Store { place: place.clone(), source })?;
    let printed = report::print(&place, &report, saved.as_ref(), args.format);
    Ok(ending::of_reading(report.is_intact(), printed)?)
}

/// Writes the heads of every chain.
pub fn heads(args: &HeadsArgs) -> Result<Ending, Refused> {
    let key = args.sign.as_deref().map(keys::private).transpose()?;
    let (store, place) = open(&args.source)?;
    let heads = match store.chain_heads() {
        Ok(heads) => heads,
        Err(error) => return Refused::not_given(place, error),
    };
    let text = heads_file::write(&heads, key.as_ref()).map_err(|error| Failure::Output(error.into()))?;
    output::print(&text)?;
    Ok(Ending::Done)
}

/// Shows the events that a trail asks for.
pub fn trail(args: &TrailArgs) -> Result<Ending, Refused> {
    let (store, place) = open(&args.source)?;
    match args.trail.show(|query, visit| store.visit_trail(query, visit))? {
        Ok(()) => Ok(Ending::Done),
        Err(error) => Refused::not_given(place, error),
    }
}

/// Writes ledgers as lines of JSON to the standard output.
pub fn export(args: &ExportArgs) -> Result<Ending, Refused> {
    let query = args.export.query()?;
    let (store, place) = open(&args.source)?;
    let written = shown_export::write(&place, |out| store.export(&query, out))?;
    written.map_err(|source| Refused::Store { place, source })
}

/// How long whoever reads the output may stand still, as a person before a pager, before the server ends the transaction. It holds no
/// lock that a call would wait for.
const READS_ON: Duration = Duration::from_hours(1);

/// Opens the store, and says where it lies.
pub fn open(source: &Source) -> Result<(PostgresStore, Place), Refused> {
    let password = std::env::var_os("PGPASSWORD");
    let place = Place::of(&source.address, password.as_ref());
    let Place::Server(address) = &place else { return Err(Refused::File(place)) };
    let mut options = PostgresOptions::default();
    // The server takes no time at all for no bound.
    options.lock_timeout = Duration::from_secs(source.wait.into()).max(Duration::from_millis(1));
    options.idle_timeout = READS_ON;
    match PostgresStore::open_with(address, &options) {
        Ok(store) => Ok((store, place)),
        Err(source) => Err(Refused::Open { place, source }),
    }
}
