//! The table and the key of the row that an answer is about.

use serde_json::Value as Json;

use selene_contracts::row::Value;

use super::form::{By, Table};
use crate::check::spill::{Reader, Writer};
use crate::check::stream::{StoredRow, Unread};
use crate::encode::Encoder;
use crate::failure::Failure;

/// One part of a key, in the order in which the database sorts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The bits of an unsigned number.
    Number(i64),
    Text(String),
}

impl Part {
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(bits) => bits.cast_unsigned().to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// A row: the place of its table in the list, and its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) table: usize,
    pub(super) key: Vec<Part>,
}

impl Place {
    /// The place of a stored row; a value of its key may be none that a key has.
    pub(super) fn of_row(
        number: usize,
        table: &Table,
        row: &StoredRow,
    ) -> Result<Result<Self, Unread>, Failure> {
        let mut key = Vec::with_capacity(table.key.len());
        for column in table.key {
            key.push(match row.value(column)? {
                Value::Integer(number) => Part::Number(*number),
                Value::Text(text) => Part::Text(text.to_string()),
                _ => return Ok(Err(row.unread(column))),
            });
        }
        Ok(Ok(Self { table: number, key }))
    }

    /// The key of its row as a report has it.
    pub(super) fn shown(&self) -> String {
        self.key.iter().map(Part::shown).collect::<Vec<_>>().join(", ")
    }

    /// What parts the rows.
    pub(super) fn hash(&self) -> u64 {
        let mut bytes = Encoder::new("selene.check.place");
        bytes.number(u64::try_from(self.table).unwrap_or(u64::MAX));
        for part in &self.key {
            bytes.text(&part.shown());
        }
        let hash = bytes.finish();
        u64::from_be_bytes(std::array::from_fn(|position| hash[position]))
    }

    pub(super) fn write(&self, record: &mut Writer<'_>) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        record.number(count(self.table));
        record.number(count(self.key.len()));
        for part in &self.key {
            match part {
                Part::Number(number) => record.value(&Value::Integer(*number)),
                Part::Text(text) => record.value(&Value::Text(text.into())),
            }
        }
    }

    pub(super) fn read(record: &mut Reader<'_>) -> Result<Self, Failure> {
        let table = usize::try_from(record.number()?).unwrap_or(usize::MAX);
        let part = |value| match value {
            Value::Integer(number) => Part::Number(number),
            Value::Text(text) => Part::Text(text.into_owned()),
            _ => Part::Text(String::new()),
        };
        let key = (0..record.number()?).map(|_| record.value().map(part)).collect::<Result<_, _>>()?;
        Ok(Self { table, key })
    }
}

/// The rows of which an answer has fields, each with the entry of the table; none where the answer lacks a key.
pub(super) fn places<'a>(writers: &[(usize, &'a By)], outcome: &Json) -> Option<Vec<(Place, &'a By)>> {
    let mut found = Vec::new();
    for (table, by) in writers {
        let place = |outcome: &Json| Some(Place { table: *table, key: key_of_answer(by, outcome)? });
        match by.each {
            None => found.push((place(outcome)?, *by)),
            Some((list, field)) => {
                for element in outcome[list].as_array().into_iter().flatten() {
                    let mut outcome = outcome.clone();
                    outcome[field] = element.clone();
                    found.push((place(&outcome)?, *by));
                }
            }
        }
    }
    Some(found)
}

fn key_of_answer(by: &By, outcome: &Json) -> Option<Vec<Part>> {
    let part = |field: &&str| match &outcome[*field] {
        Json::String(text) => Some(Part::Text(text.clone())),
        number => number.as_u64().map(|number| Part::Number(number.cast_signed())),
    };
    by.key.iter().map(part).collect()
}
