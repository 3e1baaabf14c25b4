//! The headers of the two pages of an engine.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::subject::Engine;
use crate::parse::document::Text;

/// What a status says of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    InUse,
    NotYet,
    Over,
}

/// Words of a status. PASS says that the proof of a wiring passed, which only an engine in use can have.
const STATUSES: [(&str, Life); 8] = [
    ("ACTIVE", Life::InUse),
    ("PASS", Life::InUse),
    ("DEFERRED", Life::NotYet),
    ("DRAFT", Life::NotYet),
    ("PLANNED", Life::NotYet),
    ("PROPOSED", Life::NotYet),
    ("DEPRECATED", Life::Over),
    ("RETIRED", Life::Over),
];

fn life(status: &Text) -> Option<Life> {
    let word = status.value.to_ascii_uppercase();
    STATUSES.iter().find(|(known, _)| *known == word).map(|(_, life)| *life)
}

/// Versions of the two pages.
pub fn versions(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for (ecm, wiring) in subject.engines.iter().filter_map(Engine::pages) {
        let (Some(one), Some(other)) = (&ecm.header.version, &wiring.header.version) else { continue };
        if one.value != other.value {
            let message = format!("the ECM is version `{}`, its DB wiring `{}`", one.value, other.value);
            diagnostics.push(
                Diagnostic::new(codes::DIFFERENT_VERSIONS, message, other.span, "this version")
                    .and(one.span, "the ECM's")
                    .help(format!("write `{}` on both pages, or bring the older one up to date", one.value)),
            );
        }
    }
}

/// Statuses of the two pages, as far as they say whether the engine is in use.
pub fn statuses(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, wiring)) = engine.pages() else { continue };
        let (Some(one), Some(other)) = (&ecm.header.status, &wiring.header.status) else { continue };
        if let (Some(of_ecm), Some(of_wiring)) = (life(one), life(other))
            && of_ecm != of_wiring
        {
            let id = &engine.id.value;
            let message = format!("`{id}` is {} by its ECM and {} by its DB wiring", one.value, other.value);
            diagnostics.push(
                Diagnostic::new(codes::DIFFERENT_STATUS, message, other.span, "this status")
                    .and(one.span, "the ECM's")
                    .help("say the same on both pages"),
            );
        }
    }
}

/// Words that say nothing about whether an engine is in use.
pub fn unknown_status(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for page in subject.engines.iter().flat_map(Engine::each_page) {
        if let Some(status) = page.header.status.as_ref().filter(|status| life(status).is_none()) {
            let known = STATUSES.map(|(word, _)| word);
            let message = format!("`{}` is not a status", status.value);
            diagnostics.push(Diagnostic::new(codes::UNKNOWN_STATUS, message, status.span, "not known").help(
                crate::diagnostics::guess_or(
                    &status.value.to_ascii_uppercase(),
                    known,
                    &format!("use one of `{}`", known.join("`, `")),
                ),
            ));
        }
    }
}

/// Engines that are not in use.
pub fn deferred(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let statuses: Vec<&Text> =
            engine.each_page().filter_map(|page| page.header.status.as_ref()).collect();
        let is_idle = |status: &&&Text| life(status).is_some_and(|life| life != Life::InUse);
        let Some(first) = statuses.iter().find(is_idle) else { continue };
        let message = format!(
            "`{}` is {}, and its capabilities become part of the contracts all the same",
            engine.id.value, first.value
        );
        let mut finding = Diagnostic::new(codes::DEFERRED_ENGINE, message, first.span, "by this page")
            .help("move its pages out of specs/ until it is in use, or mark its reason codes with `retired: true` and remove them");
        if let Some(other) = statuses.iter().find(|other| other.span != first.span) {
            finding = finding.and(other.span, "the other page");
        }
        diagnostics.push(finding);
    }
}

/// Versions that the titles of pages name, against those of the headers below them.
pub fn title_versions(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for page in subject.engines.iter().flat_map(Engine::each_page) {
        let (Some(title), Some(version)) = (&page.title, &page.header.version) else { continue };
        let is_end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | ':' | '`');
        let named = title.value.split(is_end).find(|word| numbers(word).is_some());
        let Some(named) = named.filter(|named| numbers(named) != numbers(&version.value)) else { continue };
        let message = format!("the title names version `{named}`, and the header `{}`", version.value);
        diagnostics.push(
            Diagnostic::new(codes::VERSION_AGAINST_TITLE, message, title.span, "this title")
                .and(version.span, "this version")
                .help("name the same version in both, or none in the title"),
        );
    }
}

/// The numbers of `v1.2`, without zeros at their end: `v1` and `v1.0` are one version.
fn numbers(version: &str) -> Option<Vec<u32>> {
    let rest = version.strip_prefix(['v', 'V'])?;
    let mut numbers = rest.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()?;
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}
