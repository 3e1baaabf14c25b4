//! Noted reads as they are asked: those of one statement together, where that can be, and each other one by itself.
//!
//! What must not live here: the text that reads for several sets of values, and when it is sent.

use tokio_postgres::{Error, Row, Statement};

use crate::batch::{Noted, Read, Writing};
use crate::connection::Connection;
use crate::connection::round::{Parameter, Request};
use crate::statement::value::Bound;

/// Reads that are one request.
pub(crate) struct Together<'a> {
    statement: Statement,
    /// Whether the statement takes arrays, and says to which place in them a row belongs.
    is_of_many: bool,
    noted: Vec<&'a Noted>,
}

impl Connection {
    /// Puts reads together that follow each other and are of one statement, with their locks where those are asked for.
    pub(crate) fn together<'a>(
        &self,
        noted: impl Iterator<Item = &'a Noted>,
        locks: bool,
    ) -> Result<Vec<Together<'a>>, Error> {
        let noted: Vec<&Noted> = noted.collect();
        let mut together = Vec::new();
        for alike in noted.chunk_by(|one, other| one.read == other.read) {
            let read = Read { locks: alike[0].read.locks && locks, ..alike[0].read };
            let of_many = if alike.len() > 1 { self.prepared_read_of_many(read)? } else { None };
            if let Some(statement) = of_many {
                together.push(Together { statement, is_of_many: true, noted: alike.to_vec() });
                continue;
            }
            let one = self.prepared_read(read)?;
            together.extend(alike.iter().map(|noted| Together {
                statement: one.clone(),
                is_of_many: false,
                noted: vec![*noted],
            }));
        }
        Ok(together)
    }
}

impl<'a> Together<'a> {
    /// What the server is asked.
    pub(crate) fn request(&self) -> Request<'a> {
        let types = self.statement.params();
        let parameters = if self.is_of_many {
            let column = |position: usize| {
                let values = self.noted.iter().map(|noted| Bound(&noted.values[position]));
                Box::new(values.collect::<Vec<_>>()) as _
            };
            (0..types.len()).map(column).collect()
        } else {
            let values = self.noted.iter().flat_map(|noted| &noted.values);
            values.map(|value| Box::new(Bound(value)) as Parameter<'a>).collect()
        };
        Request { statement: self.statement.clone(), parameters }
    }

    /// Keeps the rows of each read until they are asked for. The last column of an answer to several says to which a row belongs.
    pub(crate) fn answered(self, rows: Vec<Row>, writing: &Writing) -> Result<(), Error> {
        let mut answers: Vec<Vec<Row>> = self.noted.iter().map(|_| Vec::new()).collect();
        for row in rows {
            let place: i64 = if self.is_of_many { row.try_get(row.len() - 1)? } else { 1 };
            let answer = usize::try_from(place - 1).ok().and_then(|place| answers.get_mut(place));
            answer.expect("the server counts what it was given").push(row);
        }
        for (noted, rows) in self.noted.into_iter().zip(answers) {
            writing.answered(noted.key.clone(), rows);
        }
        Ok(())
    }
}
