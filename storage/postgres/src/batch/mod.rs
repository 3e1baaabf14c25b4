//! What a connection that writes knows of its open transaction: the lanes that it holds, rows that were not sent yet, reads that were
//! noted and answers that were read ahead.
//!
//! A batch is looked ahead: each of its operations runs once and reads nothing, but notes what it would read, as far as it gets. All of
//! that goes to the server behind the words that open the transaction. Then the operations run in their order and find the answers.
//!
//! What must not live here: what is sent, and when.

pub mod kept;
pub mod lane;
pub mod likely_chains;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use selene_contracts::row::Value;
use tokio_postgres::Row;

use crate::batch::kept::{Kept, References};
use crate::batch::likely_chains::LikelyChains;
use crate::statement::reach::{Reach, write_value};

/// What is remembered of a connection's transactions.
#[derive(Debug, Default)]
pub(crate) struct Writing {
    /// Which tables refer to which.
    pub(crate) references: RefCell<References>,
    /// Where the last event of each device and person went.
    pub(crate) likely_chains: RefCell<Arc<LikelyChains>>,
    lanes: RefCell<BTreeMap<i64, Lane>>,
    held: RefCell<BTreeSet<i64>>,
    /// Lanes that transactions since the last commit held only behind rows: the next one holds them first.
    pub(crate) missed_lanes: RefCell<BTreeSet<i64>>,
    /// Keys that the transaction holds.
    pub(crate) keys: RefCell<BTreeSet<[u8; 16]>>,
    /// Whether rows are kept back.
    pub(crate) keeps: Cell<bool>,
    pub(crate) kept: RefCell<Kept>,
    pub(crate) notes: RefCell<Notes>,
    /// Whether an operation runs only to note what it reads.
    pub(crate) is_looking_ahead: Cell<bool>,
    /// Whether that operation was given an answer that is not known yet.
    pub(crate) has_guessed: Cell<bool>,
    answers: RefCell<BTreeMap<Key, Vec<Row>>>,
    /// Whether answers that were read ahead do not count.
    pub(crate) reads_again: Cell<bool>,
    /// What was asked before all lanes of the batch were held.
    pub(crate) asked: RefCell<Vec<Noted>>,
    reaches: RefCell<BTreeMap<&'static str, Reach>>,
    /// Whether an operation of this transaction asked what was not read ahead.
    pub(crate) has_missed: Cell<bool>,
    /// The same of the transaction before.
    pub(crate) has_missed_before: Cell<bool>,
}

/// What is known of a lane.
#[derive(Debug, Default, Clone, Copy)]
struct Lane {
    /// Another number wherever somebody else may have written.
    as_of: u64,
    /// How often it was locked for good, as this connection left it; none where that is not known.
    commits: Option<i64>,
    /// The same with the open transaction.
    commits_after: i64,
}

/// A statement that reads, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Read {
    pub(crate) sql: &'static str,
    /// Whether only the first row is asked for.
    pub(crate) is_first: bool,
    /// Whether the rows are locked.
    pub(crate) locks: bool,
}

/// A read with its values. Texts of statements are static, so their place distinguishes them.
pub(crate) type Key = (usize, bool, bool, Vec<u8>);

/// Numbers that no two lanes of this process have for different states.
static AS_OF: AtomicU64 = AtomicU64::new(1);

/// What operations would read.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) lanes: BTreeSet<i64>,
    pub(crate) keys: BTreeSet<[u8; 16]>,
    pub(crate) reads: Vec<Noted>,
    /// Reads of chains, which have to be held first.
    pub(crate) heads: Vec<Noted>,
    known: BTreeSet<Key>,
    /// Whether it is not known which chain an operation will append to.
    pub(crate) is_open: bool,
}

/// A read that was noted.
#[derive(Debug)]
pub(crate) struct Noted {
    pub(crate) key: Key,
    pub(crate) read: Read,
    pub(crate) values: Vec<Value<'static>>,
}

fn key(read: Read, values: &[Value<'_>]) -> Key {
    let mut written = Vec::new();
    for value in values {
        write_value(value, &mut written);
    }
    (read.sql.as_ptr().addr(), read.is_first, read.locks, written)
}

impl Notes {
    /// Whether there is nothing to ask.
    pub(crate) fn is_empty(&self) -> bool {
        self.lanes.is_empty() && self.keys.is_empty() && self.reads.is_empty()
    }

    pub(crate) fn read(&mut self, read: Read, values: &[Value<'_>]) {
        Self::note(&mut self.known, &mut self.reads, read, values);
    }

    pub(crate) fn head(&mut self, read: Read, values: &[Value<'_>]) {
        Self::note(&mut self.known, &mut self.heads, read, values);
    }

    fn note(known: &mut BTreeSet<Key>, into: &mut Vec<Noted>, read: Read, values: &[Value<'_>]) {
        let key = key(read, values);
        if known.insert(key.clone()) {
            let values = values.iter().map(|value| value.clone().into_owned()).collect();
            into.push(Noted { key, read, values });
        }
    }
}

impl Writing {
    /// The next operation is looked ahead.
    pub(crate) fn look_ahead(&self) {
        self.is_looking_ahead.set(true);
        self.has_guessed.set(false);
    }

    /// Nothing is looked ahead any more; what was noted meanwhile.
    pub(crate) fn take_notes(&self) -> Notes {
        self.is_looking_ahead.set(false);
        self.notes.take()
    }

    pub(crate) fn holds(&self, lane: i64) -> bool {
        self.held.borrow().contains(&lane)
    }

    /// A lane was locked, and says how often.
    pub(crate) fn held(&self, lane: i64, commits: i64) {
        let mut lanes = self.lanes.borrow_mut();
        let known = lanes.entry(lane).or_default();
        if known.commits.is_none_or(|before| before + 1 != commits) {
            known.as_of = AS_OF.fetch_add(1, Ordering::Relaxed);
        }
        known.commits_after = commits;
        known.commits = None;
        self.held.borrow_mut().insert(lane);
    }

    /// Another number wherever somebody else may have written in a lane.
    pub(crate) fn as_of(&self, lane: i64) -> u64 {
        self.lanes.borrow().get(&lane).map_or(0, |lane| lane.as_of)
    }

    /// The open transaction was committed. Before its end is known, how often its lanes were locked is not.
    pub(crate) fn committed(&self, held: &BTreeSet<i64>) {
        self.missed_lanes.borrow_mut().clear();
        for (_, lane) in self.lanes.borrow_mut().iter_mut().filter(|(number, _)| held.contains(number)) {
            lane.commits = Some(lane.commits_after);
        }
    }

    /// The lanes that the open transaction holds.
    pub(crate) fn lanes_held(&self) -> BTreeSet<i64> {
        self.held.borrow().clone()
    }

    /// The open transaction has ended, in whatever way.
    pub(crate) fn ended(&self) {
        self.held.borrow_mut().clear();
        self.keys.borrow_mut().clear();
        self.keeps.set(false);
        self.kept.borrow_mut().clear();
        self.answers.borrow_mut().clear();
        self.asked.borrow_mut().clear();
        *self.notes.borrow_mut() = Notes::default();
        self.is_looking_ahead.set(false);
        self.reads_again.set(false);
        self.has_missed_before.set(self.has_missed.replace(false));
    }

    /// What was read ahead may have changed.
    pub(crate) fn forget_answers(&self) {
        self.answers.borrow_mut().clear();
    }

    /// Keeps an answer until it is asked for.
    pub(crate) fn answered(&self, key: Key, rows: Vec<Row>) {
        self.answers.borrow_mut().insert(key, rows);
    }

    /// Shows the rows of an answer that was read ahead, if there is one that still holds.
    pub(crate) fn with_answer<T>(
        &self,
        read: Read,
        values: &[Value<'_>],
        show: impl FnOnce(&[Row]) -> T,
    ) -> Option<T> {
        let mut answers = self.answers.borrow_mut();
        if answers.is_empty() || self.reads_again.get() {
            return None;
        }
        let key = key(read, values);
        let rows = answers.get(&key)?;
        let mut reaches = self.reaches.borrow_mut();
        let reach = reaches.entry(read.sql).or_insert_with(|| Reach::of(read.sql));
        if self.kept.borrow_mut().leaves(reach, values) {
            Some(show(rows))
        } else {
            answers.remove(&key);
            None
        }
    }
}
