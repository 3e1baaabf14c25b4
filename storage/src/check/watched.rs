//! A session that reports how many rows a check has read, for whoever waits for it.
//!
//! What must not live here: what is checked.

use std::cell::{Cell, RefCell};

use selene_contracts::row::{Cells, FromRow, Value};

use crate::failure::Failure;
use crate::session::Session;

/// Rows between two reports.
const REPORT_EVERY: u64 = 1_000;

/// One of the checks of a whole store, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckStage {
    /// Pages and indices, where the database looks at its own: SQLite does, in one statement.
    Pages,
    /// The chains of events, and saved heads. It reads every event once, and once more where events seem to be moved.
    Chains,
    /// Every row against the event that sealed it.
    Rows,
    /// The current rows against what their ledgers lead to.
    Folds,
}

/// How far the checks of a whole store have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckProgress {
    /// What is being checked.
    pub stage: CheckStage,
    /// Rows that this check has read so far; a row may be read more than once.
    pub rows: u64,
    /// About how many rows it will have read at its end, as they were counted at the begin of all checks. None where no rows are
    /// read, or where they could not be counted.
    pub total: Option<u64>,
}

/// How many rows the checks will read, counted before they begin.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Totals {
    /// Rows of `audit_events`.
    pub(crate) events: Option<u64>,
    /// Rows of the other tables.
    pub(crate) rows: Option<u64>,
}

impl Totals {
    fn of(self, stage: CheckStage) -> Option<u64> {
        match stage {
            CheckStage::Pages => None,
            CheckStage::Chains => self.events,
            // The expected rows follow from the events and the idempotency records; an event has at most one record.
            CheckStage::Rows | CheckStage::Folds => {
                self.events.zip(self.rows).map(|(events, rows)| events + rows)
            }
        }
    }
}

/// The caller's function for progress, if it gave one, and how many rows there are in total.
pub(crate) struct Listener<'a> {
    on_progress: Option<&'a mut dyn FnMut(CheckProgress)>,
    totals: Totals,
}

impl<'a> Listener<'a> {
    /// Rows are counted only where there is a function to report to.
    pub(crate) fn new(
        on_progress: Option<&'a mut dyn FnMut(CheckProgress)>,
        count: impl FnOnce() -> Totals,
    ) -> Self {
        let totals = if on_progress.is_some() { count() } else { Totals::default() };
        Self { on_progress, totals }
    }

    fn report(&mut self, stage: CheckStage, rows: u64) {
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(CheckProgress { stage, rows, total: self.totals.of(stage) });
        }
    }
}

/// A session that reports what it reads.
pub(crate) struct Watched<'a, 'b, S> {
    session: &'a S,
    stage: CheckStage,
    rows: Cell<u64>,
    listener: RefCell<&'a mut Listener<'b>>,
}

impl<'a, 'b, S: Session> Watched<'a, 'b, S> {
    /// A session for one check, whose begin is reported.
    pub(crate) fn new(session: &'a S, stage: CheckStage, listener: &'a mut Listener<'b>) -> Self {
        listener.report(stage, 0);
        Self { session, stage, rows: Cell::new(0), listener: RefCell::new(listener) }
    }

    fn count(&self) {
        let rows = self.rows.get() + 1;
        self.rows.set(rows);
        if rows.is_multiple_of(REPORT_EVERY)
            && let Ok(mut listener) = self.listener.try_borrow_mut()
        {
            listener.report(self.stage, rows);
        }
    }
}

impl<S: Session> Session for Watched<'_, '_, S> {
    fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, Failure> {
        self.session.execute(sql, values)
    }

    fn first<R: FromRow>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, Failure> {
        self.session.first(sql, values)
    }

    fn page_faults(&self) -> Result<Option<Vec<String>>, Failure> {
        self.session.page_faults()
    }

    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure> {
        self.session.exists(sql, values)
    }

    fn visit(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&dyn Cells) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.session.visit(sql, values, &mut |cells| {
            self.count();
            visit(cells)
        })
    }
}
