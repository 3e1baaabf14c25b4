//! The fields of tables of which a DB wiring says the keys only, as a bullet behind the key.

use std::collections::BTreeMap;

use selene_codegen::naming::without_schema;

use super::columns::columns_of;
use super::lines::tuple;
use crate::adopt::insert::{Insertion, inserted};
use crate::adopt::subject::{Drafts, Subject};
use crate::parse::document::TableText;
use crate::read::guess::Guess;
use crate::read::signs;
use crate::source::{FileId, SourceFile};

/// Adds the pages with the fields to the drafts. A table in a row or among words has no place for them.
pub(super) fn add(subject: &Subject<'_>, drafts: &mut Drafts) {
    let mut insertions: BTreeMap<FileId, Vec<Insertion>> = BTreeMap::new();
    for engine in &subject.engines {
        let (Some(ecm), Some(wiring)) = (engine.pages.ecm, engine.pages.db_wiring) else { continue };
        let others = subject.contracts.iter().filter(|contract| contract.engine.id != engine.id);
        let of_others: Vec<&str> =
            others.flat_map(|contract| &contract.tables).map(|table| without_schema(&table.name)).collect();
        let is_bare = |table: &&TableText| {
            table.columns.is_none() && !of_others.contains(&without_schema(&table.name.value))
        };
        for table in wiring.tables.iter().filter(is_bare) {
            let Some(key) = table.primary_key.last() else { continue };
            let source = subject.sources.get(key.span.file);
            let Some((at, before)) = place(source, key.span.start) else { continue };
            let columns = columns_of(subject, engine, ecm, table);
            let blanks = &before[..before.len() - before.trim_start().len()];
            let lines = vec![
                format!(
                    "{blanks}{}",
                    Guess::in_page("fields from the key and what the writes of the table take")
                ),
                format!("{before}`fields`: {}", tuple(&columns)),
            ];
            insertions.entry(key.span.file).or_default().push(Insertion { at, lines });
        }
    }
    for (file, insertions) in insertions {
        let source = subject.sources.get(file);
        drafts.insert(source.relative.clone(), inserted(&source.text, insertions));
    }
}

/// The end of the bullet of a key, and the mark of a bullet beside it.
fn place(source: &SourceFile, at: usize) -> Option<(usize, String)> {
    let line = source.line_of(at);
    let text = &source.text[line.clone()];
    let words = text.trim_start();
    let blanks = &text[..text.len() - words.len()];
    let is_bullet =
        ["- ", "* ", "+ "].iter().any(|mark| words.starts_with(mark)) || signs::starts_a_bullet(words);
    let mark = words.chars().next().filter(|_| is_bullet && words.contains("key"))?;
    Some((line.end, format!("{blanks}{mark} ")))
}
