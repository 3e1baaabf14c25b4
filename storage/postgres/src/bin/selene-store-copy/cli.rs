//! What a person may type. What must not live here: doing it.

use std::ffi::OsString;

use clap::Parser;
use selene_storage::command::output::Format;

/// Moves a store from a file to a PostgreSQL server, or back: every row, chain, head and answer, verified on arrival
#[derive(Debug, Parser)]
#[command(
    name = "selene-store-copy",
    bin_name = "selene-store copy",
    version,
    arg_required_else_help = true,
    after_long_help = "\
Examples:
  selene-store copy selene.db 'host=/run/postgresql dbname=selene user=selene_owner' --role selene
  selene-store copy selene.db postgres://selene_owner@db.example.org/selene?sslmode=verify-full
  selene-store copy 'host=/run/postgresql dbname=selene user=selene' selene.db

One of FROM and TO is a file, the other one an address of PostgreSQL: a URL, or words as `host=… dbname=… user=…`. A server is read as
the role of the stores, and written to as the owner of the tables. A password that is not in the address is taken from PGPASSWORD.

Stop every program that writes to FROM first. FROM is read in one state and never changed. TO must hold nothing: a new file, or a
database without rows; with --role its tables are made. Until every check has passed TO is no store: a file has the name TO.partial, no
store opens a database, and those that have it open from before are refused every write. Killed at any moment, the same command goes on
behind the rows that are there; it refuses to where FROM was written to since. Memory does not grow with the store.

Exit codes: 0 TO is the store now; 1 something is wrong with what has arrived, and it is listed; 2 a wrong command line; 3 it could not be
done. After 1 and 3 TO is as it was, or unfinished. Where the result cannot be written, the code is that of the copy."
)]
pub struct Args {
    /// The store: its database file, or the address of its database
    pub from: OsString,
    /// Where it shall be: a new file, or the address of a database without rows
    pub to: OsString,
    /// The role of the stores: tables that are missing in TO are made, and it gets its rights there
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Seconds to wait for another program that has the file or the database locked
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub wait: u32,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}
