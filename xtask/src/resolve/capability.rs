//! One capability: what it takes, gives and may be called by.

use selene_codegen::contract::{Capability, Effect, Note, Output, TypeRef};

use super::names::Names;
use super::output::Outputs;
use super::provenance::Provenance;
use super::{alternatives, input};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{CapabilityText, Text};
use crate::parse::lexicon::Lexicon;
use crate::parse::side_effect::SideEffect;

/// Resolves one capability. What cannot be resolved is left out, with a diagnostic.
pub fn resolve(
    text: &CapabilityText,
    lexicon: &Lexicon,
    names: &Names<'_>,
    outputs: &mut Outputs<'_>,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) -> Capability {
    let id = &text.id.value;
    let entries = names.alternatives();
    let file = outputs.file.to_owned();
    let base = ["capabilities", id.as_str()];
    provenance.add(&file, &base, text.id.span);
    let effect = effect(text, diagnostics);
    let mut capability = Capability {
        id: id.clone(),
        stored_name: renamed_from(text),
        planned: text.planned.is_some(),
        name: text.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        effect,
        // It depends on the tables of every engine, which are known later.
        read_scope: None,
        allowed_callers: callers(text, lexicon, diagnostics),
        simulation_gated: text.simulation_gated,
        context: Vec::new(),
        input: Vec::new(),
        input_alternatives: Vec::new(),
        output: Output::Type(TypeRef::Unit),
        writes: Vec::new(),
        dedupe: None,
        audit: None,
        notes: notes(&text.notes[..]).into_iter().filter(|note| note.key != RENAMED_FROM).collect(),
    };
    note_places(text, &file, provenance);
    if let Some(tree) = text.input.as_ref().and_then(|schema| schema.tree.as_ref()) {
        let input = input::resolve(tree, effect, &lexicon.ambient, names, diagnostics);
        capability.context = input.context;
        for (field, span) in input.alternatives.iter().flatten() {
            let path = [&base[..], &["input", &field.name]].concat();
            provenance.field(&file, &path, *span, names.lexicon_span(&field.name, None));
        }
        let mut alternatives: Vec<Vec<_>> = input
            .alternatives
            .into_iter()
            .map(|fields| fields.into_iter().map(|(field, _)| field).collect())
            .collect();
        match alternatives.len() {
            1 => capability.input = alternatives.remove(0),
            _ => capability.input_alternatives = alternatives::by_fields(alternatives),
        }
    }
    if let Some(tree) = text.output.as_ref().and_then(|schema| schema.tree.as_ref())
        && let Some(output) = outputs.resolve(tree, &text.id, provenance, diagnostics)
    {
        capability.output = output;
        // What could not be read would only bring findings about what it may have been.
        if let Some(entry) = alternatives::entry_of(entries, &text.id)
            && text.input.as_ref().is_some_and(|schema| schema.tree.is_some())
        {
            alternatives::apply(entry, text, &mut capability, names, &file, provenance, diagnostics);
        }
    }
    capability
}

/// The bullet of a capability that was renamed: the id that it had first.
const RENAMED_FROM: &str = "renamed_from";

fn renamed_from(text: &CapabilityText) -> Option<String> {
    let (_, first) = text.notes.iter().find(|(key, _)| key.value == RENAMED_FROM)?;
    Some(first.value.trim_matches('`').to_owned())
}

/// Notes of any section, in the spec's words.
pub(super) fn notes(notes: &[(Text, Text)]) -> Vec<Note> {
    notes.iter().map(|(key, text)| Note { key: key.value.clone(), text: text.value.clone() }).collect()
}

fn note_places(text: &CapabilityText, file: &str, provenance: &mut Provenance) {
    let id = text.id.value.as_str();
    let places = [
        ("name", text.name.as_ref().map(|text| text.span)),
        ("input", text.input.as_ref().map(|schema| schema.text.span)),
        ("input_alternatives", text.input.as_ref().map(|schema| schema.text.span)),
        ("context", text.input.as_ref().map(|schema| schema.text.span)),
        ("output", text.output.as_ref().map(|schema| schema.text.span)),
        ("allowed_callers", text.allowed_callers.as_ref().map(|text| text.span)),
        ("simulation_gated", text.allowed_callers.as_ref().map(|text| text.span)),
        ("effect", text.side_effects.as_ref().map(|text| text.span)),
    ];
    for (key, span) in places {
        if let Some(span) = span {
            provenance.add(file, &["capabilities", id, key], span);
        }
    }
    for (key, note) in &text.notes {
        provenance.add(file, &["capabilities", id, "notes", &key.value], note.span);
    }
}

fn effect(text: &CapabilityText, diagnostics: &mut Diagnostics) -> Effect {
    let Some(side_effects) = &text.side_effects else {
        return Effect::Read;
    };
    let is_guard = text.id.value.contains("APPEND_ONLY_GUARD");
    let words = side_effects.value.as_str();
    match words {
        "DECLARED (DB_WRITE)" => return Effect::Write,
        "NONE" if is_guard => return Effect::Guard,
        "NONE" => return Effect::Read,
        _ => {}
    }
    // What is only announced needs no trait and no table.
    if text.planned.is_some() && SideEffect::of(words) == SideEffect::External {
        return Effect::Write;
    }
    let known = ["DECLARED (DB_WRITE)", "NONE"];
    let (message, help) = match SideEffect::of(words) {
        SideEffect::External => (
            format!("`{words}` acts outside of the store, which no contract can say yet"),
            "announce the capability with `(planned)` behind its id until contracts have external effects"
                .to_owned(),
        ),
        SideEffect::DbWrite => {
            (format!("`{words}` is a write in other words"), "write `DECLARED (DB_WRITE)`".to_owned())
        }
        SideEffect::Nothing | SideEffect::Other => (
            format!("`{words}` is not a side effect"),
            guess_or(words, known, "use `DECLARED (DB_WRITE)` or `NONE`"),
        ),
    };
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_SIDE_EFFECT, message, side_effects.span, "not known").help(help),
    );
    // The likelier meaning, so that one wrong word does not cause findings about missing writes.
    if words.contains("WRITE") { Effect::Write } else { Effect::Read }
}

fn callers(text: &CapabilityText, lexicon: &Lexicon, diagnostics: &mut Diagnostics) -> Vec<String> {
    let Some(callers) = &text.callers else {
        return Vec::new();
    };
    if let Some((_, meant)) = lexicon.callers.iter().find(|(name, _)| name.value == callers.value) {
        return meant.iter().map(|caller| caller.value.clone()).collect();
    }
    diagnostics.push(
        Diagnostic::new(
            codes::UNKNOWN_CALLER,
            format!("the lexicon does not know the callers `{}`", callers.value),
            callers.span,
            "not known",
        )
        .help(guess_or(
            &callers.value,
            lexicon.callers.iter().map(|(name, _)| name.value.as_str()),
            &format!("add `{}: [CALLER, …]` to `callers` in lexicon.yaml", callers.value),
        )),
    );
    Vec::new()
}
