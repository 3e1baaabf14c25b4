//! Audit events: their place in the chain, their row, and reading them back.

use rusqlite::{Connection, Params, Row};
use selene_contracts::shared::{
    AuditEventId, AuditEventRecord, CorrelationId, DeviceId, EngineId, EvidenceRef, IdempotencyKey,
    MonotonicTimeNs, SessionId, SimulationId, TenantId, TurnId, UserId, WorkOrderId,
};
use selene_contracts::{CallContext, Digest};

use crate::chain::{ChainedEvent, Head};
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::rows::insert::insert;
use crate::rows::values::{self, json, stored};
use crate::rules::{CheckedEvent, ph1_j};

/// Gives an event its place at the end of its chain and stores it.
pub(crate) fn append(
    transaction: &mut Transaction<'_>,
    context: &CallContext,
    draft: &CheckedEvent,
    event_id: &AuditEventId,
    ledger_position: u64,
) -> Result<(), Failure> {
    let chain_id = draft.tenant_id.as_ref().map_or("", TenantId::as_str);
    let (connection, heads) = transaction.parts();
    let head = heads.head(connection, chain_id)?;
    let payload_min = json(&draft.payload)?;
    let event = ChainedEvent {
        event_id: event_id.as_str(),
        ledger_position,
        created_at: context.now.get(),
        tenant_id: draft.tenant_id.as_ref().map(TenantId::as_str),
        work_order_id: draft.work_order_id.as_ref().map(WorkOrderId::as_str),
        session_id: draft.session_id.map(SessionId::get),
        user_id: draft.user_id.as_ref().map(UserId::as_str),
        device_id: draft.device_id.as_ref().map(DeviceId::as_str),
        engine: draft.engine.as_str(),
        event_type: draft.event_type.as_str(),
        reason_code: draft.reason_code.as_str(),
        severity: draft.severity.as_str(),
        correlation_id: context.correlation_id.get(),
        turn_id: context.turn_id.get(),
        simulation_id: context.simulation_id.as_ref().map(SimulationId::as_str),
        payload_min: &payload_min,
        evidence_ref: draft.evidence_ref.as_ref().map(EvidenceRef::as_str),
        idempotency_key: draft.idempotency_key.as_ref().map(IdempotencyKey::as_str),
        chain_id,
        chain_sequence: head.sequence + 1,
        previous_hash: &head.hash,
    };
    let hash = event.hash();
    store(connection, &event, &hash)?;
    heads.append(chain_id, Head { sequence: event.chain_sequence, hash }, ledger_position);
    Ok(())
}

fn store(connection: &Connection, event: &ChainedEvent<'_>, hash: &[u8; 32]) -> rusqlite::Result<()> {
    insert!(
        connection,
        audit_events {
            event_id: event.event_id,
            ledger_position: stored(event.ledger_position),
            created_at: stored(event.created_at),
            tenant_id: event.tenant_id,
            work_order_id: event.work_order_id,
            session_id: event.session_id.map(stored),
            user_id: event.user_id,
            device_id: event.device_id,
            engine: event.engine,
            event_type: event.event_type,
            reason_code: event.reason_code,
            severity: event.severity,
            correlation_id: event.correlation_id.to_be_bytes(),
            turn_id: stored(event.turn_id),
            simulation_id: event.simulation_id,
            payload_min: event.payload_min,
            evidence_ref: event.evidence_ref,
            idempotency_key: event.idempotency_key,
            chain_id: event.chain_id,
            chain_sequence: stored(event.chain_sequence),
            previous_hash: event.previous_hash,
            hash: hash,
        }
    )
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

/// The fields of a row as they lie in it, for the hash. Fails where a value has another type than the schema
/// says.
pub(crate) fn chained<'a>(row: &'a Row<'_>) -> rusqlite::Result<ChainedEvent<'a>> {
    let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
    let optional = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str_or_null()?);
    Ok(ChainedEvent {
        event_id: text("event_id")?,
        ledger_position: values::number(row, "ledger_position")?,
        created_at: values::number(row, "created_at")?,
        tenant_id: optional("tenant_id")?,
        work_order_id: optional("work_order_id")?,
        session_id: values::optional_number(row, "session_id")?,
        user_id: optional("user_id")?,
        device_id: optional("device_id")?,
        engine: text("engine")?,
        event_type: text("event_type")?,
        reason_code: text("reason_code")?,
        severity: text("severity")?,
        correlation_id: values::wide(row, "correlation_id")?,
        turn_id: values::number(row, "turn_id")?,
        simulation_id: optional("simulation_id")?,
        payload_min: text("payload_min")?,
        evidence_ref: optional("evidence_ref")?,
        idempotency_key: optional("idempotency_key")?,
        chain_id: text("chain_id")?,
        chain_sequence: values::number(row, "chain_sequence")?,
        previous_hash: digest(row, "previous_hash")?,
    })
}

/// A digest where it lies in the row.
pub(crate) fn digest<'a>(row: &'a Row<'_>, column: &str) -> rusqlite::Result<&'a [u8; 32]> {
    let bytes = row.get_ref(column)?.as_blob()?;
    bytes.try_into().map_err(|_| rusqlite::types::FromSqlError::InvalidType.into())
}
