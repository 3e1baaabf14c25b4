//! What a store holds: how many rows each table has, and its oldest and newest event.
//!
//! What must not live here: sizes and settings, which every database counts in its own way.

use selene_contracts::row::{Cells, Value, cell};
use selene_contracts::sql;
use serde::Serialize;

use crate::check::heads;
use crate::failure::Failure;
use crate::session::Session;
use crate::truth::ledgers;

/// What a store holds, in one state of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Contents {
    /// Chains of audit events.
    pub chains: u64,
    /// The event that was stored first. A server keeps no order between chains: there it is the one that came out of a file first, else the
    /// one whose call was first.
    pub oldest_event: Option<EventAt>,
    /// The event that was stored last. On a server it is the one whose call was last.
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
    let oldest_event = event(
        db,
        sql!(
            "SELECT {event_id}, {created_at}, {tenant_id}, {chain_sequence}, {engine} FROM {@audit_events}
             ORDER BY {ledger_position}, {created_at}, {chain_id}, {chain_sequence} LIMIT 1"
        ),
    )?;
    // On a server the events of calls have no position, and come before those that have one.
    let newest_event = event(
        db,
        sql!(
            "SELECT {event_id}, {created_at}, {tenant_id}, {chain_sequence}, {engine} FROM {@audit_events}
             ORDER BY {ledger_position} DESC, {created_at} DESC, {chain_id} DESC, {chain_sequence} DESC LIMIT 1"
        ),
    )?;
    Ok(Contents { chains: heads::heads(db)?.len() as u64, oldest_event, newest_event, tables })
}

fn count(db: &impl Session, table: &str) -> Result<u64, Failure> {
    let mut rows = None;
    db.visit(&format!("SELECT count(*) FROM {table}"), &[], &mut |cells| {
        rows = cell::<u64>(cells, 0).ok();
        Ok(())
    })?;
    rows.ok_or_else(|| Failure::Unreadable(format!("the number of rows of {table}")))
}

fn event(db: &impl Session, sql: &str) -> Result<Option<EventAt>, Failure> {
    let mut found = None;
    db.visit(sql, &[], &mut |cells| {
        found = Some(event_at(cells).ok_or_else(|| Failure::Unreadable("an event".to_owned()))?);
        Ok(())
    })?;
    Ok(found)
}

fn event_at(cells: &dyn Cells) -> Option<EventAt> {
    let text = |position| match cells.cell(position) {
        Value::Text(text) => Some(text.into_owned()),
        _ => None,
    };
    Some(EventAt {
        event_id: text(0)?,
        created_at: cell(cells, 1).ok()?,
        tenant_id: text(2),
        chain_sequence: cell(cells, 3).ok()?,
        engine: text(4)?,
    })
}
