//! What a sentence about rows can mean to the schema. What must not live here: a sentence.

/// What a sentence means to the schema.
pub(super) enum Meaning {
    /// Values that a row may have beside each other, and values that it may not. Everything else is as in any row that
    /// is taken with all of the first, so nothing else can be the reason of a refusal.
    Values { taken: &'static [Assigned], refused: &'static [Assigned] },
    /// Keys, counters and append-only locks are compared for every table that has them.
    Compared,
    /// No schema keeps it; this does. Where nothing is named, it is not stated yet, and the test fails.
    Beyond(&'static str),
}

/// Some columns of a row with their values.
pub(super) type Assigned = &'static [(&'static str, Given)];

/// A value of a column.
#[derive(Clone, Copy)]
pub(super) enum Given {
    Absent,
    /// Some value that the column allows, whichever it is.
    Any,
    Number(i64),
    Text(&'static str),
}

/// A sentence of the specs about rows.
pub(super) struct Sentence {
    /// The tables that it is about; those of no table are about any.
    pub(super) tables: &'static [&'static str],
    pub(super) text: &'static str,
    pub(super) means: Meaning,
}

impl Sentence {
    /// Whether it says something of a table.
    pub(super) fn is_about(&self, table: &str) -> bool {
        self.tables.is_empty() || self.tables.contains(&table)
    }
}
