//! How many items a list may have by a sentence, against the bounds of the lexicon.

use selene_codegen::contract::TypeRef;
use selene_codegen::naming::without_schema;

use super::stated_values::{self, Counted, bounds_of};
use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, code_spans, number_of, raw, words};
use crate::source::Span;

/// Values and bounds that sentences give a field, and those that they give the items of a list.
pub fn other_values(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    stated_values::other_values(subject, diagnostics);
    in_brackets(subject, diagnostics);
    for declared in subject.tables.values().flatten() {
        let clauses = declared.text.invariants.iter().flat_map(|one| clauses(one.span, subject.sources));
        for clause in clauses {
            let Some((list, number, place)) = limit(clause, subject) else { continue };
            let lists = declared.columns.iter().filter(|column| matches!(column.ty, TypeRef::List(_)));
            let mut lists = lists.filter(|column| column.name.rsplit('_').next() == Some(list));
            let Some(column) = lists.next().filter(|_| lists.clone().next().is_none()) else { continue };
            let engine = subject.lexicon().and_then(|lexicon| lexicon.engine(declared.engine));
            let shared = subject.lexicon().map(|lexicon| &lexicon.shared);
            let mut fields = engine.into_iter().chain(shared).flat_map(|scope| &scope.fields);
            let Some(field) = fields.find(|field| field.name.value == column.name) else { continue };
            let Some(most) = field.max_items.filter(|most| u64::from(*most) != number) else { continue };
            let message = format!(
                "`{}` of `{}` has at most {number} items by a sentence, and {most} by the lexicon",
                column.name,
                without_schema(&declared.text.name.value)
            );
            diagnostics.push(
                Diagnostic::new(codes::VALUES_AGAINST_FIELD, message, place, "by this sentence")
                    .and(field.name.span, "its bounds")
                    .help("mend the sentence, or `max_items` of the field"),
            );
        }
    }
}

/// `gates are sorted, at most 32`: what the clause begins with, and the number that ends it.
fn limit<'a>(clause: Span, subject: &Subject<'a>) -> Option<(&'a str, u64, Span)> {
    let words = words(clause, subject.sources);
    let [(list, _), (verb, _), .., (at, _), (most, _), (number, place)] = words.as_slice() else {
        return None;
    };
    let is_limit = (*at, *most) == ("at", "most") && matches!(*verb, "are" | "is" | "has" | "have");
    is_limit.then_some(())?;
    Some((list, number_of(number)?, *place))
}

/// `a target of 3 to 8 passes (`pass_target`)`, where the lexicon has another range.
fn in_brackets(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let sentences = engine.each_page().flat_map(sentences);
        for clause in sentences.flat_map(|sentence| clauses(sentence.span, subject.sources)) {
            for (name, place) in code_spans(clause, subject.sources) {
                let before = raw(Span::new(clause.file, clause.start, place.start - 1), subject.sources);
                let Some((least, most)) = before.strip_suffix('(').and_then(range_at_end) else { continue };
                let known = bounds_of(&engine.id.value, name, Counted::Value, subject);
                let Some((known_least, known_most, of_lexicon)) = known else { continue };
                let differs = |stated: f64, known: Option<f64>| {
                    known.is_some_and(|known| (stated - known).abs() > f64::EPSILON)
                };
                if !differs(least, known_least) && !differs(most, known_most) {
                    continue;
                }
                let message =
                    format!("`{name}` is from {least} to {most} by a sentence, and otherwise by the lexicon");
                diagnostics.push(
                    Diagnostic::new(codes::VALUES_AGAINST_FIELD, message, place, "by this sentence")
                        .and(of_lexicon, "its bounds")
                        .help("mend the sentence, or the `range` of the field"),
                );
            }
        }
    }
}

/// The range before at most two last words: `of 3 to 8 passes`.
fn range_at_end(before: &str) -> Option<(f64, f64)> {
    let words: Vec<&str> = before.split_whitespace().rev().take(5).collect();
    let to = words.iter().position(|word| *word == "to").filter(|at| (1..=3).contains(at))?;
    Some((words.get(to + 1)?.parse().ok()?, words[to - 1].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_stands_before_what_it_counts() {
        assert_eq!(range_at_end("a target of 3 to 8 passes "), Some((3.0, 8.0)));
        assert_eq!(range_at_end("3 to 8 "), Some((3.0, 8.0)));
        assert_eq!(range_at_end("it goes to 8 passes "), None);
    }
}
