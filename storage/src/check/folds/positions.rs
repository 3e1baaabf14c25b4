//! Positions and the versions of their requirement schemas, each held against its ledger.

use std::collections::BTreeMap;
use std::fmt;

use rusqlite::{Connection, Row};
use selene_contracts::ph1_position::{PositionLifecycle, SchemaState};
use selene_contracts::shared::RolloutScope;

use super::{Entry, FoldFaultKind, FoldReport, Groups, count};
use crate::check::values::{named, number, optional_named};
use crate::failure::Failure;
use crate::rules::folds::{Count, StateFold, Told};

/// Whose ledger it is. Sorted like the rows: by the bytes of the tenant, then of the position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    tenant_id: String,
    position_id: String,
}

impl Key {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { tenant_id: row.get("tenant_id")?, position_id: row.get("position_id")? })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, {}", self.tenant_id, self.position_id)
    }
}

/// What a version of a schema is, and for whom.
type Version = (SchemaState, Option<RolloutScope>);

/// Holds positions and requirement schemas against their ledgers, position by position.
pub(super) fn check(connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
    for table in ["positions", EVENTS, SCHEMAS, SCHEMA_EVENTS] {
        report.cover(table);
    }
    let mut positions = connection.prepare("SELECT * FROM positions ORDER BY tenant_id, position_id")?;
    let mut events = connection
        .prepare("SELECT * FROM position_events ORDER BY tenant_id, position_id, position_event_seq")?;
    let mut schemas = connection
        .prepare("SELECT * FROM requirement_schemas ORDER BY tenant_id, position_id, schema_version_id")?;
    let mut schema_events = connection.prepare(
        "SELECT * FROM requirement_schema_events ORDER BY tenant_id, position_id, schema_event_seq",
    )?;
    let mut events = Groups::new((EVENTS, "position_id"), events.query([])?, event)?;
    let mut schemas = Groups::new((SCHEMAS, "position_id"), schemas.query([])?, schema)?;
    let mut schema_events =
        Groups::new((SCHEMA_EVENTS, "position_id"), schema_events.query([])?, schema_event)?;
    let mut positions = positions.query([])?;
    while let Some(row) = positions.next()? {
        let key = Key::of(row)?;
        check_position(row, &key, &mut events, report)?;
        check_schemas(&key, &mut schemas, &mut schema_events, report)?;
    }
    events.finish(report)?;
    schemas.finish(report)?;
    schema_events.finish(report)?;
    Ok(())
}

const EVENTS: &str = "position_events";
const SCHEMAS: &str = "requirement_schemas";
const SCHEMA_EVENTS: &str = "requirement_schema_events";

type Events<'a> = Groups<'a, (u64, Told<PositionLifecycle>), Key>;
type Schemas<'a> = Groups<'a, (Version, u64, u64), Key>;
type SchemaEvents<'a> = Groups<'a, SchemaEvent, Key>;
/// Its place, the version that it is about, and what it tells.
type SchemaEvent = (u64, String, Told<Version>);

fn event(row: &Row<'_>) -> rusqlite::Result<Entry<(u64, Told<PositionLifecycle>), Key>> {
    let seq = number(row, "position_event_seq")?;
    let told = Told { state: named(row, "position_lifecycle")?, at: number(row, "created_at")? };
    Ok(Entry { key: Key::of(row)?, place: seq.to_string(), value: (seq, told) })
}

fn schema(row: &Row<'_>) -> rusqlite::Result<Entry<(Version, u64, u64), Key>> {
    let value = (version(row)?, number(row, "created_at")?, number(row, "updated_at")?);
    Ok(Entry { key: Key::of(row)?, place: row.get("schema_version_id")?, value })
}

fn schema_event(row: &Row<'_>) -> rusqlite::Result<Entry<SchemaEvent, Key>> {
    let seq = number(row, "schema_event_seq")?;
    let told = Told { state: version(row)?, at: number(row, "created_at")? };
    let value = (seq, row.get("schema_version_id")?, told);
    Ok(Entry { key: Key::of(row)?, place: seq.to_string(), value })
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok((named(row, "schema_state")?, optional_named(row, "rollout_scope")?))
}

fn check_position(
    row: &Row<'_>,
    key: &Key,
    events: &mut Events<'_>,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let mut fold: Option<StateFold<PositionLifecycle>> = None;
    let mut counted = Count::default();
    let group = key.to_string();
    events.each(key, report, |entry, report| {
        let (seq, told) = entry.value;
        count(&mut counted, report, (EVENTS, "position_event_seq"), (&group, seq));
        match &mut fold {
            Some(fold) => fold.take(told),
            None => fold = Some(StateFold::new(told)),
        }
    })?;
    report.rows += 1;
    let Some(fold) = fold else {
        report.add("positions", group, "position_lifecycle", FoldFaultKind::Unfounded);
        return Ok(());
    };
    let lifecycle: PositionLifecycle = named(row, "position_lifecycle")?;
    let mut fields = Vec::new();
    if lifecycle != *fold.state() {
        fields.push("position_lifecycle");
    }
    fields.extend(fold.differing_times(number(row, "created_at")?, number(row, "updated_at")?));
    report.add_all("positions", &group, fields);
    Ok(())
}

/// The versions of one position share one ledger, so their folds stand side by side.
fn check_schemas(
    key: &Key,
    schemas: &mut Schemas<'_>,
    events: &mut SchemaEvents<'_>,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let mut folds: BTreeMap<String, StateFold<Version>> = BTreeMap::new();
    let mut counted = Count::default();
    let group = key.to_string();
    events.each(key, report, |entry, report| {
        let (seq, version_id, told) = entry.value;
        count(&mut counted, report, (SCHEMA_EVENTS, "schema_event_seq"), (&group, seq));
        match folds.get_mut(&version_id) {
            Some(fold) => fold.take(told),
            None => drop(folds.insert(version_id, StateFold::new(told))),
        }
    })?;
    schemas.each(key, report, |entry, report| {
        report.rows += 1;
        let row = format!("{group}, {}", entry.place);
        let Some(fold) = folds.remove(&entry.place) else {
            report.add(SCHEMAS, row, "schema_version_id", FoldFaultKind::Unfounded);
            return;
        };
        let ((state, scope), created_at, updated_at) = entry.value;
        let mut fields = Vec::new();
        if state != fold.state().0 {
            fields.push("schema_state");
        }
        if scope != fold.state().1 {
            fields.push("rollout_scope");
        }
        fields.extend(fold.differing_times(created_at, updated_at));
        report.add_all(SCHEMAS, &row, fields);
    })?;
    for version_id in folds.into_keys() {
        let row = format!("{group}, {version_id}");
        report.add(SCHEMAS, row, "schema_version_id", FoldFaultKind::Missing);
    }
    Ok(())
}
