//! Spans of calls are children of their callers' spans.
//!
//! This program has one test, and must have no second: a span that another thread enters for the first time while no subscriber listens is
//! noted as disabled, and a subscriber that comes at that moment misses it.

#[path = "../common/mod.rs"]
mod common;

use std::sync::{Arc, Mutex};

use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;

use crate::common::{World, context, populate, profile};

/// Names of spans with that of their parent.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<Named>>>);

/// A span, and its parent.
type Named = (&'static str, Option<&'static str>);

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> tracing_subscriber::Layer<S> for Spans {
    fn on_new_span(
        &self,
        _attributes: &tracing::span::Attributes<'_>,
        id: &tracing::span::Id,
        context: tracing_subscriber::layer::Context<'_, S>,
    ) {
        let span = context.span(id).unwrap();
        self.0.lock().unwrap().push((span.name(), span.parent().map(|parent| parent.name())));
    }
}

#[test]
fn the_span_of_a_call_is_a_child_of_its_callers_and_that_of_a_batch_stands_alone() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let spans = Spans::default();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(spans.clone()), || {
        tracing::info_span!("turn").in_scope(|| {
            store.ph1persona_profile_commit_row(&context(3), profile("t", "k")).unwrap();
        });
    });
    assert_eq!(*spans.0.lock().unwrap(), [("turn", None), ("call", Some("turn")), ("batch", None)]);
}
