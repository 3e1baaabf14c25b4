//! Sends the calls of PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB.

use selene_contracts::{CallContext, StorageError};

use super::forms::{Wait, read, ticket, writes, written};
use crate::harness::Backend;
use crate::model::calls::{Answer, HiringCall, HiringValue, HiringValue as V, Value};

writes! {
    HiringCall, boxed,
    LinkGenerate => ph1link_invite_generate_draft_row as V::Link,
    LinkOpen => ph1link_invite_open_activate_commit_row as V::LinkOpened,
    LinkRevoke => ph1link_invite_revoke_commit_row as V::Link,
    CompanyInsert => ph1position_company_insert_row as V::Company,
    CompanyState => ph1position_company_state_commit_row as V::Company,
    PositionDraft => ph1position_create_draft_row as V::Position,
    PositionLifecycle => ph1position_lifecycle_commit_row as V::Position,
    SchemaDraft => ph1position_schema_draft_row as V::Schema,
    SchemaActivate => ph1position_schema_activate_commit_row as V::Schema,
    AccessCreate => ph2access_instance_create_commit_row as V::Access,
    AccessLifecycle => ph2access_lifecycle_commit_row as V::Access,
    OnbStart => ph1onb_session_start_draft_row as V::OnbStarted,
    OnbTerms => ph1onb_terms_accept_commit_row as V::OnbTerms,
    OnbPhoto => ph1onb_employee_photo_capture_send_commit_row as V::OnbPhoto,
    OnbVerify => ph1onb_employee_sender_verify_commit_row as V::OnbVerified,
    OnbDevice => ph1onb_primary_device_confirm_commit_row as V::OnbDevice,
    OnbAccess => ph1onb_access_instance_create_commit_row as V::OnbAccess,
    OnbComplete => ph1onb_complete_commit_row as V::OnbCompleted,
    BackfillStart => ph1onb_backfill_start_draft_row as V::BackfillStarted,
    BackfillNotify => ph1onb_backfill_notify_commit_row as V::BackfillNotified,
    BackfillComplete => ph1onb_backfill_complete_commit_row as V::BackfillCompleted,
}

fn boxed(value: HiringValue) -> Value {
    Value::Hiring(Box::new(value))
}

/// Makes a call of one of the four engines through the public traits.
pub(super) fn send(store: &impl Backend, at: &CallContext, call: HiringCall) -> Answer {
    use HiringCall as C;
    if let Some(answer) = write(store, at, &call) {
        return answer;
    }
    match call {
        C::LinkRead(input) => found(store.ph1link_read_link_row(at, input), V::LinkFound),
        C::CompanyRead(input) => found(store.ph1position_read_company_row(at, input), V::CompanyFound),
        C::PositionRead(input) => found(store.ph1position_read_position_row(at, input), V::PositionFound),
        C::SchemaRead(input) => found(store.ph1position_read_active_schema_row(at, input), V::SchemaFound),
        C::VersionRead(input) => found(store.ph1position_read_schema_version_row(at, input), V::SchemaFound),
        C::PositionGuard(input) => found(store.ph1position_append_only_guards(at, input), |()| V::Guarded),
        C::AccessRead(input) => found(store.ph2access_read_instance_row(at, input), V::AccessFound),
        C::OnbRead(input) => found(store.ph1onb_session_row(at, input), |row| V::OnbFound(Box::new(row))),
        C::OnbReadAll(input) => found(store.ph1onb_session_rows(at, input), V::OnbAll),
        C::IdentityRead(input) => found(store.ph1f_read_identity_row(at, input), V::IdentityFound),
        write => unreachable!("{write:?} is in the list of writes"),
    }
}

fn found<T>(result: Result<T, StorageError>, value: impl FnOnce(T) -> HiringValue) -> Answer {
    read(result, |given| boxed(value(given)))
}
