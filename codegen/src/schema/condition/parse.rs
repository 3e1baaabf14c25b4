//! From the text of a condition to its parts.

use super::error::ConditionError;
use super::node::{Function, Node, Operator};

/// The words that are no columns.
const WORDS: [&str; 7] = ["AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN"];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A column or function.
    Name(String),
    /// One of [`WORDS`].
    Word(&'static str),
    Number(String),
    Text(String),
    Operator(Operator),
    Symbol(char),
}

pub(super) fn condition(text: &str) -> Result<Node, ConditionError> {
    let mut parser = Parser { tokens: tokens(text)?, place: 0 };
    let node = parser.any_of()?;
    match parser.tokens.get(parser.place) {
        None => Ok(node),
        Some(token) => Err(unexpected(token)),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, ConditionError> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first == '\'' {
            quoted(rest)?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let word = leading(rest, |c| c.is_ascii_alphanumeric() || c == '_');
            let upper = word.to_ascii_uppercase();
            let known = WORDS.iter().find(|known| **known == upper);
            (known.map_or_else(|| Token::Name(word.to_owned()), |known| Token::Word(known)), word.len())
        } else if first.is_ascii_digit() || first == '-' {
            let digits = leading(&rest[1..], |c| c.is_ascii_digit() || c == '.');
            let number = &rest[..=digits.len()];
            if number.parse::<f64>().is_err() {
                return Err(ConditionError::Unexpected(number.to_owned()));
            }
            (Token::Number(number.to_owned()), number.len())
        } else if let Some((operator, text)) =
            // The longer one of two that begin alike.
            Operator::ALL
                .iter()
                .filter(|(_, text)| rest.starts_with(text))
                .max_by_key(|(_, text)| text.len())
        {
            (Token::Operator(*operator), text.len())
        } else if matches!(first, '(' | ')' | ',') {
            (Token::Symbol(first), 1)
        } else {
            return Err(ConditionError::Unexpected(first.to_string()));
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// The text between quotes, where two of them stand for one, and its length with the quotes.
fn quoted(rest: &str) -> Result<(Token, usize), ConditionError> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((place, c)) = characters.next() {
        if c != '\'' {
            text.push(c);
        } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
            text.push('\'');
        } else {
            return Ok((Token::Text(text), place + 1));
        }
    }
    Err(ConditionError::Unfinished)
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

fn unexpected(token: &Token) -> ConditionError {
    ConditionError::Unexpected(match token {
        Token::Name(text) | Token::Number(text) => text.clone(),
        Token::Word(word) => (*word).to_owned(),
        Token::Text(text) => format!("'{text}'"),
        Token::Operator(operator) => operator.as_str().to_owned(),
        Token::Symbol(symbol) => symbol.to_string(),
    })
}

struct Parser {
    tokens: Vec<Token>,
    place: usize,
}

impl Parser {
    fn next(&mut self) -> Result<Token, ConditionError> {
        let token = self.tokens.get(self.place).cloned().ok_or(ConditionError::Unfinished)?;
        self.place += 1;
        Ok(token)
    }

    /// Whether the next token is this one, which then is taken.
    fn takes(&mut self, wanted: &Token) -> bool {
        let is_next = self.tokens.get(self.place) == Some(wanted);
        self.place += usize::from(is_next);
        is_next
    }

    fn takes_word(&mut self, word: &'static str) -> bool {
        self.takes(&Token::Word(word))
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), ConditionError> {
        let token = self.next()?;
        if token == *wanted { Ok(()) } else { Err(unexpected(&token)) }
    }

    fn any_of(&mut self) -> Result<Node, ConditionError> {
        let mut parts = vec![self.all_of()?];
        while self.takes_word("OR") {
            parts.push(self.all_of()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::Or(parts) })
    }

    fn all_of(&mut self) -> Result<Node, ConditionError> {
        let mut parts = vec![self.negation()?];
        while self.takes_word("AND") {
            parts.push(self.negation()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Node::And(parts) })
    }

    fn negation(&mut self) -> Result<Node, ConditionError> {
        if self.takes_word("NOT") { Ok(Node::Not(Box::new(self.negation()?))) } else { self.predicate() }
    }

    fn predicate(&mut self) -> Result<Node, ConditionError> {
        let operand = Box::new(self.value()?);
        if self.takes_word("IS") {
            let negated = self.takes_word("NOT");
            self.expect(&Token::Word("NULL"))?;
            return Ok(Node::IsNull { operand, negated });
        }
        let negated = self.takes_word("NOT");
        if negated || self.tokens.get(self.place) == Some(&Token::Word("IN")) {
            self.expect(&Token::Word("IN"))?;
            self.expect(&Token::Symbol('('))?;
            return Ok(Node::In { operand, values: self.list()?, negated });
        }
        if self.takes_word("BETWEEN") {
            let low = Box::new(self.value()?);
            self.expect(&Token::Word("AND"))?;
            return Ok(Node::Between { operand, low, high: Box::new(self.value()?) });
        }
        if let Some(Token::Operator(operator)) = self.tokens.get(self.place) {
            let operator = *operator;
            self.place += 1;
            return Ok(Node::Compare(operand, operator, Box::new(self.value()?)));
        }
        Ok(*operand)
    }

    fn value(&mut self) -> Result<Node, ConditionError> {
        let token = self.next()?;
        match token {
            Token::Number(digits) => Ok(Node::Number(digits)),
            Token::Text(text) => Ok(Node::Text(text)),
            Token::Symbol('(') => {
                let inner = self.any_of()?;
                self.expect(&Token::Symbol(')'))?;
                Ok(inner)
            }
            Token::Name(name) if self.takes(&Token::Symbol('(')) => {
                let lower = name.to_ascii_lowercase();
                let function = Function::ALL.iter().find(|(_, known)| *known == lower);
                let (function, _) = function.ok_or(ConditionError::Unexpected(name))?;
                Ok(Node::Call(*function, self.list()?))
            }
            Token::Name(name) => Ok(Node::Column(name)),
            other => Err(unexpected(&other)),
        }
    }

    /// Values up to the closing bracket, at least one.
    fn list(&mut self) -> Result<Vec<Node>, ConditionError> {
        let mut values = vec![self.value()?];
        while self.takes(&Token::Symbol(',')) {
            values.push(self.value()?);
        }
        self.expect(&Token::Symbol(')'))?;
        Ok(values)
    }
}
