//! `selene-store trail`: the audit story of somebody or something.

use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::shown_trail::ShownTrail;

use super::{Source, not_given};

/// Shows the events of a chain of work, a person, a device or a tenant
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store trail selene.db --correlation 42
  selene-store trail selene.db --user ann --tenant acme      events for which both hold
  selene-store trail selene.db --device ann_phone --limit 0 --format json | jq -r .reason_code
  selene-store trail 'postgres://selene@db.example.org/selene?sslmode=verify-full' --user ann     on a server

A person's trail has the events that are about that person, and those of what that person did to another one (`actor_user_id` of the
payload). Events come chain by chain: those without a tenant first, then the others by tenant, and the events of a chain by their place in
it. A server shows the same events in the same order. For one order by time over all chains sort the JSON by `created_at`.

Times are nanoseconds as the calls gave them. A table leaves out columns in which no event has anything. JSON is one event a
line, with all that the audit ledger has of it.

An index leads to the events of a chain of work or of a tenant; for a person or a device alone every event is read. Nothing is checked:
`selene-store verify` does that. The file is opened for reading only, while others write. For an address of PostgreSQL the program
`selene-store-server` is run.

Exit codes: 0 shown, also where there is no such event; 1 an event holds a value that cannot be read, and is named; 2 a wrong command
line; 3 it could not be done.")]
pub struct Args {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    trail: ShownTrail,
}

pub fn run(args: &Args) -> Result<Ending, Failure> {
    let store = args.source.open()?;
    match args.trail.show(|query, visit| store.visit_trail(query, visit))? {
        Ok(()) => Ok(Ending::Done),
        Err(error) => not_given(args.source.path(), error),
    }
}
