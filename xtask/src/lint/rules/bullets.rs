//! What bullets and names of a capability say of its input and its answer.

use selene_codegen::contract::{Capability, Effect, TypeRef};

use super::call_words;
use super::values::{ALWAYS, SOMETIMES};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{
    Word, clauses, code_spans, is_denied, is_lower_snake, is_tuple, names_of, raw, words,
};
use crate::lint::subject::Engine;
use crate::parse::document::{CapabilityText, Text};
use crate::source::Span;

/// Words that make a sentence one about some calls only.
const CONDITIONS: [&str; 9] = ["when", "if", "where", "while", "unless", "whose", "until", "then", "only"];
/// Words behind an input that say that callers give it.
const GIVEN: [&str; 6] = [
    "is chosen by the caller",
    "is given by the caller",
    "comes from the caller",
    "is supplied by the caller",
    "is named by the caller",
    "is an input",
];
/// Words behind an input that say that no caller gives it.
const MADE: [&str; 7] = [
    "is derived",
    "is generated",
    "is assigned by",
    "is computed",
    "is made by",
    "is chosen by the engine",
    "is no input",
];
const KEY: &str = "idempotency_key";

/// A capability with its words.
type Pair<'a> = (&'a Capability, &'a CapabilityText);

fn capabilities<'a>(engine: &Engine<'a>) -> impl Iterator<Item = Pair<'a>> {
    let texts = engine.ecm.into_iter().flat_map(|ecm| &ecm.capabilities);
    engine.contract.capabilities.iter().zip(texts)
}

fn input_place(text: &CapabilityText) -> Span {
    text.input.as_ref().map_or(text.id.span, |input| input.text.span)
}

fn is_conditional(clause: Span, subject: &Subject<'_>) -> bool {
    let words = words(clause, subject.sources);
    words.iter().any(|(word, _)| CONDITIONS.contains(&word.to_ascii_lowercase().as_str()))
}

/// Bullets that say otherwise than the input what a call names.
pub fn of_inputs(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    call_words::of_all(subject, diagnostics);
    for engine in &subject.engines {
        for pair in capabilities(engine) {
            for clause in pair.1.notes.iter().flat_map(|(_, note)| clauses(note.span, subject.sources)) {
                of_key(clause, pair, subject, diagnostics);
                if is_conditional(clause, subject) {
                    continue;
                }
                for code in
                    code_spans(clause, subject.sources).into_iter().filter(|code| is_lower_snake(code.0))
                {
                    if let Some(message) = contradiction(clause, code, pair, subject) {
                        push(message, code.1, pair.1, diagnostics);
                    }
                }
            }
        }
        keys_of_others(engine, subject, diagnostics);
    }
}

fn push(message: String, place: Span, text: &CapabilityText, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::INPUT_AGAINST_SENTENCE, message, place, "by this sentence")
            .and(input_place(text), "what a call names")
            .help("mend the sentence, or the `input_schema`"),
    );
}

fn contradiction(
    clause: Span,
    (name, place): Word<'_>,
    (capability, _): Pair<'_>,
    subject: &Subject<'_>,
) -> Option<String> {
    let behind = raw(Span::new(clause.file, (place.end + 1).min(clause.end), clause.end), subject.sources)
        .trim_start();
    let has_any = |list: &[&str]| list.iter().any(|words| behind.starts_with(words));
    let mut fields = capability.input_fields().filter(|field| field.name == name);
    let id = &capability.id;
    let Some(field) = fields.next() else {
        let is_known = capability.context.iter().any(|known| known == name);
        return (has_any(&GIVEN) && !is_known).then(|| {
            format!("callers give `{name}` to `{id}` by a sentence, and its input does not have it")
        });
    };
    let is_optional = matches!(field.ty, TypeRef::Option(_)) || capability.input_alternatives.len() > 1;
    if has_any(&MADE) && capability.input_alternatives.is_empty() && !is_optional {
        return Some(format!("nobody gives `{name}` to `{id}` by a sentence, and its input asks for it"));
    }
    match (has_any(&ALWAYS), has_any(&SOMETIMES), is_optional) {
        (true, _, true) => {
            Some(format!("a call of `{id}` always names `{name}` by a sentence, and may leave it out"))
        }
        (_, true, false) => {
            Some(format!("a call of `{id}` may leave `{name}` out by a sentence, and has to name it"))
        }
        _ => None,
    }
}

/// Sentences about the idempotency key of a capability: that it takes none, or of one that it does not take.
fn of_key(clause: Span, (capability, text): Pair<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let lower =
        raw(clause, subject.sources).to_ascii_lowercase().replace("`idempotency_key`", "idempotency key");
    let takes = capability.input_fields().any(|field| field.name == KEY);
    let denies = ["no idempotency key", "without an idempotency key", "without idempotency key"]
        .iter()
        .any(|words| lower.contains(words));
    let id = &capability.id;
    if takes && denies && !is_conditional(clause, subject) {
        push(
            format!("`{id}` has no idempotency key by a sentence, and takes one"),
            clause,
            text,
            diagnostics,
        );
    }
    let names_key = lower.contains("under the same idempotency key") || lower.contains("its idempotency key");
    if !takes && names_key && capability.effect != Effect::Write && !is_denied(clause, &[], subject.sources) {
        push(
            format!("`{id}` has an idempotency key by a sentence, and takes none"),
            clause,
            text,
            diagnostics,
        );
    }
}

/// The same in sentences elsewhere that name a capability.
fn keys_of_others(engine: &Engine<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let sentences =
        engine.each_page().flat_map(|page| page.relations.constraints.iter().chain(&page.audit_rules));
    for clause in sentences.flat_map(|text| clauses(text.span, subject.sources)) {
        for (name, _) in code_spans(clause, subject.sources) {
            if let Some(pair) = capabilities(engine).find(|(one, _)| one.id == name) {
                of_key(clause, pair, subject, diagnostics);
            }
        }
    }
}

/// Words before what a call is answered with.
const ANSWERS: [&str; 6] =
    ["answers with", "is answered with", "returns", "the answer is", "its answer is", "gives back"];

/// Bullets that give a capability another answer than its output.
pub fn of_answers(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (capability, text) in subject.engines.iter().flat_map(capabilities) {
        let Some(output) = &text.output else { continue };
        for clause in text.notes.iter().flat_map(|(_, note)| clauses(note.span, subject.sources)) {
            if is_conditional(clause, subject) || is_denied(clause, &[], subject.sources) {
                continue;
            }
            for (stated, place) in code_spans(clause, subject.sources) {
                let before = raw(Span::new(clause.file, clause.start, place.start - 1), subject.sources);
                let before = before.trim_end().trim_end_matches([' ', 'a', 'n']).trim_end();
                if !ANSWERS.iter().any(|words| before.ends_with(words))
                    || !differs(stated, &output.text.value)
                {
                    continue;
                }
                let message = format!(
                    "`{}` answers with `{stated}` by a sentence, and otherwise by its output",
                    capability.id
                );
                diagnostics.push(
                    Diagnostic::new(codes::ANSWER_AGAINST_SENTENCE, message, place, "by this sentence")
                        .and(output.text.span, "its output")
                        .help("mend the sentence, or the `output_schema`"),
                );
            }
        }
    }
}

/// Whether a type in words is another one than an output: other names, or one that may be nothing or a list.
fn differs(stated: &str, output: &str) -> bool {
    let names = |text: &str| -> Vec<String> {
        let words =
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let words = words.filter(|word| !["Result", "Option", "Vec", "StorageError"].contains(word));
        words.map(str::to_owned).collect()
    };
    // What stands in braces are fields.
    let output = output.split('{').next().unwrap_or(output);
    let is_type = stated.starts_with(|c: char| c.is_ascii_uppercase())
        && stated.chars().any(|c| c.is_ascii_lowercase())
        && !stated.contains(' ')
        || stated.contains('<');
    let (of_stated, of_output) = (names(stated), names(output));
    let wraps = |text: &str, marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    let (maybe, list) = (["Option<"], ["[]", "Vec<"]);
    is_type
        && !of_stated.is_empty()
        && !of_output.is_empty()
        && (of_stated.iter().any(|name| !of_output.contains(name))
            || wraps(stated, &maybe) && !wraps(output, &maybe)
            || wraps(stated, &list) && !wraps(output, &list))
}

/// Names of capabilities that say otherwise than their ids: how many rows, and whether a guard fails.
pub fn of_names(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    const MANY: [&str; 5] = ["many", "several", "all", "every", "multiple"];
    const CHANGES: [&str; 7] = ["overwrite", "update", "delete", "change", "edit", "remove", "mutat"];
    const FAILS: [&str; 20] = [
        "attempt",
        "guard",
        "fail",
        "refus",
        "reject",
        "prevent",
        "prohibit",
        "block",
        "den",
        "forbid",
        "enforce",
        "protect",
        "immutab",
        "append-only",
        "never",
        "no ",
        "not ",
        "try",
        "tried",
        "prove",
    ];
    const ALLOWS: [&str; 5] = ["must succeed", "succeeds", "is allowed", "must work", "is permitted"];
    for (capability, text) in subject.engines.iter().flat_map(capabilities) {
        let Some(name) = &text.name else { continue };
        of_key_in_name(name, (capability, text), subject, diagnostics);
        let lower = name.value.to_ascii_lowercase();
        let has = |list: &[&str]| list.iter().any(|words| lower.contains(words));
        let words: Vec<&str> = name.value.split_whitespace().collect();
        let counted = words.get(1).copied().unwrap_or_default();
        let of_one = words.get(2).is_some_and(|word| word.ends_with("'s"));
        let contradiction_of_name =
            if capability.effect == Effect::Guard && (has(&ALLOWS) || has(&CHANGES) && !has(&FAILS)) {
                "lets something succeed by its name, and is a guard, which must fail"
            } else if capability.id.ends_with("_ROW") && MANY.contains(&counted) {
                "is about several rows by its name, and about one by its id"
            } else if capability.id.ends_with("_ROWS") && counted == "one" && !of_one {
                "is about one row by its name, and about several by its id"
            } else {
                continue;
            };
        diagnostics.push(
            Diagnostic::new(
                codes::NAME_AGAINST_ID,
                format!("`{}` {contradiction_of_name}", capability.id),
                name.span,
                "this name",
            )
            .and(text.id.span, "this id")
            .help("mend the name, or the id of the capability"),
        );
    }
}

/// Names that say by which columns something is found, and an input that does not have them: `for `(user_id, device_id)``.
fn of_key_in_name(
    name: &Text,
    (capability, text): Pair<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    for code in code_spans(name.span, subject.sources).into_iter().filter(|code| is_tuple(code.0)) {
        let before = raw(Span::new(name.span.file, name.span.start, code.1.start - 1), subject.sources);
        let is_by = [" for ", " by "].iter().any(|word| before.ends_with(word));
        let has = |field: &str| {
            capability.input_fields().any(|known| known.name == field)
                || capability.context.iter().any(|known| known == field)
        };
        let lost = names_of(code).into_iter().find(|(field, _)| !has(field));
        if let Some((field, place)) = lost.filter(|_| is_by) {
            let message = format!("`{}` finds something by `{field}`, and is not given it", capability.id);
            push(message, place, text, diagnostics);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_differ_by_name_and_by_form() {
        assert!(!differs("NoteRecord", "Result<NoteRecord, StorageError>"));
        assert!(!differs("NoteRecord", "Option<NoteRecord>"));
        assert!(!differs("NOTE_LATE", "Option<NoteRecord>"));
        assert!(!differs("OpenResult", "Result<OpenResult{id,state}, StorageError>"));
        assert!(differs("Option<NoteRecord>", "Result<NoteRecord, StorageError>"));
        assert!(differs("LinkRecord", "Result<NoteRecord, StorageError>"));
        assert!(differs("NoteRecord[]", "Option<NoteRecord>"));
    }
}
