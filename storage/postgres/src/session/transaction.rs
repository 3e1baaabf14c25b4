//! The transactions of a connection that writes: what is sent together, and when.

use std::collections::BTreeSet;
use std::mem;
use std::pin::pin;

use futures_util::TryStreamExt as _;
use selene_contracts::row::Value;
use selene_storage::backend::{Failure, Held, Trouble, check_written};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error, Row, Statement};

use crate::batch::Notes;
use crate::batch::kept::{Group, Kept, References};
use crate::batch::lane;
use crate::connection::round::{self, Answer, Parameter, Request};
use crate::connection::trouble;
use crate::connection::{Connection, TransactionState};
use crate::statement::value::Bound;

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// Locks the row of a lane, and says how often it was locked for good.
const HOLD: &str = "UPDATE commit_lanes SET commits = commits + 1 WHERE lane = $1 RETURNING lane, commits";

/// The same for several lanes, one after the other in the order in which they are given. A statement with `= ANY ($1)` is planned anew
/// each time, which takes the server longer than the locks; this one is not.
const HOLD_MANY: &str = "UPDATE commit_lanes AS lane SET commits = lane.commits + 1
    FROM (SELECT one.lane FROM unnest($1::bigint[]) AS asked (lane)
          CROSS JOIN LATERAL (SELECT lane FROM commit_lanes WHERE lane = asked.lane FOR NO KEY UPDATE) AS one) AS held
    WHERE lane.lane = held.lane RETURNING lane.lane, lane.commits";

/// The same, and never waits for another transaction.
const HOLD_AT_ONCE: &str = "UPDATE commit_lanes AS lane SET commits = lane.commits + 1
    FROM (SELECT lane FROM commit_lanes WHERE lane = $1 FOR NO KEY UPDATE NOWAIT) AS held
    WHERE lane.lane = held.lane RETURNING lane.lane, lane.commits";

/// How often a transaction is begun with what was noted, where another writer is in the way each time.
const BEGINS_AT_MOST: usize = 4;

/// Says that keys are in use: inserts their rows, and locks those that are there, always in their order. A row means something only
/// until its transaction ends. Every key is inserted or updated, whatever the table holds, so the number of rows is always that of the keys.
const HOLD_KEYS: &str =
    "INSERT INTO commit_keys (key_digest) SELECT key_digest FROM unnest($1::bytea[]) AS given (key_digest)
    ORDER BY key_digest ON CONFLICT (key_digest) DO UPDATE SET key_digest = commit_keys.key_digest";

/// Each table of the schema, with every table that it refers to.
const REFERENCES: &str = "SELECT relname::text, confrelid::regclass::text FROM pg_class
    LEFT JOIN pg_constraint ON conrelid = pg_class.oid AND contype = 'f'
    WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace";

/// Why a transaction is not open.
pub(crate) enum NotBegun {
    /// The connection is of no use.
    Lost(Error),
    /// A lane is not to be had; why.
    Refused(Error),
}

impl Connection {
    /// Opens a transaction that writes, holds the lanes that were noted, and reads ahead what was noted, all at once; again where
    /// another writer is in the way, a bounded number of times. Where reading ahead fails, it is given up, and operations read for
    /// themselves.
    ///
    /// Every transaction locks lanes first, then keys, then rows, so that two of them do not wait for each other. Where not all lanes
    /// are known yet, nothing is locked: what is read only says which lanes there are, and is read again behind them.
    pub(crate) fn begin(&self, mut notes: Notes) -> Result<(), NotBegun> {
        let lost_or_refused = |error: Error| {
            if trouble::needs_another_connection(&error) {
                NotBegun::Lost(error)
            } else {
                NotBegun::Refused(error)
            }
        };
        let asks_again = notes.is_open;
        for _ in 0..BEGINS_AT_MOST {
            self.opened();
            let begun = self.ask_noted(Some(BEGIN), &mut notes, asks_again);
            let Err((place, error)) = begun else { return Ok(()) };
            if trouble::needs_another_connection(&error) {
                return Err(NotBegun::Lost(error));
            }
            let is_conflict = trouble::is_conflict(&error);
            if place == Place::Lanes && !is_conflict {
                return Err(NotBegun::Refused(error));
            }
            self.end("ROLLBACK").map_err(NotBegun::Lost)?;
            if !is_conflict {
                break;
            }
        }
        self.opened();
        self.wait(self.client().batch_execute(BEGIN)).map_err(lost_or_refused)
    }

    fn opened(&self) {
        self.set_transaction_state(TransactionState::Open);
        self.locks_reads.set(true);
        self.writing.keeps.set(true);
    }

    /// Reads ahead what was noted in the open transaction. What was read before all lanes were known is read again, with its locks, and
    /// so is what was read before a lane was held: others may have written until then.
    pub(crate) fn read_ahead(&self, mut notes: Notes) -> Result<(), Failure> {
        let asked = self.writing.asked.take();
        if !asked.is_empty() || notes.lanes.iter().any(|lane| !self.writing.holds(*lane)) {
            self.writing.forget_answers();
            notes.reads.splice(0..0, asked);
        }
        self.ask_noted(None, &mut notes, false).map_err(|(_, error)| self.failed(&error))
    }

    /// Asks what was noted, behind a statement without parameters, and the lanes that were missed before with it. Where it is asked again
    /// later, nothing is locked, and the reads are remembered. An error says how far it got, and leaves what was noted.
    fn ask_noted(
        &self,
        first: Option<&'static str>,
        notes: &mut Notes,
        asks_again: bool,
    ) -> Result<(), (Place, Error)> {
        if !asks_again {
            notes.lanes.extend(self.writing.missed_lanes.borrow().iter());
        }
        // Rows that transactions of several lanes may lock are locked in one order.
        notes.reads.sort_by(|one, other| (one.read.sql, &one.key.3).cmp(&(other.read.sql, &other.key.3)));
        let Notes { lanes, keys, reads, heads, .. } = notes;
        // Keys are noted again by the second look.
        let keys = if asks_again { &BTreeSet::new() } else { &*keys };
        let lanes: Vec<i64> = lanes.iter().copied().filter(|lane| !self.writing.holds(*lane)).collect();
        let digests: Vec<&[u8]> = keys.iter().map(<[u8; 16]>::as_slice).collect();
        let not_begun = |error| (Place::Begin, error);
        let ask = |sql: &str, parameters| {
            let statement = self.prepared(sql, &[]).map_err(not_begun)?;
            Ok(Request { statement, parameters })
        };
        let mut requests: Vec<Request<'_>> =
            first.map(|sql| ask(sql, Vec::new())).into_iter().collect::<Result<_, _>>()?;
        let mut places = vec![Place::Begin; requests.len()];
        let hold: Option<(&str, Parameter<'_>)> = match lanes.as_slice() {
            [] => None,
            [lane] => Some((HOLD, Box::new(lane))),
            _ => Some((HOLD_MANY, Box::new(&lanes))),
        };
        if let Some((sql, lanes)) = hold {
            requests.push(ask(sql, vec![lanes])?);
            places.push(Place::Lanes);
        }
        if !keys.is_empty() {
            requests.push(ask(HOLD_KEYS, vec![Box::new(&digests)])?);
            places.push(Place::Reads);
        }
        let together = self.together(reads.iter().chain(&*heads), !asks_again).map_err(not_begun)?;
        for asked in &together {
            requests.push(asked.request());
            places.push(Place::Reads);
        }
        let answers = self.wait(round::send(self.client(), &requests));
        let answers: Vec<Answer> = answers
            .into_iter()
            .zip(&places)
            .map(|(answer, place)| answer.map_err(|error| (*place, error)))
            .collect::<Result<_, _>>()?;
        for (answer, place) in answers.iter().zip(&places) {
            if *place == Place::Lanes {
                self.note_held(&answer.rows).map_err(|error| (Place::Lanes, error))?;
            }
        }
        drop(requests);
        self.writing.keys.borrow_mut().extend(keys);
        let before = answers.len() - together.len();
        for (asked, answer) in together.into_iter().zip(answers.into_iter().skip(before)) {
            asked.answered(answer.rows, &self.writing).map_err(|error| (Place::Reads, error))?;
        }
        if asks_again {
            self.writing.asked.replace(mem::take(reads));
        }
        Ok(())
    }

    /// Asks which tables refer to which: rows are sent behind those that they refer to.
    pub(crate) fn learn_references(&self) -> Result<(), Error> {
        let rows = self.wait(self.client().query(REFERENCES, &[]))?;
        let mut references = References::new();
        for row in &rows {
            references.entry(row.try_get(0)?).or_default().extend(row.try_get::<_, Option<String>>(1)?);
        }
        self.writing.references.replace(references);
        Ok(())
    }

    fn note_held(&self, rows: &[Row]) -> Result<(), Error> {
        for row in rows {
            self.writing.held(row.try_get(0)?, row.try_get(1)?);
        }
        Ok(())
    }

    /// Holds the row of a chain's lane until the open transaction ends. Where another transaction holds it, this one ends and is run again
    /// with the lane held first: rows are locked already, and whoever holds the lane may be waiting for them.
    pub(crate) fn hold(&self, chain_id: &str) -> Result<Held, Failure> {
        let lane = lane::of_chain(chain_id);
        let is_new = !self.writing.holds(lane);
        if is_new {
            self.writing.has_missed.set(true);
            self.writing.forget_answers();
            let rows = self.hold_at_once(lane)?;
            self.note_held(&rows).map_err(|error| self.failed(&error))?;
        }
        if self.writing.holds(lane) {
            Ok(Held { as_of: self.writing.as_of(lane), is_new })
        } else {
            Err(Failure::Inconsistent(format!("lane {lane} has no row")))
        }
    }

    fn hold_at_once(&self, lane: i64) -> Result<Vec<Row>, Failure> {
        self.writing.missed_lanes.borrow_mut().insert(lane);
        self.send_kept()?;
        let statement = self.statement(HOLD_AT_ONCE)?;
        let held = self.wait(self.client().query(&statement, &[&lane]));
        held.map_err(|error| match self.failed(&error) {
            Failure::Database { detail, .. } if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                Failure::Database { trouble: Trouble::Conflict, detail }
            }
            failure => failure,
        })
    }

    /// Keeps every other transaction from using a key. Whoever inserts the same row meanwhile waits until this transaction ends, and
    /// then sees what it left.
    pub(crate) fn hold_digest(&self, digest: [u8; 16]) -> Result<(), Failure> {
        if self.writing.keys.borrow().contains(&digest) {
            return Ok(());
        }
        if self.writing.is_looking_ahead.get() {
            self.writing.notes.borrow_mut().keys.insert(digest);
            return Ok(());
        }
        let statement = self.statement(HOLD_KEYS)?;
        let digests = vec![digest.as_slice()];
        self.ask_rows(&statement, [&digests as &(dyn ToSql + Sync)].into_iter(), &mut |_| Ok(()))?;
        Ok(())
    }

    /// Sends the rows that were kept back.
    pub(crate) fn send_kept(&self) -> Result<(), Failure> {
        let groups = self.writing.kept.borrow_mut().take_groups();
        let kept = self.writing.kept.borrow();
        let mut rest = groups.as_slice();
        while !rest.is_empty() {
            // What is prepared for the first time locks its table, so it waits until the rows before it are sent.
            let known = rest.iter().take_while(|group| self.is_prepared(&kept, group)).count();
            let (now, later) = rest.split_at(known.max(1));
            let requests = self.inserts(&kept, now)?;
            let answers = self.wait(round::send(self.client(), &requests));
            let answers =
                answers.into_iter().collect::<Result<Vec<_>, _>>().map_err(|error| self.failed(&error))?;
            check_counts(&kept, now, &answers)?;
            rest = later;
        }
        Ok(())
    }

    fn is_prepared(&self, kept: &Kept, group: &Group) -> bool {
        self.knows(group.insert) && (kept.rows(group).len() == 1 || self.knows(group.insert_many))
    }

    /// Sends the rows that were kept back and a statement behind them, and shows every row of its answer without holding more than
    /// the connection has read ahead. No other statement may be run meanwhile. Says how many rows the statement changed.
    pub(crate) fn ask_rows<'a>(
        &self,
        statement: &Statement,
        parameters: impl ExactSizeIterator<Item = &'a (dyn ToSql + Sync)>,
        visit: &mut dyn FnMut(Row) -> Result<(), Failure>,
    ) -> Result<u64, Failure> {
        let is_known = {
            let kept = self.writing.kept.borrow();
            kept.groups().iter().all(|group| self.is_prepared(&kept, group))
        };
        if !is_known {
            self.send_kept()?;
        }
        let groups = self.writing.kept.borrow_mut().take_groups();
        let rows = {
            let kept = self.writing.kept.borrow();
            let requests = self.inserts(&kept, &groups)?;
            let sent = round::send_before(self.client(), &requests, statement, parameters);
            let (answers, rows) = self.ask(sent)?;
            check_counts(&kept, &groups, &answers)?;
            rows
        };
        let mut rows = pin!(rows);
        while let Some(row) = self.ask(rows.try_next())? {
            visit(row)?;
        }
        Ok(rows.rows_affected().unwrap_or(0))
    }

    /// The statements that add rows: of one row as it is, of several by arrays.
    fn inserts<'a>(&self, kept: &'a Kept, groups: &[Group]) -> Result<Vec<Request<'a>>, Failure> {
        let mut requests = Vec::with_capacity(groups.len());
        for group in groups {
            let one = self.statement(group.insert)?;
            requests.push(match kept.rows(group) {
                [row] => Request { statement: one, parameters: row.iter().map(parameter).collect() },
                rows => {
                    let types: Vec<Type> = one.params().iter().map(array_of).collect();
                    let many = self.prepared(group.insert_many, &types);
                    let many = many.map_err(|error| self.failed(&error))?;
                    let column = |position: usize| -> Parameter<'a> {
                        Box::new(rows.iter().map(|row| Bound(&row[position])).collect::<Vec<_>>())
                    };
                    Request { statement: many, parameters: (0..types.len()).map(column).collect() }
                }
            });
        }
        Ok(requests)
    }
}

/// How far what was noted got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Begin,
    Lanes,
    Reads,
}

fn parameter<'a>(value: &'a Value<'static>) -> Parameter<'a> {
    Box::new(Bound(value))
}

/// The type of an array, by that of its values.
fn array_of(ty: &Type) -> Type {
    match *ty {
        Type::INT8 => Type::INT8_ARRAY,
        Type::INT4 => Type::INT4_ARRAY,
        Type::FLOAT8 => Type::FLOAT8_ARRAY,
        Type::BYTEA => Type::BYTEA_ARRAY,
        _ => Type::TEXT_ARRAY,
    }
}

fn check_counts(kept: &Kept, groups: &[Group], answers: &[Answer]) -> Result<(), Failure> {
    for (group, answer) in groups.iter().zip(answers) {
        let found = usize::try_from(answer.count).unwrap_or(usize::MAX);
        check_written(group.table, found, kept.rows(group).len())?;
    }
    Ok(())
}
