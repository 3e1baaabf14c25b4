//! Spec words as doc comments, and bounds as words.

use proc_macro2::TokenStream;
use quote::quote;

use crate::contract::{Builtin, Field, IntegerRepr, TypeKind, TypeRef};

use super::scope::{Meaning, Scope};

/// Doc attributes for several paragraphs; empty ones are left out.
pub(super) fn paragraphs<S: AsRef<str>>(paragraphs: impl IntoIterator<Item = S>) -> TokenStream {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        let text = markdown(paragraph.as_ref());
        if text.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(text.lines().map(|line| format!(" {line}")));
    }
    quote! { #(#[doc = #lines])* }
}

/// Doc attributes for one paragraph.
pub(super) fn doc(text: &str) -> TokenStream {
    paragraphs([text])
}

/// Text that rustdoc shows as it stands: code spans stay code, everything else that Markdown or HTML could read as a
/// link, a tag or a block is escaped.
fn markdown(text: &str) -> String {
    let keeps_code = text.matches('`').count().is_multiple_of(2);
    let mut in_code = false;
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push('\n');
        }
        let is_list = line.split_once(['.', ')']).is_some_and(|(head, _)| is_list_number(head));
        let first_is_escaped = !in_code && line.starts_with(['#', '-', '+', '=', '~', '*']);
        if first_is_escaped {
            out.push('\\');
        }
        for (index, c) in line.char_indices() {
            match c {
                '`' if keeps_code => in_code = !in_code,
                _ if in_code || (index == 0 && first_is_escaped) => {}
                '`' | '[' | ']' | '<' | '>' | '*' | '\\' => out.push('\\'),
                '.' | ')' if is_list && is_list_number(&line[..index]) => out.push('\\'),
                _ => {}
            }
            out.push(c);
            if c == ':' && !in_code && line[index..].starts_with("://") {
                // A bare URL is a rustdoc warning; broken apart it is only text.
                out.push('\u{200b}');
            }
        }
    }
    out
}

/// Whether a line that starts so could be read as an ordered list.
fn is_list_number(head: &str) -> bool {
    !head.is_empty() && head.chars().all(|c| c.is_ascii_digit())
}

/// The words as a sentence: with a full stop, or empty.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// The doc of a field: what it means, its unit and bounds, and the group that brought it.
pub(super) fn field(scope: &Scope, field: &Field) -> TokenStream {
    let meaning = if field.doc.is_empty() {
        format!("`{}` of the contract.", field.name)
    } else {
        sentence(&field.doc)
    };
    let bounds = sentence(&field_bounds(scope, field));
    let bounds = if bounds.is_empty() { bounds } else { format!("Bounds: {bounds}") };
    let violation = field.violation.as_ref().map_or_else(String::new, |code| {
        format!("Out of bounds: `{}`.", code.split_once(':').map_or(code.as_str(), |(_, name)| name))
    });
    let group = field
        .group
        .as_ref()
        .map_or_else(String::new, |group| format!("The schema says `{}`.", group.replace('`', "'")));
    let facts: Vec<String> = [bounds, violation, group].into_iter().filter(|part| !part.is_empty()).collect();
    paragraphs([meaning, facts.join(" ")])
}

/// The bounds of a field for people. Empty where it has none.
pub(super) fn field_bounds(scope: &Scope, field: &Field) -> String {
    if let Some(value) = &field.fixed {
        return format!("always {value}");
    }
    let leaf = match (&field.range, scope.meaning(leaf(&field.ty))) {
        (Some((min, max)), Some(Meaning::Type(ty))) => match &ty.kind {
            TypeKind::Integer { unit: Some(unit), .. } => format!("{min}..={max} {unit}"),
            _ => format!("{min}..={max}"),
        },
        (Some((min, max)), _) => format!("{min}..={max}"),
        (None, Some(Meaning::Type(ty))) => type_bounds(&ty.kind),
        (None, Some(Meaning::Builtin(builtin))) => reason_bounds(builtin, field),
        (None, _) => String::new(),
    };
    match (field.max_items, leaf.is_empty()) {
        (Some(items), true) => format!("at most {items} items"),
        (Some(items), false) => format!("at most {items} items, each {leaf}"),
        (None, false) if is_collection(&field.ty) => format!("each {leaf}"),
        (None, _) => leaf,
    }
}

/// The bounds of a named type for people. Empty where it has none.
pub(super) fn type_bounds(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Text { min_len, max_len, ascii, .. } => {
            format!("{min_len}..={max_len} {}", if *ascii { "bytes of ASCII" } else { "bytes" })
        }
        TypeKind::Integer { repr, min, max, unit } => {
            let unit = unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
            match (min, max) {
                (Some(min), Some(max)) => format!("{min}..={max}{unit}"),
                (Some(min), None) => format!("at least {min}{unit}"),
                (None, Some(max)) => format!("at most {max}{unit}"),
                (None, None) if unit.is_empty() => String::new(),
                (None, None) => format!("any {}, in{unit}", IntegerRepr::as_str(*repr)),
            }
        }
        TypeKind::Enum { values } => format!("one of {}", values.join(", ")),
    }
}

/// The bounds of a builtin, and of a reason code the classes that the field takes.
fn reason_bounds(builtin: Builtin, field: &Field) -> String {
    let classes: Vec<&str> = field.classes.iter().map(|class| class.as_str()).collect();
    let own = field.own_step.as_ref().map(|code| format!("`{code}`"));
    let classes = match classes.as_slice() {
        [] => None,
        [only] => Some(format!("of class {only}")),
        [before @ .., last] => Some(format!("of class {} or {last}", before.join(", "))),
    };
    let takes = match (classes, own) {
        (None, None) => return builtin_bounds(builtin).to_owned(),
        (Some(takes), None) | (None, Some(takes)) => takes,
        (Some(classes), Some(own)) => format!("{classes}, or {own}"),
    };
    format!("{}, {takes}", builtin_bounds(builtin))
}

const fn builtin_bounds(builtin: Builtin) -> &'static str {
    match builtin {
        Builtin::F32 => "finite",
        Builtin::EngineReasonCode => "a reason code of this engine that is not retired",
        Builtin::ReasonCode => "a registered reason code that is not retired",
        Builtin::Payload => "at most 16 entries, 2,048 bytes in all",
        Builtin::Bool | Builtin::U8 | Builtin::U16 | Builtin::U32 | Builtin::U64 | Builtin::Digest => "",
    }
}

/// The type inside of every `Option<…>`, `Vec<…>` and the value side of `Map<…>`.
pub(super) fn leaf(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => leaf(inner),
        TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => ty,
    }
}

/// Whether the type holds several values.
pub(super) fn is_collection(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::List(_) | TypeRef::Map(..) => true,
        TypeRef::Option(inner) => is_collection(inner),
        TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_stay_and_everything_else_is_escaped() {
        assert_eq!(markdown("pins `gates[]` of <T> and [x]"), "pins `gates[]` of \\<T\\> and \\[x\\]");
        assert_eq!(markdown("an odd ` mark [x]"), "an odd \\` mark \\[x\\]");
        assert_eq!(markdown("    indented\n\n\n# not a heading"), "indented\n\\# not a heading");
        assert_eq!(markdown("1. not a list"), "1\\. not a list");
        assert_eq!(markdown("* star"), "\\* star");
        assert_eq!(markdown("see https://a.b"), "see https:\u{200b}//a.b");
        assert_eq!(markdown("3..=8 is no list"), "3..=8 is no list".replacen('.', "\\.", 1));
    }

    #[test]
    fn a_sentence_ends_once() {
        assert_eq!(sentence(" Says so "), "Says so.");
        assert_eq!(sentence("Says so."), "Says so.");
        assert_eq!(sentence(""), "");
    }
}
