//! All checks of a store together.

use serde::Serialize;

use super::watched::{CheckProgress, CheckStage, Listener, Totals, Watched};
use super::{ChainReport, FoldReport, PageReport, RowReport, SavedHead, folds, pages, seals, verify};
use crate::failure::Failure;
use crate::session::Session;

/// What all checks of a store found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoreReport {
    /// Pages and indices, as far as the database looks at its own.
    pub pages: PageReport,
    /// The chains of events, and the saved heads.
    pub chains: ChainReport,
    /// Every row against the newest event that seals it.
    pub rows: RowReport,
    /// The current rows against what their ledgers lead to.
    pub folds: FoldReport,
}

impl StoreReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.pages.is_intact() && self.chains.is_intact() && self.rows.is_intact() && self.folds.is_intact()
    }
}

/// Runs every check, in one snapshot, and calls `on_progress` at the begin of each check and every thousand rows. Rows
/// are counted before, if there is a function to report to.
///
/// # Errors
/// The database reports one. What is wrong is no error, it is what the report says, and so is a value that cannot be read.
pub(crate) fn check(
    db: &impl Session,
    saved: &[SavedHead],
    stored_tables: impl IntoIterator<Item = String>,
    on_progress: Option<&mut dyn FnMut(CheckProgress)>,
) -> Result<StoreReport, Failure> {
    // Where pages are damaged rows may not be counted, and the checks say so.
    let totals = || Totals { events: seals::events(db).ok(), rows: seals::rows(db).ok() };
    let mut listener = Listener::new(on_progress, totals);
    let mut pages = pages::check(&Watched::new(db, CheckStage::Pages, &mut listener))?;
    let chains = verify::check(&Watched::new(db, CheckStage::Chains, &mut listener), saved);
    let chains = pages.bear("chains", chains)?;
    let rows = seals::check(&Watched::new(db, CheckStage::Rows, &mut listener));
    let rows = pages.bear("rows", rows)?;
    let folds = folds::check(&Watched::new(db, CheckStage::Folds, &mut listener), stored_tables);
    let folds = pages.bear("folds", folds)?;
    Ok(StoreReport { pages, chains, rows, folds })
}
