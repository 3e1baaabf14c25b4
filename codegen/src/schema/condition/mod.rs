//! Conditions that a database keeps of a row: a small part of SQL that every dialect takes in the same words.
//!
//! `AND`, `OR`, `NOT`, comparisons, `IS NULL`, `IN`, `BETWEEN`, `coalesce`, `length`, `abs`, columns, numbers and texts.
//! What lives here: the form of a condition and its text. What must not: what a column may hold, which [`kinds`] asks of
//! its domain, and any statement around a condition.

mod error;
mod kinds;
mod node;
mod parse;

use std::fmt;
use std::str::FromStr;

use self::node::Node;

pub use error::ConditionError;

/// A condition of one row.
///
/// ```
/// use selene_codegen::schema::Condition;
///
/// let condition: Condition = "(status = 'DONE') = (done_at IS NOT NULL)".parse()?;
/// assert_eq!(condition.columns(), ["status", "done_at"]);
/// # Ok::<(), selene_codegen::schema::ConditionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    root: Node,
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        parse::condition(text).map(|root| Self { root })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root.sql(""))
    }
}

impl Condition {
    /// Its columns, each once, in the order of first appearance.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.root.each_column(&mut |name| {
            if !found.contains(&name) {
                found.push(name);
            }
        });
        found
    }

    /// The same words about the row of a name, as `NEW.status = 'DONE'`.
    #[must_use]
    pub fn of_row(&self, row: &str) -> String {
        self.root.sql(&format!("{row}."))
    }
}
