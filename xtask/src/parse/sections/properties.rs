//! The properties of a capability as bullets: one for each, several in one line, or headings with bullets below.

use std::borrow::Cow;

use super::unread::{lists_only, no_subsections, unknown_heading};
use crate::diagnostics::Diagnostics;
use crate::parse::document::Document;
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};

/// Every key that has a meaning.
pub const PROPERTIES: [&str; 7] = [
    "name",
    "input_schema",
    "output_schema",
    "allowed_callers",
    "side_effects",
    "reason_codes",
    "failure_modes",
];

/// The bullets of a section, and the headings below it that are named as properties, each as a bullet.
pub(super) fn properties<'a>(
    section: &Section<'a>,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) -> Vec<Cow<'a, Item>> {
    let mut found: Vec<Cow<'a, Item>> = section.items().flat_map(split).collect();
    for child in &section.sections {
        let name = child.name().trim_end_matches(':').to_ascii_lowercase();
        if let Some(words) = child.heading.filter(|_| PROPERTIES.contains(&name.as_str())) {
            document.read.push((words.span, "key"));
            lists_only(child, diagnostics);
            no_subsections(child, diagnostics);
            let children = child.items().cloned().collect();
            found.push(Cow::Owned(Item { children, ..Item::new(words.clone()) }));
        } else {
            unknown_heading(child, diagnostics);
            no_subsections(child, diagnostics);
        }
    }
    found
}

/// `input_schema: a; output_schema: b` as two bullets; what stands below belongs to the last of them.
pub(super) fn split(item: &Item) -> Vec<Cow<'_, Item>> {
    let starts = starts_of_keys(&item.words);
    if starts.len() < 2 || item.key.is_some() {
        return vec![Cow::Borrowed(item)];
    }
    let ends = starts.iter().skip(1).copied().chain([item.words.span.end]);
    let mut parts: Vec<Cow<'_, Item>> = Vec::new();
    for (start, end) in starts.iter().copied().zip(ends) {
        let raw = item.words.part(start..end);
        let kept = raw.raw().trim_end_matches([';', ',', '|', ' ']).len();
        let words = item.words.part(start..start + kept);
        parts.push(Cow::Owned(Item::new(words)));
    }
    if let Some(last) = parts.last_mut() {
        let last = last.to_mut();
        last.children.clone_from(&item.children);
        last.strays.clone_from(&item.strays);
    }
    parts
}

/// Where a known key with its colon starts, outside of code and behind the start or a mark that separates.
fn starts_of_keys(words: &Inline) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut from = words.span.start;
    for colon in words.all_outside_code(|c, next| c == ':' && next.is_none_or(char::is_whitespace)) {
        let before = &words.raw()[from - words.span.start..colon - words.span.start];
        let raw = before.trim_end().trim_end_matches('`');
        let lead = raw.trim_end_matches(|c: char| c.is_ascii_lowercase() || c == '_');
        let key = &raw[lead.len()..];
        let lead = lead.trim_end_matches('`');
        let separates =
            lead.trim_end().ends_with([';', ',', '|']) || (lead.trim().is_empty() && starts.is_empty());
        if PROPERTIES.contains(&key) && separates {
            starts.push(from + lead.len());
        }
        from = colon + 1;
    }
    if starts.first() == Some(&words.span.start) { starts } else { Vec::new() }
}
