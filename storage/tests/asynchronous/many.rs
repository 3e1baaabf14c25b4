//! Many tasks at once: each call is answered once, no call has a thread of its own, and threads may call beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use selene_contracts::asynchronous::ph1_persona::Ph1PersonaRepo;
use selene_contracts::ph1_persona::{Ph1PersonaRepo as _, Ph1personaReadAuditRows};
use selene_contracts::shared::CorrelationId;
use selene_contracts::{CallMode, Disposition, StorageError};
use tokio::runtime::Builder;

use crate::common::context;
use crate::{numbered, world};

const TASKS: usize = 1_000;
const WORKERS: usize = 2;

/// More threads than workers, readers, leaders and the other tests of this program need, and far fewer than there are tasks.
const FEW: usize = 150;

/// Threads of this process; none where the system does not list them.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

#[test]
fn a_thousand_tasks_commit_each_call_once_without_a_thread_for_each() {
    let (_world, store, tasks) = world();
    let before = store.verify_chains(&[]).unwrap().events;
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_time().build().unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let watcher = std::thread::spawn({
        let is_over = Arc::clone(&is_over);
        move || {
            let mut most = 0;
            while !is_over.load(Ordering::Relaxed) {
                most = most.max(threads());
                std::thread::sleep(Duration::from_millis(1));
            }
            most
        }
    });
    runtime.block_on(async {
        let calls: Vec<_> = (0..TASKS)
            .map(|number| {
                let tasks = tasks.clone();
                tokio::spawn(async move {
                    let first = tasks.ph1persona_profile_commit_row(&context(3), numbered(number)).await?;
                    assert_eq!(first.disposition, Disposition::Applied, "{number}");
                    let again = tasks.ph1persona_profile_commit_row(&context(3), numbered(number)).await?;
                    assert_eq!(again.disposition, Disposition::Replayed { identical: true }, "{number}");
                    assert_eq!(again.event_id, first.event_id);
                    let read = Ph1personaReadAuditRows {
                        tenant_id: "t".into(),
                        correlation_id: CorrelationId::new(3),
                    };
                    let page = selene_contracts::PageRequest::first(10);
                    tasks.ph1persona_read_audit_rows_page(&context(3), read, page).await?;
                    Ok::<_, StorageError>(first.event_id)
                })
            })
            .collect();
        let mut events = std::collections::BTreeSet::new();
        for call in calls {
            events.insert(call.await.unwrap().unwrap());
        }
        assert_eq!(events.len(), TASKS);
    });
    is_over.store(true, Ordering::Relaxed);
    let most = watcher.join().unwrap();
    assert!(most < FEW, "{most} threads");
    let report = store.verify_chains(&[]).unwrap();
    assert!(report.is_intact());
    assert_eq!(report.events, before + u64::try_from(TASKS).unwrap());
}

#[test]
fn tasks_and_threads_share_a_store() {
    let (_world, store, tasks) = world();
    let before = store.verify_chains(&[]).unwrap().events;
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).build().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..50 {
                    let number = 10_000 + thread * 50 + number;
                    store.ph1persona_profile_commit_row(&context(3), numbered(number)).unwrap();
                }
            });
        }
        runtime.block_on(async {
            let calls: Vec<_> = (0..400)
                .map(|number| {
                    let tasks = tasks.clone();
                    tokio::spawn(async move {
                        Ph1PersonaRepo::ph1persona_profile_commit_row(&tasks, &context(3), numbered(number))
                            .await
                    })
                })
                .collect();
            for call in calls {
                call.await.unwrap().unwrap();
            }
        });
    });
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(store.verify_chains(&[]).unwrap().events, before + 800);
}

#[test]
fn threads_that_fill_the_queue_stop_no_task() {
    let (_world, store, tasks) = world();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    // More than the queue takes, and nobody has waited for them yet.
    let calls = (0..3_000).map(|number| (context(3), numbered(number)));
    let tickets = store.submit_all(calls);
    runtime.block_on(async {
        let context = context(3);
        let call = Ph1PersonaRepo::ph1persona_profile_commit_row(&tasks, &context, numbered(5_000));
        tokio::time::timeout(Duration::from_mins(1), call).await.expect("it is answered").unwrap();
    });
    for ticket in tickets {
        assert!(ticket.wait().unwrap().is_applied());
    }
}

#[test]
fn what_is_refused_and_what_is_audited_is_as_for_threads() {
    let (_world, store, tasks) = world();
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut operator = context(3);
        operator.caller = selene_contracts::Caller::Operator;
        let refused = Ph1PersonaRepo::ph1persona_profile_commit_row(&tasks, &operator, numbered(1)).await;
        assert!(matches!(refused, Err(StorageError::CallerNotAllowed { .. })), "{refused:?}");

        let events = store.verify_chains(&[]).unwrap().events;
        let diagnostic = context(3).with_mode(CallMode::Diagnostic);
        let read = Ph1personaReadAuditRows { tenant_id: "t".into(), correlation_id: CorrelationId::new(3) };
        Ph1PersonaRepo::ph1persona_read_audit_rows(&tasks, &diagnostic, read).await.unwrap();
        assert_eq!(store.verify_chains(&[]).unwrap().events, events + 1, "an audited read leaves its event");
    });
}
