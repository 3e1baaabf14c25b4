//! Onboarding sessions for tests, until an engine writes them.

use rusqlite::{Connection, named_params};
use selene_contracts::ph1_f::Ph1fIdentityInsertRow;
use selene_contracts::ph1_onb::{
    AccessInstanceId, DeviceProofType, InviteeType, OnboardingSessionRecord, OnboardingStatus, OverlaySetId,
    PhotoBlobRef, PhotoProofRef, PinnedSchemaId, PrefilledContextRef, SchemaVersionId, SelectorSnapshotRef,
    TermsStatus, TermsVersionId, TokenId, VerificationStatus,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, OnboardingSessionId, TenantId, UserId};
use selene_contracts::{Capability, Digest, Refusals, StorageError};

use crate::sqlite::failure::Failure;
use crate::sqlite::operation::{Done, Work};
use crate::sqlite::store::SqliteStore;
use crate::sqlite::transaction::Transaction;
use crate::sqlite::values::{json, stored};

/// A session that was started and nothing else, of a tenant and with a primary device, where given.
#[must_use]
pub fn onboarding_session(
    onboarding_session_id: OnboardingSessionId,
    tenant_id: Option<TenantId>,
    primary_device: Option<DeviceId>,
) -> OnboardingSessionRecord {
    OnboardingSessionRecord {
        onboarding_session_id,
        token_id: TokenId::new("token"),
        invitee_type: InviteeType::Employee,
        tenant_id,
        prefilled_context_ref: None,
        pinned_schema_id: None,
        pinned_schema_version: None,
        pinned_overlay_set_id: None,
        pinned_selector_snapshot: None,
        required_verification_gates: Vec::new(),
        device_fingerprint_hash: Digest([7; 32]),
        status: OnboardingStatus::DraftCreated,
        created_at: MonotonicTimeNs::new(1),
        updated_at: MonotonicTimeNs::new(1),
        terms_version_id: None,
        terms_status: None,
        photo_blob_ref: None,
        photo_proof_ref: None,
        sender_user_id: None,
        verification_status: None,
        primary_device_confirmed: primary_device.is_some(),
        primary_device_device_id: primary_device,
        primary_device_proof_type: None,
        access_engine_instance_id: None,
    }
}

impl SqliteStore {
    /// For tests only: writes an onboarding session as it is, without a rule and without an event. One of the
    /// same key that is there already stays as it is.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    pub fn insert_onboarding_session(&self, record: &OnboardingSessionRecord) -> Result<(), StorageError> {
        self.work(Insert(record.clone()))
    }
}

struct Insert(OnboardingSessionRecord);

impl Work for Insert {
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_>) -> Result<Done<()>, Failure> {
        transaction.begin_change()?;
        insert(transaction.connection(), &self.0)?;
        Ok(Ok(()))
    }

    fn refusals(&self) -> &'static Refusals {
        Ph1fIdentityInsertRow::SPEC.refusals
    }
}

fn insert(connection: &Connection, row: &OnboardingSessionRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO onboarding_sessions
                 (onboarding_session_id, token_id, invitee_type, tenant_id, prefilled_context_ref, pinned_schema_id,
                  pinned_schema_version, pinned_overlay_set_id, pinned_selector_snapshot, required_verification_gates,
                  device_fingerprint_hash, status, created_at, updated_at, terms_version_id, terms_status,
                  photo_blob_ref, photo_proof_ref, sender_user_id, verification_status, primary_device_device_id,
                  primary_device_proof_type, primary_device_confirmed, access_engine_instance_id)
             VALUES (:onboarding_session_id, :token_id, :invitee_type, :tenant_id, :prefilled_context_ref,
                     :pinned_schema_id, :pinned_schema_version, :pinned_overlay_set_id, :pinned_selector_snapshot,
                     :required_verification_gates, :device_fingerprint_hash, :status, :created_at, :updated_at,
                     :terms_version_id, :terms_status, :photo_blob_ref, :photo_proof_ref, :sender_user_id,
                     :verification_status, :primary_device_device_id, :primary_device_proof_type,
                     :primary_device_confirmed, :access_engine_instance_id)
             ON CONFLICT (onboarding_session_id) DO NOTHING",
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
            ":device_fingerprint_hash": row.device_fingerprint_hash.0,
            ":status": row.status.as_str(),
            ":created_at": stored(row.created_at.get()),
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
