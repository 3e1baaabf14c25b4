//! Whether a condition fits the columns that it names: databases with strict types refuse what does not.

use super::Condition;
use super::error::ConditionError;
use super::node::{Function, Node, Operator};
use crate::schema::domain::Domain;

/// What a part of a condition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Truth,
    Number,
    /// A number whose bits a database orders in another way.
    Bits,
    Text,
    Bytes,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Truth => "a condition",
            Self::Number | Self::Bits => "a number",
            Self::Text => "a text",
            Self::Bytes => "bytes",
        }
    }

    const fn of(domain: &Domain) -> Self {
        match domain {
            Domain::Text { .. } | Domain::OneOf(_) => Self::Text,
            Domain::Integer { max, .. } if *max > i64::MAX.cast_unsigned() => Self::Bits,
            Domain::Bool | Domain::Integer { .. } | Domain::Real { .. } => Self::Number,
            Domain::Wide { .. } | Domain::Digest => Self::Bytes,
        }
    }

    fn must_be(self, expected: Self) -> Result<(), ConditionError> {
        let is_number = |kind| matches!(kind, Self::Number | Self::Bits);
        if self == expected || is_number(self) && is_number(expected) {
            return Ok(());
        }
        Err(ConditionError::WrongKind { found: self.name(), expected: expected.name() })
    }
}

impl Condition {
    /// Asks of every column what it may hold.
    ///
    /// # Errors
    /// The first column that is not there, and the first comparison that is never true or that not every database makes.
    pub fn check<'a>(&self, domain: impl Fn(&str) -> Option<&'a Domain>) -> Result<(), ConditionError> {
        kind(&self.root, &domain)?.must_be(Kind::Truth)
    }
}

type LookUp<'l, 'a> = &'l dyn Fn(&str) -> Option<&'a Domain>;

fn kind(node: &Node, domain: LookUp<'_, '_>) -> Result<Kind, ConditionError> {
    match node {
        Node::Or(parts) | Node::And(parts) => {
            parts.iter().try_for_each(|part| kind(part, domain)?.must_be(Kind::Truth))?;
            Ok(Kind::Truth)
        }
        Node::Not(inner) => kind(inner, domain)?.must_be(Kind::Truth).map(|()| Kind::Truth),
        Node::Compare(left, operator, right) => {
            let is_equality = matches!(operator, Operator::Equal | Operator::Unequal);
            compared(left, right, is_equality, domain)
        }
        Node::IsNull { operand, .. } => kind(operand, domain).map(|_| Kind::Truth),
        Node::In { operand, values, .. } => {
            values.iter().try_for_each(|value| compared(operand, value, true, domain).map(|_| ()))?;
            Ok(Kind::Truth)
        }
        Node::Between { operand, low, high } => {
            compared(operand, low, false, domain)?;
            compared(operand, high, false, domain)
        }
        Node::Call(function, arguments) => called(*function, arguments, domain),
        Node::Column(name) => {
            let domain = domain(name).ok_or_else(|| ConditionError::UnknownColumn(name.clone()))?;
            Ok(Kind::of(domain))
        }
        Node::Number(_) => Ok(Kind::Number),
        Node::Text(_) => Ok(Kind::Text),
    }
}

fn compared(
    left: &Node,
    right: &Node,
    is_equality: bool,
    domain: LookUp<'_, '_>,
) -> Result<Kind, ConditionError> {
    let (first, second) = (kind(left, domain)?, kind(right, domain)?);
    second.must_be(first)?;
    if !is_equality && [first, second].contains(&Kind::Bits) {
        return Err(ConditionError::Unordered);
    }
    if let (Node::Column(name), Node::Text(value)) | (Node::Text(value), Node::Column(name)) = (left, right)
        && let Some(Domain::OneOf(values)) = domain(name)
        && !values.contains(value)
    {
        return Err(ConditionError::UnknownValue { column: name.clone(), value: value.clone() });
    }
    Ok(Kind::Truth)
}

fn called(function: Function, arguments: &[Node], domain: LookUp<'_, '_>) -> Result<Kind, ConditionError> {
    let kinds = arguments.iter().map(|argument| kind(argument, domain)).collect::<Result<Vec<_>, _>>()?;
    match (function, kinds.as_slice()) {
        (Function::Coalesce, [first, rest @ ..]) if !rest.is_empty() => {
            rest.iter().try_for_each(|kind| kind.must_be(*first)).map(|()| *first)
        }
        (Function::Length, [Kind::Text | Kind::Bytes]) => Ok(Kind::Number),
        (Function::Abs, [only]) => only.must_be(Kind::Number).map(|()| Kind::Number),
        _ => Err(ConditionError::Unexpected(format!("{}(…)", function.as_str()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), ConditionError> {
        let state = Domain::OneOf(vec!["OPEN".to_owned(), "CLOSED".to_owned()]);
        let small = Domain::Integer { min: 0, max: 255 };
        let time = Domain::Integer { min: 0, max: u64::MAX };
        let (text_domain, digest) = (Domain::Text { longest: 64 }, Domain::Digest);
        text.parse::<Condition>()?.check(|name| match name {
            "state" => Some(&state),
            "passes" | "target" => Some(&small),
            "closed_at" => Some(&time),
            "chain" | "tenant" => Some(&text_domain),
            "hash" => Some(&digest),
            _ => None,
        })
    }

    #[test]
    fn a_condition_reads_back_as_it_was_written() {
        for text in [
            "(state = 'CLOSED') = (closed_at IS NOT NULL)",
            "chain = coalesce(tenant, '')",
            "state NOT IN ('OPEN', 'CLOSED') OR passes <= target AND NOT (hash IS NULL OR length(hash) = 32)",
            "passes BETWEEN -1 AND 2.5 OR chain = 'it''s'",
        ] {
            assert_eq!(text.parse::<Condition>().unwrap().to_string(), text);
            assert_eq!(check(text), Ok(()), "{text}");
        }
        let condition: Condition = "(a = 1)".parse().unwrap();
        assert_eq!(condition.of_row("NEW"), "NEW.a = 1");
    }

    #[test]
    fn what_a_database_would_not_take_is_refused() {
        let wrong = |found, expected| ConditionError::WrongKind { found, expected };
        for (text, error) in [
            ("state = 'SHUT'", ConditionError::UnknownValue { column: "state".into(), value: "SHUT".into() }),
            ("stat = 'OPEN'", ConditionError::UnknownColumn("stat".into())),
            ("closed_at >= passes", ConditionError::Unordered),
            ("passes = 'x'", wrong("a text", "a number")),
            ("passes", wrong("a number", "a condition")),
            ("passes = 1 AND state", wrong("a text", "a condition")),
            ("lower(state) = 'open'", ConditionError::Unexpected("lower".into())),
            ("state = 'OPEN", ConditionError::Unfinished),
            ("state =", ConditionError::Unfinished),
            ("state = 'OPEN' ; DROP", ConditionError::Unexpected(";".into())),
            ("passes = 1 2", ConditionError::Unexpected("2".into())),
            ("passes = 1.2.3", ConditionError::Unexpected("1.2.3".into())),
        ] {
            assert_eq!(check(text), Err(error), "{text}");
        }
    }
}
