//! Onboarding sessions and ends of enrollments for tests, without the steps that lead to them.

use std::sync::Arc;

use selene_contracts::ph1_f::{IdentityRecord, IdentityStatus, Ph1fIdentityInsertRow};
use selene_contracts::ph1_link::keys::LinksKey;
use selene_contracts::ph1_link::{DraftId, LinkRecord, LinkStatus};
use selene_contracts::ph1_onb::keys::OnboardingSessionsKey;
use selene_contracts::ph1_onb::{OnboardingSessionRecord, OnboardingStatus, TermsStatus, TermsVersionId};
use selene_contracts::row::CurrentRow;
use selene_contracts::shared::{
    ChainId, DeviceId, InviteeType, MonotonicTimeNs, OnboardingSessionId, TenantId, TokenId, UserId,
};
use selene_contracts::{Capability, Digest, Refusals, StorageError};

use crate::chain::Place;
use crate::check::{FoldFault, FoldFaultKind};
use crate::commit::calls::Serves;
use crate::commit::driver::{Driver, OpenTransaction};
use crate::commit::operation::{Done, Queued, Work};
use crate::commit::slot::{self, Slot};
use crate::commit::spread::{HandedOver, Place as Waits};
use crate::commit::store::Store;
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::observe::Call;
use crate::rows::standing;
use crate::rules::ph1_onb::begun;
use crate::session::{Changes, Session};

/// A session that was started and nothing else, of a tenant and with a primary device, where given.
#[must_use]
pub fn onboarding_session(
    onboarding_session_id: OnboardingSessionId,
    tenant_id: Option<TenantId>,
    primary_device: Option<DeviceId>,
) -> OnboardingSessionRecord {
    let token_id = TokenId::new(format!("token_{onboarding_session_id}"));
    let (hash, now) = (Digest([7; 32]), MonotonicTimeNs::new(1));
    OnboardingSessionRecord {
        tenant_id,
        primary_device_confirmed: primary_device.is_some(),
        primary_device_device_id: primary_device,
        ..begun(onboarding_session_id, token_id, InviteeType::Employee, hash, now)
    }
}

/// The writing connection of a store.
type Writing<S> = <<<S as Store>::Leader as Serves>::Driver as Driver>::Connection;

/// Writes an onboarding session as it is, and the link that it came from, without a rule and without an event. One of the same key
/// that is there already stays as it is.
///
/// # Errors
/// A constraint of the database refuses the row.
pub fn insert_onboarding_session<S: Store>(
    shared: &Arc<S>,
    record: &OnboardingSessionRecord,
) -> Result<(), StorageError> {
    let record = record.clone();
    alter(shared, move |changes| insert(changes, &record))
}

/// Declines the terms of an onboarding session, without a rule and without an event. Where there is no such session, nothing
/// happens.
///
/// # Errors
/// The database refuses the change.
pub fn decline_onboarding_session<S: Store>(
    shared: &Arc<S>,
    id: &OnboardingSessionId,
) -> Result<(), StorageError> {
    let id = id.clone();
    alter(shared, move |changes| {
        let Some(row) = changes.session().by_key(&OnboardingSessionsKey { onboarding_session_id: &id })?
        else {
            return Ok(());
        };
        let declined = OnboardingSessionRecord {
            status: OnboardingStatus::TermsDeclined,
            terms_version_id: Some(TermsVersionId::new("terms")),
            terms_status: Some(TermsStatus::Declined),
            ..row
        };
        changes.update(&declined)
    })
}

/// Writes what changes of a row as it is, as no capability would.
///
/// # Errors
/// A constraint of the database refuses the row.
pub fn overwrite<S: Store, R: CurrentRow + Clone + Send + 'static>(
    shared: &Arc<S>,
    row: &R,
) -> Result<(), StorageError> {
    let row = row.clone();
    alter(shared, move |changes| changes.update(&row))
}

/// For tests only: whether a fault only says that no write made a row, as is true of those that
/// [`insert_onboarding_session`] writes.
#[must_use]
pub fn is_of_insert(fault: &FoldFault) -> bool {
    fault.kind == FoldFaultKind::Unfounded && matches!(fault.table, "links" | "onboarding_sessions")
}

/// A change of rows.
struct Alter<F>(F);

impl<N, F> Work<N> for Alter<F>
where
    N: OpenTransaction,
    F: FnMut(&mut Changes<'_, N>) -> Result<(), Failure> + Send,
{
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Result<Done<()>, Failure> {
        transaction.begin_change()?;
        (self.0)(&mut Changes::new(
            transaction.session(),
            Place { chain_id: ChainId::new(""), chain_sequence: 0 },
        ))?;
        Ok(Ok(()))
    }

    fn refusals(&self) -> &'static Refusals {
        Ph1fIdentityInsertRow::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::unwatched()
    }
}

/// Changes rows behind everything that was handed over before.
fn alter<S: Store>(
    shared: &Arc<S>,
    change: impl FnMut(&mut Changes<'_, Writing<S>>) -> Result<(), Failure> + Send + 'static,
) -> Result<(), StorageError> {
    let slot = Slot::new(None);
    let operation = Box::new(Queued::new(Alter(change), Arc::clone(&slot)));
    let leader = shared.common_leader();
    match shared.spread() {
        None => leader.commits().enqueue_one(operation),
        Some(spread) => {
            let place = Waits { names: Vec::new(), home: None };
            spread.hand_over(vec![HandedOver { place, operation }]);
        }
    }
    slot::wait(leader.as_ref(), &slot)
}

fn insert<S: Session>(changes: &mut Changes<'_, S>, row: &OnboardingSessionRecord) -> Result<(), Failure> {
    let db = changes.session();
    if db.has(&OnboardingSessionsKey { onboarding_session_id: &row.onboarding_session_id })? {
        return Ok(());
    }
    let inviter = UserId::new("inviter");
    if !standing::has_identity(db, &inviter)? {
        changes.insert(&IdentityRecord {
            user_id: inviter.clone(),
            speaker_id: None,
            primary_language: None,
            tenant_id: None,
            created_at: row.created_at,
            status: IdentityStatus::Active,
        })?;
    }
    if !db.has(&LinksKey { token_id: &row.token_id })? {
        changes.insert(&link_of(row, inviter))?;
    }
    changes.insert(row)
}

/// The link that a session came from.
fn link_of(row: &OnboardingSessionRecord, inviter: UserId) -> LinkRecord {
    LinkRecord {
        token_id: row.token_id.clone(),
        draft_id: DraftId::new(format!("draft_{}", row.token_id)),
        invitee_type: row.invitee_type,
        link_status: LinkStatus::Activated,
        inviter_user_id: inviter,
        tenant_id: row.tenant_id.clone(),
        schema_version_id: None,
        prefilled_context: None,
        device_fingerprint_hash: Some(row.device_fingerprint_hash),
        created_at: row.created_at,
        updated_at: row.created_at,
    }
}
