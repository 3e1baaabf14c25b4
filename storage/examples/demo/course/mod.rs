//! The course of the demo: what is called, and what is shown of it. The programs that run it, one for each database, only open a store.

mod calls;
mod invitee;
mod onboarding;
mod shortcuts;
mod show;
mod voice;
mod wake;

use std::error::Error;

use selene_contracts::{EveryRepo, StorageError};
use selene_storage::{ChainError, SavedHead, StoreReport};

/// What the demo asks of a store beyond the calls of the engines.
pub trait Store: EveryRepo {
    /// The newest event of each chain.
    fn chain_heads(&self) -> Result<Vec<SavedHead>, ChainError>;

    /// Checks chains, rows and folds.
    fn verify(&self, saved: &[SavedHead]) -> Result<StoreReport, StorageError>;
}

/// Enrolls a wake word, and listens.
fn wake_words(store: &dyn EveryRepo) -> Result<Vec<calls::Call>, Box<dyn Error>> {
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
fn onboardings(store: &dyn EveryRepo) -> Result<Vec<calls::Call>, Box<dyn Error>> {
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

/// Runs every engine, and shows what came of it.
pub fn demonstrate(store: &impl Store) -> Result<(), Box<dyn Error>> {
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
    println!("{}", show::folds(&report.folds));
    if !report.is_intact() {
        return Err("the store is not intact".into());
    }
    if let Some(call) = calls.iter().find(|call| !call.went_as_planned()) {
        return Err(format!("{} did not go as planned", call.what).into());
    }
    Ok(())
}
