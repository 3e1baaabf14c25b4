//! Rows that fit the contract, and trying them: every attempt is taken back.

use rusqlite::types::Value;
use selene_codegen::schema::{Column, Domain};

use crate::live::LiveTable;
use crate::stated::{At, StatedTable};
use crate::tried::{Answer, Tried, insert};

/// A row, in the order of the contract's columns.
pub type Values = Vec<Value>;

/// A table that both sides have, and the bench on which its rows are tried.
pub struct Compared<'a> {
    pub bench: Bench<'a>,
    /// As the contract states it.
    pub table: &'a StatedTable,
    /// As the database has it.
    pub live: &'a LiveTable,
}

/// One table on a connection that holds no rows of it.
pub struct Bench<'a> {
    pub connection: &'a dyn Tried,
    pub name: &'a str,
    /// Those columns of the contract that the table has.
    pub columns: Vec<&'a Column>,
    /// Where each of them stands.
    pub sources: Vec<&'a str>,
}

impl<'a> Bench<'a> {
    /// The bench of one table.
    pub fn new(connection: &'a dyn Tried, name: &'a str, stated: &'a StatedTable, live: &LiveTable) -> Self {
        let exists = |column: &&At<Column>| live.columns.iter().any(|found| found.name == column.value.name);
        let (columns, sources) = stated
            .columns
            .iter()
            .filter(exists)
            .map(|column| (&column.value, column.source.as_str()))
            .unzip();
        Self { connection, name, columns, sources }
    }

    /// Runs attempts and takes everything back.
    pub fn aside<T>(&self, attempts: impl FnOnce() -> T) -> T {
        self.connection.batch("SAVEPOINT attempt");
        let result = attempts();
        self.connection.batch("ROLLBACK TO attempt; RELEASE attempt");
        result
    }

    /// Runs one statement.
    pub fn run(&self, sql: &str, values: &[Value]) -> Answer {
        self.connection.run(sql, values)
    }

    /// Inserts a row.
    pub fn insert(&self, values: &[Value]) -> Answer {
        self.run(&insert("INSERT", self.name, &self.names()), values)
    }

    /// Inserts a row in the place of the one with the same key.
    pub fn replace(&self, values: &[Value], key: &[String]) -> Answer {
        self.run(&self.connection.replace(self.name, &self.names(), key), values)
    }

    fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Inserts a row and takes it back.
    pub fn try_insert(&self, values: &[Value]) -> Answer {
        self.aside(|| self.insert(values))
    }

    /// Rows that are accepted: for every combination of enum values the first choice of present optional columns that
    /// the table takes, and of these at most so many. `present` names a column that has to be among them. Without any,
    /// the last answer.
    pub fn accepted_rows(&self, present: Option<usize>, at_most: usize) -> Result<Vec<Values>, Answer> {
        let mut rows: Vec<Values> = Vec::new();
        let mut last = Answer::Accepted;
        for enums in self.enum_choices() {
            if rows.len() == at_most {
                break;
            }
            for presence in self.presences(present) {
                let values = self.values(&enums, &presence);
                // Where an optional enum is absent, its values make no difference.
                if rows.contains(&values) {
                    break;
                }
                last = self.try_insert(&values);
                if last == Answer::Accepted {
                    rows.push(values);
                    break;
                }
            }
        }
        if rows.is_empty() { Err(last) } else { Ok(rows) }
    }

    /// Rows to try something with: those of every combination of enum values, and one with each optional column.
    pub fn rows_of_all_kinds(&self) -> Result<Vec<Values>, Answer> {
        let mut rows = self.accepted_rows(None, usize::MAX)?;
        for index in (0..self.columns.len()).filter(|index| self.columns[*index].is_optional) {
            for row in self.accepted_rows(Some(index), 1).into_iter().flatten() {
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
        }
        Ok(rows)
    }

    /// The rows, and beside each those that the table takes of itself with every number at its smallest, and with every
    /// number at its largest and every text at its longest: a value at its bound may need others at theirs.
    pub fn with_extremes(&self, rows: &[Values]) -> Vec<Values> {
        let mut all = rows.to_vec();
        for row in rows {
            for pick in [smallest, largest] {
                let columns = self.columns.iter().zip(row);
                let extreme: Values = columns
                    .map(|(column, value)| match (value, pick(&column.domain)) {
                        (Value::Null, _) | (_, None) => value.clone(),
                        (_, Some(extreme)) => extreme,
                    })
                    .collect();
                if self.try_insert(&extreme) == Answer::Accepted {
                    all.push(extreme);
                }
            }
        }
        all
    }

    /// Combinations of enum values, yes and no among them, by column: all of them, or where there are too many, all
    /// pairs of values, with the first value of every other column.
    fn enum_choices(&self) -> Vec<Vec<(usize, Value)>> {
        const MANY: usize = 64;
        let mut enums: Vec<(usize, Vec<Value>)> = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            match &column.domain {
                Domain::OneOf(values) => {
                    enums.push((index, values.iter().cloned().map(Value::Text).collect()));
                }
                Domain::Bool => enums.push((index, vec![Value::Integer(0), Value::Integer(1)])),
                _ => {}
            }
        }
        if enums.iter().map(|(_, values)| values.len()).product::<usize>() <= MANY {
            return product(&enums);
        }
        let mut choices = Vec::new();
        for left in 0..enums.len() {
            for right in left + 1..enums.len() {
                let mut pair = enums.clone();
                for (place, (_, values)) in pair.iter_mut().enumerate() {
                    if place != left && place != right {
                        values.truncate(1);
                    }
                }
                choices.extend(product(&pair));
            }
        }
        choices
    }

    /// Which optional columns are present: every subset up to a number of them, the empty and the full one first.
    fn presences(&self, present: Option<usize>) -> impl Iterator<Item = Vec<usize>> {
        const MANY: u32 = 512;
        let optional: Vec<usize> =
            (0..self.columns.len()).filter(|index| self.columns[*index].is_optional).collect();
        let all = (1_u32 << optional.len()) - 1;
        // Small subsets that hold the wanted column come first, however far to the right it stands.
        let wanted = present.and_then(|wanted| optional.iter().position(|index| *index == wanted));
        let with = wanted.map_or(0, |place| 1_u32 << place);
        [0, all].into_iter().chain(0..all.min(MANY)).map(move |bits| {
            let bits = bits | with;
            let chosen = |(place, _): &(usize, &usize)| bits & (1 << place) != 0;
            optional.iter().enumerate().filter(chosen).map(|(_, index)| *index).collect()
        })
    }

    fn values(&self, enums: &[(usize, Value)], presence: &[usize]) -> Values {
        let columns = self.columns.iter().enumerate();
        columns
            .map(|(index, column)| {
                if column.is_optional && !presence.contains(&index) {
                    return Value::Null;
                }
                let chosen = enums.iter().find(|(chosen, _)| *chosen == index);
                chosen.map_or_else(|| sample(&column.domain, 0), |(_, value)| value.clone())
            })
            .collect()
    }
}

/// Every combination of the values.
fn product(columns: &[(usize, Vec<Value>)]) -> Vec<Vec<(usize, Value)>> {
    let mut choices: Vec<Vec<(usize, Value)>> = vec![Vec::new()];
    for (index, values) in columns {
        let longer = |choice: Vec<(usize, Value)>| {
            values.iter().map(move |value| {
                let mut choice = choice.clone();
                choice.push((*index, value.clone()));
                choice
            })
        };
        choices = choices.into_iter().flat_map(longer).collect();
    }
    choices
}

/// A value within the bounds; another salt gives another value where the domain has one.
pub fn sample(domain: &Domain, salt: u8) -> Value {
    match domain {
        Domain::Text { .. } => Value::Text(char::from(b'a' + salt).to_string()),
        Domain::OneOf(values) => Value::Text(values[usize::from(salt) % values.len()].clone()),
        Domain::Bool => Value::Integer(i64::from(salt % 2)),
        Domain::Integer { min, .. } => bits((*min).max(1) + u64::from(salt)),
        Domain::Wide { .. } => Value::Blob(vec![1 + salt; 16]),
        Domain::Real { min, .. } => Value::Real(min.unwrap_or(0.0)),
        Domain::Digest => Value::Blob(vec![1 + salt; 32]),
    }
}

/// An unsigned number as it lies in a column.
pub const fn bits(number: u64) -> Value {
    Value::Integer(number.cast_signed())
}

/// The longest text.
pub fn longest(length: usize) -> Value {
    Value::Text("x".repeat(length))
}

fn smallest(domain: &Domain) -> Option<Value> {
    match domain {
        Domain::Integer { min, .. } => Some(bits(*min)),
        _ => None,
    }
}

fn largest(domain: &Domain) -> Option<Value> {
    match domain {
        Domain::Integer { max, .. } => Some(bits(*max)),
        Domain::Text { longest: length } => Some(longest(*length)),
        _ => None,
    }
}
