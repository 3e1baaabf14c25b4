//! Classes of reason codes: which of them every input takes, and whether the codes that a contract itself uses are of the
//! class that their use needs.

use selene_codegen::contract::{Builtin, Capability, Contract, Effect, Field, ReasonClass, RefusalClass};

use super::documents::EngineDocuments;
use super::names::Names;
use super::provenance::Provenance;
use super::types::{check_classes, reason_type};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::lexicon::{ClassList, ClassesEntry, Lexicon, Scope};
use crate::parse::reason_codes::{Register, RegisteredEngine};
use crate::source::Span;

/// Gives every reason code among the inputs of a contract the classes that it takes.
pub(super) fn apply(
    contract: &mut Contract,
    documents: &EngineDocuments<'_>,
    scope: Option<&Scope>,
    names: &Names<'_>,
    register: &Register,
    diagnostics: &mut Diagnostics,
) {
    let entries = scope.map_or(&[][..], |scope| &scope.classes);
    report_unknown(entries, contract, documents, diagnostics);
    let own = register.engine(&contract.engine.id);
    let codes = Codes { own, register };
    for capability in &mut contract.capabilities {
        let own_step = capability.audit.as_ref().and_then(|audit| audit.reason_code.clone());
        let (id, effect) = (capability.id.clone(), capability.effect);
        for field in inputs(capability) {
            let Some(kind) = reason_type(&field.ty) else { continue };
            match names.classes(&id, &field.name) {
                Some(list) => take(field, kind, list, own_step.as_ref(), &id, &codes, diagnostics),
                // What a read is asked for need not be of any class.
                None if effect != Effect::Write => {}
                None => {
                    let at = names.lexicon_span(&field.name, None).unwrap_or(documents.id.span);
                    undeclared(&field.name, &id, (at, names.engine), diagnostics);
                }
            }
        }
    }
}

fn inputs(capability: &mut Capability) -> impl Iterator<Item = &mut Field> {
    let alternatives = capability.input_alternatives.iter_mut();
    capability.input.iter_mut().chain(alternatives.flat_map(|alternative| &mut alternative.fields))
}

/// The codes that a field may hold.
struct Codes<'a> {
    own: Option<&'a RegisteredEngine>,
    register: &'a Register,
}

impl Codes<'_> {
    /// Whether a code that may still be given is of one of the classes. A code without a class counts as fitting: it has a finding of its own.
    fn fit(&self, kind: Builtin, classes: &[ReasonClass]) -> bool {
        let engines = match kind {
            Builtin::EngineReasonCode => self.own.into_iter().collect::<Vec<_>>(),
            _ => self.register.engines.iter().collect(),
        };
        let mut codes = engines.iter().flat_map(|engine| &engine.codes);
        codes.any(|code| {
            !code.retired && code.class.as_ref().is_none_or(|class| classes.contains(&class.value))
        })
    }
}

fn take(
    field: &mut Field,
    kind: Builtin,
    list: &ClassList,
    own_step: Option<&String>,
    capability: &str,
    codes: &Codes<'_>,
    diagnostics: &mut Diagnostics,
) {
    field.classes.clone_from(&list.classes);
    field.own_step = if list.own_step { own_step.cloned() } else { None };
    if list.is_broken {
        return;
    }
    let mut wrong = |message: String, help: &str| {
        diagnostics.push(Diagnostic::new(codes::WRONG_CLASS, message, list.span, "these classes").help(help));
    };
    if list.own_step && own_step.is_none() {
        let message = format!("`{capability}` has no reason code of its own");
        wrong(message, "name classes here, or let a spec give the capability's event its `reason_code`");
    } else if field.own_step.is_none() && !codes.fit(kind, &list.classes) {
        let message = format!("no registered code fits the field `{}` of `{capability}`", field.name);
        wrong(message, "name a class that a registered code has which is not retired");
    }
}

fn undeclared(
    field: &str,
    capability: &str,
    (at, engine): (Span, Option<&str>),
    diagnostics: &mut Diagnostics,
) {
    diagnostics.push(
        Diagnostic::new(
            codes::MISSING_CLASS,
            format!("`{field}` of `{capability}` does not say which classes of reason codes it takes"),
            at,
            "which classes?",
        )
        .help(format!(
            "give the engine's field `{field}` `classes: [CLASS, …]` in lexicon.yaml, or add `{capability}: {{ {field}: \
             [CLASS, …] }}` to the engine's `classes`"
        ))
        .about(engine, field),
    );
}

/// Entries about a capability or an input that the engine does not have.
fn report_unknown(
    entries: &[ClassesEntry],
    contract: &Contract,
    documents: &EngineDocuments<'_>,
    diagnostics: &mut Diagnostics,
) {
    // Without an ECM the capabilities are unknown.
    let Some(first) = documents.ecm.and_then(|page| page.capabilities.first()) else { return };
    for entry in entries {
        let name = &entry.capability;
        let Some(capability) = contract.capabilities.iter().find(|known| known.id == name.value) else {
            let known = contract.capabilities.iter().map(|capability| capability.id.as_str());
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_CAPABILITY,
                    format!("the engine has no capability `{}`", name.value),
                    name.span,
                    "which capability?",
                )
                .beside(first.id.span, "its capabilities")
                .help(guess_or(&name.value, known, "name a capability of the engine's ECM")),
            );
            continue;
        };
        for (field, list) in &entry.fields {
            if let Some(known) = capability.input_fields().find(|known| known.name == field.value) {
                check_classes(&known.ty, list, diagnostics);
            } else {
                unknown_input(field, capability, diagnostics);
            }
        }
    }
}

fn unknown_input(field: &Text, capability: &Capability, diagnostics: &mut Diagnostics) {
    let known = capability.input_fields().map(|field| field.name.as_str());
    diagnostics.push(
        Diagnostic::new(
            codes::UNKNOWN_NAME,
            format!("`{}` has no input `{}`", capability.id, field.value),
            field.span,
            "which input?",
        )
        .help(guess_or(&field.value, known, "name an input of the capability")),
    );
}

/// A refusal carries the code of a refusal, a replay that of a replay.
pub(super) fn check_refusals(lexicon: &Lexicon, register: &Register, diagnostics: &mut Diagnostics) {
    let engines = lexicon.engines.iter().map(|(_, scope)| scope);
    for scope in std::iter::once(&lexicon.shared).chain(engines) {
        for (refusal, code) in &scope.refusals {
            let wanted =
                if *refusal == RefusalClass::Replay { ReasonClass::Replay } else { ReasonClass::Refusal };
            let class = register.find(&code.value).and_then(|(_, code)| code.class.as_ref());
            if class.is_some_and(|class| !refusal.takes(class.value)) {
                let use_ = format!("the refusal of `{}`", refusal.as_str());
                check(&code.value, wanted, &use_, code.span, register, diagnostics);
            }
        }
    }
}

/// The event of an applied write carries a step, and a value out of its bounds is refused with a refusal.
pub(super) fn check_uses(
    contract: &Contract,
    file: &str,
    names: &Names<'_>,
    register: &Register,
    provenance: &Provenance,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: Vec<(String, Span)> = Vec::new();
    for capability in &contract.capabilities {
        let path = ["capabilities", &capability.id, "audit"].map(str::to_owned);
        let audit = capability.audit.as_ref().and_then(|audit| audit.reason_code.as_ref());
        if let (Some(code), Some(span)) = (audit, provenance.find(file, &path)) {
            let use_ = format!("the code of `{}`", capability.id);
            check(code, ReasonClass::Step, &use_, span, register, diagnostics);
        }
        for field in capability.input_fields() {
            let span = names.lexicon_span(&field.name, None);
            if let (Some(code), Some(span)) = (&field.violation, span)
                && !seen.contains(&(code.clone(), span))
            {
                seen.push((code.clone(), span));
                let use_ = format!("the `violation` of `{}`", field.name);
                check(code, ReasonClass::Refusal, &use_, span, register, diagnostics);
            }
        }
    }
}

fn check(
    code: &str,
    wanted: ReasonClass,
    use_: &str,
    span: Span,
    register: &Register,
    diagnostics: &mut Diagnostics,
) {
    let Some((_, registered)) = register.find(code) else { return };
    let Some(class) = registered.class.as_ref().filter(|class| class.value != wanted) else { return };
    let message = format!("`{code}` is of class `{}`, not `{}`", class.value.as_str(), wanted.as_str());
    diagnostics.push(
        Diagnostic::new(codes::WRONG_CLASS, message, span, use_)
            .and(class.span, "its class")
            .help(format!("use a code of class `{}` here", wanted.as_str())),
    );
}
