//! Audit events as rows: those of one correlation chain.
//!
//! What must not live here: how an event gets its place in a chain, which is a commit's; whole chains and the whole ledger,
//! which only PH1.J reads.
//!
//! An event of no tenant has an empty tenant here, as its chain has: no tenant is named by an empty text. `coalesce` also
//! keeps the statement on an index by correlation: an index by tenant leads to all events of a tenant, and a database that
//! knows nothing of the rows may take either.

use std::borrow::Cow;

use selene_contracts::listing;
use selene_contracts::row::{Column as _, Listing, Value};
use selene_contracts::shared::{AuditEventRecord, CorrelationId, TenantId};

use crate::rules::audited;

/// The events of a tenant, or of none, in a correlation chain, in chain order.
pub(crate) const OF_CORRELATION: Listing = listing!(
    "SELECT {*AuditEventRecord} FROM {@audit_events}
     WHERE {correlation_id} = $1 AND coalesce({tenant_id}, '') = $2
     ORDER BY {chain_sequence}"
);

/// The commits of one engine for a tenant in a correlation chain, in chain order: what an engine without a table of
/// its own reads. Events of audited reads and guards are not among them.
pub(crate) const OF_ENGINE: Listing = listing!(
    "SELECT {*AuditEventRecord} FROM {@audit_events}
     WHERE {correlation_id} = $1 AND {engine} = $2 AND {reason_code} NOT IN ($3, $4)
       AND coalesce({tenant_id}, '') = $5
     ORDER BY {chain_sequence}"
);

/// The parameters of [`OF_CORRELATION`].
pub(crate) fn in_correlation(tenant_id: Option<&TenantId>, correlation_id: CorrelationId) -> Vec<Value<'_>> {
    vec![wide(correlation_id), text(tenant_id.map_or("", TenantId::as_str))]
}

/// The parameters of [`OF_ENGINE`].
pub(crate) fn of_engine<'a>(
    tenant_id: &'a TenantId,
    correlation_id: CorrelationId,
    engine: &'static str,
) -> Vec<Value<'a>> {
    let [read, guard] = [false, true].map(audited::audited_reason);
    let [read, guard] = [read, guard].map(|code| text(code.as_str()));
    vec![wide(correlation_id), text(engine), read, guard, tenant_id.value()]
}

fn wide(correlation_id: CorrelationId) -> Value<'static> {
    correlation_id.value().into_owned()
}

const fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}
