//! Named types of the lexicon: their kinds and bounds.

use selene_codegen::contract::{IntegerRepr, TypeKind};
use selene_codegen::naming;

use super::entries::TypeEntry;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::rust_names;
use crate::parse::values::{flag, number, wrong_bounds};
use crate::read::yaml::{self, MapReader, Node};
use crate::source::Span;

/// Reads one type. One that is not understood is reported and stays known by its name, so that the fields which
/// have it are not reported too.
pub(super) fn read(name: &Text, node: &Node, diagnostics: &mut Diagnostics) -> TypeEntry {
    let mut map = MapReader::new(node, format!("type `{}`", name.value), diagnostics);
    let doc = map.text("doc", diagnostics).map(|doc| doc.value).unwrap_or_default();
    let renamed_from = map.text("renamed_from", diagnostics);
    // Any kind will do for what is never written.
    let kind = read_kind(name, map, diagnostics).unwrap_or(TypeKind::Text {
        min_len: 1,
        max_len: 1,
        ascii: false,
        free: false,
    });
    TypeEntry { name: name.clone(), kind, renamed_from, doc }
}

fn read_kind(name: &Text, mut map: MapReader<'_>, diagnostics: &mut Diagnostics) -> Option<TypeKind> {
    let kind = map.require("kind", diagnostics).and_then(|node| yaml::scalar(node, "`kind`", diagnostics))?;
    let found = match kind.value.as_str() {
        free @ ("id" | "text") => read_text_type(free == "text", &mut map, diagnostics),
        "integer" => read_integer_type(&mut map, diagnostics),
        "enum" => read_enum_type(name, &mut map, diagnostics),
        other => {
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_KIND,
                    format!("`{other}` is not a kind of type"),
                    kind.span,
                    "not known",
                )
                .help(guess_or(
                    other,
                    ["id", "text", "integer", "enum"],
                    "use `id`, `text`, `integer` or `enum`",
                )),
            );
            return None;
        }
    };
    map.finish(diagnostics);
    found
}

fn read_text_type(free: bool, map: &mut MapReader<'_>, diagnostics: &mut Diagnostics) -> Option<TypeKind> {
    let min_len = number(map, "min_len", diagnostics);
    map.require("max_len", diagnostics);
    let max_len = number(map, "max_len", diagnostics)?;
    let ascii = map.text("ascii", diagnostics).is_some_and(|text| flag(&text, diagnostics));
    let min = min_len.as_ref().map_or(1, |min| min.value);
    ordered(min, max_len.value, max_len.span, diagnostics);
    let narrow = |value: u128| u32::try_from(value).ok();
    if let (Some(min_len), Some(max_len)) = (narrow(min), narrow(max_len.value)) {
        return Some(TypeKind::Text { min_len, max_len, ascii, free });
    }
    wrong_bounds("a length does not fit into 32 bits", max_len.span, diagnostics);
    None
}

fn read_integer_type(map: &mut MapReader<'_>, diagnostics: &mut Diagnostics) -> Option<TypeKind> {
    let repr = map.require("repr", diagnostics).and_then(|node| yaml::scalar(node, "`repr`", diagnostics));
    let (min, max) = (number(map, "min", diagnostics), number(map, "max", diagnostics));
    let unit = map.text("unit", diagnostics).map(|unit| unit.value);
    let repr = repr?;
    let all = [IntegerRepr::U8, IntegerRepr::U16, IntegerRepr::U32, IntegerRepr::U64, IntegerRepr::U128];
    let Some(found) = all.into_iter().find(|known| known.as_str() == repr.value) else {
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_KIND,
                format!("`{}` is not an integer", repr.value),
                repr.span,
                "not known",
            )
            .help("use `u8`, `u16`, `u32`, `u64` or `u128`"),
        );
        return None;
    };
    let largest = found.largest();
    for bound in [&min, &max].into_iter().flatten() {
        if bound.value > largest {
            wrong_bounds(
                &format!("{} does not fit into `{}`", bound.value, found.as_str()),
                bound.span,
                diagnostics,
            );
        }
    }
    if let (Some(min), Some(max)) = (&min, &max) {
        ordered(min.value, max.value, max.span, diagnostics);
    }
    Some(TypeKind::Integer {
        repr: found,
        min: min.map(|min| min.value),
        max: max.map(|max| max.value),
        unit,
    })
}

fn read_enum_type(name: &Text, map: &mut MapReader<'_>, diagnostics: &mut Diagnostics) -> Option<TypeKind> {
    let node = map.require("values", diagnostics)?;
    let values = yaml::scalars(node, "`values`", diagnostics);
    if values.is_empty() {
        let message = format!("the enum `{}` has no values", name.value);
        diagnostics.push(
            Diagnostic::new(codes::WRONG_SHAPE, message, node.span, "").help("list at least one value"),
        );
    }
    for (index, value) in values.iter().enumerate() {
        let upper = naming::upper_snake(&value.value);
        if upper != value.value || value.value.is_empty() {
            let help = if upper.is_empty() {
                "write a word in upper case, as it is stored and printed".to_owned()
            } else {
                format!("write `{upper}`, as it is stored and printed")
            };
            let message = format!("`{}` is not in UPPER_SNAKE", value.value);
            diagnostics.push(Diagnostic::new(codes::MALFORMED_NAME, message, value.span, "").help(help));
        } else {
            rust_names::check(value, &naming::pascal(&value.value), diagnostics);
        }
        if let Some(first) = values[..index].iter().find(|known| known.value == value.value) {
            let message = format!("the value `{}` stands here twice", value.value);
            diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_NAME, message, value.span, "again")
                    .and(first.span, "first here")
                    .help("remove one of them"),
            );
        }
    }
    rust_names::report_same(
        "values",
        values.iter().map(|value| (value, naming::pascal(&value.value))),
        diagnostics,
    );
    Some(TypeKind::Enum { values: values.into_iter().map(|value| value.value).collect() })
}

fn ordered(min: u128, max: u128, span: Span, diagnostics: &mut Diagnostics) {
    if min > max {
        wrong_bounds(&format!("the smallest value {min} is above the largest {max}"), span, diagnostics);
    }
}
