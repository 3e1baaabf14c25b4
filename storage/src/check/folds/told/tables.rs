//! Which answers tell which fields of which rows.

use super::form::{By, Later, Table};

const USER: &[&str] = &["user_id"];
const DEVICE: &[&str] = &["device_id"];
const SESSION: &[&str] = &["session_id"];
const TURN: &[&str] = &["conversation_turn_id"];
const WAKE: &[&str] = &["wake_enrollment_session_id"];
const VOICE: &[&str] = &["voice_enrollment_session_id"];
const LINK: &[&str] = &["token_id"];
const COMPANY: &[&str] = &["tenant_id", "company_id"];
const POSITION: &[&str] = &["tenant_id", "position_id"];
const SCHEMA: &[&str] = &["tenant_id", "position_id", "schema_version_id"];
const ACCESS: &[&str] = &["access_instance_id"];
const ONBOARDING: &[&str] = &["onboarding_session_id"];
const CAMPAIGN: &[&str] = &["campaign_id"];
const TARGET: &[&str] = &["campaign_id", "recipient_user_id"];

/// In the order in which they are checked.
pub(super) const TABLES: [Table; 14] = [
    Table {
        name: "identities",
        rows: "SELECT * FROM identities ORDER BY user_id",
        key: USER,
        fields: &["speaker_id", "primary_language", "tenant_id", "created_at", "status"],
        by: &[By::row("PH1F_IDENTITY_INSERT_ROW", USER)],
        later: &[],
        untold_is_absent: false,
        // The access of an onboarding writes the identity of its person.
        may_be_untold: true,
        has_no_other_ledger: true,
    },
    Table {
        name: "devices",
        rows: "SELECT * FROM devices ORDER BY device_id",
        key: DEVICE,
        fields: &["user_id", "device_type", "last_seen_at", "audio_profile_ref", "tenant_id"],
        by: &[By::row("PH1F_DEVICE_INSERT_ROW", DEVICE)],
        // The first write that names a tenant binds the device.
        later: &[("tenant_id", Later::Set)],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "sessions",
        rows: "SELECT * FROM sessions ORDER BY session_id",
        key: SESSION,
        fields: &["user_id", "device_id", "session_state", "opened_at", "last_activity_at", "closed_at"],
        by: &[
            By::row("PH1F_SESSION_OPEN_COMMIT_ROW", SESSION),
            By::row("PH1F_SESSION_STATE_COMMIT_ROW", SESSION),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "conversation_ledger",
        rows: "SELECT * FROM conversation_ledger ORDER BY conversation_turn_id",
        key: TURN,
        fields: &[
            "turn_id",
            "session_id",
            "user_id",
            "device_id",
            "conversation_role",
            "content_ref",
            "created_at",
        ],
        by: &[By::row("PH1F_CONVERSATION_APPEND_COMMIT_ROW", TURN)],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "wake_enrollment_sessions",
        rows: "SELECT * FROM wake_enrollment_sessions ORDER BY wake_enrollment_session_id",
        key: WAKE,
        fields: &[
            "user_id",
            "device_id",
            "onboarding_session_id",
            "wake_profile_id",
            "wake_enroll_status",
            "pass_target",
            "pass_count",
            "attempt_count",
            "max_attempts",
            "enrollment_timeout_ms",
            "reason_code",
            "created_at",
            "updated_at",
            "completed_at",
            "deferred_until",
        ],
        by: &[
            By::row("PH1W_ENROLL_START_DRAFT_ROW", WAKE),
            By::row("PH1W_ENROLL_SAMPLE_COMMIT_ROW", WAKE),
            By::row("PH1W_ENROLL_COMPLETE_COMMIT_ROW", WAKE),
            By::row("PH1W_ENROLL_DEFER_REMINDER_COMMIT_ROW", WAKE)
                .renamed(&[("gate_reason_code", "reason_code")]),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: false,
    },
    Table {
        name: "voice_enrollment_sessions",
        rows: "SELECT * FROM voice_enrollment_sessions ORDER BY voice_enrollment_session_id",
        key: VOICE,
        fields: &[
            "onboarding_session_id",
            "device_id",
            "voice_profile_id",
            "voice_enroll_status",
            "lock_after_consecutive_passes",
            "consecutive_passes",
            "attempt_count",
            "max_total_attempts",
            "max_session_enroll_time_ms",
            "reason_code",
            "deferred_until",
            "created_at",
            "updated_at",
        ],
        by: &[
            By::row("VID_ENROLL_START_DRAFT_ROW", VOICE),
            By::row("VID_ENROLL_SAMPLE_COMMIT_ROW", VOICE),
            By::row("VID_ENROLL_COMPLETE_COMMIT_ROW", VOICE),
            By::row("VID_ENROLL_DEFER_REMINDER_COMMIT_ROW", VOICE)
                .renamed(&[("sample_reason_code", "reason_code")]),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: false,
    },
    Table {
        name: "links",
        rows: "SELECT * FROM links ORDER BY token_id",
        key: LINK,
        fields: &[
            "draft_id",
            "invitee_type",
            "link_status",
            "inviter_user_id",
            "tenant_id",
            "schema_version_id",
            "prefilled_context",
            "device_fingerprint_hash",
            "created_at",
        ],
        by: &[
            By::row("PH1LINK_INVITE_GENERATE_DRAFT_ROW", LINK),
            By::row("PH1LINK_INVITE_REVOKE_COMMIT_ROW", LINK),
            By::part("PH1LINK_INVITE_OPEN_ACTIVATE_COMMIT_ROW", LINK).only("link_status", "ACTIVATED"),
            // Earlier builds told another device BLOCKED and left the link as it was. Their events did not say what
            // the link was before.
            By::part("PH1LINK_INVITE_OPEN_ACTIVATE_COMMIT_ROW", LINK)
                .only("link_status", "BLOCKED")
                .only_with("previous_link_status"),
        ],
        // The opening binds the device, the end of the onboarding consumes the link.
        later: &[("device_fingerprint_hash", Later::Set), ("link_status", Later::Becomes("CONSUMED"))],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "tenant_companies",
        rows: "SELECT * FROM tenant_companies ORDER BY tenant_id, company_id",
        key: COMPANY,
        fields: &["legal_name", "company_state", "created_at", "updated_at"],
        by: &[
            By::row("PH1POSITION_COMPANY_INSERT_ROW", COMPANY),
            By::row("PH1POSITION_COMPANY_STATE_COMMIT_ROW", COMPANY),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "positions",
        rows: "SELECT * FROM positions ORDER BY tenant_id, position_id",
        key: POSITION,
        fields: &[
            "company_id",
            "position_title",
            "department",
            "jurisdiction",
            "schedule_type",
            "permission_profile_ref",
            "compensation_band_ref",
            "position_lifecycle",
            "created_at",
            "updated_at",
        ],
        by: &[
            By::row("PH1POSITION_CREATE_DRAFT_ROW", POSITION),
            By::row("PH1POSITION_LIFECYCLE_COMMIT_ROW", POSITION),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: false,
    },
    Table {
        name: "requirement_schemas",
        rows: "SELECT * FROM requirement_schemas ORDER BY tenant_id, position_id, schema_version_id",
        key: SCHEMA,
        // State and time change with the activation of another version; the ledger of the position tells them.
        fields: &["rollout_scope", "selectors", "requirement_fields", "created_at"],
        by: &[
            By::row("PH1POSITION_SCHEMA_DRAFT_ROW", SCHEMA),
            By::row("PH1POSITION_SCHEMA_ACTIVATE_COMMIT_ROW", SCHEMA),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: false,
    },
    Table {
        name: "access_instances",
        rows: "SELECT * FROM access_instances ORDER BY access_instance_id",
        key: ACCESS,
        fields: &["tenant_id", "user_id", "role_template_id", "access_lifecycle", "created_at", "updated_at"],
        by: &[
            By::row("PH2ACCESS_INSTANCE_CREATE_COMMIT_ROW", ACCESS),
            By::row("PH2ACCESS_LIFECYCLE_COMMIT_ROW", ACCESS),
            // Tells that the row is there, and none of its fields.
            By::part("PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW", &["access_engine_instance_id"]),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "onboarding_sessions",
        rows: "SELECT * FROM onboarding_sessions ORDER BY onboarding_session_id",
        key: ONBOARDING,
        fields: &[
            "pinned_schema_id",
            "pinned_schema_version",
            "pinned_overlay_set_id",
            "pinned_selector_snapshot",
            "required_verification_gates",
            "status",
            "terms_version_id",
            "terms_status",
            "photo_proof_ref",
            "verification_status",
            "primary_device_proof_type",
            "primary_device_confirmed",
            "access_engine_instance_id",
        ],
        by: &[
            By::part("PH1ONB_SESSION_START_DRAFT_ROW", ONBOARDING),
            By::part("PH1ONB_TERMS_ACCEPT_COMMIT_ROW", ONBOARDING),
            By::part("PH1ONB_EMPLOYEE_PHOTO_CAPTURE_SEND_COMMIT_ROW", ONBOARDING),
            By::part("PH1ONB_EMPLOYEE_SENDER_VERIFY_COMMIT_ROW", ONBOARDING),
            By::part("PH1ONB_PRIMARY_DEVICE_CONFIRM_COMMIT_ROW", ONBOARDING)
                .renamed(&[("proof_type", "primary_device_proof_type")]),
            By::part("PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW", ONBOARDING),
            By::part("PH1ONB_COMPLETE_COMMIT_ROW", ONBOARDING),
        ],
        later: &[],
        untold_is_absent: true,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "onboarding_backfill_campaigns",
        rows: "SELECT * FROM onboarding_backfill_campaigns ORDER BY campaign_id",
        key: CAMPAIGN,
        fields: &[
            "position_id",
            "schema_version_id",
            "rollout_scope",
            "state",
            "total_target_count",
            "passed_over_count",
            "completion_reason_code",
        ],
        by: &[
            By::part("PH1ONB_BACKFILL_START_DRAFT_ROW", CAMPAIGN),
            By::part("PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW", CAMPAIGN),
        ],
        later: &[],
        untold_is_absent: false,
        may_be_untold: false,
        has_no_other_ledger: true,
    },
    Table {
        name: "onboarding_backfill_targets",
        rows: "SELECT * FROM onboarding_backfill_targets ORDER BY campaign_id, recipient_user_id",
        key: TARGET,
        fields: &["target_status"],
        by: &[
            By::part("PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW", TARGET),
            // The end of an onboarding completes its person in every campaign that the answer names.
            By::part("PH1ONB_COMPLETE_COMMIT_ROW", &["campaign_id", "user_id"]).each(
                "completed_campaign_ids",
                "campaign_id",
                ("target_status", "COMPLETED"),
            ),
        ],
        later: &[],
        untold_is_absent: false,
        // The start of the campaign writes all of them.
        may_be_untold: true,
        has_no_other_ledger: true,
    },
];
