//! How fast the store is, as ratios to the same statements written straight on rusqlite, measured side by side.

mod arguments;
mod bed;
mod campaign;
mod commits;
mod event;
mod machine;
#[cfg(feature = "async")]
mod peers;
#[expect(dead_code, reason = "benchmarks share it, and no one needs all of it")]
mod program;
mod raw;
mod reads;
mod report;
mod rounds;
mod sizes;
mod store;
#[cfg(feature = "async")]
mod tasks;
#[cfg(all(feature = "metrics", feature = "tracing"))]
mod watched;
mod workload;

use std::process::ExitCode;

use arguments::{Arguments, Extent};
use bed::Template;
use machine::Machine;

fn main() -> ExitCode {
    program::run(arguments::parse(), arguments::HELP, measure)
}

fn measure(arguments: &Arguments) -> std::io::Result<()> {
    std::fs::create_dir_all(&arguments.folder)?;
    let folder = tempfile::Builder::new().prefix("run-").tempdir_in(&arguments.folder)?;
    let machine = Machine::look(folder.path())?;
    if machine.is_memory() {
        return Err(std::io::Error::other(format!("{} lies in memory", arguments.folder.display())));
    }
    commits::check_same(folder.path());
    if arguments.peers && cfg!(not(feature = "async")) {
        return Err(std::io::Error::other("--peers needs a build with --features async"));
    }
    let extent = arguments.extent;
    let wants = |section: &str| arguments.only.as_deref().is_none_or(|only| section.starts_with(only));
    let sizes = if wants("sizes") { extent.sizes() } else { &extent.sizes()[..1] };
    let templates: Vec<Template> = sizes
        .iter()
        .map(|events| {
            eprintln!("filling a table of {events} wake events");
            Template::fill(folder.path(), *events)
        })
        .collect();
    let mut lines = Vec::new();
    let mut section = |name: &str, measure: &dyn Fn() -> Vec<report::Line>| {
        if wants(name) {
            eprintln!("measuring {name}");
            lines.extend(measure());
        }
    };
    section("commits", &|| commits::measure(&templates[0], extent));
    section("chain", &|| commits::measure_chain(&templates[0], extent));
    section("reads", &|| reads::measure(&templates[0], extent));
    section("sizes", &|| sizes::measure(&templates, extent));
    section("campaign", &|| campaign::measure(folder.path(), extent));
    #[cfg(feature = "async")]
    if wants("tasks") {
        let peers = if arguments.peers {
            Some(std::sync::Arc::new(peers::Sqlx::build(&arguments.package, &arguments.folder)?))
        } else {
            None
        };
        section("tasks", &|| tasks::measure(&templates[0], extent, peers.as_ref()));
    }
    #[cfg(all(feature = "metrics", feature = "tracing"))]
    section("watched", &|| watched::measure(&templates[0], extent));
    let how = format!("Medians of {} interleaved rounds.", extent.rounds());
    let table = format!("{} {how}\n\n{}", machine.describe(), report::table("µs, store / rusqlite", &lines));
    println!("{table}");
    match &arguments.markdown {
        Some(path) if extent == Extent::Full && arguments.only.is_none() => {
            report::replace(path, "measured", &table)
        }
        Some(_) => Err(std::io::Error::other("only a full run writes the table")),
        None => Ok(()),
    }
}
