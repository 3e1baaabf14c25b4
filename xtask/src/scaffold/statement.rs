//! Parts of statements, and their parameters, as a draft writes them.

use super::rust_type::ident;

/// `[input.tenant_id.value(), input.note_id.value()]`
pub(super) fn key<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let values: Vec<String> =
        names.into_iter().map(|name| format!("input.{}.value()", ident(name))).collect();
    format!("[{}]", values.join(", "))
}

/// `{tenant_id} = $1 AND {note_id} = $2`, as `sql!` takes it.
pub(super) fn conditions<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let parts = names.into_iter().zip(1..).map(|(name, place)| format!("{{{name}}} = ${place}"));
    parts.collect::<Vec<_>>().join(" AND ")
}

/// A statement in lines, as rustfmt leaves it.
pub(super) fn sql(lines: &[&str]) -> String {
    format!("sql!(\n\"{}\"\n)", lines.join("\n             "))
}
