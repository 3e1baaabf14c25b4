//! What a person may type. Commands, options and order are those of `selene-store` on a file, and the parts that both have are flattened from
//! `selene_storage::command`; examples and exit codes are those of a server. What must not live here: doing it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use selene_storage::command::output::Format;
use selene_storage::command::saved_heads::SavedHeadsArgs;
use selene_storage::command::shown_export::ShownExport;
use selene_storage::command::shown_trail::ShownTrail;

/// Looks after the database of a store on a PostgreSQL server: makes its tables, verifies it, gives its heads, shows what it holds and its
/// events, and exports them.
#[derive(Debug, Parser)]
#[command(
    name = "selene-store-server",
    bin_name = "selene-store",
    version,
    arg_required_else_help = true,
    after_help = "\
`selene-store verify|heads|inspect|trail|export|migrate ADDRESS` runs this program; all other commands are about files.

Exit codes of every command: 0 done, and nothing is wrong; 1 done, and something is wrong with the store, which is printed; 2 a wrong command
line; 3 it could not be done, and nothing was changed. Where the output cannot be written, faults that were found keep their code; `heads`
and `export` that were cut off end with 3."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Verify(VerifyArgs),
    Heads(HeadsArgs),
    Inspect(InspectArgs),
    Trail(TrailArgs),
    Export(ExportArgs),
    Migrate(MigrateArgs),
}

/// A database that a command reads.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// The address of the database, as the role of the stores: a URL, or words as `host=… dbname=… user=…`
    pub address: OsString,
    /// Seconds to wait for another program that has something locked
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub wait: u32,
}

/// Checks the chains of events, every row against the event that wrote it, and current rows against their ledgers
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store verify postgres://selene@db.example.org/selene?sslmode=verify-full
  selene-store verify 'host=/run/postgresql dbname=selene user=selene' --heads heads.jsonl      also whether newest events are gone
  selene-store verify 'host=/run/postgresql dbname=selene user=selene' --heads heads.jsonl --public-key public.pem

All of it is seen in one state, while others write, over one connection that only reads; it takes as long as it needs. The database is read as
the role of the stores, and must be one that a store would open. A password that is not in the address is taken from PGPASSWORD. Each
check lists the first 1,000 faults.

Exit codes: 0 nothing is wrong; 1 something is wrong, and it is listed; 2 a wrong command line; 3 it could not be done: no such database, no
store, another schema version, wrong rights, heads that cannot be read or were not signed by the key.")]
pub struct VerifyArgs {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub saved: SavedHeadsArgs,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Writes the newest event of every chain to the standard output, to be kept where whoever can write the server cannot
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
That the newest events of a chain are gone, as after a failover that lost them, a chain can show only against a head that was saved before. So
keep heads regularly, outside of the server.

Examples:
  selene-store heads 'host=/run/postgresql dbname=selene user=selene' > heads.jsonl
  selene-store heads postgres://selene@db.example.org/selene?sslmode=verify-full --sign key.pem > heads.jsonl
  selene-store verify 'host=/run/postgresql dbname=selene user=selene' --heads heads.jsonl --public-key public.pem     later

The heads have the form of those of a file. Nothing is checked: run `selene-store verify` before the first time.

Exit codes: 0 written; 1 a newest event holds a value that cannot be read, and is named, nothing was written; 2 a wrong command line; 3 it
could not be done, nothing was written.")]
pub struct HeadsArgs {
    #[command(flatten)]
    pub source: Source,
    /// Sign the heads with this private Ed25519 key (PKCS#8, PEM)
    #[arg(long, value_name = "KEYFILE")]
    pub sign: Option<PathBuf>,
}

/// Shows sizes, rows per table, schema version, oldest and newest event, and settings of a database
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store inspect 'host=/run/postgresql dbname=selene user=selene'
  selene-store inspect postgres://selene@db.example.org/selene?sslmode=verify-full --format json | jq .database_bytes

Every row is counted, which takes as long as it takes the server to read its tables; nothing is checked: `selene-store verify` does that. All
of it is seen in one state, while others write, over one connection that only reads. Sizes are those on the server's disk, of tables with
their indices. The oldest event is the earliest first event of a chain, and the newest event the latest newest event of a chain, by their
times. Times are nanoseconds as the calls gave them.

Exit codes: 0 shown; 2 a wrong command line; 3 it could not be done.")]
pub struct InspectArgs {
    #[command(flatten)]
    pub source: Source,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Shows the events of a chain of work, a person, a device or a tenant
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store trail 'host=/run/postgresql dbname=selene user=selene' --correlation 42
  selene-store trail 'host=/run/postgresql dbname=selene user=selene' --user ann --tenant acme      events for which both hold
  selene-store trail postgres://selene@db.example.org/selene?sslmode=verify-full --device ann_phone --limit 0 --format json

A person's trail has the events that are about that person, and those of what that person did to another one (`actor_user_id` of the
payload). Events come chain by chain: those without a tenant first, then the others by tenant, and the events of a chain by their place in
it. A file shows the same events in the same order. For one order by time over all chains sort the JSON by `created_at`.

Times are nanoseconds as the calls gave them. A table leaves out columns in which no event has anything. JSON is one event a line, with all
that the audit ledger has of it.

An index leads to the events of a chain of work or of a tenant; for a person or a device alone every event is read. Nothing is checked:
`selene-store verify` does that. All of it is seen in one state, while others write, over one connection that only reads.

Exit codes: 0 shown, also where there is no such event; 1 an event holds a value that cannot be read, and is named; 2 a wrong command
line; 3 it could not be done.")]
pub struct TrailArgs {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub trail: ShownTrail,
}

/// Writes every chain of events, and every ledger row with them, as lines of JSON to the standard output
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store export 'host=/run/postgresql dbname=selene user=selene' > export.jsonl && selene-store verify-export export.jsonl
  selene-store export 'host=/run/postgresql dbname=selene user=selene' --tenant acme | gzip > acme.jsonl.gz
  selene-store export postgres://selene@db.example.org/selene?sslmode=verify-full --from heads.jsonl > since.jsonl      only what is new

An export has the form of one of a file: docs/FORMAT.md writes down every byte that is hashed, and `selene-store verify-export` checks it
without the server. One state of the database is exported, over one connection that only reads, whatever is written meanwhile; memory does not
grow with it. The server is asked once for 200 events, and for the rows that they seal in a ledger together. Whoever reads the output may stand still
for an hour.

Exit codes: 0 written; 1 the store is not what its events say, and what was written is no export; 2 a wrong command line; 3 it could not
be done, and what was written is no export.")]
pub struct ExportArgs {
    #[command(flatten)]
    pub source: Source,
    #[command(flatten)]
    pub export: ShownExport,
}

/// Makes the tables of a store in a database, or brings them to the schema version of this build, and gives the role of the stores its rights
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  selene-store migrate 'host=/run/postgresql dbname=selene user=selene_owner' --role selene --dry-run      does all of it, and takes it back
  selene-store migrate 'host=/run/postgresql dbname=selene user=selene_owner' --role selene
  selene-store migrate postgres://selene_owner@db.example.org/selene?sslmode=verify-full --role selene

ADDRESS is that of the owner of the tables, who may make schemas in the database, and ROLE another one, as which stores open it; both are there
already (docs/POSTGRES.md, \"Setting up\"). All of it is one transaction: killed at any moment, the database has the old version or the new one. It
may be run again at any time. Stop programs of an earlier build before: they refuse a newer version. A dry run holds the same locks until it is
taken back. A password that is not in the address is taken from PGPASSWORD.

Nothing is checked: `selene-store verify` does that, as the role of the stores.

Exit codes: 0 the tables have the version of this build, and the role its rights; 2 a wrong command line; 3 it could not be done, and nothing
was changed. After a dry run with 0 nothing was changed either.")]
pub struct MigrateArgs {
    /// The address of the database, as the owner of the tables: a URL, or words as `host=… dbname=… user=…`
    pub address: OsString,
    /// The role of the stores
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// Do all of it, and take it back
    #[arg(long)]
    pub dry_run: bool,
    /// Seconds that a step waits for what another transaction has locked; 30, unless a lock_timeout of the owner says otherwise
    #[arg(long, value_name = "SECONDS")]
    pub wait: Option<u32>,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
