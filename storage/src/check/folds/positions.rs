//! Positions and the versions of their requirement schemas, each compared with its ledger.

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

use super::groups::{Content, Groups, count};
use super::{FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream, Unread};
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
    fn of(row: &StoredRow<'_>, [tenant_id, position_id]: [&'static str; 2]) -> Result<Self, Unread> {
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

/// Compares positions and requirement schemas with their ledgers, position by position.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    for table in [POSITIONS, EVENTS, SCHEMAS, SCHEMA_EVENTS] {
        report.cover(table);
    }
    let key = |row: &StoredRow<'_>| Key::of(row, [position_events::TENANT_ID, position_events::POSITION_ID]);
    let mut events = Groups::of::<PositionEventsRow>(db, position_events::POSITION_ID, key, event, report)?;
    let key = |row: &StoredRow<'_>| Key::of(row, [schemas::TENANT_ID, schemas::POSITION_ID]);
    let mut versions = Groups::of::<RequirementSchemasRow>(db, schemas::POSITION_ID, key, schema, report)?;
    let key = |row: &StoredRow<'_>| Key::of(row, [schema_events::TENANT_ID, schema_events::POSITION_ID]);
    let field = schema_events::POSITION_ID;
    let mut version_events = Groups::of::<RequirementSchemaEventsRow>(db, field, key, schema_event, report)?;
    for row in Stream::of::<PositionsRow>(db) {
        let row = row?;
        match Key::of(&row, [positions::TENANT_ID, positions::POSITION_ID]) {
            Ok(key) => {
                check_position(&row, &key, &mut events, report)?;
                check_schemas(&key, &mut versions, &mut version_events, report)?;
            }
            Err(unread) => report.add_unread(unread),
        }
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

fn event(row: &StoredRow<'_>) -> Result<Content<Event>, Unread> {
    use position_events::{CREATED_AT, POSITION_EVENT_SEQ, POSITION_LIFECYCLE};
    let seq: u64 = row.get(POSITION_EVENT_SEQ)?;
    let state = StateAt { state: row.get(POSITION_LIFECYCLE)?, at: row.get(CREATED_AT)? };
    Ok(Content { place: seq.to_string(), value: (seq, state) })
}

fn schema(row: &StoredRow<'_>) -> Result<Content<Schema>, Unread> {
    let version = (row.get(schemas::SCHEMA_STATE)?, row.get(schemas::ROLLOUT_SCOPE)?);
    Ok(Content {
        place: row.get(schemas::SCHEMA_VERSION_ID)?,
        value: (version, row.get(schemas::CREATED_AT)?, row.get(schemas::UPDATED_AT)?),
    })
}

fn schema_event(row: &StoredRow<'_>) -> Result<Content<SchemaEvent>, Unread> {
    let seq: u64 = row.get(schema_events::SCHEMA_EVENT_SEQ)?;
    let version = (row.get(schema_events::SCHEMA_STATE)?, row.get(schema_events::ROLLOUT_SCOPE)?);
    let state = StateAt { state: version, at: row.get(schema_events::CREATED_AT)? };
    Ok(Content { place: seq.to_string(), value: (seq, row.get(schema_events::SCHEMA_VERSION_ID)?, state) })
}

fn check_position<S: Session>(
    row: &StoredRow<'_>,
    key: &Key,
    events: &mut Groups<'_, S, Event, Key>,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let mut fold: Option<StateFold<PositionLifecycle>> = None;
    let (mut counted, mut are_events_read) = (Count::default(), true);
    let group = key.to_string();
    events.each(key, report, |content, report| {
        let Some(Content { value: (seq, state), .. }) = content else {
            counted.pass();
            are_events_read = false;
            return;
        };
        count(&mut counted, report, (EVENTS, position_events::POSITION_EVENT_SEQ), (&group, seq));
        match &mut fold {
            Some(fold) => fold.take(state),
            None => fold = Some(StateFold::new(state)),
        }
    })?;
    report.rows += 1;
    match (position(row), fold) {
        (Err(unread), _) => report.add_unread(unread),
        // What events that cannot be read lead to is not known.
        _ if !are_events_read => {}
        (Ok(_), None) => {
            report.add(POSITIONS, group, positions::POSITION_LIFECYCLE, FoldFaultKind::Unfounded);
        }
        (Ok((lifecycle, created_at, updated_at)), Some(fold)) => {
            let differs = (lifecycle != *fold.state()).then_some(positions::POSITION_LIFECYCLE);
            let times = fold
                .differing_times((positions::CREATED_AT, created_at), (positions::UPDATED_AT, updated_at));
            report.add_all(POSITIONS, &group, differs.into_iter().chain(times).collect());
        }
    }
    Ok(())
}

/// What a position is, and when it was made and changed last.
fn position(row: &StoredRow<'_>) -> Result<(PositionLifecycle, u64, u64), Unread> {
    Ok((
        row.get(positions::POSITION_LIFECYCLE)?,
        row.get(positions::CREATED_AT)?,
        row.get(positions::UPDATED_AT)?,
    ))
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
    let (mut are_events_read, mut are_versions_read) = (true, true);
    let group = key.to_string();
    events.each(key, report, |content, report| {
        let Some(Content { value: (seq, version_id, state), .. }) = content else {
            counted.pass();
            are_events_read = false;
            return;
        };
        count(&mut counted, report, (SCHEMA_EVENTS, schema_events::SCHEMA_EVENT_SEQ), (&group, seq));
        match folds.get_mut(&version_id) {
            Some(fold) => fold.take(state),
            None => drop(folds.insert(version_id, StateFold::new(state))),
        }
    })?;
    versions.each(key, report, |content, report| {
        report.rows += 1;
        let Some(Content { place, value: ((state, scope), created_at, updated_at) }) = content else {
            are_versions_read = false;
            return;
        };
        if !are_events_read {
            return;
        }
        let row = format!("{group}, {place}");
        let Some(fold) = folds.remove(&place) else {
            report.add(SCHEMAS, row, schemas::SCHEMA_VERSION_ID, FoldFaultKind::Unfounded);
            return;
        };
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
    // A version that cannot be read is there, and a ledger that cannot be read names all of them or not.
    if are_events_read && are_versions_read {
        for version_id in folds.into_keys() {
            let row = format!("{group}, {version_id}");
            report.add(SCHEMAS, row, schemas::SCHEMA_VERSION_ID, FoldFaultKind::Missing);
        }
    }
    Ok(())
}
