//! Commits the events of a work file by another library, on a database that the benchmark made, and prints the nanoseconds that it took.
//!
//! `selene-bench-peers PEER DATABASE WORK CALLERS`: each of so many tasks or threads commits its share, one event in a transaction. The
//! benchmark calls it: `cargo bench -p selene-storage -- --peers`.

mod peer_diesel;
mod peer_sea_orm;
mod peer_sqlx;
mod work;

use std::process::ExitCode;

use work::Work;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [peer, database, work, tasks] = &arguments[..] else {
        eprintln!("selene-bench-peers PEER DATABASE WORK CALLERS");
        return ExitCode::from(2);
    };
    let result = Work::read(work).and_then(|work| {
        let tasks = tasks.parse().map_err(|error| format!("{tasks}: {error}"))?;
        match peer.as_str() {
            "diesel" => peer_diesel::run(database, work, tasks),
            "sea-orm" => peer_sea_orm::run(database, work, tasks),
            "sqlx" => peer_sqlx::run(database, work, tasks),
            other => Err(format!("{other} is no peer")),
        }
    });
    match result {
        Ok(elapsed) => {
            println!("{}", elapsed.as_nanos());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
