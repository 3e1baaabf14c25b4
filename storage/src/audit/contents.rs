//! What a store holds: how many rows each table has, and its oldest and newest event.
//!
//! What must not live here: sizes and settings, which every database counts in its own way.

use selene_contracts::row::{Cells, Value, cell};
use selene_contracts::sql;
use serde::Serialize;

use crate::failure::Failure;
use crate::session::Session;
use crate::truth::ledgers;

/// What a store holds, in one state of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Contents {
    /// Chains of audit events.
    pub chains: u64,
    /// Of the oldest events of all chains, the one with the earliest `created_at`; of several, that of the first chain by `chain_id`.
    pub oldest_event: Option<EventAt>,
    /// Of the newest events of all chains, the one with the latest `created_at`; of several, that of the last chain by `chain_id`.
    pub newest_event: Option<EventAt>,
    /// Every table with its rows, by name.
    pub tables: Vec<TableRows>,
}

/// The rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TableRows {
    /// The table by its name in SQL: `audit_events`.
    pub table: String,
    /// How many rows it has.
    pub rows: u64,
    /// Whether its rows never change.
    pub is_ledger: bool,
}

/// An event, as far as it says when it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EventAt {
    /// Its id: `aud_` and 32 hexadecimal digits.
    pub event_id: String,
    /// Nanoseconds, as its call gave them.
    pub created_at: u64,
    /// The tenant of its chain; absent for the chain of the events without one.
    pub tenant_id: Option<String>,
    /// Its place in its chain, from one.
    pub chain_sequence: u64,
    /// The engine that wrote it.
    pub engine: String,
}

/// Looks into a store, and counts the rows of these tables. Runs in one snapshot.
///
/// # Errors
/// The database reports one, or an event cannot be read.
pub(crate) fn contents(db: &impl Session, mut tables: Vec<String>) -> Result<Contents, Failure> {
    tables.sort_unstable();
    let rows = tables.into_iter().map(|table| {
        let (rows, is_ledger) = (count(db, &table)?, ledgers().contains(table.as_str()));
        Ok(TableRows { table, rows, is_ledger })
    });
    let tables = rows.collect::<Result<_, Failure>>()?;
    let mut contents = Contents { chains: 0, oldest_event: None, newest_event: None, tables };
    visit_ends(db, &mut |oldest, newest| {
        contents.chains += 1;
        // Chains come in the order of their ids, so of events with the same time the first stays the oldest, and the last is the newest.
        if contents.oldest_event.as_ref().is_none_or(|other| oldest.created_at < other.created_at) {
            contents.oldest_event = Some(oldest);
        }
        if contents.newest_event.as_ref().is_none_or(|other| newest.created_at >= other.created_at) {
            contents.newest_event = Some(newest);
        }
    })?;
    Ok(contents)
}

/// Shows the oldest and the newest event of every chain, ordered by `chain_id`.
fn visit_ends(db: &impl Session, visit: &mut dyn FnMut(EventAt, EventAt)) -> Result<(), Failure> {
    db.visit(
        sql!(
            "SELECT {oldest.event_id}, {oldest.created_at}, {oldest.tenant_id}, {oldest.chain_sequence}, {oldest.engine},
                    {newest.event_id}, {newest.created_at}, {newest.tenant_id}, {newest.chain_sequence}, {newest.engine}
             FROM (SELECT {chain_id} AS chain, min({chain_sequence}) AS low, max({chain_sequence}) AS high
                   FROM {@audit_events} GROUP BY {chain_id}) AS ends
             JOIN {@audit_events oldest} ON {oldest.chain_id} = ends.chain AND {oldest.chain_sequence} = ends.low
             JOIN {@audit_events newest} ON {newest.chain_id} = ends.chain AND {newest.chain_sequence} = ends.high
             ORDER BY ends.chain"
        ),
        &[],
        &mut |cells| {
            let unreadable = || Failure::Unreadable("an event".to_owned());
            visit(event_at(cells, 0).ok_or_else(unreadable)?, event_at(cells, 5).ok_or_else(unreadable)?);
            Ok(())
        },
    )
}

fn count(db: &impl Session, table: &str) -> Result<u64, Failure> {
    let mut rows = None;
    db.visit(&format!("SELECT count(*) FROM {table}"), &[], &mut |cells| {
        rows = cell::<u64>(cells, 0).ok();
        Ok(())
    })?;
    rows.ok_or_else(|| Failure::Unreadable(format!("the number of rows of {table}")))
}

/// The event whose columns begin at a position. Texts are taken as they are, so that a damaged id is shown and ends nothing.
fn event_at(cells: &dyn Cells, begin: usize) -> Option<EventAt> {
    let text = |place: usize| match cells.cell(begin + place) {
        Value::Text(text) => Some(text.into_owned()),
        _ => None,
    };
    Some(EventAt {
        event_id: text(0)?,
        created_at: cell(cells, begin + 1).ok()?,
        tenant_id: text(2),
        chain_sequence: cell(cells, begin + 3).ok()?,
        engine: text(4)?,
    })
}
