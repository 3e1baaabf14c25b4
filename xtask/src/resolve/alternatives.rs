//! Variants of an input: what the lexicon says about them, held against the schemas.

use selene_codegen::contract::{Alternative, Capability, Field, Output, TypeRef};
use selene_codegen::naming;

use super::names::Names;
use super::provenance::Provenance;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{CapabilityText, SchemaText, Text};
use crate::parse::lexicon::{AlternativeEntry, AlternativesEntry};
use crate::source::Span;

/// The variants of a schema that the lexicon says nothing about: named after their fields.
pub fn by_fields(alternatives: Vec<Vec<Field>>) -> Vec<Alternative> {
    alternatives
        .into_iter()
        .map(|fields| Alternative {
            variant: naming::alternative_variant(fields.iter().map(|field| field.name.as_str())),
            fields,
            output: None,
        })
        .collect()
}

/// Gives a capability the variants that the lexicon names.
pub fn apply(
    entry: &AlternativesEntry,
    text: &CapabilityText,
    capability: &mut Capability,
    names: &Names<'_>,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    let stated: Vec<Vec<Field>> = if capability.input_alternatives.is_empty() {
        vec![std::mem::take(&mut capability.input)]
    } else {
        capability.input_alternatives.drain(..).map(|alternative| alternative.fields).collect()
    };
    let mut variants: Vec<(Alternative, Span)> = Vec::new();
    for item in &entry.alternatives {
        check_variant(item, &variants, diagnostics);
        let fields = find_input(item, &stated, &capability.id, diagnostics);
        let output = find_output(item, &capability.output, &capability.id, names, diagnostics);
        let (Some(fields), Some(output)) = (fields, output) else { continue };
        let variant = Alternative { variant: item.variant.value.clone(), fields, output };
        if let Some((_, first)) = variants
            .iter()
            .find(|(known, _)| known.fields == variant.fields && known.output == variant.output)
        {
            let message = format!("`{}` has the input and the output of another variant", variant.variant);
            twice(message, item.variant.span, *first, diagnostics);
        }
        let path = ["capabilities", &capability.id, "input_alternatives", &variant.variant];
        provenance.add(file, &path, item.variant.span);
        variants.push((variant, item.variant.span));
    }
    // An entry that could not be read would bring findings about what it may have held.
    if variants.len() == entry.alternatives.len() {
        report_forgotten(entry, &variants, &stated, text, &capability.output, diagnostics);
    }
    capability.input_alternatives = variants.into_iter().map(|(variant, _)| variant).collect();
}

/// Entries of the lexicon that are about no capability of the engine.
pub fn report_unknown(
    entries: &[AlternativesEntry],
    capabilities: &[Capability],
    of_ecm: Span,
    diagnostics: &mut Diagnostics,
) {
    for entry in entries {
        let name = &entry.capability;
        if !capabilities.iter().any(|capability| capability.id == name.value) {
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_CAPABILITY,
                    format!("the engine has no capability `{}`", name.value),
                    name.span,
                    "which capability?",
                )
                .beside(of_ecm, "its capabilities")
                .help(guess_or(
                    &name.value,
                    capabilities.iter().map(|capability| capability.id.as_str()),
                    "use the id of a capability of the engine's ECM",
                )),
            );
        }
    }
}

fn twice(message: String, span: Span, first: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::DUPLICATE_NAME, message, span, "again")
            .and(first, "first here")
            .help("remove one of them, or change it"),
    );
}

/// A variant becomes a Rust name, and one of several.
fn check_variant(item: &AlternativeEntry, known: &[(Alternative, Span)], diagnostics: &mut Diagnostics) {
    let name = &item.variant;
    if naming::pascal(&name.value) != name.value
        || !name.value.starts_with(|c: char| c.is_ascii_uppercase())
        || name.value == "Self"
    {
        let message = format!("`{}` is not the name of a variant", name.value);
        diagnostics.push(
            Diagnostic::new(codes::MALFORMED_NAME, message, name.span, "")
                .help("write it in PascalCase, starting with a letter, and not `Self`"),
        );
    }
    if let Some((_, first)) = known.iter().find(|(known, _)| known.variant == name.value) {
        twice(format!("the variant `{}` stands here twice", name.value), name.span, *first, diagnostics);
    }
}

/// The alternative of the schema that has exactly the named fields.
fn find_input(
    item: &AlternativeEntry,
    stated: &[Vec<Field>],
    capability: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Field>> {
    let is_meant = |fields: &&Vec<Field>| {
        fields.len() == item.input.len()
            && item.input.iter().all(|name| fields.iter().any(|field| field.name == name.value))
    };
    if let Some(fields) = stated.iter().find(is_meant) {
        return Some(fields.clone());
    }
    let span = match item.input.as_slice() {
        [first, .., last] => first.span.to(last.span),
        [only] => only.span,
        [] => item.span,
    };
    let names: Vec<&str> = item.input.iter().map(|name| name.value.as_str()).collect();
    let known: Vec<String> = stated.iter().map(|fields| shown(fields)).collect();
    diagnostics.push(
        Diagnostic::new(
            codes::UNKNOWN_ALTERNATIVE,
            format!("`({})` is no alternative of the input of `{capability}`", names.join(", ")),
            span,
            "not in the schema",
        )
        .help(format!("name the fields of one of them: `{}`", known.join("`, `"))),
    );
    None
}

/// The output of the schema that is named. `Some(None)` where there is one output only, which needs no naming.
#[allow(clippy::option_option, reason = "no output is named, and none could be found, are two things")]
fn find_output(
    item: &AlternativeEntry,
    stated: &Output,
    capability: &str,
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Option<TypeRef>> {
    let known: Vec<String> = stated.types().iter().map(ToString::to_string).collect();
    let help = format!("name one of its outputs: `{}`", known.join("`, `"));
    let Some(expr) = &item.output else {
        if known.len() == 1 {
            return Some(None);
        }
        let message = format!("the variant `{}` does not say what it gives", item.variant.value);
        diagnostics.push(Diagnostic::new(codes::MISSING_KEY, message, item.span, "this entry").help(help));
        return None;
    };
    let ty = names.type_ref(expr, diagnostics)?;
    if stated.types().contains(&ty) {
        return Some(Some(ty));
    }
    let message = format!("`{ty}` is no output of `{capability}`");
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_ALTERNATIVE, message, expr.span, "not in the schema").help(help),
    );
    None
}

/// Alternatives of the schemas that no variant has.
fn report_forgotten(
    entry: &AlternativesEntry,
    variants: &[(Alternative, Span)],
    stated: &[Vec<Field>],
    text: &CapabilityText,
    output: &Output,
    diagnostics: &mut Diagnostics,
) {
    let mut report = |what: String, schema: Option<&SchemaText>| {
        let mut diagnostic = Diagnostic::new(
            codes::MISSING_ALTERNATIVE,
            format!("no variant of `{}` has {what}", entry.capability.value),
            entry.capability.span,
            "the variants below",
        )
        .help("add a variant with it, or take it out of the schema");
        if let Some(schema) = schema {
            diagnostic = diagnostic.and(schema.text.span, "the schema");
        }
        diagnostics.push(diagnostic);
    };
    for fields in stated {
        if !variants.iter().any(|(variant, _)| variant.fields == *fields) {
            report(format!("the input `{}`", shown(fields)), text.input.as_ref());
        }
    }
    for ty in output.types().iter().filter(|_| output.types().len() > 1) {
        if !variants.iter().any(|(variant, _)| variant.output.as_ref() == Some(ty)) {
            report(format!("the output `{ty}`"), text.output.as_ref());
        }
    }
}

fn shown(fields: &[Field]) -> String {
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    format!("({})", names.join(", "))
}

/// The entry of a capability, if the lexicon has one.
pub fn entry_of<'l>(entries: &'l [AlternativesEntry], id: &Text) -> Option<&'l AlternativesEntry> {
    entries.iter().find(|entry| entry.capability.value == id.value)
}
