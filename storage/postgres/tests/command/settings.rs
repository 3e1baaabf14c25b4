//! Settings that a session has from its role, its database or its server: whichever one is changed, a store works as before, or says which
//! one keeps it from that.

use std::collections::BTreeSet;

use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TenantId, TurnId};
use selene_contracts::{CallContext, Caller, Disposition};
use selene_storage::test_support::inputs;
use selene_storage_postgres::{OpenError, PostgresStore};

use crate::database::Database;

/// Settings by which locks, checks or durability would be off.
const REFUSED: [&str; 4] =
    ["ignore_checksum_failure", "session_replication_role", "synchronous_commit", "zero_damaged_pages"];

/// Every switch of a session with each value that it does not have.
const SWITCHES: &str = "SELECT name || ' = ' || value FROM pg_settings, LATERAL unnest(
        CASE vartype WHEN 'bool' THEN ARRAY['on', 'off'] ELSE enumvals END) AS value
    WHERE context IN ('user', 'superuser', 'backend', 'superuser-backend') AND vartype IN ('bool', 'enum') AND value <> setting
    ORDER BY 1";

/// Settings that are no switches and change how texts are read or written, or where names are looked for.
const OTHERS: [&str; 9] = [
    "DateStyle = 'German, DMY'",
    "TimeZone = 'Pacific/Apia'",
    "extra_float_digits = -15",
    "search_path = 'pg_catalog'",
    "client_encoding = 'LATIN1'",
    "idle_in_transaction_session_timeout = 1",
    "lock_timeout = 1",
    "plpgsql.variable_conflict = use_column",
    "plpgsql.extra_errors = 'all'",
];

/// A write, and the same again.
fn works(store: &PostgresStore, name: &str) -> bool {
    let context =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(1), TurnId::new(1));
    let write = || {
        let input =
            Ph1fIdentityInsertRow { tenant_id: Some(TenantId::new("acme")), ..inputs::identity(name, name) };
        store.ph1f_identity_insert_row(&context, input).map(|made| made.disposition)
    };
    matches!(write(), Ok(Disposition::Applied))
        && matches!(write(), Ok(Disposition::Replayed { identical: true }))
        && store.verify_chains(&[]).is_ok_and(|report| report.is_intact())
}

#[test]
fn whatever_a_session_has_set_a_store_works_or_names_the_setting() {
    let database = Database::empty();
    database.spend();
    let raw = database.raw();
    let switches = raw.texts(SWITCHES).unwrap();
    assert!(switches.len() > 100, "{switches:?}");
    let (mut refused, mut wrong) = (BTreeSet::new(), Vec::new());
    for (number, change) in switches.iter().map(String::as_str).chain(OTHERS).enumerate() {
        let name = change.split(' ').next().unwrap_or_default();
        let alter = |what: &str| raw.run(&format!("ALTER DATABASE {} {what}", database.name()));
        if alter(&format!("SET {change}")).is_err() {
            // No database can have it.
            continue;
        }
        match PostgresStore::open(&database.address()) {
            Ok(store) if works(&store, &format!("person {number}")) => {}
            Ok(_) => wrong.push(format!("{change}: no write is made")),
            Err(OpenError::Setting { setting, .. }) if setting == name => drop(refused.insert(setting)),
            Err(error) => wrong.push(format!("{change}: {error}")),
        }
        alter(&format!("RESET {name}")).unwrap();
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(refused.into_iter().collect::<Vec<_>>(), REFUSED);
}

/// A function has settings of its own, and may act as its owner.
#[test]
fn a_trigger_function_that_acts_otherwise_than_it_was_made_is_refused() {
    let database = Database::empty();
    database.spend();
    for (change, shown, back) in [
        ("SET search_path = public", " with search_path=public", "RESET ALL"),
        ("SECURITY DEFINER", " as its owner", "SECURITY INVOKER"),
    ] {
        database.raw().run(&format!("ALTER FUNCTION selene.selene_append_only() {change}")).unwrap();
        let Err(OpenError::Schema { differences }) = PostgresStore::open(&database.address()) else {
            panic!("{change}")
        };
        assert!(differences.iter().any(|difference| difference.ends_with(shown)), "{differences:?}");
        database.raw().run(&format!("ALTER FUNCTION selene.selene_append_only() {back}")).unwrap();
        PostgresStore::open(&database.address()).unwrap_or_else(|error| panic!("{back}: {error}"));
    }
}
