//! For scale: the same events in ordered maps of a process, which nothing keeps.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::arguments::{CALLS, Extent};
use crate::bed::Template;
use crate::commits::TOGETHER;
use crate::event::Event;
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed, timed};
use crate::store::Ours;
use crate::workload::{calls, populated};

/// What a store has of wake events, by the keys of its tables.
#[derive(Default)]
struct Maps {
    /// Owner and tenant of a device.
    devices: BTreeMap<String, (String, String)>,
    heads: BTreeMap<String, (i64, [u8; 32])>,
    /// Event and row by the row's id.
    wake_events: BTreeMap<String, Event>,
    /// Id, seals and hash by chain and place.
    audit_events: BTreeMap<(String, i64), (String, String, [u8; 32])>,
    /// Request and outcome by the key.
    records: BTreeMap<[u8; 32], ([u8; 32], String)>,
}

impl Maps {
    fn commit(&mut self, event: Event) {
        assert!(!self.records.contains_key(&event.scope), "the key is new");
        let (owner, tenant_id) = &self.devices[event.row.device_id.as_str()];
        assert!(event.row.user_id.as_ref().is_some_and(|user_id| user_id.as_str() == owner));
        assert_eq!(*tenant_id, event.tenant_id);
        let head = self.heads.entry(event.tenant_id.clone()).or_insert((0, [0; 32]));
        let sequence = head.0 + 1;
        let seals = event.seals(sequence);
        let hash = event.chain_hash(&seals, sequence, &head.1);
        *head = (sequence, hash);
        let place = (event.tenant_id.clone(), sequence);
        self.audit_events.insert(place, (event.audit_id.clone(), seals, hash));
        self.records.insert(event.scope, (event.request, event.outcome.clone()));
        let former = self.wake_events.insert(event.row.wake_event_id.as_str().to_owned(), event);
        assert!(former.is_none(), "the id is new");
    }
}

/// A lone caller and tickets, against the maps.
pub fn measure(template: &Template, extent: Extent) -> Vec<Line> {
    let events = template.events;
    let mut maps = Maps { devices: populated().collect(), ..Maps::default() };
    calls(0..events).iter().map(Event::of).for_each(|event| maps.commit(event));
    let mut next = events;
    let mut single = Ours::new(template.store("memory-single"), events);
    let mut tickets = Ours::new(template.store("memory-tickets"), events);
    let mut contestants = [
        Contestant::new(CALLS, move || single.commit_from(1, CALLS)),
        Contestant::new(CALLS, move || tickets.commit_tickets(TOGETHER, CALLS)),
        Contestant::new(CALLS, move || -> Duration {
            let events: Vec<Event> = calls(next..next + CALLS).iter().map(Event::of).collect();
            next += CALLS;
            timed(|| events.into_iter().for_each(|event| maps.commit(event)))
        }),
    ];
    rounds::run(&mut contestants, extent.rounds());
    let [single, tickets, maps] = &contestants;
    [("commits of 1 caller", single), ("tickets of 100", tickets)]
        .map(|(what, ours)| {
            let case = format!("{what}: time against ordered maps in memory, for scale");
            Line::new(case, Aim::None, speed(maps, ours), ours.nanoseconds(), maps.nanoseconds())
        })
        .into()
}
