//! Idempotency records: what a dedupe key was used for, and what its first call gave.

use selene_contracts::ph1_f::{CapabilityId, DedupeSpace, IdempotencyRecordsRow, StoredOutcome};
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Column as _, Selection as _};
use selene_contracts::shared::{EngineId, TenantId, WorkOrderId};
use selene_contracts::{Admitted, Capability, Committed, Digest, Disposition, sql};

use crate::chain::Place;
use crate::commit::driver::OpenTransaction;
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::rules::{Audience, refuse};
use crate::scope::{self, Scope};
use crate::session::Session;

/// The dedupe space of the capabilities whose commits are audit events and nothing else.
const EVENT_SPACE: &str = AuditEventsRow::TABLE;

/// What is known about a key.
pub(crate) enum Found<T> {
    /// No applied call has used the key.
    New,
    /// The call was applied before.
    Before(Committed<T>),
}

/// Keeps others from using the key in the same correlation until this call is done, where events are all that a commit leaves: a
/// tenant's call looks at the events of every tenant (`check_chain`), and another tenant's chain may be written at the same time.
pub(crate) fn hold_key<C: Capability, N: OpenTransaction>(
    transaction: &Transaction<'_, N>,
    call: &Admitted<C>,
    scope: &Scope,
) -> Result<(), Failure> {
    let Some(idempotency_key) = call.input().idempotency_key().filter(|_| scope.space == EVENT_SPACE) else {
        return Ok(());
    };
    transaction.hold_key(|| scope::key_in_correlation(call.context().correlation_id, idempotency_key))
}

/// Looks a key up. Gives the first call's outcome to a retry, and to nobody else.
pub(crate) fn find<C: StoredWrite>(
    db: &impl Session,
    call: &Admitted<C>,
    scope: &Scope,
    request_digest: &[u8; 32],
) -> Result<Found<C::Output>, Failure> {
    let Some(record) = recorded(db, scope)? else { return Ok(Found::New) };
    if !is_of::<C>(&record) {
        return Err(refuse::scope::<C>("idempotency_key", "was used by another capability").into());
    }
    let is_identical = record.request_digest.0 == *request_digest;
    let value = serde_json::from_str(record.outcome.as_str())
        .map_err(|_| Failure::Unreadable("the outcome of an idempotency record".to_owned()))?;
    match C::check_replay(db, call, &value)? {
        Audience::Tenant => check_tenant::<C>(call.input(), record.tenant_id.as_ref(), is_identical)?,
        Audience::SameRequest(rule) if !is_identical => {
            return Err(refuse::scope::<C>("idempotency_key", rule).into());
        }
        Audience::SameRequest(_) | Audience::Caller => {}
    }
    Ok(Found::Before(Committed {
        value: C::replayed(db, call, value)?,
        event_id: scope.event_id(),
        disposition: Disposition::Replayed { identical: is_identical },
        reason_code: C::SPEC.refusals.replay,
    }))
}

/// A key never answers another tenant, and never says that there is one. A call that could name a tenant and does
/// not gets an answer only if it is the very call that was made first.
fn check_tenant<C: Capability>(
    input: &C,
    recorded: Option<&TenantId>,
    is_identical: bool,
) -> Result<(), Failure> {
    let fits = match input.tenant_id() {
        Some(named) => recorded == Some(named),
        None => {
            recorded.is_none()
                || is_identical
                || !C::SPEC.input.iter().copied().flatten().any(|field| field.name == "tenant_id")
        }
    };
    if fits { Ok(()) } else { Err(refuse::scope::<C>("idempotency_key", refuse::OTHER_USE).into()) }
}

/// Where events are all that a commit leaves, an event of anybody else under the same key in the same chain
/// refuses too: also one whose own dedupe key is another one.
pub(crate) fn check_chain<C: Capability>(
    db: &impl Session,
    call: &Admitted<C>,
    scope: &Scope,
) -> Result<(), Failure> {
    if scope.space != EVENT_SPACE {
        return Ok(());
    }
    let Some(idempotency_key) = call.input().idempotency_key() else { return Ok(()) };
    let correlation_id = call.context().correlation_id;
    let events = db.all::<(Option<TenantId>, Option<WorkOrderId>)>(
        sql!(
            "SELECT {tenant_id}, {work_order_id} FROM {@audit_events}
             WHERE {correlation_id} = $1 AND {idempotency_key} = $2"
        ),
        &[correlation_id.value(), idempotency_key.value()],
    )?;
    for (tenant_id, work_order_id) in events {
        // The key that this capability would have had for that event. Only a record under it can be this
        // capability's own.
        let own = own_scope::<C>(|field| match field {
            "tenant_id" => tenant_id.as_ref().map(ToString::to_string),
            "work_order_id" => work_order_id.as_ref().map(ToString::to_string),
            "correlation_id" => Some(correlation_id.to_string()),
            "idempotency_key" => Some(idempotency_key.as_str().to_owned()),
            _ => None,
        })
        .filter(|own| own.digest != scope.digest);
        let is_own = match own {
            Some(own) => recorded(db, &own)?.is_some_and(|record| is_of::<C>(&record)),
            None => false,
        };
        if !is_own {
            return Err(refuse::scope::<C>(
                "idempotency_key",
                "was used by another capability in this chain",
            )
            .into());
        }
    }
    Ok(())
}

/// Whether a record is one of this capability.
fn is_of<C: Capability>(record: &IdempotencyRecordsRow) -> bool {
    record.engine.as_str() == C::SPEC.engine && record.capability.as_str() == C::SPEC.stored_name
}

/// The scope that the dedupe rule of a capability gives to these values.
fn own_scope<C: Capability>(value: impl Fn(&str) -> Option<String>) -> Option<Scope> {
    let rule = C::SPEC.dedupe.as_ref()?;
    rule.keys.iter().find_map(|fields| {
        let values: Option<Vec<String>> = fields.iter().map(|field| value(field)).collect();
        let values = values?;
        let parts = fields.iter().copied().zip(values.iter().map(String::as_str));
        Some(Scope::from_parts(rule.space, parts))
    })
}

fn recorded(db: &impl Session, scope: &Scope) -> Result<Option<IdempotencyRecordsRow>, Failure> {
    let record = db.first::<IdempotencyRecordsRow>(
        sql!(
            "SELECT {*IdempotencyRecordsRow} FROM {@idempotency_records}
             WHERE ({chain_id}, {chain_sequence}) =
                 (SELECT {event.chain_id}, {event.chain_sequence} FROM {@audit_events event}
                  WHERE {event.event_id} = $1)"
        ),
        &[scope.event_id().value()],
    )?;
    Ok(record.filter(|record| record.scope_digest.0 == scope.digest))
}

/// The record of an applied write, under the place of its event. Records never expire.
pub(crate) fn record<C: Capability>(
    scope: &Scope,
    tenant_id: Option<&TenantId>,
    request_digest: &[u8; 32],
    output: &C::Output,
    place: &Place,
) -> Result<IdempotencyRecordsRow, Failure> {
    let outcome = serde_json::to_string(output).map_err(|error| Failure::Unreadable(error.to_string()))?;
    Ok(IdempotencyRecordsRow {
        chain_id: place.chain_id.clone(),
        chain_sequence: place.chain_sequence,
        scope_digest: Digest(scope.digest),
        dedupe_space: DedupeSpace::new(scope.space),
        engine: EngineId::new(C::SPEC.engine),
        capability: CapabilityId::new(C::SPEC.stored_name),
        tenant_id: tenant_id.cloned(),
        request_digest: Digest(*request_digest),
        outcome: StoredOutcome::new(outcome),
    })
}
