//! What the largest file costs as a whole: to open it, and to verify it.

use std::hint::black_box;
use std::time::Duration;

use crate::arguments::Extent;
use crate::bed::Template;
use crate::event::Event;
use crate::raw::{Chain, Raw};
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed, timed};
use crate::store::Ours;
use crate::workload::calls;

/// A file opens within this time.
const OPENED: Duration = Duration::from_millis(50);
/// Events of which the hashes are computed without a store.
const HASHED: usize = 10_000;
/// A verification reads everything, so few rounds are enough.
const ROUNDS: usize = 3;
/// The time of an event at 500,000 a second.
const AIMED_NANOSECONDS: f64 = 2_000.0;

/// Opening, against a plain program that opens its two connections and reads the ends of the chains.
pub fn measure_opening(template: &Template, extent: Extent) -> Vec<Line> {
    let events = template.events;
    let (ours, raw) = (template.copy("opening"), template.copy("opening-raw"));
    let mut contestants = [
        Contestant::new(1, move || {
            let mut opened = None;
            let took = timed(|| opened = Some(selene_storage::SqliteStore::open(&ours)));
            opened.expect("it ran").expect("it opens");
            took
        }),
        Contestant::new(1, move || {
            let mut opened = None;
            let took = timed(|| opened = Some(Raw::open(&raw, Chain::Hashed)));
            opened.expect("it ran").expect("it opens");
            took
        }),
    ];
    rounds::run(&mut contestants, extent.rounds());
    let [ours, raw] = &contestants;
    let within = OPENED.as_secs_f64() * 1e9;
    vec![
        Line::new(
            format!("opening a file of {events} events: time against {} ms", OPENED.as_millis()),
            Aim::AtMost(1.0),
            ours.nanoseconds() / within,
            ours.nanoseconds(),
            within,
        ),
        Line::new(
            format!("opening a file of {events} events: time against raw"),
            Aim::None,
            speed(raw, ours),
            ours.nanoseconds(),
            raw.nanoseconds(),
        ),
    ]
}

/// Verifying, against nothing but the hashes that it has to compute: of each event, and of its two rows.
pub fn measure_verify(template: &Template, extent: Extent) -> Vec<Line> {
    let events = template.events;
    let ours = Ours::new(template.store("verify"), events);
    let heads = ours.store.chain_heads().expect("a store has heads");
    let hashed: Vec<Event> = calls(0..HASHED).iter().map(Event::of).collect();
    let mut contestants = [
        Contestant::new(events, || {
            timed(|| assert!(ours.store.verify(&heads).expect("a file can be read").is_intact()))
        }),
        Contestant::new(events, || {
            timed(|| assert!(ours.store.verify_chains(&heads).expect("a file can be read").is_intact()))
        }),
        Contestant::new(HASHED, || {
            timed(|| {
                for (event, sequence) in hashed.iter().zip(1..) {
                    black_box(event.chain_hash(&event.seals(sequence), sequence, &[0; 32]));
                }
            })
        }),
        Contestant::new(HASHED, || {
            timed(|| {
                for (event, sequence) in hashed.iter().zip(1..) {
                    black_box(event.chain_hash(&event.unsealed, sequence, &[0; 32]));
                }
            })
        }),
    ];
    rounds::run(&mut contestants, extent.rounds().min(ROUNDS));
    let [whole, chains, all_hashes, chain_hashes] = &contestants;
    let line = |what: &str, ours: &Contestant<'_>, hashes: &Contestant<'_>| {
        let rate = 1e9 / ours.nanoseconds();
        let case = format!("{what} of {events} events, {rate:.0} a second: time against hashing alone");
        // Where hashing alone is slower than that, it is what the aim allows.
        let aim = Aim::AtMost((AIMED_NANOSECONDS / hashes.nanoseconds()).max(1.0));
        Line::new(case, aim, speed(hashes, ours), ours.nanoseconds(), hashes.nanoseconds())
    };
    vec![line("verify", whole, all_hashes), line("verify_chains", chains, chain_hashes)]
}
