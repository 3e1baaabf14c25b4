//! A session that reports how many rows a check has read, for whoever waits for it.
//!
//! What must not live here: what is checked.

use std::cell::{Cell, RefCell};

use selene_contracts::row::{Cells, FromRow, Value};

use crate::failure::Failure;
use crate::session::Session;

/// Rows between two tellings.
const TELL_EVERY: u64 = 1_000;

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
}

/// A session that reports what it reads.
pub(crate) struct Watched<'a, S> {
    session: &'a S,
    stage: CheckStage,
    rows: Cell<u64>,
    tell: RefCell<&'a mut dyn FnMut(CheckProgress)>,
}

impl<'a, S: Session> Watched<'a, S> {
    /// A session for one check, whose begin is reported.
    pub(crate) fn new(session: &'a S, stage: CheckStage, tell: &'a mut dyn FnMut(CheckProgress)) -> Self {
        tell(CheckProgress { stage, rows: 0 });
        Self { session, stage, rows: Cell::new(0), tell: RefCell::new(tell) }
    }

    fn count(&self) {
        let rows = self.rows.get() + 1;
        self.rows.set(rows);
        if rows.is_multiple_of(TELL_EVERY)
            && let Ok(mut tell) = self.tell.try_borrow_mut()
        {
            tell(CheckProgress { stage: self.stage, rows });
        }
    }
}

impl<S: Session> Session for Watched<'_, S> {
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
