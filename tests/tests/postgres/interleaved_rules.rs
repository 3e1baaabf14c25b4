//! Two writers of one tenant, in an order that the test decides: what a rule has read and did not lock is kept true by the lane of the
//! tenant, or by a unique key, and is read by the second writer only once the first one has ended.

use selene_acceptance::onboarding::{
    activation, campaign, company, field, lifecycle, position, schema, simulated,
};
use selene_acceptance::{Database, context};
use selene_contracts::ReasonCode;
use selene_contracts::ph1_f::Ph1fFoundationRepo as _;
use selene_contracts::ph1_onb::Ph1OnbRepo as _;
use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1PositionReasonCode, Ph1PositionRepo as _,
    Ph1positionCompanyStateCommitRow, PositionLifecycle,
};
use selene_contracts::ph2_access::{Ph2AccessReasonCode, Ph2AccessRepo as _};
use selene_contracts::shared::RolloutScope;
use selene_storage::test_support::inputs;
use selene_storage_postgres::PostgresStore;

use crate::interleaved::{identity, person};
use crate::order::{Answer, First, TENANTS, both, one_of_two};

const TENANT: &str = TENANTS[0];

/// A company with a position that is a draft, and two versions of its requirements that are drafts.
fn workplace(store: &PostgresStore) {
    store.ph1position_company_insert_row(&simulated(1), company(TENANT, "acme", "c")).unwrap();
    store.ph1position_create_draft_row(&simulated(1), position(TENANT, "nurse", "acme", "p")).unwrap();
    for version in ["v1", "v2"] {
        let fields = vec![field("legal_name", EvidenceMode::UserAnswer)];
        store
            .ph1position_schema_draft_row(&simulated(1), schema(TENANT, "nurse", version, fields, version))
            .unwrap();
    }
}

fn moves(store: &PostgresStore, to: PositionLifecycle, key: &str) -> Answer {
    let input = lifecycle(TENANT, "nurse", to, key);
    store.ph1position_lifecycle_commit_row(&simulated(2), input).map(|committed| committed.is_applied())
}

fn activates(store: &PostgresStore, version: &str) -> Answer {
    let input =
        activation(TENANT, "nurse", version, RolloutScope::CurrentAndNew, &format!("active_{version}"));
    store.ph1position_schema_activate_commit_row(&simulated(2), input).map(|committed| committed.is_applied())
}

fn closes(store: &PostgresStore) -> Answer {
    let input = Ph1positionCompanyStateCommitRow {
        tenant_id: TENANT.into(),
        company_id: "acme".into(),
        company_state: CompanyState::Closed,
        idempotency_key: "closes".into(),
    };
    store.ph1position_company_state_commit_row(&simulated(2), input).map(|committed| committed.is_applied())
}

fn texts(database: &Database, sql: &str) -> Vec<String> {
    database.raw().texts(sql).unwrap_or_else(|error| panic!("{error}"))
}

/// A row that may change: the company, as the rule of the position reads it.
#[test]
fn a_position_is_not_active_in_a_company_that_closes_meanwhile() {
    let refusals: [ReasonCode; 1] = [Ph1PositionReasonCode::PositionCompanyNotActive.into()];
    let closes_first = |number: usize, store: &PostgresStore| match number {
        0 => closes(store),
        _ => moves(store, PositionLifecycle::Active, "active"),
    };
    one_of_two(workplace, closes_first, &refusals);
    let closes_last = |number: usize, store: &PostgresStore| match number {
        0 => moves(store, PositionLifecycle::Active, "active"),
        _ => closes(store),
    };
    both(workplace, closes_last, |_, _| {});
}

/// The next number in a ledger, and the row that it belongs to.
#[test]
fn a_position_moves_from_where_the_other_writer_left_it() {
    let prepare = |store: &PostgresStore| {
        workplace(store);
        moves(store, PositionLifecycle::Active, "active").unwrap();
    };
    let numbers = |first: First, database: &Database| {
        let found = texts(database, "SELECT position_event_seq::text FROM position_events ORDER BY 1");
        let expected: &[&str] =
            if first == First::Commits { &["1", "2", "3", "4"] } else { &["1", "2", "3"] };
        assert_eq!(found, expected);
    };
    let call = |number: usize, store: &PostgresStore| match number {
        0 => moves(store, PositionLifecycle::Suspended, "suspended"),
        _ => moves(store, PositionLifecycle::Retired, "retired"),
    };
    both(prepare, call, numbers);
    let refusals: [ReasonCode; 1] = [Ph1PositionReasonCode::PositionStateInvalid.into()];
    let call = |number: usize, store: &PostgresStore| match number {
        0 => moves(store, PositionLifecycle::Retired, "retired"),
        _ => moves(store, PositionLifecycle::Suspended, "suspended"),
    };
    one_of_two(prepare, call, &refusals);
}

/// That no version is active, which a unique index keeps.
#[test]
fn one_version_of_two_is_active_and_the_other_retired() {
    for versions in [["v1", "v2"], ["v2", "v1"]] {
        let look = |first: First, database: &Database| {
            let active = "SELECT schema_version_id FROM requirement_schemas WHERE schema_state = 'ACTIVE'";
            assert_eq!(texts(database, active), [versions[1]]);
            let retired = "SELECT schema_version_id FROM requirement_schemas WHERE schema_state = 'RETIRED'";
            let expected: &[&str] = if first == First::Commits { &versions[..1] } else { &[] };
            assert_eq!(texts(database, retired), expected);
        };
        both(workplace, |number, store| activates(store, versions[number]), look);
    }
}

/// That a person has no access yet, which a unique key keeps.
#[test]
fn a_person_has_one_access() {
    let prepare = |store: &PostgresStore| person(store, "ann", Some(TENANT));
    let call = |number: usize, store: &PostgresStore| {
        let input = inputs::access(TENANT, "ann", ["key_0", "key_1"][number]);
        store
            .ph2access_instance_create_commit_row(&simulated(2), input)
            .map(|committed| committed.is_applied())
    };
    one_of_two(prepare, call, &[Ph2AccessReasonCode::AccessInstanceExists.into()]);
}

/// A count of people, which the lane of the tenant keeps.
#[test]
fn a_campaign_has_a_target_for_whoever_was_there_before_it() {
    let prepare = |store: &PostgresStore| {
        person(store, "boss", Some(TENANT));
        workplace(store);
        moves(store, PositionLifecycle::Active, "active").unwrap();
        activates(store, "v1").unwrap();
    };
    let begins = |store: &PostgresStore| {
        store
            .ph1onb_backfill_start_draft_row(&simulated(3), campaign("v1", "campaign"))
            .map(|done| done.is_applied())
    };
    let comes = |store: &PostgresStore| {
        let input = identity("newcomer", Some(TENANT), "newcomer");
        store.ph1f_identity_insert_row(&context(3), input).map(|done| done.is_applied())
    };
    let targets = "SELECT recipient_user_id FROM onboarding_backfill_targets ORDER BY 1";
    both(
        prepare,
        |number, store| if number == 0 { comes(store) } else { begins(store) },
        |first, database| {
            let expected: &[&str] = if first == First::Commits { &["boss", "newcomer"] } else { &["boss"] };
            assert_eq!(texts(database, targets), expected);
        },
    );
    both(
        prepare,
        |number, store| if number == 0 { begins(store) } else { comes(store) },
        |first, database| {
            let expected: &[&str] = if first == First::Commits { &["boss"] } else { &[] };
            assert_eq!(texts(database, targets), expected);
        },
    );
}
