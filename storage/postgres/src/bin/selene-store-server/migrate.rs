//! `selene-store migrate ADDRESS`: the tables of a store, and the rights of its role.

use selene_storage::command::ending;
use selene_storage::command::failure::Ending;
use selene_storage::command::output::{self, Format};
use serde::Serialize;

use crate::cli::MigrateArgs;
use crate::place::Place;
use crate::refused::Refused;

#[derive(Serialize)]
struct Migrated<'a> {
    file: String,
    role: &'a str,
}

/// Makes the tables, or brings them to the version of this build.
pub fn run(args: &MigrateArgs) -> Result<Ending, Refused> {
    let password = std::env::var_os("PGPASSWORD");
    let place = Place::of(&args.address, password.as_ref());
    let Place::Server(address) = &place else { return Err(Refused::File(place)) };
    selene_storage_postgres::migrate(address, &args.role)
        .map_err(|source| Refused::Migration { place: place.clone(), source })?;
    let printed = match args.format {
        Format::Text => output::print_for_people(&format!(
            "{place}: its tables are those of this build, and {} has the rights of a store\n",
            args.role
        )),
        Format::Json => output::print_json(&Migrated { file: place.to_string(), role: &args.role }),
    };
    Ok(ending::of_work(true, printed))
}
