//! Runs every engine once on a database file, and shows what came of it.
//!
//! ```text
//! cargo run -p selene-storage --example demo -- [--db FILE]
//! ```
//!
//! Without a file it works on a fresh one that is gone afterwards. On a file of yours it may run again: then
//! what was applied is replayed, and what was refused is refused again. The output has no times and no random parts, so two runs on fresh files print the
//! same.

mod calls;
mod invitee;
mod onboarding;
mod shortcuts;
mod show;
mod voice;
mod wake;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use selene_storage::{OpenError, SqliteStore};

const HELP: &str =
    "Runs every engine on a SQLite file: shows what came of each call, and prints the audit trail.

Usage: demo [--db FILE]

Options:
  --db FILE   The database file; it is made where there is none, and may be used again
  -h, --help  Print this help";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let mut file = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(());
            }
            "--db" => {
                file = Some(PathBuf::from(arguments.next().ok_or("--db needs a file; see --help")?));
            }
            other => match other.strip_prefix("--db=") {
                Some(path) => file = Some(PathBuf::from(path)),
                None => return Err(format!("unknown argument {other:?}; see --help").into()),
            },
        }
    }
    // The folder is removed when it goes out of scope, behind the store.
    let folder = tempfile::tempdir()?;
    let path = file.clone().unwrap_or_else(|| folder.path().join("demo.db"));
    let store = SqliteStore::open(&path).map_err(|error| match &error {
        OpenError::File { .. } => error.to_string(),
        // What does not name the file.
        _ => format!("{}: {error}", path.display()),
    })?;
    match &file {
        Some(path) => println!("Database: {}\n", path.display()),
        None => println!("Database: a fresh file, removed at the end (--db FILE keeps one)\n"),
    }
    demonstrate(&store)
}

/// Enrolls a wake word, and listens.
fn wake_words(store: &SqliteStore) -> Result<Vec<calls::Call>, Box<dyn Error>> {
    let mut calls = wake::enrollment(store);
    println!("{}", show::enrollment("W: Ada enrolls a wake word on her phone", &calls));
    let active = wake::active_profile(store)?;
    println!("Active wake profile: {}\n", active.as_ref().map_or("none", |profile| profile.as_str()));

    let listening = wake::listening(store);
    println!("{}", show::calls("W: the phone listens", &listening));
    println!("{}", show::heard(&wake::heard(store)?));

    calls.extend(listening);
    Ok(calls)
}

/// Takes Grace through her onboarding and lets her enroll her voice in it; asks everybody for more; and refuses
/// shortcuts.
fn onboardings(store: &SqliteStore) -> Result<Vec<calls::Call>, Box<dyn Error>> {
    let workplace = onboarding::workplace(store);
    println!("{}", show::steps("POSITION: what acme wants of a nurse", &workplace));
    let (journey, grace) = onboarding::journey(store)?;
    println!("{}", show::steps("LINK, ONB: Grace becomes a nurse at acme", &journey));
    let change = onboarding::schema_change(store)?;
    println!("{}", show::steps("POSITION, ONB: acme wants more, of everybody", &change));
    let (shortcuts, linus) = shortcuts::all(store)?;
    println!("{}", show::steps("ONB: others try shortcuts", &shortcuts));
    for (name, session) in [("Grace", &grace), ("Linus", &linus)] {
        let version = onboarding::session(store, session)?.and_then(|row| row.pinned_schema_version);
        println!("{name} is pinned to {}.", version.as_ref().map_or("nothing", |version| version.as_str()));
    }

    let voice = voice::enrollment(store, &grace, &linus)?;
    println!("\n{}", show::enrollment("VOICE.ID: Grace enrolls her voice, within her onboarding", &voice));
    let profile = voice::profile(store, &grace)?;
    println!("Voice profile: {}\n", profile.as_ref().map_or("none", |profile| profile.as_str()));
    let steps = [workplace, journey, change, shortcuts].into_iter().flatten();
    Ok(steps.map(|step| step.call).chain(voice).collect())
}

fn demonstrate(store: &SqliteStore) -> Result<(), Box<dyn Error>> {
    let mut calls = calls::all(store);
    println!("{}", show::calls("What was called", &calls));
    calls.extend(wake_words(store)?);
    calls.extend(onboardings(store)?);
    if calls.first().is_some_and(calls::Call::is_replay) {
        println!("This database has been through the demo before: what was applied then is replayed now.\n");
    }
    let heads = store.chain_heads()?;
    println!("{}", show::events(&calls::events(store)?));
    let report = store.verify(&heads)?;
    println!("{}", show::report(&report.chains, &heads));
    println!("{}", show::rows(&report.rows));
    if let Some(folds) = &report.folds {
        println!("{}", show::folds(folds));
    }
    if !report.is_intact() {
        return Err("the store is not intact".into());
    }
    if let Some(call) = calls.iter().find(|call| !call.went_as_planned()) {
        return Err(format!("{} did not go as planned", call.what).into());
    }
    Ok(())
}
