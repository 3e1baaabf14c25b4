//! The parts of a condition, and their text.

use crate::schema::text::quoted;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
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
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Operator {
    pub(super) const ALL: [(Self, &'static str); 6] = [
        (Self::Equal, "="),
        (Self::Unequal, "<>"),
        (Self::Less, "<"),
        (Self::AtMost, "<="),
        (Self::Greater, ">"),
        (Self::AtLeast, ">="),
    ];

    pub(super) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(operator, _)| *operator == self).map_or("", |(_, text)| text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Coalesce,
    Length,
    Abs,
}

impl Function {
    pub(super) const ALL: [(Self, &'static str); 3] =
        [(Self::Coalesce, "coalesce"), (Self::Length, "length"), (Self::Abs, "abs")];

    pub(super) fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(function, _)| *function == self).map_or("", |(_, text)| text)
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

    pub(super) fn each_column<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
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

    pub(super) fn sql(&self, row: &str) -> String {
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
            Self::Text(text) => quoted(text),
        }
    }
}
