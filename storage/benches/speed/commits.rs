//! Durable commits of new wake events, in one table of ten thousand rows.

use std::path::Path;

use crate::arguments::{CALLS, Extent};
use crate::bed::{Template, dump};
use crate::event::Event;
use crate::raw::{Chain, Raw};
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed, timed};
use crate::store::Ours;
use crate::workload::calls;

/// Events of a ticket.
pub const TOGETHER: usize = 100;

/// Both sides leave the same bytes in every table; otherwise nothing that follows means anything.
pub fn check_same(folder: &Path) {
    let template = Template::fill(folder, 100);
    let (ours, raw) = (template.copy("same-store"), template.copy("same-raw"));
    let mut store = Ours::new(selene_storage::SqliteStore::open(&ours).expect("it opens"), template.events);
    store.commit_from(1, 150);
    store.commit_tickets(TOGETHER, 150);
    drop(store);
    let events: Vec<Event> = calls(template.events..template.events + 300).iter().map(Event::of).collect();
    let mut plain = Raw::open(&raw, Chain::Hashed).expect("it opens");
    plain
        .commit_each(&events[..150])
        .and_then(|()| plain.commit_together(&events[150..]))
        .expect("it commits");
    drop(plain);
    let rows = |path| dump(path).expect("a table can be read");
    assert_eq!(rows(&ours), rows(&raw), "the store and the plain statements leave the same rows");
}

/// A contestant that commits new events by plain statements.
pub fn plain<'a>(mut raw: Raw, mut next: usize, count: usize, together: usize) -> Contestant<'a> {
    Contestant::new(count, move || {
        let events: Vec<Event> = calls(next..next + count).iter().map(Event::of).collect();
        next += count;
        timed(|| {
            for batch in events.chunks(together) {
                raw.commit_together(batch).expect("plain statements commit");
            }
        })
    })
}

/// One caller, many callers, tickets.
pub fn measure(template: &Template, extent: Extent) -> Vec<Line> {
    let count = CALLS;
    let next = template.events;
    let aims = [(1, 0.95), (4, 2.0), (16, 3.2), (64, 4.8)];
    let batches = aims.iter().map(|(callers, _)| *callers).chain([TOGETHER]);
    let mut contestants: Vec<Contestant<'_>> = batches
        .map(|together| plain(template.raw(&format!("raw-{together}"), Chain::Hashed), next, count, together))
        .collect();
    let plain_sides = contestants.len();
    for (callers, _) in aims {
        let name = format!("store-{callers}");
        let mut ours = Ours::new(template.store(&name), next);
        contestants.push(Contestant::new(count, move || ours.commit_from(callers, count)));
    }
    let mut ours = Ours::new(template.store("store-tickets"), next);
    contestants.push(Contestant::new(count, move || ours.commit_tickets(TOGETHER, count)));
    rounds::run(&mut contestants, extent.rounds());

    let (raw, rest) = contestants.split_at(plain_sides);
    let single = &raw[0];
    let mut lines: Vec<Line> = aims
        .iter()
        .zip(rest)
        .map(|((callers, aim), ours)| {
            let case = format!("commits of {callers} caller{}", if *callers == 1 { "" } else { "s" });
            let ratio = speed(ours, single);
            Line::new(case, Aim::AtLeast(*aim), ratio, ours.nanoseconds(), single.nanoseconds())
        })
        .collect();
    // What so many callers could gain at most: plain statements, handed over together by one caller.
    lines.extend(aims.iter().zip(raw).skip(1).map(|((together, _), batches)| {
        let case = format!("for comparison: raw batches of {together}, against raw single commits");
        let ratio = speed(batches, single);
        Line::new(case, Aim::None, ratio, batches.nanoseconds(), single.nanoseconds())
    }));
    lines.extend(aims.iter().zip(rest.iter().zip(raw)).skip(1).map(|((callers, _), (ours, batches))| {
        let case = format!("commits of {callers} callers, against raw batches of {callers}");
        Line::new(case, Aim::None, speed(ours, batches), ours.nanoseconds(), batches.nanoseconds())
    }));
    let (tickets, batches) = (&rest[aims.len()], &raw[aims.len()]);
    let ratio = speed(tickets, batches);
    lines.push(Line::new(
        "tickets of 100, against raw batches of 100",
        Aim::AtLeast(0.85),
        ratio,
        tickets.nanoseconds(),
        batches.nanoseconds(),
    ));
    lines
}

/// What the hash of the chain costs, and what the seals under it do: plain statements with and without each.
pub fn measure_chain(template: &Template, extent: Extent) -> Vec<Line> {
    let count = CALLS;
    let mut lines = Vec::new();
    for together in [1, TOGETHER] {
        let mut contestants =
            [("hashed", Chain::Hashed), ("unhashed", Chain::Unhashed), ("unsealed", Chain::Unsealed)].map(
                |(name, chain)| {
                    let name = format!("chain-{name}-{together}");
                    plain(template.raw(&name, chain), template.events, count, together)
                },
            );
        rounds::run(&mut contestants, extent.rounds());
        let [hashed, unhashed, unsealed] = &contestants;
        lines.push(Line::new(
            format!("chain hash and seals, {together} in a commit: time with them, without them"),
            Aim::AtMost(1.08),
            speed(unsealed, hashed),
            hashed.nanoseconds(),
            unsealed.nanoseconds(),
        ));
        lines.push(Line::new(
            format!("seals of two rows alone, {together} in a commit: time with them, without them"),
            Aim::None,
            speed(unsealed, unhashed),
            unhashed.nanoseconds(),
            unsealed.nanoseconds(),
        ));
    }
    lines
}
