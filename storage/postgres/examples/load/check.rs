//! Every call of the journals again: what was acknowledged has to be there, once, and what was refused has not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use selene_storage::StoreReport;
use selene_storage_postgres::PostgresStore;
use serde_json::{Value, json};

use crate::calls::{Call, Errand, PREPARED_EVENTS};
use crate::errors::Error;
use crate::heads::Heads;
use crate::journal::{self, Answer, Line};

/// Calls that are made again at the same time.
const CALLERS: usize = 16;

/// How often a call is made again that is refused, before it counts as failed.
const ATTEMPTS: usize = 5;

/// What became of the calls of one journal.
#[derive(Default)]
struct Tally {
    name: String,
    /// Calls that were made.
    calls: u64,
    acknowledged: u64,
    /// Of those, calls that are not there, or with another event.
    lost: u64,
    /// Calls whose outcome was unknown at least once.
    unknown: u64,
    /// Of those, calls of which a retry showed that they were not there.
    unknown_absent: u64,
    /// Of those, calls of which a retry showed that they were there.
    unknown_there: u64,
    refused: u64,
    /// Of those, calls that are there all the same.
    refused_there: u64,
    /// Calls with an answer that no fault may lead to.
    failed: u64,
    /// The longest time between two acknowledgements.
    silence_ms: u64,
}

/// What a journal says of one call.
#[derive(Default)]
struct Journaled {
    event: Option<String>,
    was_unknown: bool,
    /// What a retry showed behind an unknown outcome.
    was_there: Option<bool>,
    was_refused: bool,
    has_failed: bool,
}

/// What the check found.
pub struct Report {
    journals: Vec<Tally>,
    /// Events in all chains beyond one for each call: above zero where calls are there twice.
    surplus_events: i128,
    saved_heads: usize,
    store: StoreReport,
}

/// Checks a store against the journals and the heads of a folder.
///
/// # Errors
/// A file cannot be read, or the store is unavailable.
pub fn check(store: &PostgresStore, folder: &Path) -> Result<Report, Error> {
    let saved = Heads::of(folder)?.all();
    // Before any call is made again: a chain that lost its end does not grow over it unseen.
    let before = store.verify_chains(&saved)?;
    let mut journals = Vec::new();
    for path in journals_of(folder)? {
        journals.push(check_journal(store, &path)?);
    }
    let calls: u64 = journals.iter().map(|tally| tally.calls).sum();
    let mut report = store.verify(&saved)?;
    if !before.is_intact() {
        report.chains = before;
    }
    let events: u64 = store.chain_heads()?.iter().map(|head| head.sequence).sum();
    let surplus_events = i128::from(events) - i128::from(calls) - i128::from(PREPARED_EVENTS);
    Ok(Report { journals, surplus_events, saved_heads: saved.len(), store: report })
}

/// The journals of a folder, by name.
fn journals_of(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::File { path: folder.to_path_buf(), error };
    let entries: Result<Vec<PathBuf>, _> =
        std::fs::read_dir(folder).map_err(failed)?.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = entries.map_err(failed)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "journal"));
    paths.sort();
    Ok(paths)
}

fn check_journal(store: &PostgresStore, path: &Path) -> Result<Tally, Error> {
    let lines = journal::read(path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let tally = Mutex::new(Tally { name, silence_ms: silence_ms(&lines), ..Tally::default() });
    // The calls of an errand follow each other.
    let mut errands: BTreeMap<u64, BTreeMap<Call, Journaled>> = BTreeMap::new();
    for line in lines {
        errands.entry(line.call.number).or_default().entry(line.call).or_default().add(line.answer);
    }
    let errands: Vec<(u64, BTreeMap<Call, Journaled>)> = errands.into_iter().collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                while let Some((number, calls)) = errands.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut errand = Errand::new(*number);
                    for (call, journaled) in calls {
                        let answer = again(store, &mut errand, *call);
                        tally.lock().unwrap_or_else(PoisonError::into_inner).add(*call, journaled, &answer);
                    }
                }
            });
        }
    });
    Ok(tally.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Makes a call again until it is done.
fn again(store: &PostgresStore, errand: &mut Errand, call: Call) -> Answer {
    let mut answer = Answer::Refused;
    for _ in 0..ATTEMPTS {
        answer = Answer::of(errand.make(store, call.kind));
        if answer.event().is_some() {
            break;
        }
    }
    answer
}

fn silence_ms(lines: &[Line]) -> u64 {
    let done = lines.iter().filter(|line| line.answer.event().is_some());
    let times: Vec<u64> = done.map(|line| line.at_ms).collect();
    times.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max().unwrap_or_default()
}

impl Journaled {
    fn add(&mut self, answer: Answer) {
        match answer {
            Answer::Applied(event) => {
                self.was_there = self.was_unknown.then_some(false);
                self.event = Some(event);
            }
            Answer::Replayed(event) => {
                self.was_there = self.was_unknown.then_some(true);
                // Without an unknown outcome before, nobody has made this call.
                self.has_failed |= !self.was_unknown;
                self.event = Some(event);
            }
            Answer::Unknown => self.was_unknown = true,
            Answer::Refused => self.was_refused = true,
            Answer::Failed(_) => self.has_failed = true,
        }
    }
}

impl Tally {
    /// Counts a call: what its journal says, and what it was answered now.
    fn add(&mut self, call: Call, journaled: &Journaled, answer: &Answer) {
        self.calls += 1;
        self.unknown += u64::from(journaled.was_unknown);
        let is_there_now = matches!(answer, Answer::Replayed(_));
        let was_there = journaled.was_there.unwrap_or(is_there_now);
        self.unknown_there += u64::from(journaled.was_unknown && was_there);
        self.unknown_absent += u64::from(journaled.was_unknown && !was_there);
        let mut is_wrong = journaled.has_failed || answer.event().is_none();
        self.failed += u64::from(is_wrong);
        if let Some(event) = &journaled.event {
            self.acknowledged += 1;
            let is_kept = is_there_now && answer.event() == Some(event);
            self.lost += u64::from(!is_kept);
            is_wrong |= !is_kept;
        } else if journaled.was_refused && !journaled.was_unknown {
            self.refused += 1;
            self.refused_there += u64::from(is_there_now);
            is_wrong |= is_there_now;
        }
        if is_wrong {
            eprintln!(
                "{}: {call} was answered {:?}, and is answered {answer} now",
                self.name, journaled.event
            );
        }
    }

    fn is_as_promised(&self) -> bool {
        self.lost == 0 && self.refused_there == 0 && self.failed == 0
    }

    fn as_json(&self) -> Value {
        json!({
            "name": self.name,
            "calls": self.calls,
            "acknowledged": self.acknowledged,
            "lost": self.lost,
            "unknown": self.unknown,
            "unknown_absent": self.unknown_absent,
            "unknown_there": self.unknown_there,
            "refused": self.refused,
            "refused_there": self.refused_there,
            "failed": self.failed,
            "silence_ms": self.silence_ms,
        })
    }
}

impl Report {
    /// Whether nothing is lost, doubled or broken.
    pub fn is_as_promised(&self) -> bool {
        self.surplus_events == 0 && self.store.is_intact() && self.journals.iter().all(Tally::is_as_promised)
    }

    /// All figures, as one object.
    pub fn as_json(&self) -> Value {
        let faults: Vec<String> = self.store.chains.faults.iter().map(ToString::to_string).collect();
        json!({
            "journals": self.journals.iter().map(Tally::as_json).collect::<Vec<_>>(),
            "surplus_events": i64::try_from(self.surplus_events).unwrap_or(i64::MAX),
            "saved_heads": self.saved_heads,
            "chains": self.store.chains.chains,
            "events": self.store.chains.events,
            "chain_faults": faults,
            "is_intact": self.store.is_intact(),
            "is_as_promised": self.is_as_promised(),
        })
    }
}
