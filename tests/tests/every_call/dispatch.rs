//! Every capability by its id, with its input and its answer as JSON.

use selene_acceptance::Backend;
use selene_contracts::{CallContext, Capability as _, StorageError};
use serde_json::Value;

use selene_contracts::{
    ph1_f, ph1_j, ph1_link, ph1_onb, ph1_persona, ph1_position, ph1_voice_id, ph1_w, ph1_write, ph2_access,
};

/// What a write gave.
#[derive(Debug)]
pub struct Written {
    pub value: Value,
    pub event_id: String,
    pub is_applied: bool,
}

fn json<T: serde::Serialize>(value: T) -> Value {
    serde_json::to_value(value).expect("an answer has a JSON form")
}

fn input<C: selene_contracts::Capability>(input: &Value) -> C {
    serde_json::from_value(input.clone()).unwrap_or_else(|error| panic!("{}: {error}: {input}", C::SPEC.id))
}

macro_rules! writes {
    ($($module:ident::$input:ident => $method:ident,)*) => {
        /// Makes a write; `None` where there is none of this id.
        pub fn write(
            store: &impl Backend,
            context: &CallContext,
            id: &str,
            call: &Value,
        ) -> Option<Result<Written, StorageError>> {
            $(
                if id == $module::$input::SPEC.id {
                    return Some(store.$method(context, input::<$module::$input>(call)).map(|done| Written {
                        is_applied: done.is_applied(),
                        event_id: done.event_id.to_string(),
                        value: json(done.value),
                    }));
                }
            )*
            None
        }
    };
}

macro_rules! reads {
    ($($module:ident::$input:ident => $method:ident,)*) => {
        /// Makes a read or asks a guard; `None` where there is none of this id.
        pub fn read(
            store: &impl Backend,
            context: &CallContext,
            id: &str,
            call: &Value,
        ) -> Option<Result<Value, StorageError>> {
            $(
                if id == $module::$input::SPEC.id {
                    return Some(store.$method(context, input::<$module::$input>(call)).map(json));
                }
            )*
            None
        }
    };
}

writes! {
    ph1_f::Ph1fIdentityInsertRow => ph1f_identity_insert_row,
    ph1_f::Ph1fDeviceInsertRow => ph1f_device_insert_row,
    ph1_f::Ph1fSessionOpenCommitRow => ph1f_session_open_commit_row,
    ph1_f::Ph1fSessionStateCommitRow => ph1f_session_state_commit_row,
    ph1_f::Ph1fMemoryAppendCommitRow => ph1f_memory_append_commit_row,
    ph1_f::Ph1fConversationAppendCommitRow => ph1f_conversation_append_commit_row,
    ph1_j::Ph1jAuditAppendCommitRow => ph1j_audit_append_commit_row,
    ph1_link::Ph1linkInviteGenerateDraftRow => ph1link_invite_generate_draft_row,
    ph1_link::Ph1linkInviteOpenActivateCommitRow => ph1link_invite_open_activate_commit_row,
    ph1_link::Ph1linkInviteRevokeCommitRow => ph1link_invite_revoke_commit_row,
    ph1_onb::Ph1onbSessionStartDraftRow => ph1onb_session_start_draft_row,
    ph1_onb::Ph1onbTermsAcceptCommitRow => ph1onb_terms_accept_commit_row,
    ph1_onb::Ph1onbEmployeePhotoCaptureSendCommitRow => ph1onb_employee_photo_capture_send_commit_row,
    ph1_onb::Ph1onbEmployeeSenderVerifyCommitRow => ph1onb_employee_sender_verify_commit_row,
    ph1_onb::Ph1onbPrimaryDeviceConfirmCommitRow => ph1onb_primary_device_confirm_commit_row,
    ph1_onb::Ph1onbAccessInstanceCreateCommitRow => ph1onb_access_instance_create_commit_row,
    ph1_onb::Ph1onbCompleteCommitRow => ph1onb_complete_commit_row,
    ph1_onb::Ph1onbBackfillStartDraftRow => ph1onb_backfill_start_draft_row,
    ph1_onb::Ph1onbBackfillNotifyCommitRow => ph1onb_backfill_notify_commit_row,
    ph1_onb::Ph1onbBackfillCompleteCommitRow => ph1onb_backfill_complete_commit_row,
    ph1_persona::Ph1personaProfileCommitRow => ph1persona_profile_commit_row,
    ph1_position::Ph1positionCompanyInsertRow => ph1position_company_insert_row,
    ph1_position::Ph1positionCompanyStateCommitRow => ph1position_company_state_commit_row,
    ph1_position::Ph1positionCreateDraftRow => ph1position_create_draft_row,
    ph1_position::Ph1positionLifecycleCommitRow => ph1position_lifecycle_commit_row,
    ph1_position::Ph1positionSchemaDraftRow => ph1position_schema_draft_row,
    ph1_position::Ph1positionSchemaActivateCommitRow => ph1position_schema_activate_commit_row,
    ph1_voice_id::VidEnrollStartDraftRow => vid_enroll_start_draft_row,
    ph1_voice_id::VidEnrollSampleCommitRow => vid_enroll_sample_commit_row,
    ph1_voice_id::VidEnrollCompleteCommitRow => vid_enroll_complete_commit_row,
    ph1_voice_id::VidEnrollDeferReminderCommitRow => vid_enroll_defer_reminder_commit_row,
    ph1_w::Ph1wEnrollStartDraftRow => ph1w_enroll_start_draft_row,
    ph1_w::Ph1wEnrollSampleCommitRow => ph1w_enroll_sample_commit_row,
    ph1_w::Ph1wEnrollCompleteCommitRow => ph1w_enroll_complete_commit_row,
    ph1_w::Ph1wEnrollDeferReminderCommitRow => ph1w_enroll_defer_reminder_commit_row,
    ph1_w::Ph1wRuntimeEventCommitRow => ph1w_runtime_event_commit_row,
    ph1_write::Ph1writeFormatCommitRow => ph1write_format_commit_row,
    ph2_access::Ph2accessInstanceCreateCommitRow => ph2access_instance_create_commit_row,
    ph2_access::Ph2accessLifecycleCommitRow => ph2access_lifecycle_commit_row,
}

reads! {
    ph1_f::Ph1fReadIdentityRow => ph1f_read_identity_row,
    ph1_f::Ph1fReadDeviceRow => ph1f_read_device_row,
    ph1_f::Ph1fReadSessionRow => ph1f_read_session_row,
    ph1_f::Ph1fReadMemoryLedgerRows => ph1f_read_memory_ledger_rows,
    ph1_f::Ph1fReadMemoryCurrentRows => ph1f_read_memory_current_rows,
    ph1_f::Ph1fReadConversationRows => ph1f_read_conversation_rows,
    ph1_f::Ph1fAppendOnlyGuards => ph1f_append_only_guards,
    ph1_j::Ph1jReadCorrelationRows => ph1j_read_correlation_rows,
    ph1_j::Ph1jReadTenantRows => ph1j_read_tenant_rows,
    ph1_j::Ph1jReadRows => ph1j_read_rows,
    ph1_j::Ph1jAppendOnlyGuard => ph1j_append_only_guard,
    ph1_link::Ph1linkReadLinkRow => ph1link_read_link_row,
    ph1_onb::Ph1onbSessionRow => ph1onb_session_row,
    ph1_onb::Ph1onbSessionRows => ph1onb_session_rows,
    ph1_persona::Ph1personaReadAuditRows => ph1persona_read_audit_rows,
    ph1_position::Ph1positionReadCompanyRow => ph1position_read_company_row,
    ph1_position::Ph1positionReadPositionRow => ph1position_read_position_row,
    ph1_position::Ph1positionReadActiveSchemaRow => ph1position_read_active_schema_row,
    ph1_position::Ph1positionReadSchemaVersionRow => ph1position_read_schema_version_row,
    ph1_position::Ph1positionAppendOnlyGuards => ph1position_append_only_guards,
    ph1_voice_id::VidReadEnrollmentState => vid_read_enrollment_state,
    ph1_voice_id::VidAppendOnlyGuard => vid_append_only_guard,
    ph1_w::Ph1wReadEnrollmentSessionRow => ph1w_read_enrollment_session_row,
    ph1_w::Ph1wReadEnrollmentSampleRows => ph1w_read_enrollment_sample_rows,
    ph1_w::Ph1wReadRuntimeEventRows => ph1w_read_runtime_event_rows,
    ph1_w::Ph1wReadActiveWakeProfile => ph1w_read_active_wake_profile,
    ph1_w::Ph1wAppendOnlyGuards => ph1w_append_only_guards,
    ph1_write::Ph1writeReadAuditRows => ph1write_read_audit_rows,
    ph2_access::Ph2accessReadInstanceRow => ph2access_read_instance_row,
}
