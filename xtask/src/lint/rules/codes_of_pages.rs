//! Reason codes: which page names them, in which section, and where the register says that they come from.

use selene_codegen::contract::ReasonClass;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{is_code, words};
use crate::lint::subject::head;
use crate::parse::document::{Document, Text};
use crate::parse::reason_codes::RegisteredCode;
use crate::source::{Sources, Span};

fn class_of(code: &RegisteredCode) -> Option<ReasonClass> {
    code.class.as_ref().map(|class| class.value)
}

/// Steps that one page names and the other does not. An ECM that names none leaves them to the DB wiring.
pub fn one_sided_steps(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let (Some((ecm, wiring)), Some(registered)) = (engine.pages(), register.engine(&engine.id.value))
        else {
            continue;
        };
        let is_step =
            |code: &&Text| registered.code(&code.value).and_then(class_of) == Some(ReasonClass::Step);
        let of_ecm: Vec<&Text> = ecm.audit.codes.iter().filter(is_step).collect();
        let of_writes = || wiring.writes.iter().filter_map(|write| write.reason_code.as_ref());
        let Some(first) = of_ecm.first() else { continue };
        for code in of_writes().filter(|code| !of_ecm.iter().any(|known| known.value == code.value)) {
            let message = format!("the ECM does not name the step `{}`", code.value);
            let known = of_ecm.iter().map(|code| code.value.as_str());
            diagnostics.push(
                Diagnostic::new(codes::ONE_SIDED_STEP, message, code.span, "carried by this write")
                    .and(first.span, "not among the ECM's steps")
                    .help(guess_or(&code.value, known, "add it to the ECM's audit section")),
            );
        }
        // What the caller brings may be any of them.
        let from_input = wiring.writes.iter().any(|write| write.bare_reason.is_some());
        for code in
            of_ecm.iter().filter(|code| !from_input && !of_writes().any(|known| known.value == code.value))
        {
            let at = wiring.writes.first().map_or(head(wiring), |write| write.heading.span);
            let message = format!("no write of the DB wiring carries the step `{}`", code.value);
            let known = of_writes().map(|code| code.value.as_str());
            diagnostics.push(
                Diagnostic::new(codes::ONE_SIDED_STEP, message, code.span, "named by the ECM")
                    .and(at, "the writes")
                    .help(guess_or(
                        &code.value,
                        known,
                        "write `reason_code=` with it at the write that it belongs to",
                    )),
            );
        }
    }
}

/// Codes in the ECM's section of failures that are no refusals, and refusals among the steps of its audit section.
pub fn misfiled(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let (Some(ecm), Some(registered)) = (engine.ecm, register.engine(&engine.id.value)) else { continue };
        let is_refusal = |class| matches!(class, ReasonClass::Refusal | ReasonClass::Replay);
        let mut misfiled = |name: &str, span: Span, wants_refusal: bool| {
            let Some(code) = registered.code(name) else { return };
            let Some(class) = class_of(code).filter(|class| is_refusal(*class) != wants_refusal) else {
                return;
            };
            let section = if wants_refusal { "failures" } else { "what events say" };
            let message =
                format!("`{name}` stands among {section}, and is a {} by the register", class.as_str());
            let place = code.class.as_ref().map_or(code.name.span, |class| class.span);
            diagnostics.push(
                Diagnostic::new(codes::MISFILED_CODE, message, span, "named here")
                    .and(place, "its class")
                    .help("name it in the other section, or name a code of the class that belongs here"),
            );
        };
        for sentence in &ecm.failure_rules {
            for (word, span) in words(sentence.span, subject.sources) {
                misfiled(word, span, true);
            }
        }
        for code in &ecm.audit.codes {
            misfiled(&code.value, code.span, false);
        }
    }
}

/// Words in sentences that begin as the codes of an engine do, and are none.
pub fn in_sentences(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    let all = || register.engines.iter().flat_map(|engine| &engine.codes);
    let values = Subject::values(subject.scopes());
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        let prefix = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
        let own: Vec<String> = registered.codes.iter().map(|code| prefix(&code.name.value)).collect();
        for page in engine.each_page() {
            let sentences = page.relations.constraints.iter().chain(&page.relations.unique);
            let invariants = page.tables.iter().flat_map(|table| &table.invariants);
            let rules = page.audit_rules.iter().chain(&page.failure_rules);
            for sentence in sentences.chain(invariants).chain(rules) {
                for (word, span) in words(sentence.span, subject.sources) {
                    let is_ours = is_code(word) && own.contains(&prefix(word)) && !values.contains(word);
                    if !is_ours
                        || page.has_capability(word)
                        || engine.contract.capabilities.iter().any(|one| one.id == word)
                    {
                        continue;
                    }
                    let known = all().find(|code| code.name.value == word);
                    match known {
                        Some(code) if code.retired => retired(word, span, code, diagnostics),
                        Some(_) => {}
                        None => unknown(word, span, registered.id.span, all(), diagnostics),
                    }
                }
            }
        }
    }
}

fn retired(word: &str, span: Span, code: &RegisteredCode, diagnostics: &mut Diagnostics) {
    let message = format!("this sentence names `{word}`, which is retired");
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_CODE_IN_SENTENCE, message, span, "named here")
            .and(code.name.span, "retired here")
            .help("name the code that took its place, or say it without a code"),
    );
}

fn unknown<'a>(
    word: &str,
    span: Span,
    register: Span,
    known: impl Iterator<Item = &'a RegisteredCode>,
    diagnostics: &mut Diagnostics,
) {
    let message = format!("this sentence names the reason code `{word}`, which nobody registers");
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_CODE_IN_SENTENCE, message, span, "not known")
            .and(register, "the codes that are")
            .help(guess_or(
                word,
                known.map(|code| code.name.value.as_str()),
                "register it in reason_codes.yaml",
            )),
    );
}

/// Codes whose `source` is a section that does not name them.
pub fn wrong_source(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(((ecm, wiring), registered)) = engine.pages().zip(register.engine(&engine.id.value)) else {
            continue;
        };
        for code in registered.codes.iter().filter(|code| !code.retired) {
            let Some((half, section)) = code.source.split_once(':') else { continue };
            let page = match half.trim() {
                "ECM" => ecm,
                "DB wiring" => wiring,
                _ => continue,
            };
            let Some((lines, heading)) = section_of(page, section.trim(), subject.sources) else {
                report_source(code, format!("no section `{}`", section.trim()), head(page), diagnostics);
                continue;
            };
            let text = subject.sources.get(page.file).text.get(lines).unwrap_or_default();
            let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            if !words.any(|word| word == code.name.value) {
                report_source(code, "no such code in its section".to_owned(), heading, diagnostics);
            }
        }
    }
}

fn report_source(code: &RegisteredCode, what: String, place: Span, diagnostics: &mut Diagnostics) {
    let message = format!("`{}` does not come from where the register says", code.name.value);
    diagnostics.push(
        Diagnostic::new(codes::WRONG_SOURCE, message, code.name.span, format!("from `{}`", code.source))
            .and(place, what)
            .help("write the page and the heading of the section that names the code"),
    );
}

/// The bytes of a section, and the place of its heading. Its number and what stands in brackets behind it do not count.
fn section_of(page: &Document, name: &str, sources: &Sources) -> Option<(std::ops::Range<usize>, Span)> {
    let wanted = bare(name);
    let mut start = 0;
    let mut found: Option<(usize, Span)> = None;
    let text = &sources.get(page.file).text;
    for line in text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        let Some(heading) = line.strip_prefix("## ") else { continue };
        if let Some((from, span)) = found {
            return Some((from..at, span));
        }
        if bare(crate::parse::section::without_number(heading)).eq_ignore_ascii_case(wanted) {
            found = Some((start, Span::new(page.file, at, at + line.trim_end().len())));
        }
    }
    found.map(|(from, span)| (from..text.len(), span))
}

fn bare(heading: &str) -> &str {
    heading.split(" (").next().unwrap_or_default().trim()
}
