//! Runtimes: of either kind, several on one store, one that shuts down while calls wait, and none.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use selene_contracts::StorageError;
use selene_contracts::asynchronous::ph1_persona::Ph1PersonaRepo;
use selene_storage::AsyncSqliteStore;
use tokio::runtime::Builder;

use crate::common::{World, context, populate};
use crate::{numbered, world};

#[test]
fn a_runtime_of_one_thread_serves_calls_that_wait_for_each_other() {
    let (_world, _store, tasks) = world();
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (context, [first, second]) = (context(3), [numbered(1), numbered(2)]);
        let (first, second) = tokio::join!(
            tasks.ph1persona_profile_commit_row(&context, first),
            tasks.ph1persona_profile_commit_row(&context, second),
        );
        assert!(first.unwrap().is_applied() && second.unwrap().is_applied());
    });
}

#[test]
fn a_runtime_that_shuts_down_hands_the_queue_on_to_another() {
    let (_world, store, tasks) = world();
    for round in 0..20 {
        let ending = Builder::new_multi_thread().worker_threads(1).max_blocking_threads(1).build().unwrap();
        for number in 0..50 {
            let tasks = tasks.clone();
            ending.spawn(async move {
                let number = round * 50 + number;
                tasks.ph1persona_profile_commit_row(&context(3), numbered(number)).await
            });
        }
        let staying = Builder::new_current_thread().enable_time().build().unwrap();
        ending.shutdown_background();
        staying.block_on(async {
            let context = context(3);
            let call = tasks.ph1persona_profile_commit_row(&context, numbered(100_000 + round));
            tokio::time::timeout(Duration::from_mins(1), call).await.expect("it is answered").unwrap();
        });
    }
    assert!(store.verify(&[]).unwrap().is_intact());
}

#[test]
fn without_a_runtime_a_call_is_refused_and_not_made() {
    let (_world, store, tasks) = world();
    let before = store.verify_chains(&[]).unwrap().events;
    let context = context(3);
    let mut call = pin!(tasks.ph1persona_profile_commit_row(&context, numbered(1)));
    let Poll::Ready(answer) = call.as_mut().poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("it waits for a runtime")
    };
    assert!(matches!(answer, Err(StorageError::BackendUnavailable { .. })), "{answer:?}");
    assert_eq!(store.verify_chains(&[]).unwrap().events, before);
}

#[test]
fn a_store_whose_last_handle_a_task_drops_is_closed_in_the_background() {
    let world = World::new();
    populate(&world.open());
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = AsyncSqliteStore::open(world.path()).await.unwrap();
        let _ = store.store().submit(&context(3), numbered(1));
        drop(store);
    });
    // The log goes away when the last connection is closed.
    let log = world.path().with_extension("db-wal");
    let began = std::time::Instant::now();
    while log.exists() {
        assert!(began.elapsed() < Duration::from_mins(1), "{} is still there", log.display());
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(world.open().verify_chains(&[]).unwrap().events, 6 + 1);
}

#[test]
fn a_closed_store_has_committed_what_was_queued_and_opens_again() {
    let world = World::new();
    populate(&world.open());
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let events = |path| async move {
        let store = AsyncSqliteStore::open(path).await.unwrap();
        let events = store.store().verify_chains(&[]).unwrap().events;
        store.close().await;
        events
    };
    runtime.block_on(async {
        let before = events(world.path()).await;
        let store = AsyncSqliteStore::open(world.path()).await.unwrap();
        let ticket = store.store().submit(&context(3), numbered(1));
        drop(ticket);
        store.close().await;
        assert_eq!(events(world.path()).await, before + 1);
    });
}
