//! How far a long command has come, on a terminal and nowhere else.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use crate::check::{CheckProgress, CheckStage};
use crate::command::output::number;
use crate::sqlite::upkeep::CopyProgress;

/// Between two lines; a person reads no faster.
const EVERY: Duration = Duration::from_millis(100);
/// Before that no speed is shown.
const MEASURED: Duration = Duration::from_secs(1);
/// The characters of a bar.
const BAR: u64 = 10;
/// The most characters of a line: one that a terminal breaks could not be written over.
const LINE: usize = 79;

/// One line of the error output that is written over again and again, and gone at the end.
pub struct Progress {
    is_shown: bool,
    /// What is being done, and when that began.
    doing: String,
    began: Instant,
    /// When the line was last written.
    written: Option<Instant>,
}

impl Progress {
    /// Shows nothing where the error output is no terminal.
    pub fn begin() -> Self {
        let is_shown = std::io::stderr().is_terminal();
        Self { is_shown, doing: String::new(), began: Instant::now(), written: None }
    }

    /// Shows what is being done where it is unknown how much is left.
    pub fn show(&mut self, what: &str) {
        self.write(what, |passed| format!("{what}, {} s", passed.as_secs()));
    }

    /// Shows how much of something is done, and of how much, where that is known.
    pub fn show_part(&mut self, what: &str, unit: &str, done: u64, total: Option<u64>) {
        self.write(what, |passed| part(what, unit, done, total, passed));
    }

    /// Shows how far a copy is.
    pub fn show_copy(&mut self, at: CopyProgress) {
        self.show_part("copying", "pages", at.copied, Some(at.pages));
    }

    /// Shows how far the checks of a store are.
    pub fn show_check(&mut self, at: CheckProgress) {
        match at.stage {
            CheckStage::Pages => self.show("1/4 pages and indices"),
            CheckStage::Chains => self.show_part("2/4 chains", "rows", at.rows, at.total),
            CheckStage::Rows => self.show_part("3/4 rows", "rows", at.rows, at.total),
            _ => self.show_part("4/4 ledgers", "rows", at.rows, at.total),
        }
    }

    fn write(&mut self, what: &str, line: impl FnOnce(Duration) -> String) {
        let now = Instant::now();
        let is_new = self.doing != what;
        if !self.is_shown || !is_new && self.written.is_some_and(|written| now - written < EVERY) {
            return;
        }
        if is_new {
            what.clone_into(&mut self.doing);
            self.began = now;
        }
        self.written = Some(now);
        let line: String = line(now - self.began).chars().take(LINE).collect();
        // A terminal that is gone is no reason to stop.
        let _ = write!(std::io::stderr(), "\r\x1b[K{line}");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.written.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// `3/4 rows [=====-----] 50 % of 3,000,000 rows, 20,000/s, 1:15 left`. A total is about right only, so more than that is shown without it.
fn part(what: &str, unit: &str, done: u64, total: Option<u64>, passed: Duration) -> String {
    let millis = passed.as_millis();
    let is_measured = passed >= MEASURED && done > 0;
    let rate = if is_measured {
        let each_second = u128::from(done) * 1_000 / millis;
        format!(", {}/s", number(u64::try_from(each_second).unwrap_or(u64::MAX)))
    } else {
        String::new()
    };
    let Some(total) = total.filter(|total| (1..=*total).contains(&done.max(1))) else {
        return format!("{what}: {} {unit}{rate}", number(done));
    };
    let percent = u128::from(done) * 100 / u128::from(total);
    let filled = usize::try_from(u128::from(done) * u128::from(BAR) / u128::from(total)).unwrap_or_default();
    let bar = "=".repeat(filled) + &"-".repeat(usize::try_from(BAR).unwrap_or_default() - filled);
    let left = if is_measured {
        let seconds = millis * u128::from(total - done) / u128::from(done) / 1_000;
        format!(", {}:{:02} left", seconds / 60, seconds % 60)
    } else {
        String::new()
    };
    format!("{what} [{bar}] {percent} % of {} {unit}{rate}{left}", number(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64, done: u64, total: Option<u64>) -> String {
        part("3/4 rows", "rows", done, total, Duration::from_secs(seconds))
    }

    #[test]
    fn a_part_of_a_known_whole_has_a_bar_a_speed_and_an_end() {
        assert_eq!(
            after(75, 1_500_000, Some(3_000_000)),
            "3/4 rows [=====-----] 50 % of 3,000,000 rows, 20,000/s, 1:15 left"
        );
        assert_eq!(after(0, 0, Some(20)), "3/4 rows [----------] 0 % of 20 rows");
        assert_eq!(after(2, 20, Some(20)), "3/4 rows [==========] 100 % of 20 rows, 10/s, 0:00 left");
    }

    #[test]
    fn without_a_total_or_beyond_it_only_what_is_done_is_shown() {
        assert_eq!(after(2, 4_000, None), "3/4 rows: 4,000 rows, 2,000/s");
        assert_eq!(after(0, 21, Some(20)), "3/4 rows: 21 rows");
        assert_eq!(after(0, 0, Some(0)), "3/4 rows: 0 rows");
    }
}
