//! What the lexicon says that keeps an invariant, against the sense of its sentence: which columns it is about, and whether it
//! says the same or the opposite.

use std::collections::BTreeSet;

use selene_codegen::contract::{Constraint, Table};
use selene_codegen::naming::without_schema;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{is_denied, is_lower_snake, raw, words};
use crate::parse::document::Text;
use crate::source::Span;

/// Conditions that turn their sentence round, and columns that it does not name.
pub fn turned(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    for engine in &subject.engines {
        let Some(wiring) = engine.wiring else { continue };
        let entries = lexicon.engine(&engine.id.value).map_or(&[][..], |scope| &scope.tables);
        for (text, table) in wiring.tables.iter().zip(&engine.contract.tables) {
            let name = without_schema(&table.name);
            let Some(entry) = entries.iter().find(|entry| entry.name.value == name) else { continue };
            for (constraint, of_lexicon) in table.constraints.iter().zip(&entry.constraints) {
                let kept = constraint.keeps.as_ref();
                let Some(sentence) = text.invariants.iter().find(|one| Some(&one.value) == kept) else {
                    continue;
                };
                if let Some(message) = contradiction(constraint, sentence, table, subject) {
                    diagnostics.push(
                        Diagnostic::new(codes::KEPT_OTHERWISE, message, sentence.span, "this sentence")
                            .and(of_lexicon.span, "kept by this")
                            .help("mend what stands behind the sentence in lexicon.yaml, or the sentence in both"),
                    );
                }
            }
        }
    }
}

fn contradiction(
    constraint: &Constraint,
    sentence: &Text,
    table: &Table,
    subject: &Subject<'_>,
) -> Option<String> {
    let name = &table.name;
    if let [check] = constraint.checks.as_slice()
        && is_turned(check, sentence.span, subject)
    {
        return Some(format!("what keeps this invariant of `{name}` says the opposite: `{check}`"));
    }
    let turned = constraint.checks.iter().find(|check| compares_otherwise(check, sentence.span, subject));
    if let Some(check) = turned {
        return Some(format!(
            "what keeps this invariant of `{name}` compares the other way round: `{check}`"
        ));
    }
    if let Some(condition) = of_other_rows(constraint, sentence) {
        return Some(format!("what keeps this invariant of `{name}` is of other rows: `{condition}`"));
    }
    if let Some(column) = left_out(constraint, sentence, table) {
        return Some(format!(
            "what keeps this invariant of `{name}` leaves out `{column}`, which never changes by it"
        ));
    }
    let column = of_another_column(constraint, sentence, table)?;
    Some(format!(
        "what keeps this invariant of `{name}` is about `{column}`, of which the sentence says nothing"
    ))
}

/// Whether a condition about a state and the presence of a column says the opposite of its sentence:
/// `(state = 'CLOSED') = (closed_at IS NOT NULL)`, `state <> 'OPEN' OR closed_at IS NULL`.
fn is_turned(check: &str, sentence: Span, subject: &Subject<'_>) -> bool {
    const ABSENT: [&str; 6] = ["absent", "missing", "null", "without", "lacks", "empty"];
    let nulls = check.matches("IS NULL").count();
    let presences = nulls + check.matches("IS NOT NULL").count();
    let is_of_state = check.matches('\'').count() >= 2;
    if presences != 1 || !is_of_state {
        return false;
    }
    let is_other_state = ["<>", "!=", "NOT IN"].iter().any(|sign| check.contains(sign));
    let is_negative = {
        let text = raw(sentence, subject.sources).to_ascii_lowercase();
        let found = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let absences = found.filter(|word| ABSENT.contains(word)).count();
        (absences % 2 == 1) != is_denied(sentence, &[], subject.sources)
    };
    if check.contains(") = (") {
        return (is_other_state != (nulls == 1)) != is_negative;
    }
    if !check.contains(" OR ") || check.matches(" OR ").count() > 1 || check.contains(" AND ") {
        return false;
    }
    // Without the state, the column is there or not; `A or no column` is what `the column only with A` means.
    let expects_no = is_other_state == (nulls == 1);
    expects_no != is_negative
}

/// Words between two columns that say that the first is at most, or at least, the second.
const AT_MOST: [&str; 12] = [
    "never above",
    "not above",
    "at most",
    "never more",
    "not more",
    "never exceeds",
    "never after",
    "not after",
    "no later",
    "is below",
    "is before",
    "less than",
];
const AT_LEAST: [&str; 12] = [
    "never below",
    "not below",
    "at least",
    "never less",
    "not less",
    "never before",
    "not before",
    "never lies before",
    "no earlier",
    "is above",
    "is after",
    "more than",
];

/// Whether `a <= b` stands behind a sentence that says that `a` is at least `b`, or the other way round.
fn compares_otherwise(check: &str, sentence: Span, subject: &Subject<'_>) -> bool {
    let signs = [("<=", true), (">=", false), ("<", true), (">", false)];
    let Some((left, right, is_at_most)) = signs.iter().find_map(|(sign, is_at_most)| {
        let (left, right) = check.split_once(sign)?;
        Some((left.trim(), right.trim(), *is_at_most))
    }) else {
        return false;
    };
    if !is_lower_snake(left) || !is_lower_snake(right) {
        return false;
    }
    let words = words(sentence, subject.sources);
    let place = |name: &str| words.iter().find(|(word, _)| *word == name).map(|(_, span)| *span);
    let (Some(left_at), Some(right_at)) = (place(left), place(right)) else { return false };
    let is_in_order = left_at.start < right_at.start;
    let (first, second) = if is_in_order { (left_at, right_at) } else { (right_at, left_at) };
    let between =
        raw(Span::new(sentence.file, first.end, second.start), subject.sources).to_ascii_lowercase();
    let has_any = |list: &[&str]| list.iter().any(|words| between.contains(words));
    let states_at_most = match (has_any(&AT_MOST), has_any(&AT_LEAST)) {
        (true, false) => true,
        (false, true) => false,
        _ => return false,
    };
    // `a <= b`, read from the second to the first, is `b >= a`.
    states_at_most != (is_at_most == is_in_order)
}

/// The condition of a key of some rows, where the sentence is about those that have a mark, and the condition about the others:
/// `at most one active binding` and `active = 0`.
fn of_other_rows<'c>(constraint: &'c Constraint, sentence: &Text) -> Option<&'c str> {
    let condition = constraint.unique_where.as_ref()?.condition.as_deref()?;
    let (column, value) = condition.split_once(" = ")?;
    let words: Vec<&str> = sentence.value.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let is_marked = words.contains(&column);
    let is_unmarked =
        words.iter().any(|word| ["in", "un"].iter().any(|no| word.strip_prefix(no) == Some(column)));
    match value.trim() {
        "0" => (is_marked && !is_unmarked).then_some(condition),
        "1" => (is_unmarked && !is_marked).then_some(condition),
        _ => None,
    }
}

/// A column that the sentence names before `never change`, where others are fixed and it is not: `its user and its device`.
fn left_out<'t>(constraint: &Constraint, sentence: &Text, table: &'t Table) -> Option<&'t str> {
    let (before, _) = sentence.value.split_once("never change")?;
    let is_kept = |column: &str| {
        let mut all = table.constraints.iter();
        all.any(|one| one.fixed.iter().chain(&one.set_once).any(|kept| kept == column))
            || table.primary_key.iter().any(|key| key == column)
    };
    if constraint.fixed.is_empty() || before.contains([':', ';']) {
        return None;
    }
    let words: Vec<&str> = before
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    // `the device of a user never changes` is about the device.
    let own = words.split(|word| *word == "of").next().unwrap_or_default();
    let columns = table.columns.iter().map(|column| column.name.as_str());
    let mut named = columns
        .filter(|column| own.iter().any(|word| word == column || column.strip_suffix("_id") == Some(word)));
    named.find(|column| !is_kept(column))
}

/// The column that is fixed, where the sentence has no word of any column that is, and one of another column.
fn of_another_column<'t>(constraint: &'t Constraint, sentence: &Text, table: &Table) -> Option<&'t str> {
    let kept: Vec<&str> = constraint
        .fixed
        .iter()
        .chain(&constraint.set_once)
        .chain(&constraint.counter)
        .map(String::as_str)
        .collect();
    if !constraint.checks.is_empty() || constraint.unique_where.is_some() {
        return None;
    }
    let of_table = stems(without_schema(&table.name));
    let stems_of_sentence: BTreeSet<String> = &stems(&sentence.value) - &of_table;
    let is_named = |column: &str| !stems(column).is_disjoint(&stems_of_sentence);
    let first = kept.first()?;
    let others = || table.columns.iter().filter(|column| !kept.contains(&column.name.as_str()));
    (!kept.iter().any(|column| is_named(column)) && others().any(|column| is_named(&column.name)))
        .then_some(*first)
}

/// Words that say something, cut to what their forms have in common.
fn stems(text: &str) -> BTreeSet<String> {
    const COMMON: [&str; 12] =
        ["the", "and", "that", "not", "never", "once", "change", "changes", "with", "for", "none", "key"];
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| word.len() > 2).map(str::to_ascii_lowercase);
    words.filter(|word| !COMMON.contains(&word.as_str())).map(|word| word.chars().take(5).collect()).collect()
}
