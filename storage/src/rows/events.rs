//! Audit events as rows: those of one correlation chain.
//!
//! What must not live here: how an event gets its place in a chain, which is a commit's; whole chains and the whole ledger,
//! which only PH1.J reads.
//!
//! An event of no tenant has an empty tenant here, as its chain has: no tenant is named by an empty text. `coalesce` also
//! keeps the statement on an index by correlation: an index by tenant leads to all events of a tenant, and a database that
//! knows nothing of the rows may take either.

use std::borrow::Cow;

use selene_contracts::row::{Column as _, Value};
use selene_contracts::shared::{AuditEventRecord, CorrelationId, TenantId};
use selene_contracts::sql;

use crate::failure::Failure;
use crate::rules::audited;
use crate::session::Session;

/// The events of a tenant, or of none, in a correlation chain, in chain order.
pub(crate) fn of_correlation(
    db: &impl Session,
    tenant_id: Option<&TenantId>,
    correlation_id: CorrelationId,
) -> Result<Vec<AuditEventRecord>, Failure> {
    db.all(
        sql!(
            "SELECT {*AuditEventRecord} FROM {@audit_events}
             WHERE {correlation_id} = $1 AND coalesce({tenant_id}, '') = $2
             ORDER BY {chain_sequence}"
        ),
        &[correlation_id.value(), text(tenant_id.map_or("", TenantId::as_str))],
    )
}

/// The commits of one engine for a tenant in a correlation chain, in chain order: what an engine without a table of
/// its own reads. Events of audited reads and guards are not among them.
pub(crate) fn of_engine(
    db: &impl Session,
    tenant_id: &TenantId,
    correlation_id: CorrelationId,
    engine: &'static str,
) -> Result<Vec<AuditEventRecord>, Failure> {
    let [read, guard] = [false, true].map(audited::audited_reason);
    db.all(
        sql!(
            "SELECT {*AuditEventRecord} FROM {@audit_events}
             WHERE {correlation_id} = $1 AND {engine} = $2 AND {reason_code} NOT IN ($3, $4)
               AND coalesce({tenant_id}, '') = $5
             ORDER BY {chain_sequence}"
        ),
        &[correlation_id.value(), text(engine), read.value(), guard.value(), tenant_id.value()],
    )
}

const fn text(text: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(text))
}
