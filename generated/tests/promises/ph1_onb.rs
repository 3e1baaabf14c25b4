//! specs/ecm/PH1_ONB.md and specs/db_wiring/PH1_ONB.md.

use selene_contracts::ReadScope;
use selene_contracts::ph1_onb::{
    CampaignId, ENGINE, OverlaySetId, Ph1onbAccessInstanceCreateCommitRow, Ph1onbBackfillCompleteCommitRow,
    Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow, Ph1onbCompleteCommitRow,
    Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionRow, Ph1onbSessionRows, Ph1onbSessionStartDraftRow,
    Ph1onbTermsAcceptCommitRow, PhotoBlobRef, PhotoProofRef, PinnedSchemaId, PrefilledContextRef, RoleId,
    SelectorSnapshotRef, TermsVersionId,
};

use crate::call::{Event, Promise};
use crate::field::{may, needs};
use crate::{codes, ids, promised, refusals, tables};

const READ: Promise = Promise::os_only("ONB_CONTRACT_VALIDATION_FAILED");

/// Every write of the engine is simulation-gated.
const WRITE: Promise = Promise { is_gated: true, ..READ };

/// Every event of the engine is a transition that says by which simulation, in which chain and under which key.
const EVENT: Event = Event {
    kind: "STATE_TRANSITION",
    reason_code: None,
    fields: &["event_type", "reason_code", "correlation_id", "turn_id", "simulation_id", "idempotency_key"],
    payload: &[],
};

/// The fields of an event that is about a person.
const WITH_USER: &[&str] = &[
    "event_type",
    "reason_code",
    "user_id",
    "correlation_id",
    "turn_id",
    "simulation_id",
    "idempotency_key",
];

/// The fields of an event of a campaign.
const WITH_TENANT_AND_USER: &[&str] = &[
    "event_type",
    "reason_code",
    "tenant_id",
    "user_id",
    "correlation_id",
    "turn_id",
    "simulation_id",
    "idempotency_key",
];

/// The fields that make two steps of a session the same step.
const SESSION_AND_KEY: &[&str] = &["onboarding_session_id", "idempotency_key"];

promised!(ph1onb_session_start_draft_row: Ph1onbSessionStartDraftRow = [Promise {
    input: &[
        needs("token_id"),
        may("prefilled_context_ref"),
        may("tenant_id"),
        needs("device_fingerprint"),
    ],
    key: Some(("PH1ONB_SESSION_START_DRAFT_ROW", &["token_id"])),
    event: Some(Event {
        reason_code: Some("ONB_SESSION_START_DRAFT"),
        payload: &[
            "onboarding_session_id",
            "status",
            "next_step",
            "pinned_schema_id",
            "pinned_schema_version",
            "pinned_overlay_set_id",
            "inviter_user_id",
            "next_requirement_key?",
            "missing_requirement_count",
        ],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_session_row: Ph1onbSessionRow = [Promise {
    input: &[needs("onboarding_session_id")],
    scope: Some(ReadScope::Row),
    ..READ
}]);

promised!(ph1onb_session_rows: Ph1onbSessionRows =
    [Promise { scope: Some(ReadScope::WholeLedger), ..READ }]);

promised!(ph1onb_terms_accept_commit_row: Ph1onbTermsAcceptCommitRow = [Promise {
    input: &[
        needs("onboarding_session_id"),
        needs("terms_version_id"),
        needs("accepted").yes_or_no(),
        needs("idempotency_key"),
    ],
    key: Some(("PH1ONB_TERMS_ACCEPT_COMMIT_ROW", SESSION_AND_KEY)),
    event: Some(Event {
        reason_code: Some("ONB_TERMS_ACCEPT_COMMIT"),
        payload: &["onboarding_session_id", "status", "terms_version_id", "terms_status", "inviter_user_id"],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_employee_photo_capture_send_commit_row: Ph1onbEmployeePhotoCaptureSendCommitRow = [Promise {
    input: &[
        needs("onboarding_session_id"),
        needs("photo_blob_ref"),
        needs("sender_user_id"),
        needs("idempotency_key"),
    ],
    key: Some(("PH1ONB_EMPLOYEE_PHOTO_CAPTURE_SEND_COMMIT_ROW", SESSION_AND_KEY)),
    event: Some(Event {
        reason_code: Some("ONB_PHOTO_CAPTURE_SEND_COMMIT"),
        payload: &[
            "onboarding_session_id",
            "status",
            "photo_proof_ref",
            "verification_status",
            "sender_user_id",
            "inviter_user_id",
        ],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_employee_sender_verify_commit_row: Ph1onbEmployeeSenderVerifyCommitRow = [Promise {
    input: &[
        needs("onboarding_session_id"),
        needs("sender_user_id"),
        needs("decision").takes(&["\"CONFIRM\"", "\"REJECT\""], &["\"OTHER\""]),
        needs("idempotency_key"),
    ],
    key: Some(("PH1ONB_EMPLOYEE_SENDER_VERIFY_COMMIT_ROW", SESSION_AND_KEY)),
    event: Some(Event {
        reason_code: Some("ONB_SENDER_VERIFY_COMMIT"),
        payload: &[
            "onboarding_session_id",
            "status",
            "verification_status",
            "decision",
            "sender_user_id",
            "inviter_user_id",
        ],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_primary_device_confirm_commit_row: Ph1onbPrimaryDeviceConfirmCommitRow = [Promise {
    input: &[
        needs("onboarding_session_id"),
        needs("device_id"),
        needs("proof_type").takes(&["\"BIOMETRIC\"", "\"PASSCODE\""], &["\"OTHER\""]),
        needs("proof_ok").yes_or_no(),
        needs("idempotency_key"),
    ],
    key: Some(("PH1ONB_PRIMARY_DEVICE_CONFIRM_COMMIT_ROW", SESSION_AND_KEY)),
    event: Some(Event {
        reason_code: Some("ONB_PRIMARY_DEVICE_CONFIRM_COMMIT"),
        payload: &[
            "onboarding_session_id",
            "status",
            "proof_type",
            "primary_device_confirmed",
            "inviter_user_id",
        ],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_access_instance_create_commit_row: Ph1onbAccessInstanceCreateCommitRow = [Promise {
    input: &[
        needs("onboarding_session_id"),
        needs("user_id"),
        may("tenant_id"),
        needs("role_id"),
        needs("idempotency_key"),
    ],
    key: Some(("PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW", &["user_id", "role_id", "idempotency_key"])),
    event: Some(Event {
        reason_code: Some("ONB_ACCESS_INSTANCE_CREATE_COMMIT"),
        fields: WITH_USER,
        payload: &["onboarding_session_id", "status", "access_engine_instance_id", "role_id"],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_complete_commit_row: Ph1onbCompleteCommitRow = [Promise {
    input: &[needs("onboarding_session_id"), needs("idempotency_key")],
    key: Some(("PH1ONB_COMPLETE_COMMIT_ROW", SESSION_AND_KEY)),
    event: Some(Event {
        reason_code: Some("ONB_COMPLETE_COMMIT"),
        fields: WITH_USER,
        payload: &["onboarding_session_id", "status", "completed_target_count"],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_backfill_start_draft_row: Ph1onbBackfillStartDraftRow = [Promise {
    input: &[
        needs("actor_user_id"),
        needs("tenant_id"),
        needs("company_id"),
        needs("position_id"),
        needs("schema_version_id"),
        needs("rollout_scope")
            .takes(&["\"CURRENT_AND_NEW\""], &["\"NEW_HIRES_ONLY\""])
            .or("ONB_BACKFILL_SCOPE_INVALID"),
        needs("idempotency_key"),
    ],
    key: Some((
        "PH1ONB_BACKFILL_START_DRAFT_ROW",
        &["tenant_id", "position_id", "schema_version_id", "idempotency_key"],
    )),
    event: Some(Event {
        reason_code: Some("ONB_BACKFILL_START_DRAFT"),
        fields: WITH_TENANT_AND_USER,
        payload: &[
            "campaign_id",
            "state",
            "position_id",
            "schema_version_id",
            "rollout_scope",
            "pending_target_count",
            "passed_over_count",
            "completion_reason_code?",
        ],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_backfill_notify_commit_row: Ph1onbBackfillNotifyCommitRow = [Promise {
    input: &[
        needs("campaign_id"),
        needs("tenant_id"),
        needs("recipient_user_id"),
        needs("idempotency_key"),
    ],
    key: Some((
        "PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW",
        &["campaign_id", "recipient_user_id", "idempotency_key"],
    )),
    event: Some(Event {
        reason_code: Some("ONB_BACKFILL_NOTIFY_COMMIT"),
        fields: WITH_TENANT_AND_USER,
        payload: &["campaign_id", "target_status", "actor_user_id"],
        ..EVENT
    }),
    ..WRITE
}]);

promised!(ph1onb_backfill_complete_commit_row: Ph1onbBackfillCompleteCommitRow = [Promise {
    input: &[needs("campaign_id"), needs("tenant_id"), needs("idempotency_key")],
    key: Some(("PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW", &["campaign_id", "idempotency_key"])),
    event: Some(Event {
        reason_code: Some("ONB_BACKFILL_COMPLETE_COMMIT"),
        fields: WITH_TENANT_AND_USER,
        payload: &["campaign_id", "state", "completed_target_count", "completion_reason_code?"],
        ..EVENT
    }),
    ..WRITE
}]);

ids! {
    PrefilledContextRef: 128,
    PinnedSchemaId: 128,
    OverlaySetId: 64,
    SelectorSnapshotRef: 128,
    TermsVersionId: 64,
    PhotoBlobRef: 256,
    PhotoProofRef: 64,
    RoleId: 64,
    CampaignId: 64,
}

codes! {
    Refusal: ONB_SCOPE_MISMATCH ONB_LINK_NOT_ACTIVATED ONB_FINGERPRINT_MISMATCH ONB_GATE_TERMS_REQUIRED
        ONB_GATE_VERIFICATION_REQUIRED ONB_GATE_DEVICE_REQUIRED ONB_GATE_ACCESS_REQUIRED
        ONB_GATE_NOT_APPLICABLE ONB_POSITION_PREREQ_FAILED ONB_STATE_INVALID ONB_BACKFILL_SCOPE_INVALID
        ONB_BACKFILL_NOT_TERMINAL ONB_CONTRACT_VALIDATION_FAILED;
    Replay: ONB_IDEMPOTENCY_REPLAY;
    Step: ONB_SESSION_START_DRAFT ONB_TERMS_ACCEPT_COMMIT ONB_PHOTO_CAPTURE_SEND_COMMIT
        ONB_SENDER_VERIFY_COMMIT ONB_PRIMARY_DEVICE_CONFIRM_COMMIT ONB_ACCESS_INSTANCE_CREATE_COMMIT
        ONB_COMPLETE_COMMIT ONB_BACKFILL_START_DRAFT ONB_BACKFILL_NOTIFY_COMMIT ONB_BACKFILL_COMPLETE_COMMIT;
    Outcome: ONB_BACKFILL_FINISHED ONB_BACKFILL_NO_TARGETS;
}

refusals! {
    caller: F_CALLER_NOT_ALLOWED,
    simulation: F_SIMULATION_REQUIRED,
    contract: ONB_CONTRACT_VALIDATION_FAILED,
    foreign_key: ONB_SCOPE_MISMATCH,
    duplicate: F_DUPLICATE_KEY,
    scope: ONB_SCOPE_MISMATCH,
    append_only: F_APPEND_ONLY_VIOLATION,
    not_found: ONB_SCOPE_MISMATCH,
    replay: ONB_IDEMPOTENCY_REPLAY,
    outcome_unknown: F_OUTCOME_UNKNOWN,
    unavailable: F_BACKEND_UNAVAILABLE,
}

tables! {
    "os_core.onboarding_sessions": Current,
    "os_core.onboarding_backfill_campaigns": Current,
    "os_core.onboarding_backfill_targets": Current,
}
