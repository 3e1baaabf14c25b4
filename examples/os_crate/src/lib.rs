//! A part of an OS that asks which wake profile a device listens for, and records what it heard.
//!
//! It knows the engine's trait and no store: production gives it a `SqliteStore`, a test gives it a mock. What a test needs
//! of either stands in `tests/`.

use anyhow::{Context as _, ensure};
use selene_contracts::ph1_w::*;
use selene_contracts::shared::{DeviceId, IdempotencyKey, UserId};
use selene_contracts::{CallContext, StorageError};

/// Listens for one person on one device.
pub struct Listener<'a> {
    repo: &'a dyn Ph1wWakeRepo,
    user_id: UserId,
    device_id: DeviceId,
}

impl<'a> Listener<'a> {
    /// A listener on any implementation of the engine.
    pub fn new(repo: &'a dyn Ph1wWakeRepo, user_id: UserId, device_id: DeviceId) -> Self {
        Self { repo, user_id, device_id }
    }

    /// The profile that the device listens for.
    ///
    /// # Errors
    /// There is none, or the store refused; the text says which.
    pub fn profile(&self, context: &CallContext) -> anyhow::Result<WakeProfileId> {
        let profile = self
            .repo
            .ph1w_read_active_wake_profile(
                context,
                Ph1wReadActiveWakeProfile {
                    user_id: self.user_id.clone(),
                    device_id: self.device_id.clone(),
                },
            )
            .context("reading the active wake profile")?;
        profile.with_context(|| format!("no wake profile is active on {}", self.device_id))
    }

    /// Starts the enrollment of a profile. The key is made by a person's app, so a key that was used for another request
    /// is an error here, not a success.
    ///
    /// # Errors
    /// The store refused, or the key was used for another request before.
    pub fn enroll(
        &self,
        context: &CallContext,
        passes: u8,
        key: &str,
    ) -> anyhow::Result<WakeEnrollmentSessionRecord> {
        ensure!(!key.is_empty(), "an enrollment needs a key");
        let committed = self
            .repo
            .ph1w_enroll_start_draft_row(
                context,
                Ph1wEnrollStartDraftRow {
                    user_id: self.user_id.clone(),
                    device_id: self.device_id.clone(),
                    onboarding_session_id: None,
                    pass_target: passes,
                    max_attempts: 8,
                    enrollment_timeout_ms: 180_000,
                    idempotency_key: IdempotencyKey::new(key),
                },
            )
            .and_then(selene_contracts::Committed::require_identical)
            .context("starting a wake enrollment")?;
        Ok(committed.value)
    }
}

/// The registered code of a failure, wherever in a chain of causes the store's error stands.
pub fn reason_of(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| Some(cause.downcast_ref::<StorageError>()?.reason_code().as_str()))
}
