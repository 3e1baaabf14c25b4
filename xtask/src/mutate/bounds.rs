//! Bounds of values: ranges, lengths, numbers of items, fixed values.

use selene_codegen::contract::{Number, TypeKind};

use super::operator::{Edit, Operator};
use super::subject::{Subject, path};

pub(super) const ALL: &[Operator] = &[
    Operator::new("range-low-down", "The smallest value that a field takes is one less.", |subject| {
        ranges(subject, |low, high| Some((step(low, -1)?, high)))
    }),
    Operator::new("range-low-up", "The smallest value that a field takes is one more.", |subject| {
        ranges(subject, |low, high| Some((step(low, 1)?, high)))
    }),
    Operator::new("range-high-down", "The largest value that a field takes is one less.", |subject| {
        ranges(subject, |low, high| Some((low, step(high, -1)?)))
    }),
    Operator::new("range-high-up", "The largest value that a field takes is one more.", |subject| {
        ranges(subject, |low, high| Some((low, step(high, 1)?)))
    }),
    Operator::new("range-dropped", "A field takes every value of its type.", range_dropped),
    Operator::new("items-fewer", "A list takes one item less.", |subject| {
        items(subject, |most| most.checked_sub(1).map(Some))
    }),
    Operator::new("items-more", "A list takes one item more.", |subject| {
        items(subject, |most| Some(Some(most + 1)))
    }),
    Operator::new("items-unbounded", "A list takes any number of items.", |subject| {
        items(subject, |_| Some(None))
    }),
    Operator::new(
        "fixed-dropped",
        "A field takes other values than the one that the schema fixes.",
        fixed_dropped,
    ),
    Operator::new("length-shorter", "The longest text of a type has one byte less.", |subject| {
        lengths(subject, |min, max| (max > min).then(|| (min, max - 1)))
    }),
    Operator::new("length-longer", "The longest text of a type has one byte more.", |subject| {
        lengths(subject, |min, max| Some((min, max + 1)))
    }),
    Operator::new("length-from-less", "The shortest text of a type has one byte less.", |subject| {
        lengths(subject, |min, max| Some((min.checked_sub(1)?, max)))
    }),
    Operator::new("length-from-more", "The shortest text of a type has one byte more.", |subject| {
        lengths(subject, |min, max| (min < max).then(|| (min + 1, max)))
    }),
    Operator::new("ascii-dropped", "A type takes texts beyond ASCII.", |subject| alphabets(subject, true)),
    Operator::new("ascii-added", "A type takes ASCII alone.", |subject| alphabets(subject, false)),
    Operator::new("look-alikes-allowed", "Ids of a type may look like others.", |subject| {
        freedoms(subject, false)
    }),
    Operator::new("look-alikes-refused", "Texts of a type may not look like others, as ids.", |subject| {
        freedoms(subject, true)
    }),
    Operator::new("number-from-more", "The smallest number of a type is one more.", |subject| {
        integers(subject, |(min, max), _| Some((Some(min.unwrap_or(0) + 1), max)))
    }),
    Operator::new("number-from-less", "The smallest number of a type is one less.", |subject| {
        integers(subject, |(min, max), _| Some((Some(min?.checked_sub(1)?), max)))
    }),
    Operator::new("number-to-less", "The largest number of a type is one less.", |subject| {
        integers(subject, |(min, max), largest| Some((min, Some(max.unwrap_or(largest) - 1))))
    }),
    Operator::new("number-unbounded", "A type takes every number that its integer holds.", |subject| {
        integers(subject, |(min, max), _| (min.is_some() || max.is_some()).then_some((None, None)))
    }),
];

fn step(bound: Number, by: i64) -> Option<Number> {
    match bound {
        Number::Whole(value) => value.checked_add(by).filter(|value| *value >= 0).map(Number::Whole),
        // A real bound is moved by a hundredth: fields hold shares and decibels.
        Number::Real(value) => Some(Number::Real(value + if by < 0 { -0.01 } else { 0.01 })),
    }
}

fn ranges(subject: &Subject, moved: fn(Number, Number) -> Option<(Number, Number)>) -> Vec<Edit> {
    let mut found = Vec::new();
    for (at, field) in subject.inputs() {
        let Some((low, high)) = field.range else { continue };
        let Some((new_low, new_high)) = moved(low, high) else { continue };
        let change = format!("{low}..={high} becomes {new_low}..={new_high}");
        found.push(Edit::new(subject.input_path(at), change, move |changed| {
            at.get_mut(changed).range = Some((new_low, new_high));
        }));
    }
    found
}

fn range_dropped(subject: &Subject) -> Vec<Edit> {
    let ranged = subject.inputs().into_iter().filter_map(|(at, field)| Some((at, field.range?)));
    ranged
        .map(|(at, (low, high))| {
            let change = format!("without {low}..={high}");
            Edit::new(subject.input_path(at), change, move |changed| at.get_mut(changed).range = None)
        })
        .collect()
}

fn items(subject: &Subject, moved: fn(u32) -> Option<Option<u32>>) -> Vec<Edit> {
    let mut found = Vec::new();
    for (at, field) in subject.inputs() {
        let Some(most) = field.max_items else { continue };
        let Some(new) = moved(most) else { continue };
        let shown = new.map_or_else(|| "any number".to_owned(), |new| new.to_string());
        found.push(Edit::new(
            subject.input_path(at),
            format!("{most} items become {shown}"),
            move |changed| {
                at.get_mut(changed).max_items = new;
            },
        ));
    }
    found
}

fn fixed_dropped(subject: &Subject) -> Vec<Edit> {
    let fixed = subject.inputs().into_iter().filter_map(|(at, field)| Some((at, field.fixed.clone()?)));
    fixed
        .map(|(at, value)| {
            Edit::new(subject.input_path(at), format!("without {value}"), move |changed| {
                at.get_mut(changed).fixed = None;
            })
        })
        .collect()
}

/// Edits of the types for which `edit` gives the changed kind, with the change in words.
fn types(subject: &Subject, edit: impl Fn(&TypeKind) -> Option<(TypeKind, String)>) -> Vec<Edit> {
    let mut found = Vec::new();
    for (index, ty) in subject.types().iter().enumerate() {
        if let Some((kind, change)) = edit(&ty.kind) {
            found.push(Edit::new(path(&["types", &ty.name]), change, move |changed| {
                changed.types_mut()[index].kind = kind;
            }));
        }
    }
    found
}

fn lengths(subject: &Subject, moved: fn(u32, u32) -> Option<(u32, u32)>) -> Vec<Edit> {
    types(subject, |kind| match *kind {
        TypeKind::Text { min_len, max_len, ascii, free } => {
            let (min, max) = moved(min_len, max_len)?;
            let change = format!("{min_len}..={max_len} bytes become {min}..={max}");
            Some((TypeKind::Text { min_len: min, max_len: max, ascii, free }, change))
        }
        TypeKind::Integer { .. } | TypeKind::Enum { .. } => None,
    })
}

fn alphabets(subject: &Subject, was_ascii: bool) -> Vec<Edit> {
    types(subject, |kind| match *kind {
        TypeKind::Text { min_len, max_len, ascii, free } if ascii == was_ascii => {
            let change = if ascii { "beyond ASCII" } else { "ASCII alone" };
            Some((TypeKind::Text { min_len, max_len, ascii: !ascii, free }, change.to_owned()))
        }
        _ => None,
    })
}

fn freedoms(subject: &Subject, was_free: bool) -> Vec<Edit> {
    types(subject, |kind| match *kind {
        TypeKind::Text { min_len, max_len, ascii, free } if free == was_free => {
            let change = if free { "an id" } else { "a text that people read" };
            Some((TypeKind::Text { min_len, max_len, ascii, free: !free }, change.to_owned()))
        }
        _ => None,
    })
}

type Ends = (Option<u128>, Option<u128>);

/// Edits of integer types; `moved` is given both ends and the largest number that the integer holds.
fn integers(subject: &Subject, moved: fn(Ends, u128) -> Option<Ends>) -> Vec<Edit> {
    types(subject, |kind| match kind {
        TypeKind::Integer { repr, min, max, unit } => {
            let (new_min, new_max) = moved((*min, *max), repr.largest())?;
            let change = format!("{} become {}", shown(*min, *max), shown(new_min, new_max));
            let (repr, unit) = (*repr, unit.clone());
            Some((TypeKind::Integer { repr, min: new_min, max: new_max, unit }, change))
        }
        TypeKind::Text { .. } | TypeKind::Enum { .. } => None,
    })
}

fn shown(min: Option<u128>, max: Option<u128>) -> String {
    let end = |end: Option<u128>| end.map_or_else(String::new, |end| end.to_string());
    format!("{}..={}", end(min), end(max))
}
