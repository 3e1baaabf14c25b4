//! How far a long command has come, on a terminal and nowhere else.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use selene_storage::upkeep::CopyProgress;
use selene_storage::{CheckProgress, CheckStage};

use crate::output::number;

/// Between two lines; a person reads no faster.
const EVERY: Duration = Duration::from_millis(100);

/// One line of the error output that is written over again and again, and gone at the end.
pub struct Progress {
    is_shown: bool,
    began: Instant,
    /// When the line was last written.
    written: Option<Instant>,
}

impl Progress {
    /// Shows nothing where the error output is no terminal.
    pub fn new() -> Self {
        Self { is_shown: std::io::stderr().is_terminal(), began: Instant::now(), written: None }
    }

    /// Reports what is being done and how far it is.
    pub fn tell(&mut self, what: &str) {
        let now = Instant::now();
        if !self.is_shown || self.written.is_some_and(|written| now - written < EVERY) {
            return;
        }
        self.written = Some(now);
        let seconds = (now - self.began).as_secs();
        // A terminal that is gone is no reason to stop.
        let _ = write!(std::io::stderr(), "\r\x1b[K{what}, {seconds} s");
    }

    /// Reports how far a copy is.
    pub fn tell_copy(&mut self, at: CopyProgress) {
        let percent = at.copied * 100 / at.pages.max(1);
        self.tell(&format!("copying: {percent} % of {} pages", number(at.pages)));
    }

    /// Reports how far the checks of a store are.
    pub fn tell_check(&mut self, at: CheckProgress) {
        let (part, what) = match at.stage {
            CheckStage::Pages => (1, "pages and indices"),
            CheckStage::Chains => (2, "chains"),
            CheckStage::Rows => (3, "rows against their events"),
            CheckStage::Folds => (4, "rows against their ledgers"),
            _ => (4, "checks"),
        };
        self.tell(&format!("{part} of 4, {what}: {} rows read", number(at.rows)));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.written.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
