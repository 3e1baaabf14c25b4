//! Rows of onboarding sessions, and what their steps read beside them.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::ph1_onb::{
    DeviceProofType, OnboardingSessionRecord, OverlaySetId, Ph1onbSessionRow, Ph1onbSessionRows,
    PhotoBlobRef, PhotoProofRef, PinnedSchemaId, PrefilledContextRef, SelectorSnapshotRef, TermsStatus,
    TermsVersionId, VerificationStatus,
};
use selene_contracts::ph1_position::RequirementSchemaRecord;
use selene_contracts::shared::{
    AccessInstanceId, DeviceId, MonotonicTimeNs, OnboardingSessionId, SchemaVersionId, TenantId, TokenId,
    UserId,
};
use selene_contracts::{Admitted, Digest};

use crate::failure::Failure;
use crate::rows::ph1_position;
use crate::rows::stored::StoredRead;
use crate::rows::values::{document, json, named, number, optional_document, optional_named, stored};
use crate::rules::ph1_onb::{self, Clarify, People};
use crate::session::Session;
use std::collections::BTreeMap;

impl StoredRead for Ph1onbSessionRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<OnboardingSessionRecord>, Failure> {
        let connection = db.connection();
        let found = session(connection, &call.input().onboarding_session_id)?;
        Ok(found.map(|session| clarified(connection, session)).transpose()?)
    }
}

impl StoredRead for Ph1onbSessionRows {
    fn read<S: Session>(
        db: &S,
        _call: &Admitted<Self>,
    ) -> Result<BTreeMap<OnboardingSessionId, OnboardingSessionRecord>, Failure> {
        let connection = db.connection();
        let mut statement = connection.prepare_cached("SELECT * FROM onboarding_sessions")?;
        let rows = statement.query_map([], |row| {
            let session = clarified(connection, record(row)?)?;
            Ok((session.onboarding_session_id.clone(), session))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// A session as a read tells it: with what the version that it is pinned to still needs.
fn clarified(
    connection: &Connection,
    session: OnboardingSessionRecord,
) -> rusqlite::Result<OnboardingSessionRecord> {
    Ok(Clarify::of(&session, pinned(connection, &session)?.as_ref()).into_record(session))
}

/// The version of a position's schema that a session is pinned to, whatever its state is by now.
pub(super) fn pinned(
    connection: &Connection,
    session: &OnboardingSessionRecord,
) -> rusqlite::Result<Option<RequirementSchemaRecord>> {
    let Some((tenant_id, position_id, version)) = ph1_onb::pinned_key(session) else { return Ok(None) };
    ph1_position::schema_version(connection, tenant_id, &position_id, version)
}

/// Who is part of a session. A device whose proof failed tells nothing of the person.
pub(super) fn people(
    connection: &Connection,
    onboarding_session_id: &OnboardingSessionId,
) -> rusqlite::Result<People> {
    let found = connection
        .prepare_cached(
            "SELECT coalesce(access.user_id, device.user_id), link.inviter_user_id
             FROM onboarding_sessions AS session
             JOIN links AS link ON link.token_id = session.token_id
             LEFT JOIN access_instances AS access ON access.access_instance_id = session.access_engine_instance_id
             LEFT JOIN devices AS device
               ON device.device_id = session.primary_device_device_id AND session.primary_device_confirmed = 1
             WHERE session.onboarding_session_id = ?1",
        )?
        .query_row([onboarding_session_id.as_str()], |row| {
            Ok(People {
                person: row.get::<_, Option<String>>(0)?.map(UserId::new),
                inviter: Some(UserId::new(row.get::<_, String>(1)?)),
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// One onboarding session.
pub(crate) fn session(
    connection: &Connection,
    onboarding_session_id: &OnboardingSessionId,
) -> rusqlite::Result<Option<OnboardingSessionRecord>> {
    connection
        .prepare_cached("SELECT * FROM onboarding_sessions WHERE onboarding_session_id = ?1")?
        .query_row([onboarding_session_id.as_str()], record)
        .optional()
}

/// Adds a session, as far as it goes at its start.
pub(crate) fn insert(connection: &Connection, row: &OnboardingSessionRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO onboarding_sessions
                 (onboarding_session_id, token_id, invitee_type, tenant_id, prefilled_context_ref, pinned_schema_id,
                  pinned_schema_version, pinned_overlay_set_id, pinned_selector_snapshot, required_verification_gates,
                  device_fingerprint_hash, status, created_at, updated_at, primary_device_confirmed, prefilled_context)
             VALUES
                 (:onboarding_session_id, :token_id, :invitee_type, :tenant_id, :prefilled_context_ref, :pinned_schema_id,
                  :pinned_schema_version, :pinned_overlay_set_id, :pinned_selector_snapshot,
                  :required_verification_gates, :device_fingerprint_hash, :status, :created_at, :updated_at,
                  :primary_device_confirmed, :prefilled_context)",
        )?
        .execute(named_params! {
            ":onboarding_session_id": row.onboarding_session_id.as_str(),
            ":token_id": row.token_id.as_str(),
            ":invitee_type": row.invitee_type.as_str(),
            ":tenant_id": row.tenant_id.as_ref().map(TenantId::as_str),
            ":prefilled_context_ref": row.prefilled_context_ref.as_ref().map(PrefilledContextRef::as_str),
            ":pinned_schema_id": row.pinned_schema_id.as_ref().map(PinnedSchemaId::as_str),
            ":pinned_schema_version": row.pinned_schema_version.as_ref().map(SchemaVersionId::as_str),
            ":pinned_overlay_set_id": row.pinned_overlay_set_id.as_ref().map(OverlaySetId::as_str),
            ":pinned_selector_snapshot": row.pinned_selector_snapshot.as_ref().map(SelectorSnapshotRef::as_str),
            ":required_verification_gates": json(&row.required_verification_gates)?,
            ":device_fingerprint_hash": row.device_fingerprint_hash.as_bytes(),
            ":status": row.status.as_str(),
            ":created_at": stored(row.created_at.get()),
            ":updated_at": stored(row.updated_at.get()),
            ":primary_device_confirmed": row.primary_device_confirmed,
            ":prefilled_context": row.prefilled_context.as_ref().map(json).transpose()?,
        })?;
    Ok(())
}

/// Writes what may change of a session: never its pins.
pub(crate) fn update(connection: &Connection, row: &OnboardingSessionRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE onboarding_sessions SET
                 status = :status, updated_at = :updated_at, terms_version_id = :terms_version_id,
                 terms_status = :terms_status, photo_blob_ref = :photo_blob_ref, photo_proof_ref = :photo_proof_ref,
                 sender_user_id = :sender_user_id, verification_status = :verification_status,
                 primary_device_device_id = :primary_device_device_id,
                 primary_device_proof_type = :primary_device_proof_type,
                 primary_device_confirmed = :primary_device_confirmed,
                 access_engine_instance_id = :access_engine_instance_id
             WHERE onboarding_session_id = :onboarding_session_id",
        )?
        .execute(named_params! {
            ":onboarding_session_id": row.onboarding_session_id.as_str(),
            ":status": row.status.as_str(),
            ":updated_at": stored(row.updated_at.get()),
            ":terms_version_id": row.terms_version_id.as_ref().map(TermsVersionId::as_str),
            ":terms_status": row.terms_status.map(TermsStatus::as_str),
            ":photo_blob_ref": row.photo_blob_ref.as_ref().map(PhotoBlobRef::as_str),
            ":photo_proof_ref": row.photo_proof_ref.as_ref().map(PhotoProofRef::as_str),
            ":sender_user_id": row.sender_user_id.as_ref().map(UserId::as_str),
            ":verification_status": row.verification_status.map(VerificationStatus::as_str),
            ":primary_device_device_id": row.primary_device_device_id.as_ref().map(DeviceId::as_str),
            ":primary_device_proof_type": row.primary_device_proof_type.map(DeviceProofType::as_str),
            ":primary_device_confirmed": row.primary_device_confirmed,
            ":access_engine_instance_id": row.access_engine_instance_id.as_ref().map(AccessInstanceId::as_str),
        })?;
    Ok(())
}

fn record(row: &Row<'_>) -> rusqlite::Result<OnboardingSessionRecord> {
    let text = |column| row.get::<_, Option<String>>(column);
    Ok(OnboardingSessionRecord {
        onboarding_session_id: OnboardingSessionId::new(row.get::<_, String>("onboarding_session_id")?),
        token_id: TokenId::new(row.get::<_, String>("token_id")?),
        invitee_type: named(row, "invitee_type")?,
        tenant_id: text("tenant_id")?.map(TenantId::new),
        prefilled_context_ref: text("prefilled_context_ref")?.map(PrefilledContextRef::new),
        pinned_schema_id: text("pinned_schema_id")?.map(PinnedSchemaId::new),
        pinned_schema_version: text("pinned_schema_version")?.map(SchemaVersionId::new),
        pinned_overlay_set_id: text("pinned_overlay_set_id")?.map(OverlaySetId::new),
        pinned_selector_snapshot: text("pinned_selector_snapshot")?.map(SelectorSnapshotRef::new),
        required_verification_gates: document(row, "required_verification_gates")?,
        device_fingerprint_hash: Digest(row.get("device_fingerprint_hash")?),
        status: named(row, "status")?,
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
        terms_version_id: text("terms_version_id")?.map(TermsVersionId::new),
        terms_status: optional_named(row, "terms_status")?,
        photo_blob_ref: text("photo_blob_ref")?.map(PhotoBlobRef::new),
        photo_proof_ref: text("photo_proof_ref")?.map(PhotoProofRef::new),
        sender_user_id: text("sender_user_id")?.map(UserId::new),
        verification_status: optional_named(row, "verification_status")?,
        primary_device_device_id: text("primary_device_device_id")?.map(DeviceId::new),
        primary_device_proof_type: optional_named(row, "primary_device_proof_type")?,
        primary_device_confirmed: row.get("primary_device_confirmed")?,
        access_engine_instance_id: text("access_engine_instance_id")?.map(AccessInstanceId::new),
        prefilled_context: optional_document(row, "prefilled_context")?,
        // No columns: a read tells them of the pinned version.
        pinned_requirement_keys: Vec::new(),
        missing_requirement_keys: Vec::new(),
        next_requirement_key: None,
        next_step: None,
    })
}
