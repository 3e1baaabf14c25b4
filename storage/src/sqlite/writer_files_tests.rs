//! What a writer does when its files go away or its log is long, and with what an earlier build wrote.

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_contracts::{Admitted, Capability, Disposition, StorageError};

use crate::commit::calls::Serves as _;
use crate::commit::write::Write;
use crate::lock::lock;
use crate::sqlite::store::SqliteStore;
use crate::sqlite::writer_tests::{context, exists, identity, in_the_middle};

#[cfg(unix)]
#[test]
fn a_file_that_goes_away_during_a_commit_leaves_its_fate_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("x"), folder.path().join("away"));
    let store = SqliteStore::open(&path).unwrap();
    let (from, to) = (path.clone(), away.clone());
    let answers = in_the_middle(&store, move |_| {
        std::fs::rename(&from, &to).expect("it is there");
        Ok(())
    });
    for answer in answers {
        let error = answer.unwrap_err();
        assert!(matches!(error, StorageError::OutcomeUnknown { .. }), "{error}");
        assert!(error.to_string().contains("deleted or renamed"), "{error}");
    }
    std::fs::rename(&away, &path).unwrap();
    let again = store.ph1f_identity_insert_row(&context(), identity("first")).unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
}

#[cfg(unix)]
#[test]
fn a_connection_that_is_opened_again_is_opened_on_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, away) = (folder.path().join("x"), folder.path().join("away"));
    let store = SqliteStore::open(&path).unwrap();
    store.ph1f_identity_insert_row(&context(), identity("first")).unwrap();
    lock(&store.shared.commits().batches).driver.reopen();
    std::fs::rename(&path, &away).unwrap();
    drop(SqliteStore::open(&path).unwrap());
    let error = store.ph1f_identity_insert_row(&context(), identity("second")).unwrap_err();
    assert!(
        matches!(&error, StorageError::BackendUnavailable { detail, .. } if detail.contains("replaced")),
        "{error}"
    );
    std::fs::rename(&away, &path).unwrap();
    assert!(store.ph1f_identity_insert_row(&context(), identity("second")).unwrap().is_applied());
}

#[test]
fn a_long_read_of_the_store_itself_empties_the_log_when_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("x")).unwrap();
    let writer = store.clone();
    let length = store.shared.once(Ph1fIdentityInsertRow::SPEC.refusals, move |connection| {
        let snapshot = connection.unchecked_transaction()?;
        assert!(!snapshot.prepare("SELECT 1 FROM identities")?.exists([])?);
        let mut number = 0;
        while writer.log_bytes()? <= SqliteStore::LOG_BOUND_BYTES {
            writer.ph1f_identity_insert_row(&context(), identity(&format!("user-{number}")))?;
            number += 1;
        }
        Ok(writer.log_bytes()?)
    });
    assert!(length.unwrap() > SqliteStore::LOG_BOUND_BYTES);
    assert_eq!(store.log_bytes().unwrap(), 0);
    assert!(exists(&store, "user-0"));
}

#[test]
fn an_earlier_answer_under_an_id_that_looks_like_another_one_is_given_again_and_nothing_new_is() {
    let store = SqliteStore::open_in_memory().unwrap();
    // As a build did that did not look at ids.
    let answers = in_the_middle(&store, |transaction| {
        Write::new(Admitted::admit(&context(), identity("ada "))?)?.apply(transaction).map(drop)
    });
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(exists(&store, "ada "), "it stays readable");
    let again = store.ph1f_identity_insert_row(&context(), identity("ada ")).unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    let anew = Ph1fIdentityInsertRow { idempotency_key: "other".into(), ..identity("ada ") };
    for refused in [
        store.ph1f_identity_insert_row(&context(), anew.clone()),
        store.submit(&context(), anew).wait(),
        store.ph1f_identity_insert_row(&context(), identity("bob\0")),
        store.ph1f_identity_insert_row(&context().with_simulation("s\u{200b}".into()), identity("bob")),
    ] {
        let error = refused.unwrap_err();
        assert!(matches!(error, StorageError::ContractViolation { .. }), "{error}");
    }
    let report = store.verify_chains(&[]).unwrap();
    assert!(report.is_intact() && report.events == 3, "{report:?}");
    assert!(store.verify_folds().unwrap().is_intact());
}
