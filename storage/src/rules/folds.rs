//! Folds of ledgers: which current rows the rows of a ledger allow. No SQL.
//!
//! A fold takes the rows of one ledger in order and keeps only what it compares, so the memory of a check does not grow with
//! the ledger. It does not call the rules: it is an independent check of what they wrote.

pub(crate) mod bindings;
pub(crate) mod enrollments;

use std::collections::BTreeMap;

use selene_contracts::tables::memory_current;

/// Checks that the numbers of a ledger count 1, 2, 3.
#[derive(Debug, Default)]
pub(crate) struct Count(u64);

impl Count {
    /// Takes the next number; false where it does not follow the one before. Counting continues from it, so a gap is one
    /// difference and not many.
    pub(crate) fn follows(&mut self, number: u64) -> bool {
        let is_next = self.0.checked_add(1) == Some(number);
        self.0 = number;
        is_next
    }

    /// Passes over a row whose number cannot be read: it may be the next one.
    pub(crate) const fn pass(&mut self) {
        self.0 = self.0.saturating_add(1);
    }
}

/// The newest operation of one memory key. `at` is its time in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub(crate) value_ref: Option<String>,
    pub(crate) seq: u64,
    pub(crate) at: u64,
}

/// The fold of one user's memory ledger.
#[derive(Debug, Default)]
pub(crate) struct MemoryFold {
    current: BTreeMap<String, Remembered>,
}

impl MemoryFold {
    /// Takes the next ledger row. A forgotten key keeps its row without a value.
    pub(crate) fn take(&mut self, key: String, row: Remembered) {
        self.current.insert(key, row);
    }

    /// The fields of a current row that differ from the ledger; `None` where the ledger has no such key. A key is compared
    /// once; a second row of the same key gives `None`.
    pub(crate) fn differences(&mut self, key: &str, row: &Remembered) -> Option<Vec<&'static str>> {
        let expected = self.current.remove(key)?;
        Some(differing([
            (memory_current::MEMORY_VALUE_REF, expected.value_ref == row.value_ref),
            (memory_current::MEMORY_SEQ, expected.seq == row.seq),
            (memory_current::UPDATED_AT, expected.at == row.at),
        ]))
    }

    /// The keys of the ledger that were not compared: their current rows are missing.
    pub(crate) fn missing(self) -> impl Iterator<Item = String> {
        self.current.into_keys()
    }
}

/// A state of a row in its ledger, and the time of the ledger row in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateAt<S> {
    pub(crate) state: S,
    pub(crate) at: u64,
}

/// The fold of a ledger of the states of one row.
#[derive(Debug)]
pub(crate) struct StateFold<S> {
    created_at: u64,
    last: StateAt<S>,
}

impl<S: PartialEq> StateFold<S> {
    /// Begins with the first state.
    pub(crate) const fn new(first: StateAt<S>) -> Self {
        Self { created_at: first.at, last: first }
    }

    /// Takes the next state.
    pub(crate) fn take(&mut self, next: StateAt<S>) {
        self.last = next;
    }

    /// The last state of the ledger.
    pub(crate) const fn state(&self) -> &S {
        &self.last.state
    }

    /// The time columns of the current row that differ from the ledger. Each comes with its name: when the row was made, and when it
    /// changed last.
    pub(crate) fn differing_times(
        &self,
        (created_name, created_at): (&'static str, u64),
        (updated_name, updated_at): (&'static str, u64),
    ) -> Vec<&'static str> {
        differing([(created_name, created_at == self.created_at), (updated_name, updated_at == self.last.at)])
    }
}

fn differing<const N: usize>(fields: [(&'static str, bool); N]) -> Vec<&'static str> {
    fields.into_iter().filter(|(_, fits)| !fits).map(|(field, _)| field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_from_one_without_a_gap() {
        let mut count = Count::default();
        assert!(count.follows(1) && count.follows(2));
        assert!(!count.follows(4), "3 is missing");
        assert!(count.follows(5), "one gap is one difference");
        assert!(!Count::default().follows(2));
        assert!(!Count(u64::MAX).follows(0));
        let mut count = Count::default();
        count.pass();
        assert!(count.follows(2), "1 may be there");
    }

    #[test]
    fn a_state_is_the_last_one_of_its_ledger() {
        let mut fold = StateFold::new(StateAt { state: "DRAFT", at: 5 });
        assert_eq!((*fold.state(), fold.differing_times(("made", 5), ("changed", 5))), ("DRAFT", vec![]));
        fold.take(StateAt { state: "ACTIVE", at: 9 });
        assert_eq!((*fold.state(), fold.differing_times(("made", 5), ("changed", 9))), ("ACTIVE", vec![]));
        assert_eq!(fold.differing_times(("made", 4), ("changed", 5)), ["made", "changed"]);
    }

    #[test]
    fn a_memory_key_has_exactly_its_newest_operation() {
        let row = |value: Option<&str>, seq| Remembered { value_ref: value.map(str::to_owned), seq, at: seq };
        let fold = || {
            let mut fold = MemoryFold::default();
            fold.take("colour".to_owned(), row(Some("blue"), 1));
            fold.take("name".to_owned(), row(Some("ann"), 2));
            fold.take("colour".to_owned(), row(None, 3));
            fold
        };
        let mut taken = fold();
        assert_eq!(taken.differences("colour", &row(None, 3)), Some(vec![]));
        assert_eq!(taken.differences("colour", &row(None, 3)), None, "a key has one row");
        assert_eq!(taken.differences("shoe", &row(None, 3)), None);
        assert_eq!(taken.missing().collect::<Vec<_>>(), ["name"]);
        assert_eq!(
            fold().differences("colour", &row(Some("blue"), 1)),
            Some(vec!["memory_value_ref", "memory_seq", "updated_at"])
        );
    }
}
