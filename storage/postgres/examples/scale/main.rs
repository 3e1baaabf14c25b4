//! Ten thousand tenants on one server, a few of them busy and most of them quiet: how many commits a second, how long callers of which
//! tenants wait, for what, and how much an event weighs.
//!
//! ```text
//! cargo run --release -p selene-storage-postgres --example scale -- --help
//! ```
//!
//! docs/SCALE.md has what came of it, and what follows.

mod arguments;
mod contention;
// The server of the tests, or that of `DATABASE_URL`.
#[allow(dead_code, reason = "tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/database.rs"]
mod database;
mod fleet;
#[path = "../../benches/speed/machine.rs"]
mod machine;
#[path = "../../benches/speed/people.rs"]
mod people;
mod phase;
#[path = "../../../benches/speed/program.rs"]
mod program;
#[expect(dead_code, reason = "benchmarks share it, and no one needs all of it")]
#[path = "../../../benches/speed/report.rs"]
mod report;
#[allow(dead_code, reason = "tests ask more of it")]
#[path = "../../../../tests/src/harness/postgres/server.rs"]
mod server;
mod tables;
mod tenants;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use arguments::Arguments;
use database::Database;
use fleet::Fleet;
use phase::Phase;
use tenants::Choice;

fn main() -> ExitCode {
    program::run(arguments::parse(), arguments::HELP, simulate)
}

fn simulate(arguments: &Arguments) -> std::io::Result<()> {
    let database = Database::empty();
    eprintln!("making {} tenants, each with a person and a device", arguments.tenants);
    let fleet = Fleet::new(&database.address(), arguments);
    let begun = Instant::now();
    fleet.settle();
    let settling = begun.elapsed();
    for statement in ["VACUUM ANALYZE", "CHECKPOINT"] {
        database.raw().run(statement).unwrap_or_else(|error| panic!("{error}"));
    }
    let mut text = format!("{}\n\n", machine::describe(&database));
    let _ = writeln!(
        text,
        "{} tenants, whose {} events were handed over as tickets in {:.0} s. {} callers in {} stores, each with connections of its own, \
         as {} processes have; {} s for each load.\n",
        arguments.tenants,
        fleet.settled_events(),
        settling.as_secs_f64(),
        arguments.callers,
        arguments.stores,
        arguments.stores,
        arguments.seconds,
    );
    let before = tables::Weights::of(&database);
    let phases = run_phases(arguments, &database, &fleet);
    text.push_str(&phase::overview(&phases));
    for phase in phases.iter().filter(|phase| phase.is_of_many_tenants()) {
        let _ = write!(text, "\n{}:\n\n{}", phase.title(), phase.classes());
    }
    let _ = write!(text, "\n{}", tables::Weights::of(&database).table(&before, &phases));
    let _ = write!(text, "\n{}", tables::whole_reads(fleet.first_store()));
    println!("{text}");
    match &arguments.markdown {
        Some(path) => report::replace(path, "scale", &text),
        None => Ok(()),
    }
}

/// Every load, one after the other; the last one is paced by what the server took before.
fn run_phases(arguments: &Arguments, database: &Database, fleet: &Fleet) -> Vec<Phase> {
    let mut phases: Vec<Phase> = Vec::new();
    for choice in [Choice::One, Choice::Even, Choice::Skewed] {
        eprintln!("loading: {}", choice.title());
        phases.push(phase::run(fleet, database, arguments, choice, None));
    }
    let most = phases.last().map_or(0.0, Phase::commits_per_second);
    eprintln!("loading: {}, at half of that", Choice::Skewed.title());
    phases.push(phase::run(fleet, database, arguments, Choice::Skewed, Some(most / 2.0)));
    phases
}
