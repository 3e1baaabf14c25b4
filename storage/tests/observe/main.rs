//! What can be watched of a store: every metric is recorded by real work, with the labels that its list names, and documented. Spans have a
//! program of their own.

#[path = "../common/mod.rs"]
mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use metrics_util::MetricKind as Kind;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use selene_contracts::ph1_j::Ph1jReadRows;
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::{CallMode, Caller};
use selene_storage::observe::{METRICS, MetricKind};
use selene_storage::{SqliteStore, observe};

use crate::common::{World, context, populate, profile};

/// What a run recorded: by name and labels.
type Recorded = BTreeMap<(String, Vec<(String, String)>), (Kind, DebugValue)>;

fn recorded(snapshotter: &Snapshotter) -> Recorded {
    let metrics = snapshotter.snapshot().into_vec().into_iter();
    let metrics = metrics.map(|(key, _, _, value)| {
        let (kind, key) = key.into_parts();
        let labels = key.labels().map(|label| (label.key().to_owned(), label.value().to_owned())).collect();
        ((key.name().to_owned(), labels), (kind, value))
    });
    metrics.collect()
}

fn watched(run: impl FnOnce()) -> Recorded {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    metrics::with_local_recorder(&recorder, || {
        observe::describe();
        run();
    });
    recorded(&snapshotter)
}

fn counted(recorded: &Recorded, name: &str, label: (&str, &str)) -> u64 {
    let is_asked = |labels: &[(String, String)]| {
        labels.iter().any(|(key, value)| (key.as_str(), value.as_str()) == label)
    };
    let values = recorded.iter().filter(|((found, labels), _)| found == name && is_asked(labels));
    values
        .map(|(_, (_, value))| match value {
            DebugValue::Counter(count) => *count,
            other => panic!("{name} is {other:?}"),
        })
        .sum()
}

/// Commits one by one until a commit has carried the log into the database.
fn commit_until_a_checkpoint(store: &SqliteStore) {
    for number in 0..2_000 {
        store.ph1persona_profile_commit_row(&context(3), profile("t", &format!("k{number}"))).unwrap();
    }
}

/// A reader keeps the log from being shortened until it is longer than its bound.
fn outgrow_the_log(world: &World, store: &SqliteStore) {
    let reader = world.raw();
    reader.execute_batch("BEGIN").unwrap();
    reader.query_row("SELECT count(*) FROM audit_events", [], |_| Ok(())).unwrap();
    let mut number = 0;
    while store.log_bytes().unwrap() <= SqliteStore::LOG_BOUND_BYTES {
        let calls = (0..100).map(|_| {
            number += 1;
            (context(3), profile("t", &format!("l{number}")))
        });
        store.submit_all(calls).into_iter().for_each(|ticket| drop(ticket.wait().unwrap()));
    }
    drop(reader);
    store.ph1persona_profile_commit_row(&context(3), profile("t", "afterwards")).unwrap();
}

/// What only breaks or a crowd bring about; their own tests look at it.
const RARE: [&str; 3] = ["selene_queue_full_total", "selene_batch_reruns_total", "selene_reopened_total"];

#[test]
fn every_metric_is_recorded_as_its_list_says() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let mut refused_with = None;
    let recorded = watched(|| {
        commit_until_a_checkpoint(&store);
        outgrow_the_log(&world, &store);
        let mut operator = context(3);
        operator.caller = Caller::Operator;
        let refusal = store.ph1persona_profile_commit_row(&operator, profile("t", "refused")).unwrap_err();
        refused_with = Some(refusal.reason_code().as_str());
    });
    for ((name, labels), (kind, _)) in &recorded {
        let metric = METRICS.iter().find(|metric| metric.name == name);
        let metric = metric.unwrap_or_else(|| panic!("{name} is not in the list"));
        let expected = match metric.kind {
            MetricKind::Counter => Kind::Counter,
            MetricKind::Gauge => Kind::Gauge,
            MetricKind::Histogram => Kind::Histogram,
        };
        assert_eq!(*kind, expected, "{name}");
        let labels: Vec<&str> = labels.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(labels, metric.labels, "{name}");
    }
    let names: BTreeSet<&str> = recorded.keys().map(|(name, _)| name.as_str()).collect();
    for metric in METRICS.iter().filter(|metric| !RARE.contains(&metric.name)) {
        assert!(names.contains(metric.name), "{} is never recorded", metric.name);
    }
    for kind in ["passive", "truncate"] {
        let label = vec![("kind".to_owned(), kind.to_owned())];
        assert!(
            recorded.contains_key(&("selene_checkpoint_seconds".to_owned(), label)),
            "no {kind} checkpoint"
        );
    }
    assert_eq!(counted(&recorded, "selene_refusals_total", ("code", refused_with.unwrap())), 1);
    assert!(counted(&recorded, "selene_commits_total", ("end", "durable")) > 2_000);
}

#[test]
fn calls_are_counted_by_how_they_ended() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let recorded = watched(|| {
        let call = |key| store.ph1persona_profile_commit_row(&context(3), profile("t", key));
        call("first").unwrap();
        call("second").unwrap();
        call("first").unwrap();
        let mut other = profile("t", "second");
        other.style_profile_ref = "style-2".into();
        store.ph1persona_profile_commit_row(&context(3), other).unwrap();
    });
    let ended = |outcome| counted(&recorded, "selene_calls_total", ("outcome", outcome));
    assert_eq!([ended("done"), ended("replayed"), ended("replayed_different")], [2, 1, 1]);
    assert_eq!(ended("refused") + ended("unavailable") + ended("unknown"), 0);
    // Nothing waits any more.
    let gauge = &recorded[&("selene_queue_operations".to_owned(), Vec::new())].1;
    assert_eq!(*gauge, DebugValue::Gauge(0.0.into()));
}

#[test]
fn a_list_that_is_shown_row_by_row_is_one_call_also_where_it_leaves_an_event() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    for mode in [CallMode::Normal, CallMode::Diagnostic] {
        let recorded = watched(|| {
            let show = |_| ControlFlow::Continue(());
            store.each_row(&context(3).with_mode(mode), Ph1jReadRows {}, show).unwrap();
        });
        assert_eq!(counted(&recorded, "selene_calls_total", ("capability", "PH1J_READ_ROWS")), 1, "{mode:?}");
    }
}

#[test]
fn a_commit_whose_fate_is_unknown_is_counted_and_its_connection_too() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let recorded = watched(|| {
        store.break_next_commit(selene_storage::test_support::BrokenCommit::Durable);
        store.ph1persona_profile_commit_row(&context(3), profile("t", "unknown")).unwrap_err();
    });
    assert_eq!(counted(&recorded, "selene_calls_total", ("outcome", "unknown")), 1);
    assert_eq!(counted(&recorded, "selene_commits_total", ("end", "unknown")), 1);
    assert!(recorded.contains_key(&("selene_reopened_total".to_owned(), Vec::new())));
}

#[test]
fn every_metric_stands_in_the_operators_guide() {
    let guide = include_str!("../../../docs/OPERATING.md");
    for metric in METRICS {
        let kind = match metric.kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
        };
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let row = format!("| `{}` | {kind} | {} | {} |", metric.name, labels.join(", "), metric.meaning);
        assert!(guide.contains(&row), "docs/OPERATING.md lacks this row:\n{row}");
    }
}
