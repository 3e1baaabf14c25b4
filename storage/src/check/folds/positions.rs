//! Positions and the versions of their requirement schemas, each held against its ledger.

use std::collections::BTreeMap;
use std::fmt;

use selene_contracts::ph1_position::{
    PositionEventsRow, PositionLifecycle, PositionsRow, RequirementSchemaEventsRow, RequirementSchemasRow,
    SchemaState,
};
use selene_contracts::row::Selection as _;
use selene_contracts::shared::RolloutScope;
use selene_contracts::tables::{
    position_events, positions, requirement_schema_events as schema_events, requirement_schemas as schemas,
};

use super::groups::{Entry, Groups, count};
use super::{FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream};
use crate::failure::Failure;
use crate::rules::folds::{Count, StateAt, StateFold};
use crate::session::Session;

/// Whose ledger it is. Sorted like the rows: by the bytes of the tenant, then of the position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    tenant_id: String,
    position_id: String,
}

impl Key {
    fn of(row: &StoredRow, [tenant_id, position_id]: [&str; 2]) -> Result<Self, Failure> {
        Ok(Self { tenant_id: row.get(tenant_id)?, position_id: row.get(position_id)? })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {}", self.tenant_id, self.position_id)
    }
}

/// What a version of a schema is, and for whom.
type Version = (SchemaState, Option<RolloutScope>);

const POSITIONS: &str = PositionsRow::TABLE;
const EVENTS: &str = PositionEventsRow::TABLE;
const SCHEMAS: &str = RequirementSchemasRow::TABLE;
const SCHEMA_EVENTS: &str = RequirementSchemaEventsRow::TABLE;

/// Holds positions and requirement schemas against their ledgers, position by position.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    for table in [POSITIONS, EVENTS, SCHEMAS, SCHEMA_EVENTS] {
        report.cover(table);
    }
    let mut events = Groups::of::<PositionEventsRow>(db, position_events::POSITION_ID, event)?;
    let mut versions = Groups::of::<RequirementSchemasRow>(db, schemas::POSITION_ID, schema)?;
    let mut version_events =
        Groups::of::<RequirementSchemaEventsRow>(db, schema_events::POSITION_ID, schema_event)?;
    for row in Stream::of::<PositionsRow>(db) {
        let row = row?;
        let key = Key::of(&row, [positions::TENANT_ID, positions::POSITION_ID])?;
        check_position(&row, &key, &mut events, report)?;
        check_schemas(&key, &mut versions, &mut version_events, report)?;
    }
    events.finish(report)?;
    versions.finish(report)?;
    version_events.finish(report)
}

/// The place of an event, and the state that it leads to.
type Event = (u64, StateAt<PositionLifecycle>);
/// Its place, the version that it is about, and the state that it leads to.
type SchemaEvent = (u64, String, StateAt<Version>);
/// A version, and when it was made and changed last.
type Schema = (Version, u64, u64);

fn event(row: &StoredRow) -> Result<Entry<Event, Key>, Failure> {
    use position_events::{CREATED_AT, POSITION_EVENT_SEQ, POSITION_ID, POSITION_LIFECYCLE, TENANT_ID};
    let seq: u64 = row.get(POSITION_EVENT_SEQ)?;
    let state = StateAt { state: row.get(POSITION_LIFECYCLE)?, at: row.get(CREATED_AT)? };
    Ok(Entry { key: Key::of(row, [TENANT_ID, POSITION_ID])?, place: seq.to_string(), value: (seq, state) })
}

fn schema(row: &StoredRow) -> Result<Entry<Schema, Key>, Failure> {
    let version = (row.get(schemas::SCHEMA_STATE)?, row.get(schemas::ROLLOUT_SCOPE)?);
    Ok(Entry {
        key: Key::of(row, [schemas::TENANT_ID, schemas::POSITION_ID])?,
        place: row.get(schemas::SCHEMA_VERSION_ID)?,
        value: (version, row.get(schemas::CREATED_AT)?, row.get(schemas::UPDATED_AT)?),
    })
}

fn schema_event(row: &StoredRow) -> Result<Entry<SchemaEvent, Key>, Failure> {
    let seq: u64 = row.get(schema_events::SCHEMA_EVENT_SEQ)?;
    let version = (row.get(schema_events::SCHEMA_STATE)?, row.get(schema_events::ROLLOUT_SCOPE)?);
    let state = StateAt { state: version, at: row.get(schema_events::CREATED_AT)? };
    Ok(Entry {
        key: Key::of(row, [schema_events::TENANT_ID, schema_events::POSITION_ID])?,
        place: seq.to_string(),
        value: (seq, row.get(schema_events::SCHEMA_VERSION_ID)?, state),
    })
}

fn check_position<S: Session>(
    row: &StoredRow,
    key: &Key,
    events: &mut Groups<'_, S, Event, Key>,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let mut fold: Option<StateFold<PositionLifecycle>> = None;
    let mut counted = Count::default();
    let group = key.to_string();
    events.each(key, report, |entry, report| {
        let (seq, state) = entry.value;
        count(&mut counted, report, (EVENTS, position_events::POSITION_EVENT_SEQ), (&group, seq));
        match &mut fold {
            Some(fold) => fold.take(state),
            None => fold = Some(StateFold::new(state)),
        }
    })?;
    report.rows += 1;
    let Some(fold) = fold else {
        report.add(POSITIONS, group, positions::POSITION_LIFECYCLE, FoldFaultKind::Unfounded);
        return Ok(());
    };
    let lifecycle: PositionLifecycle = row.get(positions::POSITION_LIFECYCLE)?;
    let mut fields = Vec::new();
    if lifecycle != *fold.state() {
        fields.push(positions::POSITION_LIFECYCLE);
    }
    fields.extend(fold.differing_times(
        (positions::CREATED_AT, row.get(positions::CREATED_AT)?),
        (positions::UPDATED_AT, row.get(positions::UPDATED_AT)?),
    ));
    report.add_all(POSITIONS, &group, fields);
    Ok(())
}

/// The versions of one position share one ledger, so their folds stand side by side.
fn check_schemas<S: Session>(
    key: &Key,
    versions: &mut Groups<'_, S, Schema, Key>,
    events: &mut Groups<'_, S, SchemaEvent, Key>,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let mut folds: BTreeMap<String, StateFold<Version>> = BTreeMap::new();
    let mut counted = Count::default();
    let group = key.to_string();
    events.each(key, report, |entry, report| {
        let (seq, version_id, state) = entry.value;
        count(&mut counted, report, (SCHEMA_EVENTS, schema_events::SCHEMA_EVENT_SEQ), (&group, seq));
        match folds.get_mut(&version_id) {
            Some(fold) => fold.take(state),
            None => drop(folds.insert(version_id, StateFold::new(state))),
        }
    })?;
    versions.each(key, report, |entry, report| {
        report.rows += 1;
        let row = format!("{group}, {}", entry.place);
        let Some(fold) = folds.remove(&entry.place) else {
            report.add(SCHEMAS, row, schemas::SCHEMA_VERSION_ID, FoldFaultKind::Unfounded);
            return;
        };
        let ((state, scope), created_at, updated_at) = entry.value;
        let mut fields = Vec::new();
        if state != fold.state().0 {
            fields.push(schemas::SCHEMA_STATE);
        }
        if scope != fold.state().1 {
            fields.push(schemas::ROLLOUT_SCOPE);
        }
        fields.extend(
            fold.differing_times((schemas::CREATED_AT, created_at), (schemas::UPDATED_AT, updated_at)),
        );
        report.add_all(SCHEMAS, &row, fields);
    })?;
    for version_id in folds.into_keys() {
        let row = format!("{group}, {version_id}");
        report.add(SCHEMAS, row, schemas::SCHEMA_VERSION_ID, FoldFaultKind::Missing);
    }
    Ok(())
}
