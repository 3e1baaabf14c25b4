//! Values and bounds that sentences give a field, against those of the lexicon.

use selene_codegen::contract::TypeKind;

use super::limits::in_unit_of;
use super::values::{OTHERS, bullet, notes};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{clauses, is_lower_snake, raw, words};
use crate::lint::subject::Engine;
use crate::parse::document::{Document, Text};
use crate::parse::lexicon::FieldEntry;
use crate::parse::schema::ExprKind;
use crate::source::Span;

/// What makes a sentence one about some rows or calls only.
const CONDITIONS: [&str; 9] = ["when", "if", "where", "while", "unless", "whose", "until", "then", "only"];

/// A bound or a list of values that a sentence states.
#[derive(Debug, PartialEq)]
pub(super) enum Stated {
    /// Every value of an enum.
    Values(Vec<String>),
    /// Smallest and largest value, and what is counted: nothing for the value itself.
    Bounds(Option<f64>, Option<f64>, Counted),
}

/// What a bound counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Value,
    Bytes,
    Items,
}

/// Sentences that list other values of a field than its enum has, or other bounds than the lexicon gives it.
pub fn other_values(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for page in engine.each_page() {
            for sentence in sentences(page) {
                for clause in clauses(bullet(sentence.span, subject), subject.sources) {
                    of_clause(clause, engine, subject, diagnostics);
                }
            }
        }
    }
}

/// Every sentence of a page about values.
fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let tables = page.tables.iter();
    let of_tables =
        tables.flat_map(|one| one.invariants.iter().chain(one.notes.iter().map(|(_, note)| note)));
    let rules = page.audit_rules.iter().chain(&page.failure_rules).chain(&page.relations.constraints);
    of_tables.chain(rules).chain(notes(page).map(|(_, note)| note)).chain(&page.prose)
}

/// How much is looked at behind a name: lists of values are short, and what a page says is read in a time that grows with it alone.
const FAR: usize = 600;

fn of_clause(clause: Span, engine: &Engine<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let text = raw(clause, subject.sources);
    for (word, place) in words(clause, subject.sources) {
        if CONDITIONS.contains(&word.to_ascii_lowercase().as_str()) {
            return;
        }
        let field = word.rsplit('.').next().unwrap_or(word);
        let (start, end) = (place.start - clause.start, place.end - clause.start);
        let is_marked = text[..start].ends_with('`');
        let is_name = is_lower_snake(field) && (is_marked || field.contains('_'));
        // Which of them an engine's events have, its writes say.
        if !is_name || OTHERS.contains(&field) {
            continue;
        }
        let behind = &text[end..text.floor_char_boundary((end + FAR).min(text.len()))];
        let before = &text[text.floor_char_boundary(start.saturating_sub(FAR))..start];
        let in_unit = in_unit_of(field, behind);
        let Some(stated) = around(before, in_unit.as_deref().unwrap_or(behind)) else { continue };
        if let Some(finding) = compare(field, place, &stated, engine, subject) {
            diagnostics.push(finding);
        }
    }
}

fn compare(
    field: &str,
    place: Span,
    stated: &Stated,
    engine: &Engine<'_>,
    subject: &Subject<'_>,
) -> Option<Diagnostic> {
    let (message, of_lexicon) = match stated {
        Stated::Values(named) => {
            let (values, of_type) = subject.values_of(&engine.id.value, field)?;
            // A value that the enum does not have has its own rule.
            let is_known = named.iter().all(|value| values.contains(value));
            let missing: Vec<&String> = values.iter().filter(|value| !named.contains(value)).collect();
            let first = missing.first().filter(|_| is_known)?;
            let message = format!("`{field}` may be `{first}` too, which this sentence leaves out");
            (message, of_type)
        }
        Stated::Bounds(least, most, counted) => {
            let (known_least, known_most, of_lexicon) =
                bounds_of(&engine.id.value, field, *counted, subject)?;
            let differs = |stated: &Option<f64>, known: Option<f64>| {
                stated.zip(known).filter(|(stated, known)| (stated - known).abs() > f64::EPSILON)
            };
            let what = match counted {
                Counted::Value => "",
                Counted::Bytes => " bytes",
                Counted::Items => " items",
            };
            let message = if let Some((stated, known)) = differs(least, known_least) {
                format!(
                    "`{field}` is at least {stated}{what} by this sentence, and at least {known} by the lexicon"
                )
            } else if let Some((stated, known)) = differs(most, known_most) {
                format!(
                    "`{field}` is at most {stated}{what} by this sentence, and at most {known} by the lexicon"
                )
            } else {
                return None;
            };
            (message, of_lexicon)
        }
    };
    Some(
        Diagnostic::new(codes::VALUES_AGAINST_FIELD, message, place, "this sentence")
            .and(of_lexicon, "by the lexicon")
            .help("say the same in both, or leave values and bounds to the lexicon"),
    )
}

/// The bounds that the lexicon gives a field of an engine: of its value, its bytes or its items.
pub(super) fn bounds_of(
    engine: &str,
    field: &str,
    counted: Counted,
    subject: &Subject<'_>,
) -> Option<(Option<f64>, Option<f64>, Span)> {
    let lexicon = subject.lexicon()?;
    let scopes = || lexicon.engine(engine).into_iter().chain(std::iter::once(&lexicon.shared));
    let entry = scopes().flat_map(|scope| &scope.fields).find(|entry| entry.name.value == field)?;
    if counted == Counted::Items {
        return Some((None, Some(f64::from(entry.max_items?)), entry.name.span));
    }
    if let (Some((least, most)), Counted::Value) = (&entry.range, counted) {
        return Some((number(&least.value), number(&most.value), least.span));
    }
    let name = type_of(entry)?;
    let found = scopes().flat_map(|scope| &scope.types).find(|entry| entry.name.value == name)?;
    #[expect(clippy::cast_precision_loss, reason = "bounds that sentences state are small")]
    let real = |bound: &u128| *bound as f64;
    match (&found.kind, counted) {
        (TypeKind::Integer { min, max, .. }, Counted::Value) => {
            Some((min.as_ref().map(real), max.as_ref().map(real), found.name.span))
        }
        (TypeKind::Text { min_len, max_len, .. }, Counted::Bytes) => {
            Some((Some(f64::from(*min_len)), Some(f64::from(*max_len)), found.name.span))
        }
        _ => None,
    }
}

/// The name of a field's type.
pub(super) fn type_of(entry: &FieldEntry) -> Option<&str> {
    match &entry.ty.as_ref()?.kind {
        ExprKind::Name(name) => Some(name),
        _ => None,
    }
}

/// `180_000`, `180,000` and `0.5`.
fn number(text: &str) -> Option<f64> {
    text.replace(['_', ','], "").parse().ok()
}

/// `at most 64 ` before a list.
fn most_items(before: &str) -> Option<Stated> {
    let before = before.trim_end_matches('`').strip_suffix(' ')?;
    let (rest, word) = before.rsplit_once(' ').unwrap_or(("", before));
    let is_limit =
        ["at most", "up to", "no more than"].iter().any(|words| rest.to_ascii_lowercase().ends_with(words));
    Some(Stated::Bounds(None, Some(number(word)?), Counted::Items)).filter(|_| is_limit)
}

/// What the words around a field state of it: `3 <= pass_target <= 8`, or else by those behind it.
fn around(before: &str, behind: &str) -> Option<Stated> {
    let behind_it = stated(behind).or_else(|| most_items(before));
    let least = ["<=", "\u{2264}"].iter().find_map(|sign| before.trim_end().strip_suffix(sign));
    let least = least.and_then(|rest| number(rest.trim_end().rsplit([' ', '`']).next()?));
    match (least, behind_it) {
        (Some(least), Some(Stated::Bounds(None, most, counted))) => {
            Some(Stated::Bounds(Some(least), most, counted))
        }
        (Some(least), None) => Some(Stated::Bounds(Some(least), None, Counted::Value)),
        (_, stated) => stated,
    }
}

/// Words that join a field to what it may hold.
const VERBS: [&str; 15] = [
    "is", "are", "always", "lies", "stays", "has", "holds", "must", "be", "can", "may", "takes", ":", "=",
    "|",
];

/// What the words behind a field state of it.
pub(super) fn stated(behind: &str) -> Option<Stated> {
    let text = behind.replace(['`', '\n'], " ");
    // A joint may stand right at the name.
    let text = text.strip_prefix([':', '=']).unwrap_or(&text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let verbs = words.iter().take_while(|word| VERBS.contains(word)).count();
    let rest = &words[verbs..];
    bounds(rest).or_else(|| values(rest))
}

/// `one of A, B or C`, `in (A, B)`, `either A or B`.
fn values(words: &[&str]) -> Option<Stated> {
    let (rest, has_marker) = match words {
        ["one", "of" | "of:", rest @ ..] | ["either", rest @ ..] | ["the", "value" | "values", rest @ ..] => {
            (rest, true)
        }
        ["in" | "IN", first, ..] if first.starts_with(['(', '{', '[']) => (&words[1..], true),
        _ => (words, false),
    };
    let mut named = Vec::new();
    let mut is_whole = true;
    for word in rest.iter().flat_map(|word| word.split(['|', '/', ','])) {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        match word {
            "" | "or" | "and" | "of" => {}
            _ if word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') => {
                named.push(word.to_owned());
            }
            _ => {
                is_whole = false;
                break;
            }
        }
    }
    // A list alone, as in a table or between marks, is the whole of it; `is A or B` says what holds here.
    let is_list = is_whole && rest.iter().any(|word| word.contains('|') || word.ends_with(','));
    (named.len() > 1 && (has_marker || is_list)).then_some(Stated::Values(named))
}

/// `between 3 and 8`, `3 to 8`, `3..8`, `at most 8`, `at least 3`, `never above 8`, `<= 8`, `[3, 8]`.
fn bounds(words: &[&str]) -> Option<Stated> {
    let joined = words.join(" ");
    let plain = joined.trim_start_matches(['(', '[']).trim();
    for (start, joint) in [
        ("between ", " and "),
        ("from ", " to "),
        ("in [", ","),
        ("", " to "),
        ("", "..="),
        ("", ".."),
        ("", "\u{2013}"),
    ] {
        let Some(rest) = plain.strip_prefix(start) else { continue };
        let Some((least, most)) = rest.split_once(joint) else { continue };
        let (Some(least), Some((most, behind))) = (number(least.trim()), leading(most)) else { continue };
        return counted(behind).map(|counted| Stated::Bounds(Some(least), Some(most), counted));
    }
    let most = [
        "at most ",
        "<= ",
        "\u{2264} ",
        "never above ",
        "not above ",
        "no more than ",
        "not more than ",
        "up to ",
    ];
    let least =
        [">= ", "\u{2265} ", "at least ", "never below ", "not below ", "no less than ", "not less than "];
    let of = |starts: &[&str]| {
        let rest = starts.iter().find_map(|start| plain.strip_prefix(start))?;
        let (number, behind) = leading(rest)?;
        Some((number, counted(behind)?))
    };
    if let Some((most, counted)) = of(&most) {
        return Some(Stated::Bounds(None, Some(most), counted));
    }
    let (least, counted) = of(&least)?;
    Some(Stated::Bounds(Some(least), None, counted))
}

/// The number at the start of a text, and what stands behind it.
fn leading(text: &str) -> Option<(f64, &str)> {
    let text = text.trim_start();
    let length =
        text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '_' | '-')).unwrap_or(text.len());
    let digits = text[..length].trim_end_matches(['.', ',']);
    Some((number(digits)?, &text[digits.len()..]))
}

/// What a number counts, by the word behind it; none where that is a unit of its own.
fn counted(behind: &str) -> Option<Counted> {
    let word = behind.split(|c: char| !c.is_ascii_alphanumeric() && c != '%').find(|word| !word.is_empty());
    if !behind.starts_with(' ') {
        // `10s` and `10%` are other numbers than they seem.
        return (!behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '%'))
            .then_some(Counted::Value);
    }
    match word.unwrap_or_default() {
        "bytes" | "byte" | "characters" | "letters" | "long" => Some(Counted::Bytes),
        "items" | "entries" | "elements" => Some(Counted::Items),
        "s" | "sec" | "second" | "seconds" | "minute" | "minutes" | "hour" | "hours" | "day" | "days"
        | "percent" | "%" | "k" | "thousand" => None,
        _ => Some(Counted::Value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_in_the_words_that_people_use() {
        let both = |least, most| Some(Stated::Bounds(Some(least), Some(most), Counted::Value));
        for text in [
            " is between 3 and 8",
            " lies between `3` and `8`.",
            ": 3 to 8",
            " is 3..8",
            " 3..=8",
            " is in [3, 8]",
            " from 3 to 8 passes",
        ] {
            assert_eq!(stated(text), both(3.0, 8.0), "{text}");
        }
        let most = |most, counted| Some(Stated::Bounds(None, Some(most), counted));
        assert_eq!(stated(" is at most 600,000"), most(600_000.0, Counted::Value));
        assert_eq!(stated(" is never above 8"), most(8.0, Counted::Value));
        assert_eq!(stated(" has at most 64 bytes"), most(64.0, Counted::Bytes));
        assert_eq!(stated(" holds up to 16 entries"), most(16.0, Counted::Items));
        assert_eq!(stated(" is at least 0.5"), Some(Stated::Bounds(Some(0.5), None, Counted::Value)));
        for text in [
            " is at most 10 minutes",
            " is at most 10%",
            " is never above `pass_target`",
            " counts 1, 2, 3",
            " is 3",
        ] {
            assert_eq!(stated(text), None, "{text}");
        }
    }

    #[test]
    fn a_bound_may_stand_before_the_field() {
        assert_eq!(around("3 <= ", " <= 8"), Some(Stated::Bounds(Some(3.0), Some(8.0), Counted::Value)));
        assert_eq!(around("`3 <= ", "`"), Some(Stated::Bounds(Some(3.0), None, Counted::Value)));
        assert_eq!(around("at most 64 `", "`"), Some(Stated::Bounds(None, Some(64.0), Counted::Items)));
        assert_eq!(around("64 `", "`"), None);
        assert_eq!(around("", " <= 8"), Some(Stated::Bounds(None, Some(8.0), Counted::Value)));
    }

    #[test]
    fn lists_of_values_are_whole_only_where_they_say_so() {
        let list = |names: &[&str]| Some(Stated::Values(names.iter().map(|&name| name.to_owned()).collect()));
        for text in [
            " is one of OPEN, CLOSED",
            " is one of `OPEN` or `CLOSED`",
            " in (OPEN, CLOSED)",
            " is either OPEN or CLOSED",
            ": one of: OPEN | CLOSED",
        ] {
            assert_eq!(stated(text), list(&["OPEN", "CLOSED"]), "{text}");
        }
        for text in [
            " is OPEN or CLOSED",
            " of a shut door is one of OPEN, CLOSED",
            " is one of the two",
            " in time",
            " is OPEN, CLOSED where it is late",
        ] {
            assert_eq!(stated(text), None, "{text}");
        }
    }
}
