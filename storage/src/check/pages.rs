//! Pages and indices, as far as the database looks at its own. What must not live here: what a row means.

use serde::Serialize;

use crate::failure::Failure;
use crate::faults::Faults;
use crate::session::Session;

/// What the database found wrong with its own pages and indices.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct PageReport {
    /// Whether the database looked: SQLite does; a server looks after its pages by itself, and is not asked.
    pub is_checked: bool,
    /// Everything that is wrong.
    #[serde(flatten)]
    pub faults: Faults<PageFault>,
}

impl PageReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }
}

/// One thing that is wrong with a page or an index, or a check that ended because of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{what}")]
#[non_exhaustive]
pub struct PageFault {
    /// In the words of the database. They hold no row values.
    pub what: String,
}

/// Lets the database look.
///
/// # Errors
/// The database reports one. What is wrong is no error, it is what the report says.
pub(crate) fn check(db: &impl Session) -> Result<PageReport, Failure> {
    let mut report = PageReport::default();
    if let Some(found) = db.page_faults()? {
        report.is_checked = true;
        for what in found {
            report.faults.add(PageFault { what });
        }
    }
    Ok(report)
}

impl PageReport {
    /// What a later check gave. Where pages are damaged it may not come to its end: that is one more fault then, and no error.
    pub(crate) fn bear<R: Default>(&mut self, check: &str, found: Result<R, Failure>) -> Result<R, Failure> {
        match found {
            Err(Failure::Database { detail, .. }) if !self.is_intact() => {
                self.faults.add(PageFault { what: format!("the check of {check} came to no end: {detail}") });
                Ok(R::default())
            }
            found => found,
        }
    }
}
