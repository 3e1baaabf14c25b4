//! `## Capability List`: one heading per capability, one bullet per property.

use std::borrow::Cow;

use super::ids::{ID_KEY, has_id_key, ids_at_start};
use super::properties::{PROPERTIES, properties, split};
use super::schemas;
use super::unread::{lists_only, no_children, stray_blocks, unknown_bullet};
use super::words::{codes_in, each_key_of, is_lower_snake};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::parse::bullet::{Bullet, code_text};
use crate::parse::document::{CallersText, CapabilityText, Document, SchemaText, Text};
use crate::parse::keys;
use crate::parse::section::Section;
use crate::read::markdown::{Inline, Item};
use crate::source::Spanned;

const KEYS: [&str; 5] = ["name", "input_schema", "output_schema", "allowed_callers", "side_effects"];

/// Whether the first capability of a list is named as `### capability_id: X`.
#[must_use]
pub fn names_capabilities_by_key(list: &Section<'_>) -> bool {
    let first = list.sections.iter().find_map(|section| Some((section, section.heading?)));
    first.is_some_and(|(section, words)| has_id_key(words) || names_capabilities_by_key(section))
}

/// Reads the capabilities below the section, at any depth: a heading that names none may group those below it.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    let before = document.capabilities.len();
    read_bullets(section, document, diagnostics);
    read_below(section, document, diagnostics);
    let found = document.capabilities.len() > before || !section.sections.is_empty();
    if let Some(span) = section.span().filter(|_| !found) {
        diagnostics.push(
            Diagnostic::new(codes::EMPTY_SECTION, "no capability stands in this section", span, "empty")
                .help("add one heading per capability: ``### `PH1W_ENROLL_START_DRAFT_ROW` ``"),
        );
    }
}

/// `- capability_id: X` with its properties below; everything else right below the heading is understood by nobody.
fn read_bullets(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    let is_capability = |item: &Item| {
        !ids_at_start(&item.words).0.is_empty()
            && (item.children.iter().any(is_property) || !item.children.is_empty() && has_id_key(&item.words))
    };
    let beside = with_properties_beside(section);
    let items = || section.items().filter(|_| beside.is_empty()).chain(&beside);
    if !items().any(is_capability) {
        stray_blocks(section, diagnostics);
        return;
    }
    lists_only(section, diagnostics);
    for item in items() {
        let bullet = Bullet::new(item, diagnostics);
        let ids = ids_at_start(&item.words);
        if ids.0.is_empty() {
            unknown_bullet(&item.words, &bullet.name(), &[ID_KEY], diagnostics);
            continue;
        }
        let properties: Vec<Cow<'_, Item>> = item.children.iter().flat_map(split).collect();
        add(ids, properties.iter().map(AsRef::as_ref), document, diagnostics);
    }
}

/// `- capability_id: X` with its properties as the bullets behind it, each capability as one bullet; none where they stand below.
fn with_properties_beside(section: &Section<'_>) -> Vec<Item> {
    let is_id = |item: &Item| has_id_key(&item.words) && item.children.is_empty();
    let mut found: Vec<Item> = Vec::new();
    for item in section.items() {
        match found.last_mut() {
            Some(last) if !has_id_key(&item.words) => last.children.push(item.clone()),
            Some(_) => found.push(item.clone()),
            None if is_id(item) => found.push(item.clone()),
            None => return Vec::new(),
        }
    }
    found
}

fn read_below(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    for child in &section.sections {
        let Some(words) = child.heading else { continue };
        let ids = ids_at_start(words);
        if !ids.0.is_empty() {
            lists_only(child, diagnostics);
            let properties = properties(child, document, diagnostics);
            add(ids, properties.iter().map(AsRef::as_ref), document, diagnostics);
        } else if let Some(item) = id_bullet(child) {
            let _ = Bullet::new(item, diagnostics);
            lists_only(child, diagnostics);
            document.add_heading(child);
            let properties = properties(child, document, diagnostics);
            let others =
                properties.iter().map(AsRef::as_ref).filter(|other| other.words.span != item.words.span);
            add(ids_at_start(&item.words), others, document, diagnostics);
        } else if holds_capabilities(child) {
            document.add_heading(child);
            super::prose::introduction(child, document, diagnostics);
            read_below(child, document, diagnostics);
        } else {
            malformed(words, diagnostics);
        }
    }
}

fn malformed(words: &Inline, diagnostics: &mut Diagnostics) {
    let named = if words.is_empty() { "an empty heading".to_owned() } else { format!("`{}`", words.plain()) };
    diagnostics.push(
        Diagnostic::new(
            codes::MALFORMED_CAPABILITY,
            format!("{named} is not the heading of a capability; nothing below it is read"),
            words.span,
            "not understood",
        )
        .help("write the id alone, in backticks and UPPER_SNAKE: ``### `PH1W_ENROLL_START_DRAFT_ROW` ``"),
    );
}

/// The bullet below a heading of words that gives the id: `- capability_id: X`.
fn id_bullet<'a>(section: &Section<'a>) -> Option<&'a Item> {
    section.items().find(|item| has_id_key(&item.words) && item.children.is_empty())
}

/// Whether a bullet states a property of a capability.
fn is_property(item: &Item) -> bool {
    keys::at_start(&item.words).is_some_and(|key| PROPERTIES.contains(&key.name))
}

fn holds_capabilities(section: &Section<'_>) -> bool {
    section.sections.iter().any(|child| {
        let names_one = child.heading.is_some_and(|words| !ids_at_start(words).0.is_empty());
        names_one || id_bullet(child).is_some() || holds_capabilities(child)
    })
}

/// Adds one capability per id, all with the same properties.
fn add<'a>(
    (ids, remark): (Vec<Text>, Option<Text>),
    items: impl Iterator<Item = &'a Item>,
    document: &mut Document,
    diagnostics: &mut Diagnostics,
) {
    let Some(first) = ids.first() else { return };
    let mut capability = CapabilityText::new(first.clone());
    match remark {
        Some(remark) if is_planned(&remark.value) => capability.planned = Some(remark),
        Some(remark) => capability.notes.push((Spanned::new("state".to_owned(), remark.span), remark)),
        None => {}
    }
    each_key_of(items, &PROPERTIES, diagnostics, |name, bullet, diagnostics| {
        fill(&mut capability, name, bullet, diagnostics);
    });
    for code in &capability.reason_codes {
        document.add_reason_code(code.clone());
    }
    for id in ids {
        document.add_capability(CapabilityText { id, ..capability.clone() });
    }
}

/// Whether the state of a capability is one of those that announce it: `(planned)`, `PLANNED`.
///
/// `draft` is none of them: many capabilities commit a draft row, and say so behind their id.
fn is_planned(state: &str) -> bool {
    let word = state.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
    matches!(word.as_str(), "planned" | "proposed" | "deferred")
}

fn fill(capability: &mut CapabilityText, name: &str, bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) {
    match name {
        "name" => {
            capability.name = Some(raw_text(&bullet.value));
            no_children(bullet, diagnostics);
        }
        "input_schema" => {
            capability.input = Some(read_schema(name, bullet, &mut capability.notes, diagnostics));
        }
        "output_schema" => {
            capability.output = Some(read_schema(name, bullet, &mut capability.notes, diagnostics));
        }
        "allowed_callers" => {
            let callers = read_callers(bullet, diagnostics);
            capability.allowed_callers = Some(callers.text);
            capability.simulation_gated = callers.simulation_gated;
            capability.callers = Some(callers.name);
        }
        "side_effects" => {
            capability.side_effects = Some(plain_text(&bullet.value));
            no_children(bullet, diagnostics);
        }
        "status" if is_planned(&bullet.value.plain()) => {
            capability.planned = Some(plain_text(&bullet.value));
            no_children(bullet, diagnostics);
        }
        _ if name == "reason_codes" || name.starts_with("reason code") => {
            read_codes(&mut capability.reason_codes, bullet, &mut capability.notes);
        }
        "failure_modes" => read_codes(&mut capability.failure_modes, bullet, &mut capability.notes),
        _ if is_lower_snake(name) => {
            if name == ID_KEY {
                unknown_bullet(&bullet.item.words, "", &KEYS, diagnostics);
            }
            // A note keeps its words; a mistyped key would lose its meaning without anybody noticing.
            if let Some(near) = nearest(name, PROPERTIES).filter(|near| strsim::levenshtein(name, near) <= 3)
            {
                unknown_bullet(&bullet.item.words, name, &[near], diagnostics);
            }
            capability.notes.push(bullet.note());
        }
        _ => unknown_bullet(&bullet.item.words, name, &KEYS, diagnostics),
    }
}

fn read_schema(
    key: &str,
    bullet: &Bullet<'_>,
    notes: &mut Vec<(Text, Text)>,
    diagnostics: &mut Diagnostics,
) -> SchemaText {
    let (schema, behind) = schemas::read(bullet, diagnostics);
    if let Some(behind) = behind {
        notes.push((Spanned::new(key.to_owned(), behind.span), behind));
    }
    schema
}

/// A list of codes in the value or in the bullets below; words among them are kept as a note.
fn read_codes(found: &mut Vec<Text>, bullet: &Bullet<'_>, notes: &mut Vec<(Text, Text)>) {
    let mut has_more_words = add_codes(found, &bullet.value);
    let mut below: Vec<&Item> = bullet.item.children.iter().rev().collect();
    while let Some(item) = below.pop() {
        has_more_words |= add_codes(found, &item.words);
        below.extend(item.children.iter().rev());
    }
    if has_more_words {
        notes.push(bullet.note());
    }
}

/// Adds the codes among words; whether there are other words too.
fn add_codes(found: &mut Vec<Text>, words: &Inline) -> bool {
    let codes = codes_in(words);
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let has_more_words = letters(words.raw()) != codes.iter().map(|code| letters(&code.value)).sum::<usize>();
    found.extend(codes);
    has_more_words
}

/// Who may call, in a capability or in the engine header.
pub(super) fn read_callers(bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) -> CallersText {
    let (name, rest) = name_and_rest(&bullet.value);
    let simulation_gated = rest.text().eq_ignore_ascii_case("(simulation-gated)");
    if !simulation_gated && !rest.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                codes::TRAILING_WORDS,
                "the words behind the callers are not understood",
                rest.span,
                "",
            )
            .help("write nothing, or `(simulation-gated)`"),
        );
    }
    no_children(bullet, diagnostics);
    CallersText { text: plain_text(&bullet.value), name, simulation_gated }
}

/// The code span that starts the words, or the words before a bracket, and what stands behind.
fn name_and_rest(words: &Inline) -> (Text, Inline) {
    if let Some(code) = words.codes.first().filter(|code| code.outer.start == words.span.start) {
        return (code_text(code), words.after(code.outer.end));
    }
    let end = words.find_outside_code(|c, _| c == '(').unwrap_or(words.span.end);
    let name = words.part(words.span.start..end);
    (Spanned::new(name.plain(), name.span), words.after(end))
}

/// Gives the callers of the header to every capability that states none.
pub(super) fn callers_of_the_header(document: &mut Document) {
    let Some(callers) = document.header.callers.clone() else { return };
    for capability in document.capabilities.iter_mut().filter(|one| one.allowed_callers.is_none()) {
        capability.allowed_callers = Some(callers.text.clone());
        capability.callers = Some(callers.name.clone());
        capability.simulation_gated = callers.simulation_gated;
    }
}

/// Reports what a capability does not say and must.
pub(super) fn report_missing(document: &Document, keys: &[&str], diagnostics: &mut Diagnostics) {
    for capability in &document.capabilities {
        let found = [
            capability.name.is_some(),
            capability.input.is_some(),
            capability.output.is_some(),
            capability.allowed_callers.is_some(),
            capability.side_effects.is_some(),
        ];
        for (key, found) in KEYS.into_iter().zip(found) {
            // What is planned says what it will be for, and whether it will write; the rest may be open.
            let may_be_open = capability.planned.is_some() && !matches!(key, "name" | "side_effects");
            if !found && keys.contains(&key) && !may_be_open {
                let message = format!("the capability `{}` has no `{key}`", capability.id.value);
                diagnostics.push(
                    Diagnostic::new(codes::MISSING_KEY, message, capability.id.span, "this capability")
                        .help(format!("add `` - `{key}`: `…` ``")),
                );
            }
        }
    }
}

fn raw_text(words: &Inline) -> Text {
    Spanned::new(words.text(), words.span)
}

fn plain_text(words: &Inline) -> Text {
    Spanned::new(words.plain(), words.span)
}
