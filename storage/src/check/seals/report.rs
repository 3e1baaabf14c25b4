//! The report of a check of rows against the seals of their events.

use std::collections::BTreeMap;

use selene_contracts::shared::AuditEventId;
use serde::Serialize;

use super::events::each_event;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::session::Session;

/// What a check of all rows against the events that seal them found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct RowReport {
    /// Rows of all tables but the audit events.
    pub rows: u64,
    /// Rows that are as the newest event that seals them says.
    pub sealed: u64,
    /// Rows from before events sealed rows: they have no seal to check; the folds check what leads to them.
    pub unsealed: u64,
    /// Events from before rows were sealed.
    pub unsealed_events: u64,
    /// Everything that is wrong, by table and key.
    #[serde(flatten)]
    pub faults: Faults<RowFault>,
}

impl RowReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }
}

/// One row that is not as the newest event that seals it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, Serialize)]
#[error(
    "{table} ({key}): {kind}{}{}",
    event_id.as_ref().map(|id| format!(", event {id}")).unwrap_or_default(),
    column.map(|column| format!("; {column} holds a value that cannot be read")).unwrap_or_default()
)]
#[non_exhaustive]
pub struct RowFault {
    /// The table, without its schema.
    pub table: String,
    /// The row's primary key, its columns in order.
    pub key: String,
    /// The newest event that seals the row; absent where none does.
    pub event_id: Option<AuditEventId>,
    /// What is wrong with the row.
    pub kind: RowFaultKind,
    /// A column whose value cannot be read, where there is one: it has not the form of its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<&'static str>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RowFaultKind {
    /// A column has another value than the event says, or an older one.
    #[error("is not as its event left it")]
    Changed,
    /// The row is not there.
    #[error("is missing")]
    Missing,
    /// No event wrote the row.
    #[error("was written by no event")]
    Unfounded,
    /// The seals of an event cannot be read, so nothing is known of its rows.
    #[error("has seals that cannot be read")]
    Unreadable,
    /// A row without a seal, from before events sealed rows, has a value that no column can have.
    #[error("is as no event left it")]
    NoValue,
}

/// Faults as they are found: an event is known by its number in the order of chains.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) report: RowReport,
    /// The numbers of events, in the order of the faults.
    events: Vec<Option<u64>>,
}

impl Findings {
    pub(super) fn add(
        &mut self,
        table: impl Into<String>,
        key: String,
        event: Option<u64>,
        kind: RowFaultKind,
    ) {
        self.add_fault(RowFault { table: table.into(), key, event_id: None, kind, column: None }, event);
    }

    /// Adds what is wrong with a row that is there; `column` is one whose value cannot be read.
    pub(super) fn add_of_row(
        &mut self,
        table: &'static str,
        key: String,
        event: Option<u64>,
        kind: RowFaultKind,
        column: Option<&'static str>,
    ) {
        self.add_fault(RowFault { table: table.to_owned(), key, event_id: None, kind, column }, event);
    }

    fn add_fault(&mut self, fault: RowFault, event: Option<u64>) {
        if self.report.faults.add(fault).is_some() {
            self.events.push(event);
        }
    }

    /// The report, with the ids of the events. One more walk finds them, where there are faults.
    pub(super) fn into_report(self, db: &impl Session) -> Result<RowReport, Failure> {
        let Self { mut report, events } = self;
        let mut asked: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (fault, event) in events.iter().enumerate() {
            if let Some(event) = event {
                asked.entry(*event).or_default().push(fault);
            }
        }
        if !asked.is_empty() {
            each_event(db, &mut |number, event_id, _| {
                for fault in asked.get(&number).into_iter().flatten() {
                    report.faults.at(*fault).event_id.clone_from(&event_id);
                }
                Ok(())
            })?;
        }
        report.faults.sort();
        Ok(report)
    }
}
