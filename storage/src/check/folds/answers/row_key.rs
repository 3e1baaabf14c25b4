//! Table and primary key of a row that an answer is about.

use std::borrow::Cow;

use serde_json::Value as Json;

use selene_contracts::row::Value;

use super::form::{By, Table};
use crate::check::spill::{Reader, Writer};
use crate::check::stream::{StoredRow, Unread};
use crate::encode::Encoder;
use crate::failure::Failure;

/// One value of a key, in the order in which the database sorts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyValue {
    /// The bits of an unsigned number.
    Number(i64),
    Text(String),
}

impl KeyValue {
    /// The value as a seal and a report have it.
    pub(super) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Number(bits) => Cow::Owned(bits.cast_unsigned().to_string()),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }
}

/// A row: the place of its table in the list of tables, and its primary key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowKey {
    pub(super) table: usize,
    pub(super) key: Vec<KeyValue>,
}

impl RowKey {
    /// The key of a stored row, or the value of it that cannot be read.
    pub(super) fn of_row(
        number: usize,
        table: &Table,
        row: &StoredRow<'_>,
    ) -> Result<Result<Self, Unread>, Failure> {
        let mut key = Vec::with_capacity(table.key.len());
        for column in table.key {
            key.push(match row.value(column)? {
                Value::Integer(number) => KeyValue::Number(*number),
                Value::Text(text) => KeyValue::Text(text.to_string()),
                _ => return Ok(Err(row.unread(column))),
            });
        }
        Ok(Ok(Self { table: number, key }))
    }

    /// The key of its row as a report has it.
    pub(super) fn shown(&self) -> String {
        self.key.iter().map(KeyValue::shown).collect::<Vec<_>>().join(", ")
    }

    /// The hash by which rows and answers are partitioned.
    pub(super) fn hash(&self) -> u64 {
        let mut bytes = Encoder::new("selene.check.place");
        bytes.number(u64::try_from(self.table).unwrap_or(u64::MAX));
        for value in &self.key {
            bytes.text(&value.shown());
        }
        let hash = bytes.finish();
        u64::from_be_bytes(std::array::from_fn(|position| hash[position]))
    }

    pub(super) fn write(&self, record: &mut Writer<'_>) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        record.number(count(self.table));
        record.number(count(self.key.len()));
        for value in &self.key {
            match value {
                KeyValue::Number(number) => record.value(&Value::Integer(*number)),
                KeyValue::Text(text) => record.value(&Value::Text(text.into())),
            }
        }
    }

    pub(super) fn read(record: &mut Reader<'_>) -> Result<Self, Failure> {
        let table = usize::try_from(record.number()?).unwrap_or(usize::MAX);
        let key_value = |value| match value {
            Value::Integer(number) => KeyValue::Number(number),
            Value::Text(text) => KeyValue::Text(text.into_owned()),
            _ => KeyValue::Text(String::new()),
        };
        let key = (0..record.number()?).map(|_| record.value().map(key_value)).collect::<Result<_, _>>()?;
        Ok(Self { table, key })
    }
}

/// The rows of which an answer has fields, each with the entry of the table; none where the answer lacks a key.
pub(super) fn row_keys<'a>(writers: &[(usize, &'a By)], outcome: &Json) -> Option<Vec<(RowKey, &'a By)>> {
    let mut found = Vec::new();
    for (table, by) in writers {
        let row = |outcome: &Json| Some(RowKey { table: *table, key: key_of_answer(by, outcome)? });
        match by.each {
            None => found.push((row(outcome)?, *by)),
            Some((list, field)) => {
                for element in outcome[list].as_array().into_iter().flatten() {
                    let mut outcome = outcome.clone();
                    outcome[field] = element.clone();
                    found.push((row(&outcome)?, *by));
                }
            }
        }
    }
    Some(found)
}

fn key_of_answer(by: &By, outcome: &Json) -> Option<Vec<KeyValue>> {
    let value = |field: &&str| match &outcome[*field] {
        Json::String(text) => Some(KeyValue::Text(text.clone())),
        number => number.as_u64().map(|number| KeyValue::Number(number.cast_signed())),
    };
    by.key.iter().map(value).collect()
}
