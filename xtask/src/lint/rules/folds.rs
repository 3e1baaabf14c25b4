//! Tables that equal the fold of another: the ledger says how every row of theirs came about.

use selene_codegen::naming::without_schema;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, code_spans, raw};
use crate::lint::subject::{Declared, Write};
use crate::parse::document::Text;
use crate::source::Span;

/// A table of which a sentence says that its rows are the fold of another one.
struct Fold<'a> {
    of: &'a str,
    place: Span,
    truth: &'a str,
    truth_place: Span,
    /// Only columns of the table are meant: a write may change the others alone.
    is_of_columns: bool,
}

/// The folds that a table, or some of its columns, say that they equal.
fn folds_of<'a>(declared: &Declared<'a>, subject: &Subject<'a>) -> Vec<Fold<'a>> {
    let is_column = |name: &str| declared.columns.iter().any(|column| column.name == name);
    let mut found = Vec::new();
    for sentence in &declared.text.invariants {
        let words = raw(sentence.span, subject.sources).to_ascii_lowercase();
        let spans = code_spans(sentence.span, subject.sources);
        let word_at = ["fold", "newest row"].iter().find_map(|word| words.find(word));
        let Some(at) = word_at.filter(|_| words.contains("equal")) else { continue };
        let is_before = |span: Span| span.start < sentence.span.start + at;
        let is_of_columns = spans.iter().any(|(name, span)| is_before(*span) && is_column(name));
        found.extend(spans.into_iter().filter_map(|word| fold(word, is_of_columns, subject)));
    }
    found
}

fn fold<'a>((name, place): Word<'a>, is_of_columns: bool, subject: &Subject<'a>) -> Option<Fold<'a>> {
    let of = without_schema(name);
    let truth = subject.tables.get(of)?.first()?.text.truth_type.as_ref()?;
    Some(Fold { of, place, truth: &truth.value, truth_place: truth.span, is_of_columns })
}

/// Tables that equal the fold of one that is no ledger: its rows change, and do not say how they came about.
pub fn of_current(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for declared in subject.tables.values().flatten() {
        for fold in folds_of(declared, subject).iter().filter(|fold| fold.truth == "CURRENT") {
            let name = &declared.text.name.value;
            let message = format!("`{name}` equals the fold of `{}`, which is CURRENT", fold.of);
            diagnostics.push(
                Diagnostic::new(codes::TRUTH_CONTRADICTED, message, fold.truth_place, "this truth type")
                    .and(fold.place, "says otherwise")
                    .help("name the LEDGER that the rows are the fold of"),
            );
        }
    }
}

/// Acceptance tests that prove of a CURRENT table that it is only added to: `append-only enforced for devices`.
pub fn of_titles(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for test in
        subject.engines.iter().filter_map(|engine| engine.wiring).flat_map(|page| &page.acceptance_tests)
    {
        let title = test.title.value.to_ascii_lowercase();
        let behind = title.split_once("append-only").and_then(|(_, rest)| {
            [" for ", " of ", " on "].iter().find_map(|word| rest.split_once(word)).map(|(_, behind)| behind)
        });
        let Some(behind) = behind else { continue };
        let words: Vec<&str> =
            behind.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| *word != "the").collect();
        let declared = subject.tables.get(words.join("_").trim_end_matches('_')).and_then(|all| all.first());
        let truth = declared.and_then(|declared| Some((declared, declared.text.truth_type.as_ref()?)));
        let Some((declared, truth)) = truth.filter(|(_, truth)| truth.value == "CURRENT") else { continue };
        let message = format!("`{}` is CURRENT, and append-only by a test", declared.text.name.value);
        diagnostics.push(
            Diagnostic::new(codes::TRUTH_CONTRADICTED, message, truth.span, "this truth type")
                .and(test.title.span, "says otherwise")
                .help("mend the title of the test, or the truth type of the table"),
        );
    }
}

/// Writes that change a table and leave out the ledger that it equals the fold of; of columns, ledgers that no write of the
/// table writes.
pub fn without_ledger(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let writes = engine.writes(subject);
        for write in &writes {
            for table in &write.text.tables {
                let Some(declared) = subject.columns(&table.value) else { continue };
                for fold in folds_of(declared, subject).iter().filter(|fold| fold.truth == "LEDGER") {
                    let is_left_out = if fold.is_of_columns {
                        !writes.iter().any(|one| has(one, &table.value) && has(one, fold.of))
                    } else {
                        !has(write, fold.of)
                    };
                    if is_left_out {
                        report(write, table, fold, diagnostics);
                    }
                }
            }
        }
    }
}

/// Whether a write changes a table.
fn has(write: &Write<'_>, name: &str) -> bool {
    write.text.tables.iter().any(|table| without_schema(&table.value) == without_schema(name))
}

fn report(write: &Write<'_>, table: &Text, fold: &Fold<'_>, diagnostics: &mut Diagnostics) {
    let what = if fold.is_of_columns { "columns of it equal" } else { "it equals" };
    let message = format!(
        "`{}` changes `{}` and leaves out `{}`, which {what} the fold of",
        write.capability.id, table.value, fold.of
    );
    diagnostics.push(
        Diagnostic::new(codes::FOLD_WITHOUT_LEDGER, message, table.span, "written here")
            .and(fold.place, "equals the fold of this ledger")
            .help(format!("add `{}` to the tables of the write, or name the ledger that it writes", fold.of)),
    );
}
