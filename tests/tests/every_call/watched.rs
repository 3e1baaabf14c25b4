//! What is reported of calls to a subscriber of traces and a recorder of metrics: names of the contracts and of the store, numbers, and the marks
//! of tenants. No value of a row.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Once;

use metrics_util::debugging::DebuggingRecorder;
use selene_acceptance::{Backend, Harness, InMemory};
use selene_contracts::{CallMode, Caller, Outcome, engines};
use tracing::field::{Field, Visit};
use tracing::span;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::dispatch;
use crate::reads::Form;
use crate::scene::{Scene, context};

thread_local! {
    /// Every field with every value that was recorded on this thread, while its test listens.
    static RECORDED: RefCell<Option<BTreeSet<(&'static str, String)>>> = const { RefCell::new(None) };
}

/// What is recorded while something runs. One subscriber serves all threads: those that come and go with a test change what others record.
fn recorded_by(run: impl FnOnce()) -> BTreeSet<(&'static str, String)> {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Recorder)).unwrap();
        // A place that another thread comes to first at this very moment may have been noted as without a subscriber.
        drop(Scene::new(&InMemory));
        tracing::callsite::rebuild_interest_cache();
    });
    RECORDED.with_borrow_mut(|recorded| *recorded = Some(BTreeSet::new()));
    run();
    RECORDED.with_borrow_mut(Option::take).unwrap_or_default()
}

/// A subscriber of every event.
struct Recorder;

impl Visit for &Recorder {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        RECORDED.with_borrow_mut(|recorded| {
            if let Some(recorded) = recorded {
                recorded.insert((field.name(), format!("{value:?}").trim_matches('"').to_owned()));
            }
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &value);
    }
}

impl<S: tracing::Subscriber> Layer<S> for Recorder {
    fn on_new_span(&self, attributes: &span::Attributes<'_>, _id: &span::Id, _context: Context<'_, S>) {
        attributes.record(&mut &*self);
    }

    fn on_record(&self, _id: &span::Id, values: &span::Record<'_>, _context: Context<'_, S>) {
        values.record(&mut &*self);
    }

    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        if event.metadata().target().starts_with("selene") {
            event.record(&mut &*self);
        }
    }
}

/// Makes every call of the scene again, and every read and guard as both tenants: replays, answers, refusals by rules and at the door.
fn call_everything(scene: &Scene<impl Backend>) {
    for tenant in &scene.tenants {
        for (id, input) in &tenant.applied {
            let _ = dispatch::write(scene.store(), &context(80_000, 8), id, input);
            let mut operator = context(80_000, 8);
            operator.caller = Caller::Operator;
            let _ = dispatch::write(scene.store(), &operator, id, input);
        }
        for form in Form::all() {
            for rest in &scene.tenants {
                let input = form.input(Some(tenant), rest);
                for mode in [CallMode::Normal, CallMode::Diagnostic] {
                    let at = context(90_000, 9).with_mode(mode);
                    let _ = dispatch::read(scene.store(), &at, form.capability.id, &input);
                }
            }
        }
    }
}

pub fn what_is_reported_of_calls_holds_no_value_of_a_row(harness: &impl Harness) {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let all = recorded_by(|| {
        metrics::with_local_recorder(&recorder, || call_everything(&Scene::new(harness)));
    });

    let capabilities = || engines::ALL.iter().flat_map(|engine| engine.capabilities);
    let is_code = |text: &str| text.parse::<selene_contracts::ReasonCode>().is_ok();
    let is_outcome = |text: &str| Outcome::ALL.iter().any(|outcome| outcome.as_str() == text);
    let mut tenants = BTreeSet::new();
    for (field, text) in &all {
        let text = text.as_str();
        let is_fine = match *field {
            "engine" => engines::ALL.iter().any(|engine| engine.id == text),
            "capability" => capabilities().any(|capability| capability.id == text),
            "mode" => ["Normal", "Replay", "Diagnostic"].contains(&text),
            "outcome" => is_outcome(text),
            "code" => is_code(text),
            "end" => ["durable", "rolled_back", "conflict", "refused"].contains(&text),
            "kind" => ["passive", "truncate"].contains(&text),
            "is_whole" => ["true", "false"].contains(&text),
            "tenant" => {
                tenants.insert(text);
                text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            "message" => [
                "call ended",
                "call refused before it reached the store",
                "transaction begun",
                "commit ended",
                "batch ended",
                "batch runs again",
                "checkpoint ended",
            ]
            .contains(&text),
            "wait_us" | "elapsed_us" | "begin_us" | "commit_us" | "checkpoint_us" | "operations"
            | "callers" => text.parse::<u64>().is_ok(),
            _ => false,
        };
        assert!(is_fine, "{field} = {text}");
    }
    assert_eq!(tenants.len(), 2, "one mark for each tenant: {tenants:?}");
    for id in capabilities().map(|capability| capability.id) {
        assert!(all.contains(&("capability", id.to_owned())), "nothing is recorded of {id}");
    }

    let mut labels = 0;
    for (key, ..) in snapshotter.snapshot().into_vec() {
        for label in key.key().labels() {
            labels += 1;
            let value = label.value();
            let is_fine = match label.key() {
                "capability" => capabilities().any(|capability| capability.id == value),
                "outcome" => is_outcome(value),
                "code" => is_code(value),
                "end" => ["durable", "rolled_back", "conflict", "refused"].contains(&value),
                "kind" => ["passive", "truncate"].contains(&value),
                _ => false,
            };
            assert!(is_fine, "{}: {} = {value}", key.key().name(), label.key());
        }
    }
    assert!(labels > capabilities().count(), "every capability is counted");
}
