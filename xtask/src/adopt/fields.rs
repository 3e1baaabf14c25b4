//! Fields that the lexicon does not know: entries of an engine, with the types that they need.

use selene_codegen::contract::ReasonClass;

use super::codes::CodeDraft;
use super::entry::{Entry, Part, capital, quoted, words};
use super::guess::{self, Guess, Ty};
use super::slips::is_slip;
use super::subject::{Adopted, Subject};
use super::types;
use crate::diagnostics::codes;

/// Drafts every unknown field of an engine that is not a slip of a known one.
pub(super) fn draft(
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    codes: Option<&Vec<CodeDraft>>,
    entries: &mut Vec<Entry>,
) {
    for (name, _) in subject.unknown_of(codes::UNKNOWN_NAME, engine.id) {
        // What is written in another way is no field, or one that its page has to write otherwise.
        let is_field = selene_codegen::naming::identifier(name).is_some()
            && !name.contains(|c: char| c.is_ascii_uppercase());
        if !is_field || engine.names.field_names().any(|known| is_slip(name, known)) {
            continue;
        }
        let guess = guess::field(subject, engine, name);
        let ty = match &guess.ty {
            Ty::Known(ty) => ty.clone(),
            Ty::Own(ty, kind) => {
                types::push(ty, kind, &guess.from, entries);
                ty.clone()
            }
        };
        let is_reason = matches!(ty.as_str(), "EngineReasonCode" | "ReasonCode");
        let classes = is_reason.then(|| classes(subject, engine, codes));
        push(name, (&ty, None), &guess, classes.as_deref(), entries);
    }
    draft_classes(subject, engine, codes, entries);
}

fn push(
    name: &str,
    (ty, stated): (&str, Option<&str>),
    guess: &Guess,
    classes: Option<&[ReasonClass]>,
    entries: &mut Vec<Entry>,
) {
    let range = guess.range.as_ref().map(|(low, high)| format!("range: [{low}, {high}]"));
    let most = guess.max_items.map(|most| format!("max_items: {most}"));
    let classes = classes.map(|classes| format!("classes: [{}]", listed(classes)));
    let doc = stated.map_or_else(|| doc(name, ty), str::to_owned);
    let parts = [Some(format!("type: {ty}")), range, most, classes, Some(format!("doc: {}", quoted(&doc)))];
    let value = format!("{{ {} }}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
    entries.push(Entry { part: Part::Fields, key: name.to_owned(), value, from: guess.from.clone() });
}

fn listed(classes: &[ReasonClass]) -> String {
    classes.iter().map(|class| class.as_str()).collect::<Vec<_>>().join(", ")
}

/// Fields of reason codes that are known and do not say which classes a write takes: the engine says it for itself.
fn draft_classes(
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    codes: Option<&Vec<CodeDraft>>,
    entries: &mut Vec<Entry>,
) {
    for (name, _) in subject.unknown_of(codes::MISSING_CLASS, engine.id) {
        // An entry of the engine's own stands, and whoever wrote it completes it.
        let has_own =
            engine.scope.is_some_and(|scope| scope.fields.iter().any(|field| field.name.value == name));
        if has_own || entries.iter().any(|entry| entry.part == Part::Fields && entry.key == name) {
            continue;
        }
        let from = "the classes of the codes that the engine has".to_owned();
        let guess =
            Guess { ty: Ty::Known("EngineReasonCode".to_owned()), range: None, max_items: None, from };
        let stated = engine.names.doc_of_field(name);
        push(name, ("EngineReasonCode", stated), &guess, Some(&classes(subject, engine, codes)), entries);
    }
}

/// The classes that a write may be given: what the engine's codes say beside steps and refusals, else its steps.
fn classes(subject: &Subject<'_>, engine: &Adopted<'_>, codes: Option<&Vec<CodeDraft>>) -> Vec<ReasonClass> {
    let registered = subject.register.engine(engine.id).into_iter().flat_map(|engine| &engine.codes);
    let registered = registered.filter(|code| !code.retired).filter_map(|code| code.class.as_ref());
    let drafted = codes.into_iter().flatten().map(|code| code.class);
    let there: Vec<ReasonClass> = registered.map(|class| class.value).chain(drafted).collect();
    let has = |class: &ReasonClass| there.contains(class);
    let possible = [ReasonClass::Outcome, ReasonClass::Gate, ReasonClass::Suppression];
    let found: Vec<ReasonClass> = possible.into_iter().filter(|class| has(class)).collect();
    if !found.is_empty() {
        return found;
    }
    vec![if has(&ReasonClass::Step) { ReasonClass::Step } else { ReasonClass::Refusal }]
}

/// A sentence about a field, made of its name.
fn doc(name: &str, ty: &str) -> String {
    let of = |stem: &str| words(stem);
    for (end, before, behind) in [
        ("ed_at", "When it was ", "ed"),
        ("_at", "When: ", ""),
        ("_until", "Until when: ", ""),
        ("_ms", "", ", in milliseconds"),
        ("_seconds", "", ", in seconds"),
        ("_count", "How many ", ""),
        ("_ref", "A reference to the ", ""),
        ("_id", "The ", ""),
        ("_hash", "Hash of the ", ""),
        ("_seq", "Place of the ", ""),
    ] {
        if let Some(stem) = name.strip_suffix(end).filter(|stem| !stem.is_empty()) {
            return format!("{}.", capital(&format!("{before}{}{behind}", of(stem))));
        }
    }
    let what = of(name);
    if ty == "bool" {
        let what = what.strip_prefix("is ").or_else(|| what.strip_prefix("has ")).unwrap_or(&what).to_owned();
        return format!("Whether: {what}.");
    }
    format!("The {what}.")
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_sentence() {
        assert_eq!(doc("created_at", "MonotonicTimeNs"), "When it was created.");
        assert_eq!(doc("remind_at", "MonotonicTimeNs"), "When: remind.");
        assert_eq!(doc("snooze_ms", "u32"), "Snooze, in milliseconds.");
        assert_eq!(doc("is_pinned", "bool"), "Whether: pinned.");
        assert_eq!(doc("note_body", "NoteBody"), "The note body.");
    }
}
