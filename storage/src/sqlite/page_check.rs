//! SQLite's own check of pages and indices: what it finds, and how that is distinguished from a page that the disk fails to read at that moment.

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::sqlite::trouble::{describe, is_damage};

/// How often a check is made that ends because of damage. Two failures of a disk that pass are not taken for it.
const ATTEMPTS: usize = 3;

/// Pages that are read at once where all of them are.
const PAGES_AT_ONCE: i32 = 1_024;

/// The page of the bytes by which SQLite locks a file, in pages of 4 KiB. Nobody can get it, and nothing may lead to it.
const LOCK_PAGE: u32 = 0x4000_0000 / 4_096 + 1;

/// What SQLite's check of pages found, line by line. It goes on where a page cannot be read, and says so among the faults; but that
/// is no page that somebody changed.
fn faults_of_pages(mut found: Vec<String>) -> rusqlite::Result<Vec<String>> {
    found.retain(|lines| lines != "ok");
    match found.iter().flat_map(|lines| lines.lines()).find_map(outage) {
        Some(error) => Err(error),
        None => Ok(found),
    }
}

/// The error that a line of the check reports, where it is not that a page is damaged.
fn outage(line: &str) -> Option<rusqlite::Error> {
    let code = if let Some((_, code)) = line.split_once("unable to get the page. error code=") {
        code.parse().ok()?
    } else {
        // For a page of the free list or of a long value there is no code. Pages that lie outside of the file are reported
        // before one is asked for, so it is there and was not read.
        let (_, page) = line.split_once("failed to get page ")?;
        if page.parse() == Ok(LOCK_PAGE) {
            return None;
        }
        rusqlite::ffi::SQLITE_IOERR
    };
    let error = sqlite_error(code);
    (!is_damage(&error)).then_some(error)
}

/// What SQLite finds wrong with the pages and indices of a database.
///
/// Where a statement meets a page that the disk fails to read, SQLite says that the database is damaged. So it counts as
/// damaged only where all its pages can be read, and the check ends in the same way again.
pub(crate) fn faults(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = check(connection)?;
    for _ in 1..ATTEMPTS {
        let Found::Cut(_) = found else { break };
        read_every_page(connection)?;
        found = check(connection)?;
    }
    match found {
        Found::All(lines) | Found::Cut(lines) => Ok(lines),
    }
}

/// What one check found.
enum Found {
    /// It came to its end.
    All(Vec<String>),
    /// It ended because the database seems to be damaged, which is its last line.
    Cut(Vec<String>),
}

fn check(connection: &Connection) -> rusqlite::Result<Found> {
    let mut lines = Vec::new();
    let ended = list(connection, &mut lines);
    let mut lines = faults_of_pages(lines)?;
    match ended {
        Ok(()) => Ok(Found::All(lines)),
        Err(error) if is_damage(&error) => {
            lines.push(describe(&error));
            Ok(Found::Cut(lines))
        }
        Err(error) => Err(error),
    }
}

fn list(connection: &Connection, lines: &mut Vec<String>) -> rusqlite::Result<()> {
    // One more than a report lists, so that it says whether there are more.
    let mut check = connection.prepare("PRAGMA integrity_check(1001)")?;
    for line in check.query_map([], |row| row.get(0))? {
        lines.push(line?);
    }
    Ok(())
}

/// Copies every page to a file without a name. This is the one way to read them by which SQLite says what a disk failed at.
fn read_every_page(connection: &Connection) -> rusqlite::Result<()> {
    let mut copy = Connection::open("")?;
    let backup = Backup::new(connection, &mut copy)?;
    loop {
        match backup.step(PAGES_AT_ONCE) {
            Ok(StepResult::More) => {}
            Ok(StepResult::Done) => return Ok(()),
            Ok(_) => return Err(sqlite_error(rusqlite::ffi::SQLITE_BUSY)),
            // A page of a damaged database that SQLite does not hand out is no failure of the disk.
            Err(error) if is_damage(&error) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn sqlite_error(code: i32) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)
}

#[cfg(test)]
mod tests {
    use rusqlite::ErrorCode;

    use super::*;

    /// The code of the error that a line stands for; none where it is a fault.
    fn code_of(line: &str) -> Option<ErrorCode> {
        match faults_of_pages(vec![
            "ok".to_owned(),
            format!("*** in database main ***\n{line}\nPage 9: never used"),
        ]) {
            Ok(faults) => {
                assert_eq!(faults.len(), 1, "what is no outage is named");
                None
            }
            Err(error) => error.sqlite_error_code(),
        }
    }

    #[test]
    fn a_page_that_was_not_read_is_an_outage_and_one_that_is_damaged_a_fault() {
        let disk = Some(ErrorCode::SystemIoFailure);
        assert_eq!(code_of("Tree 4 page 7 cell 2: failed to get page 12"), disk);
        assert_eq!(code_of("Freelist: failed to get page 12"), disk);
        assert_eq!(code_of("Tree 4 page 7: unable to get the page. error code=266"), disk);
        assert_eq!(
            code_of("Tree 4 page 7: unable to get the page. error code=7"),
            Some(ErrorCode::OutOfMemory)
        );
        assert_eq!(code_of("Tree 4 page 7: unable to get the page. error code=11"), None);
        assert_eq!(
            code_of("Freelist: failed to get page 262145"),
            None,
            "no page can lie where files are locked"
        );
        assert_eq!(code_of("Freelist: size is 1 but should be 2"), None);
    }
}
