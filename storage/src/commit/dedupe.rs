//! Idempotency records: what a dedupe key was used for, and what its first call gave.

use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::shared::TenantId;
use selene_contracts::{Admitted, Capability, Committed, Disposition};

use crate::failure::Failure;
use crate::rows::insert::insert;
use crate::rows::stored::{Audience, StoredWrite};
use crate::rows::values::{json, stored};
use crate::rules::refuse;
use crate::scope::Scope;

/// The dedupe space of the capabilities whose commits are audit events and nothing else.
const EVENT_SPACE: &str = "audit_events";

/// What is known about a key.
pub(crate) enum Found<T> {
    /// It is new.
    New,
    /// The call was applied before.
    Before(Committed<T>),
}

struct Record {
    engine: String,
    capability: String,
    tenant_id: Option<String>,
    request_digest: [u8; 32],
    outcome: String,
}

/// Looks a key up. Gives the first call's outcome to a retry, and to nobody else.
pub(crate) fn find<C: StoredWrite>(
    connection: &Connection,
    call: &Admitted<C>,
    scope: &Scope,
    request_digest: &[u8; 32],
) -> Result<Found<C::Output>, Failure> {
    let Some(record) = record(connection, scope)? else {
        if scope.space == EVENT_SPACE {
            check_chain(connection, call, scope)?;
        }
        return Ok(Found::New);
    };
    if record.engine != C::SPEC.engine || record.capability != C::SPEC.stored_name {
        return Err(refuse::scope::<C>("idempotency_key", "was used by another capability").into());
    }
    let is_identical = record.request_digest == *request_digest;
    let value = serde_json::from_str(&record.outcome)
        .map_err(|_| Failure::Unreadable("the outcome of an idempotency record".to_owned()))?;
    match C::check_replay(connection, call, &value)? {
        Audience::Tenant => check_tenant::<C>(call.input(), record.tenant_id.as_deref(), is_identical)?,
        Audience::SameRequest(rule) if !is_identical => {
            return Err(refuse::scope::<C>("idempotency_key", rule).into());
        }
        Audience::SameRequest(_) | Audience::Caller => {}
    }
    Ok(Found::Before(Committed {
        value: C::replayed(connection, call, value)?,
        event_id: scope.event_id(),
        disposition: Disposition::Replayed { identical: is_identical },
        reason_code: C::SPEC.refusals.replay,
    }))
}

/// A key never answers another tenant, and never says that there is one. A call that could name a tenant and does
/// not gets an answer only if it is the very call that was made first.
fn check_tenant<C: Capability>(input: &C, recorded: Option<&str>, is_identical: bool) -> Result<(), Failure> {
    let fits = match input.tenant_id() {
        Some(named) => recorded == Some(named.as_str()),
        None => {
            recorded.is_none()
                || is_identical
                || !C::SPEC.input.iter().copied().flatten().any(|field| field.name == "tenant_id")
        }
    };
    if fits {
        Ok(())
    } else {
        Err(refuse::scope::<C>("idempotency_key", "was used for something else").into())
    }
}

/// Where events are all that a commit leaves, an event of anybody else under the same key in the same chain
/// refuses too: also one whose own dedupe key is another one.
fn check_chain<C: Capability>(
    connection: &Connection,
    call: &Admitted<C>,
    scope: &Scope,
) -> Result<(), Failure> {
    let Some(idempotency_key) = call.input().idempotency_key() else { return Ok(()) };
    let mut statement = connection.prepare_cached(
        "SELECT tenant_id, work_order_id FROM audit_events WHERE correlation_id = ?1 AND idempotency_key = ?2",
    )?;
    let correlation_id = call.context().correlation_id.get();
    let mut rows = statement.query((correlation_id.to_be_bytes(), idempotency_key.as_str()))?;
    while let Some(row) = rows.next()? {
        let tenant_id: Option<String> = row.get(0)?;
        let work_order_id: Option<String> = row.get(1)?;
        // The key that this capability would have had for that event. Only a record under it can be this
        // capability's own.
        let own = own_scope::<C>(|field| match field {
            "tenant_id" => tenant_id.clone(),
            "work_order_id" => work_order_id.clone(),
            "correlation_id" => Some(correlation_id.to_string()),
            "idempotency_key" => Some(idempotency_key.as_str().to_owned()),
            _ => None,
        })
        .filter(|own| own.digest != scope.digest);
        let is_own = match own {
            Some(own) => record(connection, &own)?.is_some_and(|record| {
                record.engine == C::SPEC.engine && record.capability == C::SPEC.stored_name
            }),
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

fn record(connection: &Connection, scope: &Scope) -> rusqlite::Result<Option<Record>> {
    connection
        .prepare_cached(
            "SELECT record.engine, record.capability, record.tenant_id, record.request_digest, record.outcome
             FROM audit_events AS event JOIN idempotency_records AS record USING (ledger_position)
             WHERE event.event_id = ?1 AND record.scope_digest = ?2",
        )?
        .query_row((scope.event_id().as_str(), scope.digest), |row| {
            Ok(Record {
                engine: row.get(0)?,
                capability: row.get(1)?,
                tenant_id: row.get(2)?,
                request_digest: row.get(3)?,
                outcome: row.get(4)?,
            })
        })
        .optional()
}

/// Records an applied write. Records never expire.
pub(crate) fn remember<C: Capability>(
    connection: &Connection,
    scope: &Scope,
    tenant_id: Option<&TenantId>,
    request_digest: &[u8; 32],
    output: &C::Output,
    ledger_position: u64,
) -> Result<(), Failure> {
    let outcome = json(output)?;
    insert!(
        connection,
        idempotency_records {
            ledger_position: stored(ledger_position),
            scope_digest: scope.digest,
            dedupe_space: scope.space,
            engine: C::SPEC.engine,
            capability: C::SPEC.stored_name,
            tenant_id: tenant_id.map(TenantId::as_str),
            request_digest: request_digest,
            outcome: outcome,
        }
    )?;
    Ok(())
}
