//! Conditions that a database keeps of a row: a small part of SQL that every dialect takes in the same words.
//!
//! `AND`, `OR`, `NOT`, comparisons, `IS NULL`, `IN`, `BETWEEN`, `coalesce`, `length`, `abs`, columns, numbers and texts.
//! What lives here: the form of a condition and its text. What must not: what a column may hold, which [`kinds`] asks of
//! its domain, and any statement around a condition.

mod kinds;
mod parse;

use std::fmt;
use std::str::FromStr;

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

/// A condition that is not one, or that some database would not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionError {
    /// A character or word that stands in no condition.
    #[error("`{0}` is not understood")]
    Unexpected(String),
    /// The text ends too early.
    #[error("it ends where something must follow")]
    Unfinished,
    /// A column that the table does not have.
    #[error("there is no column `{0}`")]
    UnknownColumn(String),
    /// A text that the column never is.
    #[error("`{column}` is never '{value}'")]
    UnknownValue {
        /// The column.
        column: String,
        /// What it is compared with.
        value: String,
    },
    /// Values of different kinds are compared, or a condition stands where a value must.
    #[error("{found} stands where {expected} must")]
    WrongKind {
        /// What stands there.
        found: &'static str,
        /// What must.
        expected: &'static str,
    },
    /// Numbers that use all 64 bits have another order in a database.
    #[error(
        "numbers of 64 bits without a sign keep their bits in a column, so that a database cannot order them"
    )]
    Unordered,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    Compare(Box<Node>, Operator, Box<Node>),
    IsNull { operand: Box<Node>, negated: bool },
    In { operand: Box<Node>, values: Vec<Node>, negated: bool },
    Between { operand: Box<Node>, low: Box<Node>, high: Box<Node> },
    Call(Function, Vec<Node>),
    Column(String),
    Number(String),
    Text(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Operator {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Equal, "="),
        (Self::Unequal, "<>"),
        (Self::Less, "<"),
        (Self::AtMost, "<="),
        (Self::Greater, ">"),
        (Self::AtLeast, ">="),
    ];

    fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(operator, _)| *operator == self).map_or("", |(_, text)| text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Coalesce,
    Length,
    Abs,
}

impl Function {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Coalesce, "coalesce"), (Self::Length, "length"), (Self::Abs, "abs")];

    fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(function, _)| *function == self).map_or("", |(_, text)| text)
    }
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

impl Node {
    fn children(&self) -> Vec<&Self> {
        match self {
            Self::Or(parts) | Self::And(parts) | Self::Call(_, parts) => parts.iter().collect(),
            Self::Not(inner) => vec![inner],
            Self::Compare(left, _, right) => vec![left, right],
            Self::IsNull { operand, .. } => vec![operand],
            Self::In { operand, values, .. } => std::iter::once(operand.as_ref()).chain(values).collect(),
            Self::Between { operand, low, high } => vec![operand, low, high],
            Self::Column(_) | Self::Number(_) | Self::Text(_) => Vec::new(),
        }
    }

    fn each_column<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
        if let Self::Column(name) = self {
            visit(name);
        }
        for child in self.children() {
            child.each_column(visit);
        }
    }

    /// How tightly it holds together: what holds less tightly stands in brackets within it.
    const fn strength(&self) -> u8 {
        match self {
            Self::Or(_) => 1,
            Self::And(_) => 2,
            Self::Not(_) => 3,
            Self::Compare(..) | Self::IsNull { .. } | Self::In { .. } | Self::Between { .. } => 4,
            Self::Call(..) | Self::Column(_) | Self::Number(_) | Self::Text(_) => 5,
        }
    }

    fn sql(&self, row: &str) -> String {
        let within = |node: &Self, strength: u8| {
            let text = node.sql(row);
            if node.strength() < strength { format!("({text})") } else { text }
        };
        let operand = |node: &Self| within(node, 5);
        let joined = |parts: &[Self], strength: u8, between: &str| {
            parts.iter().map(|part| within(part, strength)).collect::<Vec<_>>().join(between)
        };
        let not = |negated: bool| if negated { "NOT " } else { "" };
        match self {
            Self::Or(parts) => joined(parts, 2, " OR "),
            Self::And(parts) => joined(parts, 3, " AND "),
            Self::Not(inner) => format!("NOT {}", within(inner, 4)),
            Self::Compare(left, operator, right) => {
                format!("{} {} {}", operand(left), operator.as_str(), operand(right))
            }
            Self::IsNull { operand: inner, negated } => {
                format!("{} IS {}NULL", operand(inner), not(*negated))
            }
            Self::In { operand: inner, values, negated } => {
                format!("{} {}IN ({})", operand(inner), not(*negated), joined(values, 5, ", "))
            }
            Self::Between { operand: inner, low, high } => {
                format!("{} BETWEEN {} AND {}", operand(inner), operand(low), operand(high))
            }
            Self::Call(function, arguments) => {
                format!("{}({})", function.as_str(), joined(arguments, 1, ", "))
            }
            Self::Column(name) => format!("{row}{name}"),
            Self::Number(digits) => digits.clone(),
            Self::Text(text) => super::dialect::quoted(text),
        }
    }
}
