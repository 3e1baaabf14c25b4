//! `## Capability List`: one `###` per capability, one bullet per property.

use super::unread::{lists_only, no_children, no_subsections, stray_blocks, unknown_bullet};
use super::words::{each_key, is_lower_snake, looks_like_reason_code};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::parse::bullet::Bullet;
use crate::parse::document::{CapabilityText, Document, SchemaText, Text};
use crate::parse::schema;
use crate::parse::section::Section;
use crate::read::markdown::{Inline, collapse};
use crate::source::{Span, Spanned};

const KEYS: [&str; 5] = ["name", "input_schema", "output_schema", "allowed_callers", "side_effects"];

/// Reads one capability per heading below the section.
pub fn read(section: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
    stray_blocks(section, diagnostics);
    if let Some(span) = section.span().filter(|_| section.sections.is_empty()) {
        diagnostics.push(
            Diagnostic::new(codes::EMPTY_SECTION, "no capability stands in this section", span, "empty")
                .help("add one heading per capability: ``### `PH1W_ENROLL_START_DRAFT_ROW` ``"),
        );
    }
    for child in &section.sections {
        if let Some(capability) = read_one(child, diagnostics) {
            document.add_capability(capability);
        }
    }
}

fn read_one(section: &Section<'_>, diagnostics: &mut Diagnostics) -> Option<CapabilityText> {
    let words = section.heading?;
    let Some(id) = words.only_code().filter(|code| looks_like_reason_code(&code.text)) else {
        diagnostics.push(
            Diagnostic::new(
                codes::MALFORMED_CAPABILITY,
                format!("`{}` is not the heading of a capability; nothing below it is read", words.plain()),
                words.span,
                "not understood",
            )
            .help("write the id alone, in backticks and UPPER_SNAKE: ``### `PH1W_ENROLL_START_DRAFT_ROW` ``"),
        );
        return None;
    };
    let mut capability = CapabilityText {
        id: Spanned::new(id.text.clone(), id.span),
        name: None,
        input: None,
        output: None,
        allowed_callers: None,
        callers: None,
        simulation_gated: false,
        side_effects: None,
        notes: Vec::new(),
    };
    lists_only(section, diagnostics);
    no_subsections(section, diagnostics);
    each_key(section, diagnostics, |name, bullet, diagnostics| {
        fill(&mut capability, name, bullet, diagnostics);
    });
    report_missing(&capability, diagnostics);
    Some(capability)
}

fn fill(capability: &mut CapabilityText, name: &str, bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) {
    match name {
        "name" => capability.name = Some(raw_text(&bullet.value)),
        "input_schema" => capability.input = Some(read_schema(bullet, diagnostics)),
        "output_schema" => capability.output = Some(read_schema(bullet, diagnostics)),
        "allowed_callers" => {
            capability.allowed_callers = Some(plain_text(&bullet.value));
            let (code, rest) = code_and_rest(&bullet.value);
            capability.simulation_gated = collapse(rest.raw()).eq_ignore_ascii_case("(simulation-gated)");
            if !capability.simulation_gated {
                not_understood(
                    &rest,
                    "behind the callers",
                    "write nothing, or `(simulation-gated)`",
                    diagnostics,
                );
            }
            no_children(bullet, diagnostics);
            capability.callers = Some(code);
        }
        "side_effects" => {
            capability.side_effects = Some(plain_text(&bullet.value));
            no_children(bullet, diagnostics);
        }
        _ if is_lower_snake(name) => {
            // A note keeps its words; a mistyped key would lose its meaning without anybody noticing.
            if let Some(near) = nearest(name, KEYS).filter(|near| strsim::levenshtein(name, near) <= 3) {
                unknown_bullet(&bullet.item.words, name, &[near], diagnostics);
            }
            capability.notes.push(bullet.note());
        }
        _ => unknown_bullet(&bullet.item.words, name, &KEYS, diagnostics),
    }
}

fn report_missing(capability: &CapabilityText, diagnostics: &mut Diagnostics) {
    let found = [
        capability.name.is_some(),
        capability.input.is_some(),
        capability.output.is_some(),
        capability.allowed_callers.is_some(),
        capability.side_effects.is_some(),
    ];
    for (key, found) in KEYS.into_iter().zip(found) {
        if !found {
            let message = format!("the capability `{}` has no `{key}`", capability.id.value);
            diagnostics.push(
                Diagnostic::new(codes::MISSING_KEY, message, capability.id.span, "this capability")
                    .help(format!("add `` - `{key}`: `…` ``")),
            );
        }
    }
}

/// Reads a schema: the code span that starts the value, or the bare words where there is none.
fn read_schema(bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) -> SchemaText {
    let (text, rest) = code_and_rest(&bullet.value);
    not_understood(&rest, "behind the schema", "keep only the schema, in one pair of backticks", diagnostics);
    no_children(bullet, diagnostics);
    let raw = &bullet.value.part(text.span.start..text.span.end);
    let tree = parse_schema(raw.raw(), text.span, diagnostics);
    SchemaText { text, tree }
}

/// Parses a schema and reports what does not follow the language.
pub(super) fn parse_schema(raw: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<schema::Expr> {
    let (tree, errors) = schema::parse(raw, span.file, span.start);
    for error in errors {
        diagnostics.push(
            Diagnostic::new(
                codes::MALFORMED_SCHEMA,
                format!("malformed schema: {}", error.message),
                error.span,
                "",
            )
            .help(error.help),
        );
    }
    tree
}

/// The code span that starts the words and what stands behind it; all words where they start with none.
fn code_and_rest(words: &Inline) -> (Text, Inline) {
    match words.codes.first().filter(|code| code.outer.start == words.span.start) {
        Some(code) => (Spanned::new(code.text.clone(), code.span), words.after(code.outer.end)),
        None => (Spanned::new(words.plain(), words.span), words.after(words.span.end)),
    }
}

fn raw_text(words: &Inline) -> Text {
    Spanned::new(words.text(), words.span)
}

fn plain_text(words: &Inline) -> Text {
    Spanned::new(words.plain(), words.span)
}

fn not_understood(rest: &Inline, place: &str, help: &str, diagnostics: &mut Diagnostics) {
    if !rest.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                codes::TRAILING_WORDS,
                format!("the words {place} are not understood"),
                rest.span,
                "",
            )
            .help(help),
        );
    }
}
