//! Checking that the current rows are what their ledgers lead to, and which are not.
//!
//! Ledger and current rows are read side by side in key order, in one snapshot; memory does not grow with the
//! store.

mod agreements;
mod bindings;
mod positions;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeSet;
use std::fmt::Display;

use rusqlite::{Connection, Row, Rows};
use selene_contracts::ph1_voice_id::{Ph1VoiceIdReasonCode, VoiceSampleResult};
use selene_contracts::ph1_w::WakeSampleResult;
use selene_contracts::{EngineSpec, StorageError, engines};

use self::agreements::AGREEMENTS;
use crate::check::values::{named, number, optional_number};
use crate::failure::Failure;
use crate::rules::folds::{Count, MemoryFold, Remembered, VoiceFold, VoiceSession, WakeFold, WakeSession};
use crate::rules::ph1_j;
use crate::sqlite::store::SqliteStore;

/// What a check of the current rows found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FoldReport {
    /// Current rows that were checked.
    pub rows: u64,
    /// Ledger rows that they were held against.
    pub ledger_rows: u64,
    /// Everything that does not fit, table by table; at most [`FoldReport::FAULTS_AT_MOST`].
    pub faults: Vec<FoldFault>,
    /// Whether there is more that does not fit than `faults` holds.
    pub is_cut: bool,
    /// Tables of the contracts, and of this store, whose rows were held against nothing, by name. A change of such a row
    /// is not found.
    pub not_covered: Vec<String>,
    /// Tables that were looked at so far.
    covered: BTreeSet<&'static str>,
}

impl FoldReport {
    /// Faults that a report lists at most.
    pub const FAULTS_AT_MOST: usize = 1_000;

    /// Whether every current row that is covered is what its ledger leads to; [`FoldReport::not_covered`] names the
    /// tables that are not.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }

    /// Notes that the rows of a table are held against something.
    fn cover(&mut self, table: &'static str) {
        self.covered.insert(table);
    }

    /// Names the tables that nothing has covered.
    fn name_uncovered(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut tables = connection.prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )?;
        let stored = tables.query_map([], |row| row.get(0))?;
        let mut known: BTreeSet<String> = stored.collect::<rusqlite::Result<_>>()?;
        known.extend(stated_tables(engines::ALL));
        self.not_covered = known.into_iter().filter(|table| !self.covered.contains(table.as_str())).collect();
        Ok(())
    }

    fn add(&mut self, table: &'static str, row: String, field: &'static str, kind: FoldFaultKind) {
        let fault = FoldFault { table, row, field, kind };
        // Two ledgers may lead to the same field.
        if self.faults.contains(&fault) {
            return;
        }
        if self.faults.len() == Self::FAULTS_AT_MOST {
            self.is_cut = true;
            return;
        }
        self.faults.push(fault);
    }

    fn add_all(&mut self, table: &'static str, row: &str, fields: Vec<&'static str>) {
        for field in fields {
            self.add(table, row.to_owned(), field, FoldFaultKind::Differs);
        }
    }
}

/// The tables that contracts state, without their schemas.
fn stated_tables(engines: &[&EngineSpec]) -> impl Iterator<Item = String> {
    let tables = engines.iter().flat_map(|engine| engine.tables);
    tables.map(|table| table.name.rsplit_once('.').map_or(table.name, |(_, name)| name).to_owned())
}

/// One field of a row that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table} ({row}): {field} {kind}")]
#[non_exhaustive]
pub struct FoldFault {
    /// The table of the row.
    pub table: &'static str,
    /// The row's primary key, its columns in order.
    pub row: String,
    /// The field that does not fit.
    pub field: &'static str,
    /// What is wrong with it.
    pub kind: FoldFaultKind,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FoldFaultKind {
    /// The value is another one.
    #[error("is not what the ledger leads to")]
    Differs,
    /// The row is not there.
    #[error("names a row that is missing")]
    Missing,
    /// The row is there without a reason.
    #[error("names a row that nothing leads to")]
    Unfounded,
    /// Ledger rows before this one are not there.
    #[error("leaves a gap behind the row before it")]
    Gap,
}

impl SqliteStore {
    /// Holds every current row that is folded from a ledger against that ledger: remembered values, wake and
    /// voice enrollments and the profiles that they bound, positions and their requirement schemas. Then holds
    /// every row of these and of the other tables against the idempotency records, the ledger of what every
    /// write answered: the newest answer about a row tells its fields.
    ///
    /// No answer tells, so no ledger leads to: the identity that the access of an onboarding writes, from which one
    /// that somebody wrote by hand cannot be told; which people a campaign is about; the fields
    /// of an access instance that an onboarding created, until its lifecycle changes; photo, sender, device and
    /// link of an onboarding; actor and company of a campaign; the time of the last change of a link, an
    /// onboarding, a campaign and a target; the tenant that a later write bound a device to. Who changes a row
    /// and the records in the same way is found by the payloads of the events, which the chains protect, in
    /// the fields that they hold: not in `deferred_until`.
    ///
    /// # Errors
    /// The store is unavailable, or holds a value that cannot be read. A row that does not fit is no error,
    /// it is what the report says.
    pub fn verify_folds(&self) -> Result<FoldReport, StorageError> {
        self.query(ph1_j::refusals(), |connection| {
            let snapshot = connection.unchecked_transaction()?;
            let mut report = FoldReport::default();
            check_memory(&snapshot, &mut report)?;
            check_wake(&snapshot, &mut report)?;
            check_wake_positions(&snapshot, &mut report)?;
            check_voice(&snapshot, &mut report)?;
            positions::check(&snapshot, &mut report)?;
            bindings::check(&snapshot, &mut report)?;
            for agreement in &AGREEMENTS {
                agreement.check(&snapshot, &mut report)?;
            }
            told::check(&snapshot, &mut report)?;
            // The chains hold the events against themselves.
            report.cover("audit_events");
            report.name_uncovered(&snapshot)?;
            snapshot.rollback()?;
            Ok(report)
        })
    }
}

/// A row of a stream: the key that it is grouped by, its place in the group, and what the fold takes of it.
struct Entry<T, K = String> {
    key: K,
    place: String,
    value: T,
}

/// Rows in the order of their keys, handed out group by group.
struct Groups<'a, T, K = String> {
    table: &'static str,
    /// The field that names the group.
    field: &'static str,
    rows: Rows<'a>,
    read: fn(&Row<'_>) -> rusqlite::Result<Entry<T, K>>,
    next: Option<Entry<T, K>>,
}

impl<'a, T, K: Ord + Display> Groups<'a, T, K> {
    fn new(
        (table, field): (&'static str, &'static str),
        rows: Rows<'a>,
        read: fn(&Row<'_>) -> rusqlite::Result<Entry<T, K>>,
    ) -> rusqlite::Result<Self> {
        let mut groups = Self { table, field, rows, read, next: None };
        groups.advance()?;
        Ok(groups)
    }

    fn advance(&mut self) -> rusqlite::Result<()> {
        self.next = self.rows.next()?.map(self.read).transpose()?;
        Ok(())
    }

    /// Hands out the rows of one group. Groups must be asked for in order; rows of groups that nobody asked
    /// for belong to nothing.
    fn each(
        &mut self,
        key: &K,
        report: &mut FoldReport,
        mut take: impl FnMut(Entry<T, K>, &mut FoldReport),
    ) -> rusqlite::Result<()> {
        while let Some(entry) = self.next.take_if(|entry| entry.key <= *key) {
            if entry.key == *key {
                take(entry, report);
            } else {
                self.unfounded(&entry, report);
            }
            self.advance()?;
        }
        Ok(())
    }

    /// All rows that are left belong to nothing.
    fn finish(mut self, report: &mut FoldReport) -> rusqlite::Result<()> {
        while let Some(entry) = self.next.take() {
            self.unfounded(&entry, report);
            self.advance()?;
        }
        Ok(())
    }

    fn unfounded(&self, entry: &Entry<T, K>, report: &mut FoldReport) {
        let row = format!("{}, {}", entry.key, entry.place);
        report.add(self.table, row, self.field, FoldFaultKind::Unfounded);
    }
}

/// Takes the number of a ledger row and tells a gap before it.
fn count(
    counted: &mut Count,
    report: &mut FoldReport,
    (table, field): (&'static str, &'static str),
    (group, number): (&str, u64),
) {
    report.ledger_rows += 1;
    if !counted.follows(number) {
        report.add(table, format!("{group}, {number}"), field, FoldFaultKind::Gap);
    }
}

fn check_memory(connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover("memory_ledger");
    report.cover("memory_current");
    let mut users = connection.prepare("SELECT user_id FROM identities ORDER BY user_id")?;
    let mut ledger = connection.prepare("SELECT * FROM memory_ledger ORDER BY user_id, memory_seq")?;
    let mut current = connection.prepare("SELECT * FROM memory_current ORDER BY user_id, memory_key")?;
    let mut ledger = Groups::new(("memory_ledger", "user_id"), ledger.query([])?, |row| {
        let value = (row.get::<_, String>("memory_key")?, remembered(row, "created_at")?);
        Ok(Entry { key: row.get("user_id")?, place: value.1.seq.to_string(), value })
    })?;
    let mut current = Groups::new(("memory_current", "user_id"), current.query([])?, |row| {
        Ok(Entry {
            key: row.get("user_id")?,
            place: row.get("memory_key")?,
            value: remembered(row, "updated_at")?,
        })
    })?;
    let mut users = users.query([])?;
    while let Some(user) = users.next()? {
        let user: String = user.get(0)?;
        let mut fold = MemoryFold::default();
        let mut counted = Count::default();
        ledger.each(&user, report, |entry, report| {
            let (key, row) = entry.value;
            count(&mut counted, report, ("memory_ledger", "memory_seq"), (&user, row.seq));
            fold.take(key, row);
        })?;
        current.each(&user, report, |entry, report| {
            report.rows += 1;
            let row = format!("{user}, {}", entry.place);
            match fold.differences(&entry.place, &entry.value) {
                Some(fields) => report.add_all("memory_current", &row, fields),
                None => report.add("memory_current", row, "memory_key", FoldFaultKind::Unfounded),
            }
        })?;
        for key in fold.missing() {
            let row = format!("{user}, {key}");
            report.add("memory_current", row, "memory_key", FoldFaultKind::Missing);
        }
    }
    ledger.finish(report)?;
    current.finish(report)?;
    Ok(())
}

fn remembered(row: &Row<'_>, time: &str) -> rusqlite::Result<Remembered> {
    Ok(Remembered {
        value_ref: row.get("memory_value_ref")?,
        seq: number(row, "memory_seq")?,
        at: number(row, time)?,
    })
}

fn check_wake(connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
    const TABLE: &str = "wake_enrollment_sessions";
    const LEDGER: &str = "wake_enrollment_samples";
    const KEY: &str = "wake_enrollment_session_id";
    report.cover(TABLE);
    report.cover(LEDGER);
    let mut sessions = connection.prepare(&format!("SELECT * FROM {TABLE} ORDER BY {KEY}"))?;
    let mut samples = connection.prepare(&format!("SELECT * FROM {LEDGER} ORDER BY {KEY}, sample_seq"))?;
    let mut samples = Groups::new((LEDGER, KEY), samples.query([])?, |row| {
        let seq = number(row, "sample_seq")?;
        let result: WakeSampleResult = named(row, "result")?;
        let value = (seq, result, number(row, "captured_at")?);
        Ok(Entry { key: row.get(KEY)?, place: seq.to_string(), value })
    })?;
    let mut sessions = sessions.query([])?;
    while let Some(row) = sessions.next()? {
        let id: String = row.get(KEY)?;
        let session = WakeSession {
            status: named(row, "wake_enroll_status")?,
            pass_target: number(row, "pass_target")?,
            pass_count: number(row, "pass_count")?,
            attempt_count: number(row, "attempt_count")?,
            max_attempts: number(row, "max_attempts")?,
            timeout_ms: number(row, "enrollment_timeout_ms")?,
            has_reason: row.get::<_, Option<String>>("reason_code")?.is_some(),
            has_deferral: optional_number(row, "deferred_until")?.is_some(),
            created_at: number(row, "created_at")?,
            updated_at: number(row, "updated_at")?,
            completed_at: optional_number(row, "completed_at")?,
        };
        let mut fold = WakeFold::default();
        let mut counted = Count::default();
        samples.each(&id, report, |entry, report| {
            let (seq, result, at) = entry.value;
            count(&mut counted, report, (LEDGER, "sample_seq"), (&id, seq));
            fold.take(result, at);
        })?;
        report.rows += 1;
        report.add_all(TABLE, &id, fold.differences(&session));
    }
    samples.finish(report)?;
    Ok(())
}

/// Wake runtime events have no current row; their places still count 1, 2, 3.
fn check_wake_positions(connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
    let mut events = connection
        .prepare("SELECT wake_position, wake_event_id FROM wake_runtime_events ORDER BY wake_position")?;
    let mut events = events.query([])?;
    report.cover("wake_runtime_events");
    let mut counted = Count::default();
    while let Some(row) = events.next()? {
        report.ledger_rows += 1;
        if !counted.follows(number(row, "wake_position")?) {
            let id = row.get("wake_event_id")?;
            report.add("wake_runtime_events", id, "wake_position", FoldFaultKind::Gap);
        }
    }
    Ok(())
}

fn check_voice(connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
    const TABLE: &str = "voice_enrollment_sessions";
    const LEDGER: &str = "voice_enrollment_samples";
    const KEY: &str = "voice_enrollment_session_id";
    report.cover(TABLE);
    report.cover(LEDGER);
    let mut sessions = connection.prepare(&format!("SELECT * FROM {TABLE} ORDER BY {KEY}"))?;
    let mut samples = connection.prepare(&format!("SELECT * FROM {LEDGER} ORDER BY {KEY}, sample_seq"))?;
    let mut samples = Groups::new((LEDGER, KEY), samples.query([])?, |row| {
        let seq = number(row, "sample_seq")?;
        let result: VoiceSampleResult = named(row, "result")?;
        let value = (seq, result, reason(row)?, number(row, "created_at")?);
        Ok(Entry { key: row.get(KEY)?, place: seq.to_string(), value })
    })?;
    let mut sessions = sessions.query([])?;
    while let Some(row) = sessions.next()? {
        let id: String = row.get(KEY)?;
        let session = VoiceSession {
            status: named(row, "voice_enroll_status")?,
            lock_after: number(row, "lock_after_consecutive_passes")?,
            consecutive_passes: number(row, "consecutive_passes")?,
            attempt_count: number(row, "attempt_count")?,
            max_attempts: number(row, "max_total_attempts")?,
            time_ms: number(row, "max_session_enroll_time_ms")?,
            reason: reason(row)?,
            created_at: number(row, "created_at")?,
            updated_at: number(row, "updated_at")?,
        };
        let mut fold = VoiceFold::default();
        let mut counted = Count::default();
        samples.each(&id, report, |entry, report| {
            let (seq, result, reason, at) = entry.value;
            count(&mut counted, report, (LEDGER, "sample_seq"), (&id, seq));
            fold.take(result, reason, at);
        })?;
        report.rows += 1;
        report.add_all(TABLE, &id, fold.differences(&session));
    }
    samples.finish(report)?;
    Ok(())
}

fn reason(row: &Row<'_>) -> rusqlite::Result<Option<Ph1VoiceIdReasonCode>> {
    row.get::<_, Option<String>>("reason_code")?.map(|_| named(row, "reason_code")).transpose()
}
