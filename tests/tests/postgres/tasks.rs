//! Tasks of Tokio on a server: they commit side by side, and the store that blocks threads is never in the way of the runtime.

use selene_acceptance::{Database, context};
use selene_contracts::Disposition;
use selene_contracts::asynchronous::ph1_f::*;
use selene_storage::test_support::inputs;
use selene_storage_postgres::AsyncPostgresStore;
use tokio::runtime::Builder;

fn insert(number: usize) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        tenant_id: Some(format!("tenant-{}", number % 8).as_str().into()),
        ..inputs::identity(format!("user-{number}"), format!("insert-{number}"))
    }
}

#[test]
fn tasks_of_one_thread_commit_in_many_lanes_and_read_what_they_wrote() {
    let database = Database::empty();
    let runtime = Builder::new_current_thread().build().unwrap();
    let events = runtime.block_on(async {
        let store = AsyncPostgresStore::open(&database.address()).await.unwrap();
        let calls: Vec<_> = (0..200)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let context = context(1);
                    let first = store.ph1f_identity_insert_row(&context, insert(number)).await.unwrap();
                    assert_eq!(first.disposition, Disposition::Applied);
                    let again = store.ph1f_identity_insert_row(&context, insert(number)).await.unwrap();
                    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
                    let read = Ph1fReadIdentityRow { user_id: first.value.user_id.clone() };
                    assert_eq!(
                        store.ph1f_read_identity_row(&context, read).await.unwrap(),
                        Some(first.value)
                    );
                })
            })
            .collect();
        for call in calls {
            call.await.unwrap();
        }
        let blocking = store.store().clone();
        let report = tokio::task::spawn_blocking(move || blocking.verify(&[])).await.unwrap().unwrap();
        assert!(report.is_intact(), "{report:?}");
        let blocking = store.store().clone();
        let chains = tokio::task::spawn_blocking(move || blocking.verify_chains(&[])).await.unwrap().unwrap();
        // Dropped within a task, it is closed on another thread.
        drop(store);
        chains.events
    });
    assert_eq!(events, 200);
}
