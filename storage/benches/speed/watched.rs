//! What it costs to be watched: the same commits where nobody listens, where a subscriber takes every span and event, and where a recorder
//! counts. Only in a build with the features `tracing` and `metrics`; what they cost while nobody listens shows against a build without.

use std::sync::Arc;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use metrics_util::registry::{AtomicStorage, Registry};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::arguments::{CALLS, Extent};
use crate::bed::Template;
use crate::report::{Aim, Line};
use crate::rounds::{self, Contestant, speed};
use crate::store::Ours;

/// Takes every span and event, and keeps nothing.
struct Discards;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Discards {
    fn on_event(&self, event: &tracing::Event<'_>, _context: tracing_subscriber::layer::Context<'_, S>) {
        event.record(&mut |_: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            std::hint::black_box(value);
        });
    }
}

/// Keeps every metric, as a recorder for a scraper does.
struct Keeps(Registry<Key, AtomicStorage>);

impl Recorder for Keeps {
    fn describe_counter(&self, _key: KeyName, _unit: Option<Unit>, _meaning: SharedString) {}

    fn describe_gauge(&self, _key: KeyName, _unit: Option<Unit>, _meaning: SharedString) {}

    fn describe_histogram(&self, _key: KeyName, _unit: Option<Unit>, _meaning: SharedString) {}

    fn register_counter(&self, key: &Key, _metadata: &Metadata<'_>) -> Counter {
        self.0.get_or_create_counter(key, |counter| Counter::from_arc(Arc::clone(counter)))
    }

    fn register_gauge(&self, key: &Key, _metadata: &Metadata<'_>) -> Gauge {
        self.0.get_or_create_gauge(key, |gauge| Gauge::from_arc(Arc::clone(gauge)))
    }

    fn register_histogram(&self, key: &Key, _metadata: &Metadata<'_>) -> Histogram {
        self.0.get_or_create_histogram(key, |histogram| Histogram::from_arc(Arc::clone(histogram)))
    }
}

/// One caller, and tickets of a hundred.
pub fn measure(template: &Template, extent: Extent) -> Vec<Line> {
    let mut lines = Vec::new();
    for together in [1, 100] {
        let commit = move |ours: &mut Ours| match together {
            1 => ours.commit_from(1, CALLS),
            _ => ours.commit_tickets(together, CALLS),
        };
        let store =
            |name: &str| Ours::new(template.store(&format!("watched-{name}-{together}")), template.events);
        let (mut alone, mut traced, mut kept) = (store("alone"), store("traced"), store("kept"));
        let subscriber: tracing::Dispatch = tracing_subscriber::registry().with(Discards).into();
        let recorder = Keeps(Registry::new(AtomicStorage));
        let mut contestants = [
            Contestant::new(CALLS, move || commit(&mut alone)),
            Contestant::new(CALLS, move || {
                tracing::dispatcher::with_default(&subscriber, || commit(&mut traced))
            }),
            Contestant::new(CALLS, move || metrics::with_local_recorder(&recorder, || commit(&mut kept))),
        ];
        rounds::run(&mut contestants, extent.rounds());
        let [alone, traced, kept] = &contestants;
        for (who, watched) in [("a subscriber", traced), ("a recorder", kept)] {
            lines.push(Line::new(
                format!("{together} in a commit: time with {who}, without"),
                Aim::None,
                speed(alone, watched),
                watched.nanoseconds(),
                alone.nanoseconds(),
            ));
        }
    }
    lines
}
