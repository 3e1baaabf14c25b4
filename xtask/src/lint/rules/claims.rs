//! What the lexicon states in two places, and what it states beside a page: refusals by their names, ranges by invariants,
//! classes of codes by lists.

use selene_codegen::contract::{Capability, ReasonClass, RefusalClass};

use super::stated_values::{Counted, bounds_of};
use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{bullets_of, code_spans, is_lower_snake, raw};
use crate::parse::document::Text;
use crate::parse::reason_codes::{Register, RegisteredEngine};
use crate::source::Span;

/// Classes of refusals, and the words that the names of their codes have.
const NAMES: [(RefusalClass, &str); 8] = [
    (RefusalClass::Caller, "CALLER"),
    (RefusalClass::Simulation, "SIMULATION"),
    (RefusalClass::ForeignKey, "FOREIGN_KEY"),
    (RefusalClass::Duplicate, "DUPLICATE"),
    (RefusalClass::Scope, "SCOPE"),
    (RefusalClass::AppendOnly, "APPEND_ONLY"),
    (RefusalClass::NotFound, "NOT_FOUND"),
    (RefusalClass::Replay, "REPLAY"),
];

/// Refusals that are given a code which is named after another one, beside a code that is named after them.
pub fn refusals_of_others(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let (Some(register), Some(lexicon)) = (subject.register(), subject.lexicon()) else { return };
    for (id, scope) in &lexicon.engines {
        let Some(registered) = register.engine(&id.value) else { continue };
        for (class, given) in &scope.refusals {
            of_another_engine(given, &id.value, registered, register, diagnostics);
            let Some((_, own)) = NAMES.iter().find(|(known, _)| known == class) else { continue };
            let is_named_after_other =
                NAMES.iter().any(|(known, words)| known != class && given.value.contains(words));
            let better = registered.codes.iter().find(|code| !code.retired && code.name.value.contains(own));
            // A duplicate may be reported with the code of what exists already.
            let is_plain = !matches!(class, RefusalClass::Duplicate | RefusalClass::ForeignKey);
            let is_other = !given.value.contains(own) && (is_named_after_other || is_plain);
            let Some(better) = better.filter(|_| is_other) else { continue };
            let message = format!(
                "`{}` refuses `{}` with `{}`, and has `{}`",
                id.value,
                class.as_str(),
                given.value,
                better.name.value
            );
            diagnostics.push(
                Diagnostic::new(codes::REFUSAL_OF_ANOTHER_KIND, message, given.span, "this code")
                    .and(better.name.span, "the code of that name")
                    .help("name the code that means this refusal"),
            );
        }
    }
}

/// A class of refusals that an engine gives the code of another one, which callers take for a refusal of that one.
fn of_another_engine(
    given: &Text,
    engine: &str,
    own: &RegisteredEngine,
    register: &Register,
    diagnostics: &mut Diagnostics,
) {
    let mut others = register.engines.iter().filter(|other| other.id.value != engine);
    let other = others.find_map(|other| Some((other, other.code(&given.value)?)));
    let Some((other, code)) = other.filter(|_| own.code(&given.value).is_none()) else { return };
    let message =
        format!("`{engine}` refuses with `{}`, which is a code of `{}`", given.value, other.id.value);
    diagnostics.push(
        Diagnostic::new(codes::REFUSAL_OF_ANOTHER_KIND, message, given.span, "this code")
            .and(code.name.span, "registered here")
            .help("name a code of the engine itself, or take the entry out"),
    );
}

/// Words between two columns that keep the first from passing the second.
const NEVER_ABOVE: [&str; 4] = ["is never above", "never exceeds", "is at most", "never passes"];

/// `` `passes` is never above `target` ``, where the range of the passes ends before that of the target.
pub fn ranges_below_targets(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for declared in subject.tables.values().flatten() {
        for sentence in &declared.text.invariants {
            let names = code_spans(sentence.span, subject.sources);
            let Some((first, others)) = names.split_first() else { continue };
            let Some(second) = others.first() else { continue };
            let between = raw(Span::new(first.1.file, first.1.end + 1, second.1.start), subject.sources);
            if !NEVER_ABOVE.iter().any(|words| between.trim_start().starts_with(words)) {
                continue;
            }
            let bounds = |name: &str| bounds_of(declared.engine, name, Counted::Value, subject);
            let Some((_, Some(most), at)) = bounds(first.0).filter(|_| is_lower_snake(first.0)) else {
                continue;
            };
            for other in others.iter().filter(|other| is_lower_snake(other.0)) {
                // What begins above zero is a target; another counter may well go further.
                let Some((Some(least), Some(target), _)) = bounds(other.0) else { continue };
                if least < 1.0 || most >= target {
                    continue;
                }
                let message = format!(
                    "`{}` is at most {most} by its range, so it never reaches a `{}` of {target}",
                    first.0, other.0
                );
                diagnostics.push(
                    Diagnostic::new(codes::RANGE_BELOW_TARGET, message, at, "this range")
                        .and(sentence.span, "compared here")
                        .help("let both ranges end at the same value"),
                );
            }
        }
    }
}

/// A list of a page: the class of its codes, what it is for, and its place.
struct Listed {
    class: ReasonClass,
    things: Vec<String>,
    place: Span,
}

/// `gate reason codes of wake events, samples and deferrals:` over a list of codes.
fn listed(sentence: &Text, subject: &Subject<'_>) -> Option<Listed> {
    if raw(bullets_of(sentence.span, subject.sources), subject.sources).is_empty() {
        return None;
    }
    let text = raw(sentence.span, subject.sources).trim_start_matches(['-', ' ']);
    let (class, rest) = text.split_once(" reason codes of ")?;
    let class = ReasonClass::from_name(class.trim())?;
    let end = rest.find([':', ';', '(']).unwrap_or(rest.len());
    let list = rest[..end].split(", in ").next().unwrap_or_default();
    let parts = list.split(',').flat_map(|part| part.split(" and "));
    let words = parts.filter_map(|part| part.split_whitespace().last());
    // So that `revocation` and `REVOKE` are one.
    let stem =
        |word: &str| word.trim_end_matches('s').chars().take(4).collect::<String>().to_ascii_uppercase();
    let things: Vec<String> = words.map(stem).filter(|word| word.len() > 3).collect();
    (!things.is_empty()).then_some(Listed { class, things, place: sentence.span })
}

fn is_among(capability: &Capability, list: &Listed) -> bool {
    capability
        .id
        .split('_')
        .any(|part| part.len() > 3 && list.things.iter().any(|thing| part.starts_with(&**thing)))
}

/// Classes that the lexicon gives the reasons of a call, against the lists of codes in pages.
pub fn classes_against_lists(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon() else { return };
    for engine in &subject.engines {
        let lists: Vec<Listed> =
            engine.each_page().flat_map(sentences).filter_map(|sentence| listed(sentence, subject)).collect();
        let entries = lexicon.engine(&engine.id.value).map_or(&[][..], |scope| &scope.classes);
        for entry in entries {
            let capability = engine.contract.capabilities.iter().find(|one| one.id == entry.capability.value);
            let Some(capability) = capability.filter(|one| lists.iter().any(|list| is_among(one, list)))
            else {
                continue;
            };
            for (field, taken) in entry.fields.iter().filter(|(field, _)| field.value == "reason_code") {
                report(capability, (field, &taken.classes), &lists, diagnostics);
            }
        }
    }
}

fn report(
    capability: &Capability,
    (field, taken): (&Text, &[ReasonClass]),
    lists: &[Listed],
    diagnostics: &mut Diagnostics,
) {
    for list in lists {
        let verb = match (is_among(capability, list), taken.contains(&list.class)) {
            (true, false) => "does not take",
            (false, true) => "takes",
            _ => continue,
        };
        let other = if is_among(capability, list) { "is for it" } else { "is for other calls" };
        let class = list.class.as_str();
        let message = format!(
            "`{}` {verb} codes of class `{class}` by the lexicon, and the list of them {other}",
            capability.id
        );
        diagnostics.push(
            Diagnostic::new(codes::CLASSES_AGAINST_LIST, message, field.span, "its classes")
                .and(list.place, "this list")
                .help("name the same calls over the list and under `classes` of lexicon.yaml"),
        );
    }
}
