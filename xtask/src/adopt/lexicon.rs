//! Drafted entries of the lexicon, put where they belong.

use std::collections::BTreeMap;

use super::entry::{Entry, Part};
use super::insert::{Block, Insertion, NoPlace, YamlFile};
use super::subject::{Drafts, Subject};

/// Entries by the engine that they are of.
pub(super) type Entries = BTreeMap<String, Vec<Entry>>;

const ENGINES: &str = "engines";

/// Adds the lexicon with all entries to the drafts.
pub(super) fn add(subject: &Subject<'_>, entries: &Entries, drafts: &mut Drafts) -> Result<(), NoPlace> {
    if entries.is_empty() {
        return Ok(());
    }
    let source = subject.sources.get(subject.lexicon_file);
    let file = YamlFile::read(subject.lexicon_file, source)?;
    let mut insertions = Vec::new();
    let engines = file.block(&[ENGINES])?;
    // Without the key all blocks follow one.
    let (mut lines, at) = match &engines {
        Some(block) => (Vec::new(), block.end),
        None => (vec![String::new(), format!("{ENGINES}:")], file.len()),
    };
    for (engine, entries) in entries {
        let indent = engines.as_ref().map_or(2, |block| block.indent);
        match file.block(&[ENGINES, engine])? {
            Some(block) => into_block(&file, engine, &block, entries, &mut insertions)?,
            None => lines.extend(whole_block(engine, indent, entries)),
        }
    }
    if lines.len() > usize::from(engines.is_none()) * 2 {
        insertions.push(Insertion { at, lines });
    }
    drafts.insert(source.relative.clone(), file.with(insertions)?);
    Ok(())
}

/// Entries of one part, in the order in which they were drafted.
fn of_part(entries: &[Entry], part: Part) -> impl Iterator<Item = &Entry> {
    entries.iter().filter(move |entry| entry.part == part)
}

fn lines_of(entries: &[Entry], part: Part, indent: usize) -> Vec<String> {
    of_part(entries, part).map(|entry| format!("{:indent$}{}", "", entry.line())).collect()
}

fn whole_block(engine: &str, indent: usize, entries: &[Entry]) -> Vec<String> {
    let mut lines = vec![String::new(), format!("{:indent$}{engine}:", "")];
    for part in Part::ALL.into_iter().filter(|part| of_part(entries, *part).next().is_some()) {
        lines.push(format!("{:inner$}{}:", "", part.key(), inner = indent + 2));
        lines.extend(lines_of(entries, part, indent + 4));
    }
    lines
}

fn into_block(
    file: &YamlFile<'_>,
    engine: &str,
    block: &Block,
    entries: &[Entry],
    insertions: &mut Vec<Insertion>,
) -> Result<(), NoPlace> {
    for part in Part::ALL.into_iter().filter(|part| of_part(entries, *part).next().is_some()) {
        let insertion = if let Some(inner) = file.block(&[ENGINES, engine, part.key()])? {
            Insertion { at: inner.end, lines: lines_of(entries, part, inner.indent) }
        } else {
            let mut lines = vec![format!("{:indent$}{}:", "", part.key(), indent = block.indent)];
            lines.extend(lines_of(entries, part, block.indent + 2));
            Insertion { at: block.end, lines }
        };
        insertions.push(insertion);
    }
    Ok(())
}
