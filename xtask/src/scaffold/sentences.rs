//! The sentences of an engine about rows: each gets a place where a person says what keeps it.

use std::fmt::Write as _;

use selene_codegen::contract::Table;
use selene_codegen::row;

use super::drafted::Draft;
use super::places::SENTENCES;
use super::registration::Registrations;
use super::subject::Subject;
use super::tree::Tree;

/// Adds the sentences that the schema does not keep alone, and that are not listed yet.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    _draft: &mut Draft,
) {
    let Some(known) = tree.text(SENTENCES) else { return };
    let mut lines = String::new();
    for table in row::tables(subject.contract) {
        let name = row::bare_name(table);
        let open = table.invariants.iter().filter(|sentence| !is_kept(table, sentence));
        for sentence in open.map(|sentence| format!("{sentence:?}")) {
            if !is_listed(known, name, &sentence) {
                // Writing to a string cannot fail.
                let _ = writeln!(lines, "    [\"{name}\"] {sentence} => Beyond(\"\");");
            }
        }
    }
    if !lines.is_empty() {
        let lines = format!("\n    // {}\n{lines}", subject.contract.engine.id);
        registrations.entry(SENTENCES, ("pub(super) const SENTENCES", "};"), &lines);
    }
}

/// Whether an entry is about a sentence, `["notes", "note_events"] "append-only" => …`, of this table or of any.
fn is_listed(known: &str, table: &str, sentence: &str) -> bool {
    known.lines().any(|line| {
        line.trim_start().strip_prefix('[').and_then(|line| line.split_once("] ")).is_some_and(
            |(tables, rest)| {
                rest.starts_with(sentence) && (tables.is_empty() || tables.contains(&format!("\"{table}\"")))
            },
        )
    })
}

/// Whether the schema keeps a sentence, and not by a check of which somebody has to say which rows it refuses.
fn is_kept(table: &Table, sentence: &str) -> bool {
    let constraint =
        table.constraints.iter().find(|constraint| constraint.keeps.as_deref() == Some(sentence));
    constraint.is_some_and(|constraint| constraint.checks.is_empty())
}
