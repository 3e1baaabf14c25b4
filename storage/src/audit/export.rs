//! Writing chains, and the ledger rows that their events seal, as lines of JSON.
//!
//! No more than a page of events is held at once. What must not live here: what a line looks like (`format`).

use std::io::Write;

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Selection as _, Value};
use selene_contracts::shared::{AuditEventId, ChainId, TenantId};
use selene_contracts::{Digest, StorageError, TableSpec, TruthType, engines, sql};
use serde::Serialize;

use super::format::{ChainStart, End, EventLine, FORMAT, Header, Line, RowLine};
use super::sealed_rows::{self, Row, SealedRows};
use crate::chain::{ChainedEvent, Head};
use crate::check::seals::unsealed;
use crate::check::{ChainFault, SavedHead, heads};
use crate::event_seals;
use crate::event_values::{Values, at};
use crate::failure::Failure;
use crate::rules::ph1_j;
use crate::seal::RowSeal;
use crate::session::Session;

/// Which chains are exported, and from where on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ExportQuery {
    /// One tenant's chain, and nothing of others; absent for every chain and every ledger.
    pub tenant_id: Option<TenantId>,
    /// Only what is behind these heads. A chain without one is exported from its begin.
    pub behind: Vec<SavedHead>,
}

/// How much was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExportSummary {
    /// How many chains were written.
    pub chains: u64,
    /// How many events of these chains were written.
    pub events: u64,
    /// Ledger rows that those events seal.
    pub rows: u64,
    /// Ledger rows from before events sealed rows.
    pub unsealed_rows: u64,
}

/// Why an export ends before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The output takes nothing more.
    #[error("the export cannot be written: {0}")]
    Output(#[from] std::io::Error),
    /// The store is not what its events say, so that an export of it could not be verified.
    #[error("the store cannot be exported, because {0}; verify it")]
    Damaged(String),
    /// A chain does not reach a head, or has another event there.
    #[error("the chain {} has no such event {sequence} as the head says, so nothing can be exported from there on",
        tenant_id.as_ref().map_or("without a tenant", TenantId::as_str))]
    NotBehind {
        /// The tenant of the chain; absent for the chain of the events without one.
        tenant_id: Option<TenantId>,
        /// The place of the head.
        sequence: u64,
    },
}

impl From<Failure> for ExportError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unreadable(what) => Self::Damaged(format!("{what} holds a value that cannot be read")),
            failure => Self::Store(failure.into_error(ph1_j::refusals())),
        }
    }
}

/// Exports one state of a store: runs in one snapshot.
pub(crate) fn export(
    db: &impl Session,
    query: &ExportQuery,
    out: &mut dyn Write,
) -> Result<ExportSummary, ExportError> {
    let mut export = Export { db, out, ledgers: ledgers(), end: End::default() };
    for saved in &query.behind {
        let is_asked = query.tenant_id.is_none() || query.tenant_id == saved.tenant_id;
        if is_asked && !export.has_event(saved)? {
            let (tenant_id, sequence) = (saved.tenant_id.clone(), saved.sequence);
            return Err(ExportError::NotBehind { tenant_id, sequence });
        }
    }
    export.write(&Line::Export(Header { format: FORMAT.to_owned(), tenant_id: query.tenant_id.clone() }))?;
    let heads = heads::named_heads(db)?.map_err(|fault| ExportError::Damaged(fault.to_string()))?;
    for head in heads {
        if query.tenant_id.is_none() || query.tenant_id == head.tenant_id {
            let behind = query.behind.iter().find(|saved| saved.tenant_id == head.tenant_id);
            export.chain(&head, behind)?;
        }
    }
    // Rows that no event seals have no tenant for sure, and no place behind a head.
    if query.tenant_id.is_none() && query.behind.is_empty() {
        export.unsealed()?;
    }
    let end = export.end;
    export.write(&Line::End(end))?;
    export.out.flush()?;
    let End { chains, events, rows, unsealed_rows } = end;
    Ok(ExportSummary { chains, events, rows, unsealed_rows })
}

/// The ledgers beside the audit events, whose rows events seal.
pub(crate) fn ledgers() -> Vec<&'static TableSpec> {
    let tables = engines::ALL.iter().flat_map(|engine| engine.tables);
    let is_sealed = |table: &&TableSpec| {
        table.truth_type == TruthType::Ledger
            && !table.columns.is_empty()
            && table.bare_name() != AuditEventsRow::TABLE
    };
    tables.filter(is_sealed).collect()
}

struct Export<'a, S> {
    db: &'a S,
    out: &'a mut dyn Write,
    ledgers: Vec<&'static TableSpec>,
    end: End,
}

/// An event as it is written.
struct Exported<'a> {
    event: ChainedEvent<'a>,
    hash: [u8; 32],
    /// The ledger rows that it seals.
    seals: Vec<(&'static TableSpec, RowSeal)>,
}

impl<S: Session> Export<'_, S> {
    fn write(&mut self, line: &Line<'_>) -> Result<(), ExportError> {
        serde_json::to_writer(&mut *self.out, line).map_err(std::io::Error::from)?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// One chain, up to its head.
    fn chain(&mut self, head: &SavedHead, behind: Option<&SavedHead>) -> Result<(), ExportError> {
        let start = behind.map_or(Head::START, |saved| Head { sequence: saved.sequence, hash: saved.hash.0 });
        self.end.chains += 1;
        self.write(&Line::Chain(ChainStart {
            tenant_id: head.tenant_id.clone(),
            after_sequence: start.sequence,
            after_hash: Digest(start.hash),
        }))?;
        let chain_id = head.tenant_id.as_ref().map_or("", TenantId::as_str);
        let mut after = start.sequence;
        while after < head.sequence {
            let page = self.page(chain_id, after)?;
            let Some(last) = page.last() else { break };
            let before = after;
            after = Values(last).number(at!(CHAIN_SEQUENCE)).map_err(unreadable)?;
            self.events(chain_id, &page)?;
            if after <= before {
                break;
            }
        }
        Ok(())
    }

    /// At most 200 events behind a place.
    fn page(&self, chain_id: &str, after: u64) -> Result<Vec<Row>, Failure> {
        let mut page = Vec::new();
        self.db.visit(
            sql!(
                "SELECT {*AuditEventsRow}, {ledger_position} FROM {@audit_events}
                 WHERE {chain_id} = $1 AND {chain_sequence} > $2 ORDER BY {chain_sequence} LIMIT 200"
            ),
            &[Value::Text(chain_id.into()), Value::Integer(after.cast_signed())],
            &mut |cells| {
                page.push(
                    (0..=AuditEventsRow::COLUMNS.len()).map(|at| cells.cell(at).into_owned()).collect(),
                );
                Ok(())
            },
        )?;
        Ok(page)
    }

    /// A page of events, each with the ledger rows that it seals behind it.
    fn events(&mut self, chain_id: &str, page: &[Row]) -> Result<(), ExportError> {
        let events: Vec<Result<Exported<'_>, ExportError>> =
            page.iter().map(|values| self.exported(chain_id, values)).collect();
        let seals = events.iter().flatten().flat_map(|exported| &exported.seals);
        let rows = SealedRows::read(self.db, seals.map(|(ledger, seal)| (*ledger, seal)))?;
        for exported in events {
            let Exported { event, hash, seals } = exported?;
            self.end.events += 1;
            self.write(&Line::Event(Box::new(EventLine::of(&event, hash))))?;
            for (ledger, seal) in &seals {
                self.row(ledger, seal, &rows)?;
            }
        }
        Ok(())
    }

    /// One event out of its values.
    fn exported<'v>(&self, chain_id: &str, values: &'v Row) -> Result<Exported<'v>, ExportError> {
        let (position, columns) = values.split_last().ok_or_else(|| unreadable("event_id"))?;
        let damaged = |column: &'static str| {
            let (values, place) = (Values(columns), ChainId::new(chain_id));
            let sequence = values.number(at!(CHAIN_SEQUENCE)).ok();
            let event_id = values.text(at!(EVENT_ID)).ok().map(AuditEventId::new);
            let fault = ChainFault::unreadable(sequence.map(|sequence| (place, sequence)), event_id, column);
            ExportError::Damaged(fault.to_string())
        };
        // On a server only events that a file had before they sealed rows have one.
        let position = match position {
            Value::Integer(position) => position.cast_unsigned(),
            Value::Null => 0,
            _ => return Err(damaged("ledger_position")),
        };
        let event = ChainedEvent::of_values(columns, position).map_err(damaged)?;
        let hash = *Values(columns).digest(at!(HASH)).map_err(damaged)?;
        let seals = match event.row_seals {
            Some(seals) => event_seals::read(seals, event.chain_id, event.chain_sequence)
                .ok_or_else(|| damaged("row_seals"))?,
            None => Vec::new(),
        };
        let of_ledger = |seal: RowSeal| {
            let is_of = |ledger: &&&TableSpec| ledger.bare_name() == seal.table;
            let ledger = self.ledgers.iter().find(is_of).copied().filter(|_| seal.shared_digest.is_none());
            ledger.map(|ledger| (ledger, seal))
        };
        Ok(Exported { event, hash, seals: seals.into_iter().filter_map(of_ledger).collect() })
    }

    /// The row of a ledger that a seal names.
    fn row(
        &mut self,
        ledger: &'static TableSpec,
        seal: &RowSeal,
        rows: &SealedRows,
    ) -> Result<(), ExportError> {
        let damaged =
            |what: &str| ExportError::Damaged(format!("{} ({}) {what}", seal.table, seal.key.join(", ")));
        let missing = || {
            let is_readable = sealed_rows::is_readable(ledger, seal);
            damaged(if is_readable { "is missing" } else { "has a key that cannot be read" })
        };
        let found = rows.of(ledger, seal).ok_or_else(missing)?;
        let columns = ledger.sealed_columns.iter().copied().zip(found);
        let line = RowLine::of(ledger.bare_name(), ledger.primary_key.len(), true, columns);
        self.end.rows += 1;
        self.write(&Line::Row(line.ok_or_else(|| damaged("holds a number that is not finite"))?))
    }

    /// The rows of ledgers that are from before events sealed rows.
    fn unsealed(&mut self) -> Result<(), ExportError> {
        let (db, mut failed) = (self.db, None);
        let walked = unsealed::visit(db, &mut |table, key_columns, columns| {
            let line = RowLine::of(table, key_columns, false, columns);
            let written = match line {
                Some(line) => self.write(&Line::Row(line)),
                None => Err(ExportError::Damaged(format!("{table} holds a number that is not finite"))),
            };
            self.end.unsealed_rows += 1;
            written.map_err(|error| {
                failed = Some(error);
                Failure::Inconsistent("the export was ended".to_owned())
            })
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(walked?),
        }
    }

    fn has_event(&self, head: &SavedHead) -> Result<bool, Failure> {
        let chain_id = head.tenant_id.as_ref().map_or("", TenantId::as_str);
        let found = self.db.first::<(Digest,)>(
            sql!("SELECT {hash} FROM {@audit_events} WHERE {chain_id} = $1 AND {chain_sequence} = $2"),
            &[Value::Text(chain_id.into()), Value::Integer(head.sequence.cast_signed())],
        )?;
        Ok(found.is_some_and(|(hash,)| hash == head.hash))
    }
}

fn unreadable(column: &str) -> Failure {
    Failure::Unreadable(format!("audit_events.{column}"))
}
