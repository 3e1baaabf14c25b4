//! How fast the store on a PostgreSQL server is, as parts of the floor: commits of one row on as many connections, measured side by
//! side on the same server.

mod arguments;
mod cases;
mod far;
mod fleet;
mod floor;
mod machine;
mod others;
mod people;
#[path = "../../../benches/speed/program.rs"]
mod program;
#[path = "../../../benches/speed/report.rs"]
mod report;
#[expect(dead_code, reason = "benchmarks share it, and no one needs all of it")]
#[path = "../../../benches/speed/rounds.rs"]
mod rounds;
// The server of the tests, or that of `DATABASE_URL`.
#[allow(dead_code, reason = "tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/database.rs"]
mod database;
#[allow(dead_code, reason = "tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/server.rs"]
mod server;

use std::process::ExitCode;

use arguments::Arguments;

fn main() -> ExitCode {
    program::run(arguments::parse(), arguments::HELP, measure)
}

fn measure(arguments: &Arguments) -> std::io::Result<()> {
    let small = database::Database::empty();
    let machine = machine::describe(&small);
    let mut lines = cases::measure(&small, arguments);
    lines.extend(others::measure(&small, arguments));
    let how = format!("Medians of {} interleaved rounds.", arguments.rounds);
    let table = format!("{machine} {how}\n\n{}", report::table("µs, store / floor", &lines));
    println!("{table}");
    match &arguments.markdown {
        Some(path) if arguments.only.is_none() => report::replace(path, "postgres", &table),
        Some(_) => Err(std::io::Error::other("only a run of all cases writes the table")),
        None => Ok(()),
    }
}
