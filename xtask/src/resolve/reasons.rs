//! Reason codes of one engine: what the register holds, and whether everything that uses a code may use it.

use selene_codegen::contract::{Capability, Contract, ReasonCode, ReasonRef, RefusalClass};

use super::documents::EngineDocuments;
use super::names::Names;
use super::provenance::Provenance;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::lexicon::{Lexicon, Scope};
use crate::parse::reason_codes::{Register, RegisteredEngine};
use crate::source::Span;

/// Sections that name reason codes. Where one of them is missing, the codes that it would have named are unknown.
const NAMING_SECTIONS: [&str; 4] = [
    "Failure Modes + Reason Codes",
    "Audit Emission Requirements Per Capability",
    "Audit Emissions",
    "Writes",
];

/// The registered codes of an engine, by number.
pub fn codes_of(id: &str, register: &Register, file: &str, provenance: &mut Provenance) -> Vec<ReasonCode> {
    let Some(engine) = register.engine(id) else {
        return Vec::new();
    };
    let mut codes = Vec::new();
    for code in &engine.codes {
        // A code without a number or a class has its own diagnostic; nothing is written then.
        if let (Some(number), Some(class)) = (&code.number, &code.class) {
            provenance.add(file, &["reason_codes", &code.name.value], code.name.span);
            codes.push(ReasonCode {
                name: code.name.value.clone(),
                number: number.value,
                class: class.value,
                meaning: code.meaning.clone(),
                source: code.source.clone(),
                retired: code.retired,
            });
        }
    }
    codes.sort_by_key(|code| code.number);
    codes
}

/// Gives a contract the code of every class of refusal.
pub fn refusals(
    contract: &mut Contract,
    lexicon: &Lexicon,
    register: &Register,
    file: &str,
    provenance: &mut Provenance,
) {
    let own = lexicon.engine(&contract.engine.id).map(|scope| &scope.refusals);
    for class in RefusalClass::ALL {
        let code = own.and_then(|own| own.get(&class)).or_else(|| lexicon.shared.refusals.get(&class));
        let Some(code) = code else { continue };
        let own_engine =
            register.engine(&contract.engine.id).filter(|engine| engine.code(&code.value).is_some());
        let engine = own_engine.or_else(|| register.find(&code.value).map(|(engine, _)| engine));
        // A code that no engine registers is reported where the lexicon names it.
        if let Some(engine) = engine {
            provenance.add(file, &["refusals", class.as_str()], code.span);
            let reference = ReasonRef { engine: engine.id.value.clone(), name: code.value.clone() };
            contract.refusals.insert(class, reference);
        }
    }
}

/// Reports codes of refusals that no engine registers or that are retired, each once with all its places.
pub fn report_refusals(scope: &Scope, register: &Register, diagnostics: &mut Diagnostics) {
    let mut uses: Vec<Use> = Vec::new();
    for (class, code) in &scope.refusals {
        note(&mut uses, code, format!("the refusal of `{}`", class.as_str()));
    }
    for found in &uses {
        match register.find(&found.code) {
            Some((_, code)) if code.retired => found.report_retired(code.name.span, diagnostics),
            Some(_) => {}
            None => {
                let known = register
                    .engines
                    .iter()
                    .flat_map(|engine| &engine.codes)
                    .map(|code| code.name.value.as_str());
                found.report(
                    None,
                    format!("no engine registers the reason code `{}`", found.code),
                    guess_or(&found.code, known, "register it in reason_codes.yaml"),
                    (Span::start_of(register.file), "by none of these".to_owned()),
                    diagnostics,
                );
            }
        }
    }
}

/// A code with every place that uses it.
struct Use {
    code: String,
    /// The words may be empty, where the place says enough.
    places: Vec<(Span, String)>,
}

fn note(uses: &mut Vec<Use>, code: &Text, label: String) {
    let place = (code.span, label);
    match uses.iter_mut().find(|known| known.code == code.value) {
        Some(known) if known.places.contains(&place) => {}
        Some(known) => known.places.push(place),
        None => uses.push(Use { code: code.value.clone(), places: vec![place] }),
    }
}

impl Use {
    /// Reports a code that nobody registers; `engine` is the one that should.
    fn report(
        &self,
        engine: Option<&str>,
        message: String,
        help: String,
        (of_register, what): (Span, String),
        diagnostics: &mut Diagnostics,
    ) {
        let Some(first) = self.finding(codes::UNREGISTERED_CODE, message, "not registered", help) else {
            return;
        };
        diagnostics.push(first.beside(of_register, what).about(engine, &self.code));
    }

    fn report_retired(&self, registered: Span, diagnostics: &mut Diagnostics) {
        let message = format!("the reason code `{}` is retired", self.code);
        let help = "use another code here, or take `retired: true` away in reason_codes.yaml";
        if let Some(found) = self.finding(codes::RETIRED_CODE, message, "still in use here", help.to_owned())
        {
            diagnostics.push(found.beside(registered, "retired here"));
        }
    }

    fn finding(
        &self,
        code: &'static crate::diagnostics::Code,
        message: String,
        word: &str,
        help: String,
    ) -> Option<Diagnostic> {
        let label = |label: &str| if label.is_empty() { word.to_owned() } else { label.to_owned() };
        let mut places = self.places.iter().map(|(span, text)| (*span, label(text)));
        let (span, label) = places.next()?;
        let first = Diagnostic::new(code, message, span, label).help(help);
        Some(places.fold(first, |found, (span, label)| found.and(span, label)))
    }
}

/// Codes that the specs name and codes of values out of bounds must be the engine's own, and not retired.
pub fn report_uses(
    contract: &Contract,
    documents: &EngineDocuments<'_>,
    names: &Names<'_>,
    register: &Register,
    diagnostics: &mut Diagnostics,
) {
    let id = contract.engine.id.as_str();
    let mut uses: Vec<Use> = Vec::new();
    for code in documents.both().flat_map(|document| &document.reason_codes) {
        note(&mut uses, code, String::new());
    }
    let of_specs = uses.len();
    for field in contract.capabilities.iter().flat_map(Capability::input_fields) {
        if let Some(violation) = &field.violation {
            let span = names.lexicon_span(&field.name, None).unwrap_or(documents.id.span);
            let code = Text::new(violation.clone(), span);
            note(&mut uses, &code, format!("the `violation` of `{}`", field.name));
        }
    }
    let engine = register.engine(id);
    for (index, found) in uses.iter().enumerate() {
        match engine.and_then(|engine| engine.code(&found.code)) {
            Some(registered) if registered.retired => found.report_retired(registered.name.span, diagnostics),
            Some(_) => {}
            None => {
                let message = format!("`{id}` does not register the reason code `{}`", found.code);
                let help = help_for(&found.code, id, index < of_specs, engine, register);
                // What only the lexicon names may be a slip there.
                let of_specs = (index < of_specs).then_some(id);
                let place = match (register.find(&found.code), engine) {
                    (Some((other, code)), _) => (code.name.span, format!("a code of `{}`", other.id.value)),
                    (None, Some(engine)) => (engine.id.span, "not among its codes".to_owned()),
                    (None, None) => (Span::start_of(register.file), format!("no codes of `{id}`")),
                };
                found.report(of_specs, message, help, place, diagnostics);
            }
        }
    }
}

fn help_for(
    code: &str,
    id: &str,
    is_named: bool,
    engine: Option<&RegisteredEngine>,
    register: &Register,
) -> String {
    let known = || engine.into_iter().flat_map(|engine| &engine.codes).map(|known| known.name.value.as_str());
    if !is_named {
        let otherwise = "register it for this engine, or override the field under the engine in lexicon.yaml";
        return guess_or(code, known(), otherwise);
    }
    if let Some((other, _)) = register.find(code) {
        return format!("`{}` registers it; name a code of `{id}`", other.id.value);
    }
    if let Some(next) = engine.and_then(RegisteredEngine::next_number) {
        let line = format!("`{code}: {{ number: 0x{next:08X}, class: …, meaning: \"…\", source: \"…\" }}`");
        return guess_or(code, known(), &format!("add {line} under `{id}` in reason_codes.yaml"));
    }
    let block = register.next_block().map_or_else(|| "of its own".to_owned(), |next| format!("0x{next:04X}"));
    format!(
        "add `{id}:` with `block: {block}` to reason_codes.yaml, the next one that is free, and the code under it"
    )
}

/// Codes that are registered must be named by a spec.
pub fn report_unnamed(documents: &EngineDocuments<'_>, register: &Register, diagnostics: &mut Diagnostics) {
    let lacks_names = |section: &&str| documents.both().any(|document| document.lacks(section));
    if NAMING_SECTIONS.iter().any(lacks_names) {
        return;
    }
    let id = &documents.id.value;
    let is_whole = documents.ecm.is_some() && documents.db_wiring.is_some();
    let is_named = |name: &str| {
        documents.both().flat_map(|document| &document.reason_codes).any(|known| known.value == name)
    };
    for code in register.engine(id).map_or(&[][..], |engine| &engine.codes) {
        if !code.retired && !is_named(&code.name.value) {
            let kind = if is_whole { codes::UNNAMED_CODE } else { codes::UNNAMED_CODE_SO_FAR };
            diagnostics.push(
                Diagnostic::new(
                    kind,
                    format!("no spec of `{id}` names the reason code `{}`", code.name.value),
                    code.name.span,
                    "registered here",
                )
                .beside(documents.id.span, "by no page of this engine")
                .help(
                    "name it in the spec's `Failure Modes + Reason Codes`, or mark it with `retired: true`",
                ),
            );
        }
    }
}
