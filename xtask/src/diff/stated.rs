//! What the specs say of names that something had before: `renamed_from` of the lexicon and of the DB wirings.
//!
//! What must not live here: renames of capabilities, which a contract carries on (`rename`).

use selene_codegen::contract::Contract;
use selene_codegen::naming::without_schema;

use crate::parse::document::{Document, Text};
use crate::parse::lexicon::{Lexicon, RecordEntry, Scope};
use crate::source::Span;

/// What has another name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noun {
    /// A type or a record.
    Type,
    /// A table, by its name without schema.
    Table,
    /// What the lexicon calls a field, wherever it stands.
    Field,
    /// A column of the table of that name, without schema.
    Column(String),
}

/// A statement of the specs that something had another name.
#[derive(Debug, Clone)]
pub struct Rename {
    pub(super) noun: Noun,
    /// The engine that it holds for; none for all of them.
    pub(super) engine: Option<String>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) place: Span,
}

impl Rename {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.noun, &self.engine, &self.from, &self.to)
            == (&other.noun, &other.engine, &other.from, &other.to)
    }

    pub(super) fn concerns(&self, contract: &Contract) -> bool {
        // A table may be named by every engine.
        let is_everywhere = matches!(self.noun, Noun::Table | Noun::Column(_));
        is_everywhere || self.engine.as_ref().is_none_or(|engine| *engine == contract.engine.id)
    }
}

/// Every statement of a revision; types first, then tables, fields and columns.
#[must_use]
pub fn stated(lexicon: Option<&Lexicon>, documents: &[Document]) -> Vec<Rename> {
    let mut found = Vec::new();
    if let Some(lexicon) = lexicon {
        of_scope(None, &lexicon.shared, &mut found);
        for (engine, scope) in &lexicon.engines {
            of_scope(Some(&engine.value), scope, &mut found);
        }
    }
    for document in documents {
        let engine = document.header.engine_id.as_ref().map(|id| id.value.clone());
        for table in &document.tables {
            let name = without_schema(&table.name.value);
            let mut add = |noun, from: &Text, to: &str| {
                let (from, to) = (without_schema(&from.value).to_owned(), to.to_owned());
                found.push(Rename { noun, engine: engine.clone(), from, to, place: table.name.span });
            };
            if let Some(from) = &table.renamed_from {
                add(Noun::Table, from, name);
            }
            for (from, to) in &table.renamed_columns {
                add(Noun::Column(name.to_owned()), from, &to.value);
            }
            let count = found.len();
            let stated = table.renamed_from.iter().chain(table.renamed_columns.iter().map(|(from, _)| from));
            let places: Vec<Span> = stated.map(|from| from.span).collect();
            for (rename, place) in found[count - places.len()..].iter_mut().zip(places) {
                rename.place = place;
            }
        }
    }
    found.sort_by(|one, other| one.noun.cmp(&other.noun));
    found
}

fn of_scope(engine: Option<&str>, scope: &Scope, found: &mut Vec<Rename>) {
    let mut add = |noun: Noun, name: &Text, from: Option<&Text>| {
        let Some(from) = from else { return };
        found.push(Rename {
            noun,
            engine: engine.map(str::to_owned),
            from: from.value.clone(),
            to: name.value.clone(),
            place: from.span,
        });
    };
    for entry in &scope.types {
        add(Noun::Type, &entry.name, entry.renamed_from.as_ref());
    }
    for entry in &scope.fields {
        add(Noun::Field, &entry.name, entry.renamed_from.as_ref());
    }
    let records: Vec<&RecordEntry> = scope.records.iter().chain(&scope.additions).collect();
    for entry in records {
        add(Noun::Type, &entry.name, entry.renamed_from.as_ref());
        for own in entry.fields.iter().filter_map(|(_, own)| own.as_ref()) {
            add(Noun::Field, &own.name, own.renamed_from.as_ref());
        }
    }
}
