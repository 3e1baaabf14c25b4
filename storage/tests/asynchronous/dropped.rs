//! Futures that are dropped: their calls are done or not, never half, and nobody else waits in vain.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use selene_contracts::Disposition;
use selene_contracts::asynchronous::ph1_persona::Ph1PersonaRepo;
use selene_contracts::ph1_persona::Ph1PersonaRepo as Blocking;
use selene_storage::{AsyncSqliteStore, SqliteStore};
use tokio::runtime::{Builder, Runtime};

use crate::common::context;
use crate::{numbered, world};

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}

/// Makes each call again, and gives how many had been done before.
fn done(store: &SqliteStore, calls: std::ops::Range<usize>) -> usize {
    calls
        .filter(|number| {
            let again =
                Blocking::ph1persona_profile_commit_row(store, &context(3), numbered(*number)).unwrap();
            again.disposition == Disposition::Replayed { identical: true }
        })
        .count()
}

/// Polls a call so often, then drops it.
fn poll_and_drop(tasks: &AsyncSqliteStore, number: usize, times: usize) {
    let context = context(3);
    let mut call = pin!(tasks.ph1persona_profile_commit_row(&context, numbered(number)));
    for _ in 0..times {
        if let Poll::Ready(answer) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            answer.unwrap();
            return;
        }
    }
}

#[test]
fn a_call_that_was_never_polled_is_not_made_and_one_that_was_is_made_whole() {
    let (_world, store, tasks) = world();
    let before = store.verify_chains(&[]).unwrap().events;
    let runtime = runtime();
    let entered = runtime.enter();
    for number in 0..20 {
        poll_and_drop(&tasks, number, 0);
    }
    for number in 20..40 {
        poll_and_drop(&tasks, number, 1);
    }
    drop(entered);
    // What is queued is committed with the last handle at the latest; the next call on the store comes behind it.
    Blocking::ph1persona_profile_commit_row(&store, &context(3), numbered(99)).unwrap();
    assert_eq!(store.verify_chains(&[]).unwrap().events, before + 20 + 1);
    assert_eq!(done(&store, 0..20), 0);
    assert_eq!(done(&store, 20..40), 20);
    assert!(store.verify(&[]).unwrap().is_intact());
}

#[test]
fn aborted_tasks_leave_whole_calls_and_strand_nobody() {
    let (_world, store, tasks) = world();
    let runtime = runtime();
    let kept = runtime.block_on(async {
        let calls: Vec<_> = (0..600)
            .map(|number| {
                let tasks = tasks.clone();
                tokio::spawn(async move {
                    tasks.ph1persona_profile_commit_row(&context(3), numbered(number)).await
                })
            })
            .collect();
        let mut kept = Vec::new();
        for (number, call) in calls.into_iter().enumerate() {
            if number % 2 == 0 {
                kept.push(call);
            } else {
                // Some have not begun, some wait in the queue, some are answered.
                if number % 20 == 1 {
                    tokio::task::yield_now().await;
                }
                call.abort();
            }
        }
        let all = async {
            for call in &mut kept {
                call.await.unwrap().unwrap();
            }
        };
        tokio::time::timeout(Duration::from_mins(1), all).await.expect("nobody waits in vain");
        kept.len()
    });
    assert_eq!(kept, 300);
    let report = store.verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert!(done(&store, 0..600) >= 300);
    // Each call is there once by now.
    assert_eq!(done(&store, 0..600), 600);
}

#[test]
fn a_task_that_gives_up_after_a_while_leaves_its_call_whole() {
    let (_world, store, tasks) = world();
    let before = store.verify_chains(&[]).unwrap().events;
    let runtime = runtime();
    let answered = runtime.block_on(async {
        let mut answered = 0;
        for number in 0..200 {
            let (context, patience) =
                (context(3), Duration::from_micros(u64::try_from(number).unwrap() * 20));
            let call = tasks.ph1persona_profile_commit_row(&context, numbered(number));
            answered += usize::from(tokio::time::timeout(patience, call).await.is_ok());
        }
        answered
    });
    let was_done = done(&store, 0..200);
    assert!(was_done >= answered, "{was_done} of {answered} answered calls are there");
    assert_eq!(store.verify_chains(&[]).unwrap().events, before + 200);
    assert!(store.verify(&[]).unwrap().is_intact());
}
