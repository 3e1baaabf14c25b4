//! How fast the store is, as ratios to the same statements written straight on rusqlite, measured side by side.

mod arguments;
mod bed;
mod campaign;
mod commits;
mod event;
mod large;
mod machine;
mod memory;
mod peers;
mod program;
mod raw;
mod reads;
mod report;
mod rounds;
mod sizes;
mod store;
mod tail;
#[cfg(feature = "async")]
mod tasks;
#[cfg(all(feature = "metrics", feature = "tracing"))]
mod watched;
mod workload;

use std::process::ExitCode;

use arguments::{Arguments, Extent};
use bed::Template;
use machine::Machine;
use peers::Peers;

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
    let extent = arguments.extent;
    let wants = |section: &str| arguments.only.as_deref().is_none_or(|only| section.starts_with(only));
    // These measure the largest table too.
    let wants_all = ["sizes", "opening", "verify"].into_iter().any(wants);
    let sizes = if wants_all { extent.sizes() } else { &extent.sizes()[..1] };
    let templates: Vec<Template> = sizes
        .iter()
        .map(|events| {
            eprintln!("filling a table of {events} wake events");
            Template::fill(folder.path(), *events)
        })
        .collect();
    let peers = arguments.peers.then(|| Peers::build(&arguments.package, &arguments.folder)).transpose()?;
    let mut lines = Vec::new();
    let mut section = |name: &str, measure: &dyn Fn() -> Vec<report::Line>| {
        if wants(name) {
            eprintln!("measuring {name}");
            lines.extend(measure());
        }
    };
    section("commits", &|| commits::measure(&templates[0], extent));
    section("tail", &|| tail::measure(&templates[0], arguments.seconds()));
    section("chain", &|| commits::measure_chain(&templates[0], extent));
    section("reads", &|| reads::measure(&templates[0], extent));
    section("memory", &|| memory::measure(&templates[0], extent));
    section("opening", &|| large::measure_opening(&templates[templates.len() - 1], extent));
    section("verify", &|| large::measure_verify(&templates[templates.len() - 1], extent));
    section("sizes", &|| sizes::measure(&templates, extent));
    section("campaign", &|| campaign::measure(folder.path(), extent));
    if let Some(peers) = &peers {
        section("peers", &|| peers::measure(&templates[0], extent, peers));
    }
    #[cfg(feature = "async")]
    section("tasks", &|| tasks::measure(&templates[0], extent, peers.as_ref()));
    #[cfg(all(feature = "metrics", feature = "tracing"))]
    section("watched", &|| watched::measure(&templates[0], extent));
    let how = format!("Medians of {} interleaved rounds.", extent.rounds());
    let table = format!("{} {how}\n\n{}", machine.describe(), report::table("µs, both sides", &lines));
    println!("{table}");
    match &arguments.markdown {
        Some(path) if extent == Extent::Full && arguments.only.is_none() => {
            report::replace(path, "measured", &table)
        }
        Some(_) => Err(std::io::Error::other("only a full run writes the table")),
        None => Ok(()),
    }
}
