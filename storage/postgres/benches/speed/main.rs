//! How fast the store on a PostgreSQL server is, as parts of the floor: commits of one row on as many connections, measured side by
//! side on the same server.

mod arguments;
mod cases;
mod fleet;
mod floor;
mod machine;
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
    match arguments::parse(std::env::args().skip(1)) {
        Ok(None) => {
            println!("{}", arguments::HELP);
            ExitCode::SUCCESS
        }
        Ok(Some(arguments)) => match measure(&arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error.to_string()),
        },
        Err(error) => fail(&format!("{error}\n\n{}", arguments::HELP)),
    }
}

fn fail(text: &str) -> ExitCode {
    eprintln!("{text}");
    ExitCode::FAILURE
}

fn measure(arguments: &Arguments) -> std::io::Result<()> {
    let small = database::Database::empty();
    let machine = machine::describe(&small);
    let lines = cases::measure(&small, arguments);
    let how = format!("Medians of {} interleaved rounds.", arguments.rounds);
    let table = format!("{machine} {how}\n\n{}", report::table("µs, store / floor", &lines));
    println!("{table}");
    match &arguments.markdown {
        Some(path) if arguments.only.is_none() => report::replace(path, "postgres", &table),
        Some(_) => Err(std::io::Error::other("only a run of all cases writes the table")),
        None => Ok(()),
    }
}
