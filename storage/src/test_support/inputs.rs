//! Inputs of writes for tests, benchmarks and examples: who and what a call is about is given, every other field stands here, once.
//!
//! A test that is about another field sets it alone: `Ph1fIdentityInsertRow { tenant_id, ..inputs::identity("ada", "key") }`.

use selene_contracts::ph1_f::{
    ConversationRole, IdentityStatus, MemoryKey, MemoryOperation, Ph1fConversationAppendCommitRow,
    Ph1fDeviceInsertRow, Ph1fIdentityInsertRow, Ph1fMemoryAppendCommitRow,
};
use selene_contracts::ph1_link::Ph1linkInviteGenerateDraftRow;
use selene_contracts::ph1_onb::Ph1onbSessionStartDraftRow;
use selene_contracts::ph1_persona::{Ph1PersonaReasonCode, Ph1personaProfileCommitRow};
use selene_contracts::ph1_position::{
    CompanyState, Ph1positionCompanyInsertRow, Ph1positionCreateDraftRow, Ph1positionSchemaDraftRow,
    ScheduleType, SchemaSelectors,
};
use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode, VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VoiceEnrollmentSessionId,
    VoiceSampleResult,
};
use selene_contracts::ph1_w::{
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, WakeEnrollmentSessionId, WakeSampleResult,
};
use selene_contracts::ph1_write::{FormatMode, Ph1WriteReasonCode, Ph1writeFormatCommitRow};
use selene_contracts::ph2_access::{AccessLifecycle, Ph2accessInstanceCreateCommitRow};
use selene_contracts::shared::{
    CompanyId, DeviceFingerprint, DeviceId, IdempotencyKey, InviteeType, OnboardingSessionId, PositionId,
    SchemaVersionId, TenantId, TokenId, UserId,
};

/// An ACTIVE person without a home tenant.
pub fn identity(
    user_id: impl Into<UserId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        user_id: user_id.into(),
        speaker_id: None,
        primary_language: None,
        tenant_id: None,
        status: IdentityStatus::Active,
        idempotency_key: idempotency_key.into(),
    }
}

/// A phone without a tenant.
pub fn device(
    device_id: impl Into<DeviceId>,
    user_id: impl Into<UserId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1fDeviceInsertRow {
    Ph1fDeviceInsertRow {
        device_id: device_id.into(),
        user_id: user_id.into(),
        device_type: "phone".into(),
        audio_profile_ref: None,
        tenant_id: None,
        idempotency_key: idempotency_key.into(),
    }
}

/// A key of memory is stored.
pub fn memory(
    user_id: impl Into<UserId>,
    memory_key: impl Into<MemoryKey>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1fMemoryAppendCommitRow {
    Ph1fMemoryAppendCommitRow {
        user_id: user_id.into(),
        memory_key: memory_key.into(),
        memory_operation: MemoryOperation::Store,
        memory_value_ref: Some("value-1".into()),
        idempotency_key: idempotency_key.into(),
    }
}

/// What a person said, on no device and in no session.
pub fn turn(
    user_id: impl Into<UserId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1fConversationAppendCommitRow {
    Ph1fConversationAppendCommitRow {
        session_id: None,
        user_id: user_id.into(),
        device_id: None,
        conversation_role: ConversationRole::User,
        content_ref: "content-1".into(),
        idempotency_key: idempotency_key.into(),
    }
}

/// An ACTIVE company.
pub fn company(
    tenant_id: impl Into<TenantId>,
    company_id: impl Into<CompanyId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1positionCompanyInsertRow {
    Ph1positionCompanyInsertRow {
        tenant_id: tenant_id.into(),
        company_id: company_id.into(),
        legal_name: "Harbour Clinic".into(),
        company_state: CompanyState::Active,
        idempotency_key: idempotency_key.into(),
    }
}

/// A position of a nurse who works in shifts.
pub fn position(
    tenant_id: impl Into<TenantId>,
    position_id: impl Into<PositionId>,
    company_id: impl Into<CompanyId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1positionCreateDraftRow {
    Ph1positionCreateDraftRow {
        tenant_id: tenant_id.into(),
        position_id: position_id.into(),
        company_id: company_id.into(),
        position_title: "Nurse".into(),
        department: "Ward 3".into(),
        jurisdiction: "DE".into(),
        schedule_type: ScheduleType::Shift,
        permission_profile_ref: "profile-1".into(),
        compensation_band_ref: "band-1".into(),
        idempotency_key: idempotency_key.into(),
    }
}

/// A version of a requirement schema without selectors and fields.
pub fn schema(
    tenant_id: impl Into<TenantId>,
    position_id: impl Into<PositionId>,
    schema_version_id: impl Into<SchemaVersionId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1positionSchemaDraftRow {
    Ph1positionSchemaDraftRow {
        tenant_id: tenant_id.into(),
        position_id: position_id.into(),
        schema_version_id: schema_version_id.into(),
        selectors: SchemaSelectors {
            company_size: None,
            industry_code: None,
            jurisdiction: None,
            position_family: None,
        },
        requirement_fields: Vec::new(),
        idempotency_key: idempotency_key.into(),
    }
}

/// A wake enrollment of three passes within 180 seconds, outside of an onboarding.
pub fn wake_start(
    user_id: impl Into<UserId>,
    device_id: impl Into<DeviceId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1wEnrollStartDraftRow {
    Ph1wEnrollStartDraftRow {
        user_id: user_id.into(),
        device_id: device_id.into(),
        onboarding_session_id: None,
        pass_target: 3,
        max_attempts: 8,
        enrollment_timeout_ms: 180_000,
        idempotency_key: idempotency_key.into(),
    }
}

/// A wake sample that passed.
pub fn wake_sample(
    wake_enrollment_session_id: impl Into<WakeEnrollmentSessionId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1wEnrollSampleCommitRow {
    Ph1wEnrollSampleCommitRow {
        wake_enrollment_session_id: wake_enrollment_session_id.into(),
        sample_duration_ms: 900,
        vad_coverage: 0.8,
        snr_db: 21.5,
        clipping_pct: 0.0,
        rms_dbfs: -21.25,
        noise_floor_dbfs: -58.0,
        peak_dbfs: -3.1,
        overlap_ratio: 0.1,
        result: WakeSampleResult::Pass,
        reason_code: None,
        idempotency_key: idempotency_key.into(),
    }
}

/// A voice enrollment with consent: five attempts within a minute, locked after two passes.
pub fn voice_start(
    onboarding_session_id: impl Into<OnboardingSessionId>,
    device_id: impl Into<DeviceId>,
) -> VidEnrollStartDraftRow {
    VidEnrollStartDraftRow {
        onboarding_session_id: onboarding_session_id.into(),
        device_id: device_id.into(),
        consent_asserted: true,
        max_total_attempts: 5,
        max_session_enroll_time_ms: 60_000,
        lock_after_consecutive_passes: 2,
    }
}

/// A voice sample that passed.
pub fn voice_sample(
    voice_enrollment_session_id: impl Into<VoiceEnrollmentSessionId>,
    attempt_index: u16,
    idempotency_key: impl Into<IdempotencyKey>,
) -> VidEnrollSampleCommitRow {
    VidEnrollSampleCommitRow {
        voice_enrollment_session_id: voice_enrollment_session_id.into(),
        audio_sample_ref: format!("sample-{attempt_index}").into(),
        attempt_index,
        result: VoiceSampleResult::Pass,
        reason_code: Ph1VoiceIdReasonCode::VidEnrollSampleCommit,
        idempotency_key: idempotency_key.into(),
    }
}

/// An invitation of an employee, of no tenant and without a prefilled context.
pub fn link(
    inviter_user_id: impl Into<UserId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1linkInviteGenerateDraftRow {
    Ph1linkInviteGenerateDraftRow {
        inviter_user_id: inviter_user_id.into(),
        invitee_type: InviteeType::Employee,
        tenant_id: None,
        schema_version_id: None,
        prefilled_context: None,
        idempotency_key: idempotency_key.into(),
    }
}

/// An onboarding that begins with a link, of no tenant.
pub fn onboarding_start(
    token_id: impl Into<TokenId>,
    device_fingerprint: impl Into<DeviceFingerprint>,
) -> Ph1onbSessionStartDraftRow {
    Ph1onbSessionStartDraftRow {
        token_id: token_id.into(),
        prefilled_context_ref: None,
        tenant_id: None,
        device_fingerprint: device_fingerprint.into(),
    }
}

/// ACTIVE access of a nurse.
pub fn access(
    tenant_id: impl Into<TenantId>,
    user_id: impl Into<UserId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph2accessInstanceCreateCommitRow {
    Ph2accessInstanceCreateCommitRow {
        tenant_id: tenant_id.into(),
        user_id: user_id.into(),
        role_template_id: "role_nurse".into(),
        access_lifecycle: AccessLifecycle::Active,
        idempotency_key: idempotency_key.into(),
    }
}

/// A decision about a person's profile, in no session.
pub fn profile(
    tenant_id: impl Into<TenantId>,
    user_id: impl Into<UserId>,
    device_id: impl Into<DeviceId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1personaProfileCommitRow {
    Ph1personaProfileCommitRow {
        tenant_id: tenant_id.into(),
        session_id: None,
        user_id: user_id.into(),
        device_id: device_id.into(),
        style_profile_ref: "style-1".into(),
        delivery_policy_ref: "delivery-1".into(),
        preferences_snapshot_ref: "preferences-1".into(),
        reason_code: Ph1PersonaReasonCode::PersonaProfileCommit,
        idempotency_key: idempotency_key.into(),
    }
}

/// A text that was formatted, in no session.
pub fn format(
    tenant_id: impl Into<TenantId>,
    user_id: impl Into<UserId>,
    device_id: impl Into<DeviceId>,
    idempotency_key: impl Into<IdempotencyKey>,
) -> Ph1writeFormatCommitRow {
    Ph1writeFormatCommitRow {
        tenant_id: tenant_id.into(),
        session_id: None,
        user_id: user_id.into(),
        device_id: device_id.into(),
        format_mode: FormatMode::FormattedText,
        reason_code: Ph1WriteReasonCode::WriteFormattedText,
        idempotency_key: idempotency_key.into(),
    }
}
