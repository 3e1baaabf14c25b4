//! Writers of several stores that are in each other's way: each store has connections of its own, as another process would.

use std::sync::Barrier;
use std::thread;

use selene_acceptance::{Database, context};
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_contracts::ph1_persona::Ph1PersonaRepo as _;
use selene_contracts::{Committed, Disposition, StorageError};
use selene_storage::test_support::inputs;
use selene_storage_postgres::PostgresStore;

const STORES: usize = 4;

fn stores(database: &Database) -> Vec<PostgresStore> {
    (0..STORES).map(|_| PostgresStore::open(&database.address()).expect("a store opens")).collect()
}

fn identity(user_id: &str, key: &str) -> Ph1fIdentityInsertRow {
    inputs::identity(user_id, key)
}

/// What every store answers to a call that all make at one moment.
fn at_once<T: Send>(stores: &[PostgresStore], call: impl Fn(usize, &PostgresStore) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(stores.len());
    thread::scope(|scope| {
        let callers: Vec<_> = stores
            .iter()
            .enumerate()
            .map(|(number, store)| {
                let (barrier, call) = (&barrier, &call);
                scope.spawn(move || {
                    barrier.wait();
                    call(number, store)
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().expect("no call panics")).collect()
    })
}

fn applied<T>(answers: &[Result<Committed<T>, StorageError>]) -> usize {
    let is_applied =
        |answer: &&Result<_, _>| matches!(answer, Ok(Committed { disposition: Disposition::Applied, .. }));
    answers.iter().filter(is_applied).count()
}

#[test]
fn one_key_at_one_moment_is_applied_once_and_replayed_to_the_others() {
    let database = Database::empty();
    let stores = stores(&database);
    for round in 0..20 {
        let (user, key) = (format!("user_{round}"), format!("key_{round}"));
        let answers =
            at_once(&stores, |_, store| store.ph1f_identity_insert_row(&context(1), identity(&user, &key)));
        assert_eq!(applied(&answers), 1, "{answers:?}");
        assert!(answers.iter().all(Result::is_ok), "the others are replays: {answers:?}");
    }
    let report = stores[0].verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.chains.events, 20);
}

#[test]
fn one_row_under_several_keys_is_inserted_once() {
    let database = Database::empty();
    let stores = stores(&database);
    for round in 0..20 {
        let user = format!("user_{round}");
        let answers = at_once(&stores, |number, store| {
            store.ph1f_identity_insert_row(&context(1), identity(&user, &format!("key_{round}_{number}")))
        });
        assert_eq!(applied(&answers), 1, "{answers:?}");
    }
    assert!(stores[0].verify(&[]).unwrap().is_intact());
}

#[test]
fn a_device_is_bound_to_one_tenant_however_many_ask_at_once() {
    let database = Database::empty();
    let stores = stores(&database);
    stores[0].ph1f_identity_insert_row(&context(1), identity("ann", "ann")).unwrap();
    for round in 0..20 {
        let device = format!("device_{round}");
        let input = inputs::device(device.as_str(), "ann", format!("insert_{round}"));
        stores[0].ph1f_device_insert_row(&context(1), input).unwrap();
        let answers = at_once(&stores, |number, store| {
            let input = inputs::profile(
                format!("tenant_{number}"),
                "ann",
                device.as_str(),
                format!("key_{round}_{number}"),
            );
            store.ph1persona_profile_commit_row(&context(2), input)
        });
        assert_eq!(applied(&answers), 1, "one tenant has the device: {answers:?}");
    }
    let report = stores[0].verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
}

#[test]
fn tenants_that_are_written_side_by_side_lose_and_double_nothing() {
    let database = Database::empty();
    let stores = stores(&database);
    stores[0].ph1f_identity_insert_row(&context(1), identity("ann", "ann")).unwrap();
    let answers = at_once(&stores, |number, store| {
        (0..50)
            .map(|call| {
                let user = format!("user_{number}_{call}");
                let input = Ph1fIdentityInsertRow {
                    tenant_id: Some(format!("tenant_{}", call % 7).as_str().into()),
                    ..identity(&user, &user)
                };
                store.ph1f_identity_insert_row(&context(1), input)
            })
            .collect::<Vec<_>>()
    });
    assert!(answers.iter().flatten().all(Result::is_ok), "{answers:?}");
    let report = stores[0].verify(&[]).unwrap();
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.chains.events, 1 + 50 * STORES as u64);
}
