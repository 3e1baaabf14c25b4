//! Bounds in words: of a field, of a type.

use selene_codegen::contract::{Field, TypeKind};

/// `3..=8`, `1..=128 bytes`, `one of PASS, FAIL`.
pub(super) fn of_type(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Text { min_len, max_len, ascii, free } => {
            let ascii = if *ascii { " of ASCII" } else { "" };
            let free = if *free { ", a text for people" } else { "" };
            format!("{min_len}..={max_len} bytes{ascii}{free}")
        }
        TypeKind::Integer { repr, min, max, unit } => {
            let unit = unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
            let low = min.unwrap_or(0);
            match max {
                Some(max) => format!("{low}..={max}{unit}"),
                None if low > 0 => format!("{low} or more{unit}"),
                None => format!("any {}{unit}", repr.as_str()),
            }
        }
        TypeKind::Enum { values } => format!("one of {}", values.join(", ")),
    }
}

/// The bounds that a field has of its own.
pub(super) fn of_field(field: &Field) -> String {
    let mut parts = Vec::new();
    if let Some((min, max)) = &field.range {
        parts.push(format!("{min}..={max}"));
    }
    if let Some(max) = field.max_items {
        parts.push(format!("at most {max} items"));
    }
    if let Some(fixed) = &field.fixed {
        parts.push(format!("only {fixed}"));
    }
    let classes = field.classes.iter().map(|class| class.as_str()).chain(field.own_step.as_deref());
    let classes: Vec<&str> = classes.collect();
    if !classes.is_empty() {
        parts.push(format!("a code of {}", classes.join(" or ")));
    }
    parts.join(", ")
}
