//! Refusals: which code the ECM's section of failures gives a kind of failure, and which one the lexicon.

use std::collections::BTreeSet;

use selene_codegen::contract::{ReasonClass, RefusalClass};
use selene_codegen::naming::module_name;

use super::codes_of_pages::class_of;
use super::values::notes;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, is_code, is_denied, raw, words};
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// Words of a line about a failure, and the class of refusal that they mean.
const CLASSES: [(&str, RefusalClass); 4] = [
    ("replay", RefusalClass::Replay),
    ("append-only", RefusalClass::AppendOnly),
    ("out of bounds", RefusalClass::Contract),
    ("out of scope", RefusalClass::Scope),
];

/// Lines of the ECM that give a class of refusal one code, where the lexicon gives it another.
pub fn other_code(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let (Some(register), Some(_)) = (subject.register(), subject.lexicon()) else { return };
    let scopes = subject.scopes();
    let fields = scopes.iter().flat_map(|scope| &scope.fields);
    let violations: BTreeSet<&str> =
        fields.filter_map(|field| field.violation.as_ref()).map(|code| code.value.as_str()).collect();
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        for line in engine.ecm.iter().flat_map(|page| &page.failure_rules) {
            let found = words(line.span, subject.sources);
            let named: Vec<&Word<'_>> = found.iter().filter(|(word, _)| is_code(word)).collect();
            let text = raw(line.span, subject.sources).to_ascii_lowercase();
            let meant: Vec<&(&str, RefusalClass)> =
                CLASSES.iter().filter(|(words, _)| text.contains(words)).collect();
            // A line about several failures, or with several codes, says nothing of one of them alone.
            let ([(code, place)], [(_, class)]) = (named.as_slice(), meant.as_slice()) else { continue };
            let Some(of_lexicon) = engine.contract.refusals.get(class) else { continue };
            // A field may have a code of its own for values out of its bounds.
            let is_of_field = *class == RefusalClass::Contract && violations.contains(code);
            if registered.code(code).is_none() || of_lexicon.name == *code || is_of_field {
                continue;
            }
            let file = module_name(&engine.id.value);
            let at = subject.resolved.provenance.exact(&file, &["refusals", class.as_str()]);
            let message = format!(
                "`{}` refuses with `{code}` by its ECM, and with `{}` by the lexicon",
                engine.id.value, of_lexicon.name
            );
            diagnostics.push(
                Diagnostic::new(codes::REFUSAL_AGAINST_LEXICON, message, *place, "by this line")
                    .and(at.unwrap_or(registered.id.span), format!("the lexicon's `{}`", class.as_str()))
                    .help("name the same code in the ECM and under `refusals` of lexicon.yaml"),
            );
        }
    }
}

/// Sentences that refuse a call with a code that is of no refusal.
pub fn of_other_class(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        for clause in
            engine.each_page().flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources))
        {
            for (name, place) in refused_with(clause, subject) {
                let Some(code) = registered.code(name) else { continue };
                let class = class_of(code);
                if class.is_none_or(|class| matches!(class, ReasonClass::Refusal | ReasonClass::Replay)) {
                    continue;
                }
                let class = class.map_or("", ReasonClass::as_str);
                let message = format!("a call is refused with `{name}`, which is of class `{class}`");
                let at = code.class.as_ref().map_or(code.name.span, |class| class.span);
                diagnostics.push(
                    Diagnostic::new(codes::REFUSED_WITH_OTHER_CLASS, message, place, "refused with this")
                        .and(at, "its class")
                        .help("name a code of class `refusal`"),
                );
            }
        }
    }
}

fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let rules = page.relations.constraints.iter().chain(&page.audit_rules).chain(&page.failure_rules);
    invariants.chain(rules).chain(notes(page).map(|(_, note)| note))
}

/// The codes right behind `refused with`.
fn refused_with<'a>(clause: Span, subject: &Subject<'a>) -> Vec<Word<'a>> {
    const REFUSED: &str = "refused with ";
    let text = raw(clause, subject.sources);
    let Some(at) = text.find(REFUSED).filter(|_| !is_denied(clause, &[], subject.sources)) else {
        return Vec::new();
    };
    let behind =
        words(Span::new(clause.file, clause.start + at + REFUSED.len(), clause.end), subject.sources);
    behind
        .into_iter()
        .take_while(|(word, _)| is_code(word) || matches!(*word, "or" | "and"))
        .filter(|(word, _)| is_code(word))
        .collect()
}
