//! The sentences of an engine about rows: each gets a place where a person says what keeps it.

use std::fmt::Write as _;

use selene_codegen::contract::Table;
use selene_codegen::row;

use super::drafted::Draft;
use super::places::SENTENCES;
use super::registration::Registrations;
use super::subject::Subject;
use super::tree::Tree;

/// Adds the sentences that the schema does not keep alone, and that nobody has said anything of.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    _draft: &mut Draft,
) {
    let Some(known) = tree.text(SENTENCES) else { return };
    let mut lines = String::new();
    for table in row::tables(subject.contract) {
        let open = table.invariants.iter().filter(|sentence| !is_kept(table, sentence));
        for sentence in open.map(|sentence| format!("{sentence:?}")) {
            let of_table = format!("[\"{}\"] {sentence}", row::bare_name(table));
            if !known.contains(&format!("[] {sentence}")) && !known.contains(&of_table) {
                // Writing to a string cannot fail.
                let _ = writeln!(lines, "    {of_table} => Beyond(\"\");");
            }
        }
    }
    if !lines.is_empty() {
        let lines = format!("\n    // {}\n{lines}", subject.contract.engine.id);
        registrations.entry(SENTENCES, ("pub(super) const SENTENCES", "};"), &lines);
    }
}

/// Whether the schema keeps a sentence, and not by a check of which somebody has to say which rows it refuses.
fn is_kept(table: &Table, sentence: &str) -> bool {
    let constraint =
        table.constraints.iter().find(|constraint| constraint.keeps.as_deref() == Some(sentence));
    constraint.is_some_and(|constraint| constraint.checks.is_empty())
}
