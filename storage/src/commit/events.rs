//! Audit events: their place in the chain, their row, and reading them back.

use rusqlite::{Connection, Params, Row};
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Column as _, TableRow as _};
use selene_contracts::shared::{
    AuditEventId, AuditEventRecord, ChainId, CorrelationId, DeviceId, EngineId, EvidenceRef, IdempotencyKey,
    MonotonicTimeNs, SessionId, SimulationId, TenantId, TurnId, UserId, WorkOrderId,
};
use selene_contracts::{CallContext, Digest};

use crate::chain::{ChainedEvent, Head};
use crate::commit::driver::OpenTransaction;
use crate::commit::transaction::Transaction;
use crate::event_values::at;
use crate::failure::Failure;
use crate::rows::values;
use crate::rules::{CheckedEvent, ph1_j};

/// Gives an event its place at the end of its chain and stores it.
pub(crate) fn append<N: OpenTransaction>(
    transaction: &mut Transaction<'_, N>,
    context: &CallContext,
    draft: &CheckedEvent,
    event_id: &AuditEventId,
    ledger_position: u64,
) -> Result<(), Failure> {
    let chain_id = draft.tenant_id.as_ref().map_or("", TenantId::as_str);
    let (db, heads) = transaction.parts();
    let head = heads.head(db, chain_id)?;
    let row = AuditEventsRow {
        event_id: event_id.clone(),
        ledger_position,
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
        chain_id: ChainId::new(chain_id),
        chain_sequence: head.sequence + 1,
        previous_hash: Digest(head.hash),
        hash: Digest::default(),
    };
    // The hash goes over what is stored, so it takes its place among the values last.
    let mut values = row.values();
    let hash = ChainedEvent::of_values(&values)
        .map(|event| Digest(event.hash()))
        .map_err(|column| Failure::Unreadable(format!("audit_events.{column}")))?;
    values[at!(HASH)] = hash.value();
    let count = db.execute(AuditEventsRow::INSERT, &values)?;
    if count != 1 {
        return Err(Failure::Unreadable(format!("{count} events were inserted, not one")));
    }
    heads.append(chain_id, Head { sequence: row.chain_sequence, hash: hash.0 }, ledger_position);
    Ok(())
}

/// What a record is read from, in the order of its fields.
const FIELDS: &str = "event_id, ledger_position, created_at, tenant_id, work_order_id, session_id, user_id, device_id, engine, \
     event_type, reason_code, severity, correlation_id, turn_id, simulation_id, payload_min, evidence_ref, idempotency_key, \
     chain_sequence, previous_hash, hash";

/// The events that `condition` selects, in its order.
pub(crate) fn select(
    connection: &Connection,
    condition: &'static str,
    params: impl Params,
) -> Result<Vec<AuditEventRecord>, Failure> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {FIELDS} FROM audit_events {condition}"))?;
    let rows = statement.query_map(params, record)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The commits of one engine for a tenant in a correlation chain, in commit order: what an engine without a table of
/// its own reads. Events that only tell of audited reads are not among them.
pub(crate) fn of_engine(
    connection: &Connection,
    tenant_id: &TenantId,
    correlation_id: CorrelationId,
    engine: &str,
) -> Result<Vec<AuditEventRecord>, Failure> {
    let [read, guard] = [false, true].map(|is_guard| ph1_j::audited_reason(is_guard).as_str());
    select(
        connection,
        "WHERE correlation_id = ?1 AND engine = ?2 AND reason_code NOT IN (?3, ?4) AND +tenant_id = ?5
         ORDER BY ledger_position",
        (correlation_id.get().to_be_bytes(), engine, read, guard, tenant_id.as_str()),
    )
}

fn record(row: &Row<'_>) -> rusqlite::Result<AuditEventRecord> {
    // By place, not by name: a name is searched among all columns, for each field of each row.
    let text = |place| row.get::<_, Option<String>>(place);
    Ok(AuditEventRecord {
        event_id: AuditEventId::new(row.get::<_, String>(0)?),
        ledger_position: values::number(row, 1)?,
        created_at: MonotonicTimeNs::new(values::number(row, 2)?),
        tenant_id: text(3)?.map(TenantId::new),
        work_order_id: text(4)?.map(WorkOrderId::new),
        session_id: values::optional_number(row, 5)?.map(SessionId::new),
        user_id: text(6)?.map(UserId::new),
        device_id: text(7)?.map(DeviceId::new),
        engine: EngineId::new(row.get::<_, String>(8)?),
        event_type: values::named(row, 9)?,
        reason_code: values::named(row, 10)?,
        severity: values::named(row, 11)?,
        correlation_id: CorrelationId::new(values::wide(row, 12)?),
        turn_id: TurnId::new(values::number(row, 13)?),
        simulation_id: text(14)?.map(SimulationId::new),
        payload_min: values::document(row, 15)?,
        evidence_ref: text(16)?.map(EvidenceRef::new),
        idempotency_key: text(17)?.map(IdempotencyKey::new),
        chain_sequence: values::number(row, 18)?,
        previous_hash: Digest(row.get(19)?),
        hash: Digest(row.get(20)?),
    })
}
