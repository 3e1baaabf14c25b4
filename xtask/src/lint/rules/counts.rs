//! Numbers in sentences: how many of something a page says that there are, against what it lists and what it has.

use std::collections::BTreeSet;

use selene_codegen::contract::{Effect, TruthType};

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{
    Word, bullets_of, clauses, code_spans, is_capital, is_code, is_lower_snake, number_of, raw, words,
};
use crate::lint::subject::Engine;
use crate::parse::document::{Document, Text};
use crate::source::{Sources, Span};

/// Words before a number that make it a limit, or a part of a greater one.
const LIMITS: [&str; 12] =
    ["most", "least", "to", "than", "only", "another", "other", "further", "first", "last", "of", "more"];

/// Sentences that count otherwise than they list, or than their page has.
pub fn against_lists(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for page in engine.each_page() {
            for sentence in sentences(page).chain(&page.header.purpose).chain(&page.relations.unique) {
                for clause in clauses(sentence.span, subject.sources) {
                    of_list(clause, subject.sources, diagnostics);
                    of_values(clause, engine, subject, diagnostics);
                    of_page(clause, engine, subject, diagnostics);
                    of_ecm(clause, engine, subject.sources, diagnostics);
                }
                of_bullets(sentence, subject.sources, diagnostics);
                of_codes(sentence, engine, subject.sources, diagnostics);
            }
        }
    }
}

fn differs(message: String, number: Span, list: Span, label: &str) -> Diagnostic {
    Diagnostic::new(codes::COUNT_AGAINST_LIST, message, number, "this number")
        .and(list, label)
        .help("mend the number, or what is counted")
}

/// The numbers of a clause from two on that count something: the number, its place, the noun behind it, and where that ends.
fn numbers<'a>(clause: Span, sources: &'a Sources) -> Vec<(u64, Span, &'a str, Span)> {
    let words = words(clause, sources);
    let mut found = Vec::new();
    for (at, (word, place)) in words.iter().enumerate() {
        let Some(number) = number_of(word).filter(|number| (2..=60).contains(number)) else { continue };
        if at > 0
            && LIMITS.contains(&words[at - 1].0.to_ascii_lowercase().as_str())
            && words[at - 1].0 != "of"
        {
            continue;
        }
        // `three outcome codes`: the noun is the last word before a mark, a name or a small word.
        let mut noun: Option<Word<'a>> = None;
        for (next, span) in words[at + 1..].iter().take(3) {
            let gap_from = noun.map_or(place.end, |(_, last)| last.end);
            let gap = raw(Span::new(clause.file, gap_from, span.start), sources);
            let is_plain = next.chars().all(|c| c.is_ascii_lowercase());
            if gap.trim() != "" || !is_plain {
                break;
            }
            noun = Some((*next, *span));
            if next.ends_with('s') {
                break;
            }
        }
        if let Some((noun, span)) = noun.filter(|(noun, _)| noun.ends_with('s')) {
            found.push((number, *place, noun, span));
        }
    }
    found
}

/// `three states: OPEN, HELD and CLOSED`; the list is all that stands behind the colon or in the brackets.
fn of_list(clause: Span, sources: &Sources, diagnostics: &mut Diagnostics) {
    for (number, place, noun, end) in numbers(clause, sources) {
        let behind = Span::new(clause.file, end.end, clause.end);
        let text = raw(behind, sources);
        let Some(mark) = text.find(|c: char| !c.is_whitespace()) else { continue };
        let length = match text.as_bytes()[mark] {
            b':' => text.len(),
            b'(' => text.find(')').unwrap_or(text.len()),
            _ => continue,
        };
        let list = &text[mark + 1..length];
        let Some(listed) = listed(list) else { continue };
        if listed > 1 && listed != number {
            let at = Span::new(clause.file, behind.start + mark + 1, behind.start + length);
            let message = format!("a sentence counts {number} {noun} and lists {listed}");
            diagnostics.push(differs(message, place, at, "this list"));
        }
    }
}

/// How many names a list has; none where anything else stands in it.
fn listed(list: &str) -> Option<u64> {
    let list = list.trim().trim_end_matches(['.', ';']);
    let mut count = 0;
    for item in
        list.split([',', '|']).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "))
    {
        let item = item.trim();
        let item = item.strip_prefix("and ").or_else(|| item.strip_prefix("or ")).unwrap_or(item);
        let bare = item.trim_matches('`');
        let is_name = !bare.is_empty() && !bare.contains([' ', '`']) && (item != bare || is_capital(bare));
        if item.is_empty() {
            continue;
        }
        if !is_name {
            return None;
        }
        count += 1;
    }
    Some(count)
}

/// A sentence with one number that ends with a colon, against the bullets of single names below it.
fn of_bullets(sentence: &Text, sources: &Sources, diagnostics: &mut Diagnostics) {
    const NAMES: [&str; 8] = ["codes", "states", "values", "events", "reasons", "gates", "keys", "fields"];
    let below = bullets_of(sentence.span, sources);
    let bullets = u64::try_from(raw(below, sources).lines().count()).unwrap_or(u64::MAX);
    let head = Span::new(sentence.span.file, sentence.span.start, sentence.span.end.min(below.start));
    let first = clauses(head, sources).into_iter().rfind(|clause| !raw(*clause, sources).trim().is_empty());
    let counted = first.map(|clause| numbers(clause, sources)).unwrap_or_default();
    if let [(number, place, noun, _)] = counted.as_slice()
        && bullets > 0
        && bullets != *number
        && NAMES.contains(noun)
    {
        let message = format!("a sentence counts {number} {noun}, and {bullets} stand below it");
        diagnostics.push(differs(message, *place, below, "this list"));
    }
}

/// `one of the two reasons of a revocation`, against the codes below `outcome reason codes of a revocation:`.
fn of_codes(sentence: &Text, engine: &Engine<'_>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let last = |text: &str| -> String {
        let end = text.find(['.', ',', ';', ':', '\n']).unwrap_or(text.len());
        let word = text[..end].split_whitespace().last().unwrap_or_default();
        word.trim_end_matches('s').to_owned()
    };
    for clause in clauses(sentence.span, sources) {
        for (number, place, noun, end) in numbers(clause, sources) {
            let behind = raw(Span::new(clause.file, end.end, clause.end), sources);
            let Some(thing) = behind.strip_prefix(" of ").filter(|_| matches!(noun, "reasons" | "codes"))
            else {
                continue;
            };
            let lists = engine.each_page().flat_map(|page| &page.audit_rules);
            let counted = lists.filter_map(|list| {
                let (_, rest) = raw(list.span, sources).split_once("reason codes of ")?;
                let below = bullets_of(list.span, sources);
                let bullets = raw(below, sources).lines().filter(|line| !line.trim().is_empty()).count();
                (last(rest) == last(thing) && bullets > 0)
                    .then_some((u64::try_from(bullets).ok()?, list.span))
            });
            if let [(bullets, at)] = counted.collect::<Vec<_>>().as_slice()
                && *bullets != number
            {
                let message = format!("a sentence counts {number} {noun}, and a list has {bullets}");
                diagnostics.push(differs(message, place, *at, "this list"));
            }
        }
    }
}

/// `` `link_status` has eight values ``, `` one of the eight states of `link_status` ``.
fn of_values(clause: Span, engine: &Engine<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (number, place, noun, end) in numbers(clause, subject.sources) {
        if !["values", "states", "statuses", "stages"].contains(&noun) {
            continue;
        }
        let text = &subject.sources.get(clause.file).text;
        let names = code_spans(clause, subject.sources);
        let field = names.iter().find(|(name, span)| {
            let before = text.get(span.end + 1..place.start).unwrap_or("?").trim();
            let behind = text.get(end.end..span.start.saturating_sub(1)).unwrap_or("?").trim();
            is_lower_snake(name)
                && (matches!(before, "has" | "has one of" | "is one of" | "knows" | "takes")
                    || behind == "of")
        });
        let known = field.and_then(|(name, _)| Some((*name, subject.values_of(&engine.id.value, name)?)));
        let Some((name, (values, of_type))) = known else { continue };
        if u64::try_from(values.len()) != Ok(number) {
            let message =
                format!("`{name}` has {number} {noun} by a sentence, and {} by its type", values.len());
            diagnostics.push(differs(message, place, of_type, "its values"));
        }
    }
}

/// Words before a number of tables or capabilities that mean all of them.
const WHOLE: [&str; 9] = ["has", "owns", "keeps", "persists", "persist", "keep", "own", "all", "its"];

/// `owns three tables`, `all four acceptance tests`.
fn of_page(clause: Span, engine: &Engine<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let all = words(clause, subject.sources);
    for (number, place, noun, end) in numbers(clause, subject.sources) {
        let before = all.iter().rev().find(|(_, span)| span.end <= place.start);
        let is_whole = before.is_some_and(|(word, _)| WHOLE.contains(&word.to_ascii_lowercase().as_str()));
        // `two tables of PH1.F` are some of them.
        let is_part =
            all.iter().find(|(_, span)| span.start >= end.end).is_some_and(|(word, _)| *word == "of");
        if !is_whole || is_part {
            continue;
        }
        let Some((count, at)) = counted(noun, engine) else { continue };
        if u64::try_from(count) != Ok(number) {
            let message =
                format!("`{}` has {number} {noun} by a sentence, and {count} by its pages", engine.id.value);
            diagnostics.push(differs(message, place, at, "the first of them"));
        }
    }
}

/// `the reason codes of refusals are the ECM's four`, against the codes of its failures.
fn of_ecm(clause: Span, engine: &Engine<'_>, sources: &Sources, diagnostics: &mut Diagnostics) {
    let all = words(clause, sources);
    let is_of_refusals =
        all.windows(2).any(|two| two[0].0 == "of" && matches!(two[1].0, "refusals" | "failures"));
    let of_ecm = all.windows(3).find(|three| three[0].0 == "ECM" && three[1].0 == "s");
    let number = of_ecm.and_then(|three| Some((number_of(three[2].0)?, three[2].1)));
    let (Some((number, place)), Some(ecm)) = (number.filter(|_| is_of_refusals), engine.ecm) else { return };
    let named = ecm.failure_rules.iter().flat_map(|line| code_spans(line.span, sources));
    let named: BTreeSet<&str> = named.map(|(code, _)| code).filter(|code| is_code(code)).collect();
    let Some(first) = ecm.failure_rules.first().filter(|_| !named.is_empty()) else { return };
    if u64::try_from(named.len()) != Ok(number) {
        let message = format!(
            "the ECM has {number} codes of refusals by a sentence, and {} by its failures",
            named.len()
        );
        diagnostics.push(differs(message, place, first.span, "the first of them"));
    }
}

/// How many of something the pages of an engine have, and where they begin.
fn counted(noun: &str, engine: &Engine<'_>) -> Option<(usize, Span)> {
    let (ecm, wiring) = engine.pages()?;
    let of = |count: usize, first: Option<Span>| Some((count, first?));
    let contract = engine.contract;
    let of_truth = |truth: TruthType| {
        let mut tables =
            wiring.tables.iter().zip(&contract.tables).filter(|(_, table)| table.truth_type == truth);
        let count = tables.clone().count();
        of(count, tables.next().map(|(text, _)| text.name.span))
    };
    let of_effect = |effect: Effect| {
        let mut some =
            ecm.capabilities.iter().zip(&contract.capabilities).filter(|(_, one)| one.effect == effect);
        let count = some.clone().count();
        of(count, some.next().map(|(text, _)| text.id.span))
    };
    match noun {
        "tables" => of(wiring.tables.len(), first_table(wiring)),
        "ledgers" => of_truth(TruthType::Ledger),
        "capabilities" => of(ecm.capabilities.len(), ecm.capabilities.first().map(|one| one.id.span)),
        "writes" => of_effect(Effect::Write),
        "guards" => of_effect(Effect::Guard),
        "tests" => {
            of(wiring.acceptance_tests.len(), wiring.acceptance_tests.first().map(|test| test.id.span))
        }
        _ => None,
    }
}

fn first_table(page: &Document) -> Option<Span> {
    page.tables.first().map(|table| table.name.span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_counts_where_it_holds_names_alone() {
        assert_eq!(listed(" OPEN, HELD and CLOSED."), Some(3));
        assert_eq!(listed(" `open`, `held`, or `closed`"), Some(3));
        assert_eq!(listed(" OPEN | CLOSED"), Some(2));
        assert_eq!(listed(" an open door, a shut one"), None);
    }
}
