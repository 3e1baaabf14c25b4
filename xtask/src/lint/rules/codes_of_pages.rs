//! Reason codes: which page names them, in which section, and where the register says that they come from.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::ReasonClass;

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::code_spans;
use crate::lint::subject::head;
use crate::parse::document::{Document, Text};
use crate::parse::reason_codes::RegisteredCode;
use crate::parse::sections::Known;
use crate::source::{Sources, Span};

pub(super) fn class_of(code: &RegisteredCode) -> Option<ReasonClass> {
    code.class.as_ref().map(|class| class.value)
}

/// Sentences of the ECM that lead from a capability to codes, none of which its write carries: `` `PH1W_…` -> `WAKE_…` ``.
fn mapped_steps(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let rules = engine.ecm.into_iter().flat_map(|page| &page.audit_rules);
        let mapped: Vec<&Text> = rules.filter(|rule| rule.value.contains("` -> `")).collect();
        if mapped.is_empty() {
            continue;
        }
        let writes = engine.writes(subject);
        let carried: BTreeMap<&str, &Text> = writes
            .iter()
            .filter_map(|write| Some((write.capability.id.as_str(), write.text.reason_code.as_ref()?)))
            .collect();
        for rule in mapped {
            let named = code_spans(rule.span, subject.sources);
            let [(id, _), first, others @ ..] = named.as_slice() else { continue };
            let Some(write) = carried.get(id) else { continue };
            if std::iter::once(first).chain(others).any(|(code, _)| *code == write.value) {
                continue;
            }
            let message =
                format!("the ECM leads from `{id}` to `{}`, and its write to `{}`", first.0, write.value);
            diagnostics.push(
                Diagnostic::new(codes::ONE_SIDED_STEP, message, first.1, "named by the ECM")
                    .and(write.span, "carried by the write")
                    .help("name the same code in both pages"),
            );
        }
    }
}

/// Steps that one page names and the other does not. An ECM that names none leaves them to the DB wiring.
pub fn one_sided_steps(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    mapped_steps(subject, diagnostics);
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let (Some((ecm, wiring)), Some(registered)) = (engine.pages(), register.engine(&engine.id.value))
        else {
            continue;
        };
        // That a capability has two codes says the same.
        if subject.is_reported(codes::CONFLICTING_CODE, wiring.file) {
            continue;
        }
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

/// Codes whose `source` is a section that does not name them.
pub fn wrong_source(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(((ecm, wiring), registered)) = engine.pages().zip(register.engine(&engine.id.value)) else {
            continue;
        };
        // A code that no page names has its finding already.
        let named: BTreeSet<&str> =
            engine.each_page().flat_map(|page| &page.reason_codes).map(|code| code.value.as_str()).collect();
        // Each section is read once, however many codes come from it.
        let mut sections: BTreeMap<&str, Option<Section<'_>>> = BTreeMap::new();
        let is_named = |code: &&RegisteredCode| !code.retired && named.contains(code.name.value.as_str());
        for code in registered.codes.iter().filter(is_named) {
            let Some((half, section)) = code.source.split_once(':') else { continue };
            let page = match half.trim() {
                "ECM" => ecm,
                "DB wiring" => wiring,
                _ => continue,
            };
            let found = sections
                .entry(&code.source)
                .or_insert_with(|| section_of(page, section.trim(), subject.sources));
            match found {
                None => {
                    report_source(code, format!("no section `{}`", section.trim()), head(page), diagnostics);
                }
                Some(section) if !section.words.contains(code.name.value.as_str()) => {
                    let what = "no such code in its section".to_owned();
                    report_source(code, what, section.heading, diagnostics);
                }
                Some(_) => {}
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

/// A section of a page.
struct Section<'a> {
    heading: Span,
    /// What stands in it, without marks between words.
    words: BTreeSet<&'a str>,
}

/// The section of that name. Its number and what stands in brackets behind it do not count.
fn section_of<'a>(page: &Document, name: &str, sources: &'a Sources) -> Option<Section<'a>> {
    let wanted = bare(name);
    let mut start = 0;
    let mut found: Option<Section<'a>> = None;
    for line in sources.get(page.file).text.split_inclusive('\n') {
        let at = start;
        start += line.len();
        match (line.strip_prefix("## "), &mut found) {
            (Some(_), Some(_)) => break,
            (Some(heading), None) => {
                if bare(crate::parse::section::without_mark(heading)).eq_ignore_ascii_case(wanted) {
                    let heading = Span::new(page.file, at, at + line.trim_end().len());
                    found = Some(Section { heading, words: BTreeSet::new() });
                }
            }
            (None, Some(section)) => {
                section.words.extend(line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
            }
            (None, None) => {}
        }
    }
    found.or_else(|| section_as_read(page, wanted, &sources.get(page.file).text))
}

/// The same on a page whose headings lack their marks, or have others before them: by what was read as headings.
fn section_as_read<'a>(page: &Document, wanted: &str, text: &'a str) -> Option<Section<'a>> {
    let name = |heading: &Text| bare(crate::parse::section::without_mark(&heading.value)).to_owned();
    let heading = page.headings.iter().find(|heading| name(heading).eq_ignore_ascii_case(wanted))?;
    let behind = page.headings.iter().filter(|other| other.span.start > heading.span.start);
    let next = behind.filter(|other| Known::of_name(&name(other)).is_some());
    let end = next.map(|other| other.span.start).min().unwrap_or(text.len());
    let words = text[heading.span.end..end].split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    Some(Section { heading: heading.span, words: words.collect() })
}

fn bare(heading: &str) -> &str {
    heading.split(" (").next().unwrap_or_default().trim()
}
