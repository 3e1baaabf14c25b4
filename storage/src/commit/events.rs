//! Audit events of a commit: their place in the chain and their row. Reading them back is in `rows::events`.

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Column as _, TableRow as _};
use selene_contracts::shared::{AuditEventId, ChainId, DeviceId, RowSeals, TenantId, UserId};
use selene_contracts::{CallContext, Digest};

use crate::chain::{ChainedEvent, Head, Place};
use crate::commit::driver::{About, OpenTransaction};
use crate::commit::transaction::Transaction;
use crate::event_seals;
use crate::event_values::at;
use crate::failure::Failure;
use crate::rules::CheckedEvent;
use crate::seal::RowSeal;
use crate::session::insert_values;

/// What an event is stored with beside what its rule decided.
pub(crate) struct Placed<'a> {
    /// Id of the event: `aud_` and 32 hex digits, a hash of the dedupe key or of the place.
    pub(crate) event_id: &'a AuditEventId,
    /// Its place, and the event before it.
    pub(crate) place: &'a Place,
    /// The head of its chain.
    pub(crate) head: Head,
    /// The rows of its commit.
    pub(crate) seals: &'a [RowSeal],
}

/// The place that the next event of a chain gets, and the head that it follows. Nothing where the chain is held only now: what was read
/// before may have changed until then, so the caller has to read and decide again.
pub(crate) fn next_place<N: OpenTransaction>(
    transaction: &mut Transaction<'_, N>,
    draft: &CheckedEvent,
) -> Result<Option<(Place, Head)>, Failure> {
    let chain_id = draft.tenant_id.as_ref().map_or("", TenantId::as_str);
    let (db, heads) = transaction.parts();
    if db.is_looking_ahead() {
        if db.is_certain() {
            heads.note(db, chain_id);
        }
        return Err(Failure::LookedAhead);
    }
    let chain = db.hold_chain(chain_id)?;
    if chain.is_new {
        return Ok(None);
    }
    let head = heads.head(db, chain_id, chain.as_of)?;
    let about = About {
        tenant: draft.tenant_id.as_ref().map(TenantId::as_str),
        device: draft.device_id.as_ref().map(DeviceId::as_str),
        person: draft.user_id.as_ref().map(UserId::as_str),
    };
    db.appended(&about, chain_id);
    Ok(Some((Place { chain_id: ChainId::new(chain_id), chain_sequence: head.sequence + 1 }, head)))
}

/// Stores an event at its place at the end of its chain.
pub(crate) fn append<N: OpenTransaction>(
    transaction: &mut Transaction<'_, N>,
    context: &CallContext,
    draft: &CheckedEvent,
    placed: &Placed<'_>,
) -> Result<(), Failure> {
    let (db, heads) = transaction.parts();
    let (chain_id, sequence) = (placed.place.chain_id.as_str(), placed.place.chain_sequence);
    let seals = event_seals::write(placed.seals, chain_id, sequence)
        .map_err(|error| Failure::Unreadable(error.to_string()))?;
    let row = AuditEventsRow {
        event_id: placed.event_id.clone(),
        created_at: context.now,
        tenant_id: draft.tenant_id.clone(),
        work_order_id: draft.work_order_id.clone(),
        session_id: draft.session_id,
        user_id: draft.user_id.clone(),
        device_id: draft.device_id.clone(),
        engine: draft.engine.clone(),
        event_type: draft.event_type,
        reason_code: draft.reason_code,
        severity: draft.severity,
        correlation_id: context.correlation_id,
        turn_id: context.turn_id,
        simulation_id: context.simulation_id.clone(),
        payload_min: draft.payload.clone(),
        evidence_ref: draft.evidence_ref.clone(),
        idempotency_key: draft.idempotency_key.clone(),
        row_seals: Some(RowSeals::new(seals)),
        chain_id: placed.place.chain_id.clone(),
        chain_sequence: placed.place.chain_sequence,
        previous_hash: Digest(placed.head.hash),
        hash: Digest::default(),
    };
    // The hash goes over what is stored, so it takes its place among the values last.
    let mut values = row.values();
    let hash = ChainedEvent::of_values(&values, 0)
        .map(|event| Digest(event.hash()))
        .map_err(|column| Failure::Unreadable(format!("audit_events.{column}")))?;
    values[at!(HASH)] = hash.value();
    insert_values::<AuditEventsRow>(db, &values)?;
    heads.append(row.chain_id.as_str(), Head { sequence: row.chain_sequence, hash: hash.0 });
    Ok(())
}
