//! `selene-store migrate ADDRESS`: the tables of a store, and the rights of its role.

use std::time::Duration;

use selene_storage::command::ending;
use selene_storage::command::failure::Ending;
use selene_storage::command::output::{self, Format};
use selene_storage_postgres::{Migration, MigrationOptions, migrate_with};
use serde::Serialize;

use crate::cli::MigrateArgs;
use crate::place::Place;
use crate::refused::Refused;

#[derive(Serialize)]
struct Migrated<'a> {
    file: String,
    role: &'a str,
    is_dry_run: bool,
    from: i64,
    to: i64,
}

/// Makes the tables, or brings them to the version of this build.
pub fn run(args: &MigrateArgs) -> Result<Ending, Refused> {
    let password = std::env::var_os("PGPASSWORD");
    let place = Place::of(&args.address, password.as_ref());
    let Place::Server(address) = &place else { return Err(Refused::File(place)) };
    let mut options = MigrationOptions::default();
    options.lock_timeout = args.wait.map(|seconds| Duration::from_secs(seconds.into()));
    options.is_dry_run = args.dry_run;
    let Migration { from, to, .. } = migrate_with(address, &args.role, &options)
        .map_err(|source| Refused::Migration { place: place.clone(), source })?;
    let role = args.role.as_str();
    let printed = match args.format {
        Format::Text => {
            let done = match (from == to, args.dry_run) {
                (true, true) => {
                    format!("has schema version {to} already, and {role} would have the rights of a store")
                }
                (true, false) => {
                    format!("has schema version {to} already, and {role} has the rights of a store")
                }
                (false, true) => format!(
                    "would go from schema version {from} to {to}, and {role} would have the rights of a store"
                ),
                (false, false) => {
                    format!("went from schema version {from} to {to}, and {role} has the rights of a store")
                }
            };
            output::print_for_people(&format!("{place} {done}\n"))
        }
        Format::Json => output::print_json(&Migrated {
            file: place.to_string(),
            role,
            is_dry_run: args.dry_run,
            from,
            to,
        }),
    };
    Ok(ending::of_work(true, printed))
}
