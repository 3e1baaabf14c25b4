//! Two writers of two tenants, in an order that the test decides: the first has made all its decisions and cannot end yet when the
//! second one begins. Then the first ends, once well and once not, and what the second answers must be right either way.
//!
//! What a rule reads outside of its chain is kept true in several ways (docs/POSTGRES.md); here is a case of each.

use std::sync::Mutex;

use selene_acceptance::onboarding::{Office, access_of, campaign, field};
use selene_acceptance::{Database, Harness, OpenStore, Recorded, context};
use selene_contracts::Payload;
use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_contracts::ph1_j::{Ph1JReasonCode, Ph1jAuditAppendCommitRow, Ph1jAuditRepo as _};
use selene_contracts::ph1_onb::{
    Ph1OnbRepo as _, Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow,
};
use selene_contracts::ph1_persona::{Ph1PersonaReasonCode, Ph1PersonaRepo as _};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::ph1_write::{Ph1WriteReasonCode, Ph1WriteRepo as _};
use selene_contracts::shared::{AuditEventType, AuditSeverity, RolloutScope, TenantId};
use selene_storage::test_support::inputs;
use selene_storage_postgres::PostgresStore;

use crate::order::{Answer, First, Scene, TENANTS, interleaved, interleaved_at, one_of_two};

/// Somebody of each.
pub const USERS: [&str; 2] = ["ann", "bob"];

pub fn identity(user: &str, tenant: Option<&str>, key: &str) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow { tenant_id: tenant.map(TenantId::new), ..inputs::identity(user, key) }
}

/// A person with a device, of a tenant or of nobody.
pub fn person(store: &PostgresStore, user: &str, tenant: Option<&str>) {
    store.ph1f_identity_insert_row(&context(1), identity(user, tenant, user)).unwrap();
    let input = Ph1fDeviceInsertRow {
        tenant_id: tenant.map(TenantId::new),
        ..inputs::device(format!("{user}_phone"), user, format!("{user}_phone"))
    };
    store.ph1f_device_insert_row(&context(1), input).unwrap();
}

pub fn profile(store: &PostgresStore, tenant: &str, user: &str, key: &str) -> Answer {
    let input = inputs::profile(tenant, user, format!("{user}_phone"), key);
    store.ph1persona_profile_commit_row(&context(2), input).map(|committed| committed.is_applied())
}

pub fn format(store: &PostgresStore, tenant: &str, user: &str, key: &str) -> Answer {
    let input = inputs::format(tenant, user, format!("{user}_phone"), key);
    store.ph1write_format_commit_row(&context(2), input).map(|committed| committed.is_applied())
}

/// An event of a work order: its dedupe key is the tenant's own, and its idempotency key is one of the correlation all the same.
pub fn append(store: &PostgresStore, number: usize, key: &str) -> Answer {
    let input = Ph1jAuditAppendCommitRow {
        tenant_id: Some(TENANTS[number].into()),
        work_order_id: Some("work_order".into()),
        session_id: None,
        user_id: Some(USERS[number].into()),
        device_id: Some(format!("{}_phone", USERS[number]).as_str().into()),
        engine: "PH1.J".into(),
        event_type: AuditEventType::GatePass,
        reason_code: Ph1JReasonCode::JReadAudited.into(),
        severity: AuditSeverity::Info,
        payload_min: Payload::new([("gate", "access")]),
        evidence_ref: None,
        idempotency_key: key.into(),
    };
    store.ph1j_audit_append_commit_row(&context(2), input).map(|committed| committed.is_applied())
}

pub fn people_of_both(store: &PostgresStore) {
    for (user, tenant) in USERS.into_iter().zip(TENANTS) {
        person(store, user, Some(tenant));
    }
}

#[test]
fn a_key_of_two_capabilities_in_one_correlation_is_one_tenants() {
    let call = |number: usize, store: &PostgresStore| match number {
        0 => append(store, number, "shared"),
        _ => format(store, TENANTS[number], USERS[number], "shared"),
    };
    one_of_two(people_of_both, call, &[Ph1WriteReasonCode::WriteScopeViolation.into()]);
    let call = |number: usize, store: &PostgresStore| match number {
        0 => format(store, TENANTS[number], USERS[number], "shared"),
        _ => append(store, number, "shared"),
    };
    one_of_two(people_of_both, call, &[Ph1JReasonCode::JTenantScopeViolation.into()]);
    let call = |number: usize, store: &PostgresStore| match number {
        0 => profile(store, TENANTS[number], USERS[number], "shared"),
        _ => format(store, TENANTS[number], USERS[number], "shared"),
    };
    one_of_two(people_of_both, call, &[Ph1WriteReasonCode::WriteScopeViolation.into()]);
}

/// A call that was refused has used its key before: the row that says so is there, and keeps nobody out by being there.
#[test]
fn a_key_that_a_refused_call_has_used_is_one_tenants_too() {
    let prepare = |store: &PostgresStore| {
        people_of_both(store);
        let refused = format(store, TENANTS[0], "nobody", "shared");
        assert!(refused.is_err(), "{refused:?}");
    };
    let call = |number: usize, store: &PostgresStore| match number {
        0 => append(store, number, "shared"),
        _ => format(store, TENANTS[number], USERS[number], "shared"),
    };
    one_of_two(prepare, call, &[Ph1WriteReasonCode::WriteScopeViolation.into()]);
}

#[test]
fn a_key_of_one_capability_is_the_own_of_tenants_whose_dedupe_keys_differ() {
    for first in [First::Commits, First::IsLost] {
        let database = Database::empty();
        people_of_both(&PostgresStore::open(&database.address()).expect("a store opens"));
        let answers = interleaved(&database, first, |number, store| append(store, number, "shared"));
        assert_eq!(answers[0].is_ok(), first == First::Commits, "{answers:?}");
        assert_eq!(answers[1], Ok(true), "{first:?}");
    }
}

#[test]
fn a_device_without_a_tenant_is_bound_to_one() {
    let prepare = |store: &PostgresStore| person(store, "ann", None);
    let call = |number: usize, store: &PostgresStore| {
        profile(store, TENANTS[number], "ann", ["key_0", "key_1"][number])
    };
    one_of_two(prepare, call, &[Ph1PersonaReasonCode::PersonaScopeViolation.into()]);
}

#[test]
fn an_id_is_taken_by_one() {
    let call = |number: usize, store: &PostgresStore| {
        let input = identity("ann", Some(TENANTS[number]), ["key_0", "key_1"][number]);
        store.ph1f_identity_insert_row(&context(1), input).map(|committed| committed.is_applied())
    };
    one_of_two(|_| {}, call, &[selene_contracts::ph1_f::Ph1FReasonCode::FDuplicateKey.into()]);
}

/// Gives an office the database that the test has taken.
struct Given(Mutex<Option<Database>>);

impl Harness for &Given {
    type Store = Recorded<PostgresStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        let database = self.0.lock().unwrap().take();
        OpenStore::lasting(database.expect("one store is opened"))
    }
}

/// The completion names no tenant, so it reads which campaigns are open before it knows whose chain it appends to.
#[test]
fn who_completes_an_onboarding_while_a_campaign_starts_is_a_completed_target() {
    let database = Database::empty();
    let scene = Scene::of(&database);
    let office = Office::new(&&Given(Mutex::new(Some(database))));
    let fields = vec![field("oath", EvidenceMode::UserAnswer)];
    office.schema("tenant_a", "v1", fields, RolloutScope::CurrentAndNew);
    let journey = office.journey(&office.employee("mia"));
    journey.terms(true, "k").unwrap();
    journey.device(true, "k").unwrap();
    let session = journey.row().onboarding_session_id;
    let access = Ph1onbAccessInstanceCreateCommitRow { user_id: "mia".into(), ..access_of(&session, "k") };
    office.store().ph1onb_access_instance_create_commit_row(&office.call(), access).unwrap();
    let calls = [office.call(), office.call()];
    let answers = interleaved_at(&scene, First::Commits, |number, store| {
        if number == 0 {
            let started = store.ph1onb_backfill_start_draft_row(&calls[0], campaign("v1", "k"));
            started.map(|started| started.is_applied())
        } else {
            let complete = Ph1onbCompleteCommitRow {
                onboarding_session_id: session.clone(),
                idempotency_key: "complete".into(),
            };
            store.ph1onb_complete_commit_row(&calls[1], complete).map(|completed| completed.is_applied())
        }
    });
    assert_eq!(answers, [Ok(true), Ok(true)]);
    let status = "SELECT target_status FROM onboarding_backfill_targets WHERE recipient_user_id = 'mia'";
    assert_eq!(scene.raw().texts(status).unwrap(), ["COMPLETED"]);
}
