//! Random values of fields, in their JSON form: few names, so that calls meet; sometimes a value at, above or below a bound.

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use proptest::strategy::Union;
use selene_contracts::{EngineSpec, FieldSpec, ValueSpec};
use serde_json::{Map, Value, json};

use crate::model::engine_call::MADE;
use crate::model::scripts::{SECOND, START};

/// Values with their weights.
type Choices = Vec<(u32, Value)>;

/// An object of these fields.
pub(super) fn object(engine: &'static EngineSpec, fields: &'static [FieldSpec]) -> BoxedStrategy<Value> {
    let values: Vec<BoxedStrategy<Value>> = fields.iter().map(|field| value(engine, field)).collect();
    values
        .prop_map(|values| {
            let entries = fields.iter().zip(values).map(|(field, value)| (field.name.to_owned(), value));
            Value::Object(entries.collect::<Map<_, _>>())
        })
        .boxed()
}

/// A value of a field: none where it may be absent, several where it is a list.
fn value(engine: &'static EngineSpec, field: &'static FieldSpec) -> BoxedStrategy<Value> {
    if bare(field.ty).starts_with("Map<") {
        return Just(json!({})).boxed();
    }
    let single = single(engine, field);
    let present = if field.is_list {
        let few = vec(single.clone(), 0..3);
        // One item too many, where a list of so many is not too long to look at.
        match field.max_items.filter(|most| *most <= 64) {
            Some(most) => prop_oneof![40 => few, 1 => vec(single, most + 1)].prop_map(Value::Array).boxed(),
            None => few.prop_map(Value::Array).boxed(),
        }
    } else {
        single
    };
    if field.is_optional { prop_oneof![1 => Just(Value::Null), 2 => present].boxed() } else { present }
}

/// The type of one value: `NoteId` of `Option<Vec<NoteId>>`.
fn bare(ty: &'static str) -> &'static str {
    let inner = ["Option<", "Vec<"].iter().find_map(|head| ty.strip_prefix(head)?.strip_suffix('>'));
    inner.map_or(ty, bare)
}

fn single(engine: &'static EngineSpec, field: &'static FieldSpec) -> BoxedStrategy<Value> {
    if let Some(fixed) = field.fixed {
        let other = match field.value {
            ValueSpec::OneOf(values) => {
                values.iter().find(|value| **value != fixed).map(|value| json!(value))
            }
            _ => None,
        };
        let fixed =
            serde_json::from_str(fixed).ok().filter(|_| !is_text(field)).unwrap_or_else(|| json!(fixed));
        return weighted([(30, fixed)].into_iter().chain(other.map(|other| (1, other))).collect());
    }
    if let Some(choices) = shared(bare(field.ty)) {
        return weighted(choices);
    }
    match &field.value {
        ValueSpec::Bool => weighted(vec![(1, json!(false)), (1, json!(true))]),
        ValueSpec::Integer { min, max } => whole(field, *min, *max),
        ValueSpec::Real { min, max } => real(*min, *max),
        ValueSpec::Text { min_len, max_len, is_free, .. } => {
            text(engine, field, (*min_len, *max_len), *is_free)
        }
        ValueSpec::OneOf(values) => one_of(engine, field, values),
        ValueSpec::ReasonCode => codes(engine),
        ValueSpec::Payload => Just(json!({})).boxed(),
        ValueSpec::Digest => weighted(["0", "1"].map(|digit| (1, json!(digit.repeat(64)))).to_vec()),
        ValueSpec::Record(fields) => object(engine, fields),
        other => panic!("no value is drawn for {other:?}"),
    }
}

fn is_text(field: &FieldSpec) -> bool {
    matches!(field.value, ValueSpec::Text { .. } | ValueSpec::OneOf(_))
}

/// One of these, as often as its weight says.
fn weighted(choices: Choices) -> BoxedStrategy<Value> {
    Union::new_weighted(choices.into_iter().map(|(weight, value)| (weight, Just(value))).collect()).boxed()
}

/// Who and what the start of a sequence knows, and a few more; the times at which a sequence goes on.
fn shared(ty: &str) -> Option<Choices> {
    let texts = |names: &[(u32, &str)], max: usize| {
        let known = names.iter().map(|(weight, name)| (weight * 20, json!(name)));
        known.chain(bad(1, max)).collect()
    };
    Some(match ty {
        "TenantId" => texts(&[(12, "tenant_a"), (3, "tenant_b")], 64),
        "UserId" => texts(&[(12, "ann"), (4, "bob"), (1, "eve")], 128),
        "DeviceId" => {
            texts(&[(12, "ann_phone"), (3, "ann_tablet"), (4, "bob_phone"), (1, "late_phone")], 128)
        }
        "SessionId" => vec![(8, json!(1)), (3, json!(2)), (1, json!(3)), (1, json!(u64::MAX))],
        "OnboardingSessionId" => texts(&[(4, "onb_a"), (2, "onb_b"), (3, "onb_free"), (1, "onb_late")], 64),
        "IdempotencyKey" => {
            let names: Vec<String> = (1..=24).map(|number| format!("k{number}")).collect();
            texts(&names.iter().map(|name| (1, name.as_str())).collect::<Vec<_>>(), 128)
        }
        "CorrelationId" | "TurnId" => vec![(20, json!(1)), (10, json!(2)), (1, json!(0))],
        "MonotonicTimeNs" => {
            let times = [0, START, START + SECOND, START + 60 * SECOND, u64::MAX];
            times.iter().map(|time| (1, json!(time))).collect()
        }
        _ => return None,
    })
}

/// Texts that are blank, too long, and just not too long.
fn bad(min_len: usize, max_len: usize) -> Choices {
    // A text of many thousand bytes says no more than one of some.
    let long = if max_len <= 1024 { vec!["x".repeat(max_len + 1), "y".repeat(max_len)] } else { Vec::new() };
    let blank = if min_len > 0 { vec![String::new(), " \t".to_owned()] } else { Vec::new() };
    long.into_iter().chain(blank).map(|text| (1, json!(text))).collect()
}

fn text(
    engine: &'static EngineSpec,
    field: &'static FieldSpec,
    (min_len, max_len): (usize, usize),
    is_free: bool,
) -> BoxedStrategy<Value> {
    let stem = if is_free { field.name.to_owned() } else { stem(bare(field.ty)) };
    let fit = |text: String| -> String {
        let text = format!("{text:x<min_len$}");
        text.chars().take(max_len).collect()
    };
    let names = [(24, 1), (12, 2), (4, 3)];
    let given = names.map(|(weight, number)| (weight * 5, json!(fit(format!("{stem}_{number}")))));
    let made = names.map(|(weight, number)| (weight * 5, json!(made_id(&stem, number))));
    let is_made = !is_free && makes(engine, field.ty);
    let known = given.into_iter().filter(|_| !is_made).chain(made.into_iter().filter(|_| is_made));
    weighted(known.chain(bad(min_len, max_len)).collect())
}

/// `note_id` of `NoteId`
fn stem(ty: &str) -> String {
    let mut stem = String::new();
    for letter in ty.chars() {
        if letter.is_ascii_uppercase() && !stem.is_empty() {
            stem.push('_');
        }
        stem.push(letter.to_ascii_lowercase());
    }
    stem
}

/// The id that a model makes as its first, second, third of a type: `#note_id_1`.
fn made_id(stem: &str, number: u32) -> String {
    format!("{MADE}{stem}_{number}")
}

/// Whether a store makes the ids of this type: some write adds rows under such an id and is not given one.
fn makes(engine: &EngineSpec, ty: &'static str) -> bool {
    let ty = bare(ty);
    let keyed = engine.tables.iter().filter(|table| {
        table.columns.iter().any(|column| table.primary_key.contains(&column.name) && bare(column.ty) == ty)
    });
    keyed.into_iter().any(|table| {
        let writes = engine.capabilities.iter().filter(|write| write.writes.contains(&table.name));
        writes
            .into_iter()
            .any(|write| !write.input.iter().copied().flatten().any(|field| bare(field.ty) == ty))
    })
}

/// Small numbers, the ends of the range, and what lies behind them where the type holds it.
fn whole(field: &FieldSpec, min: u128, max: u128) -> BoxedStrategy<Value> {
    let largest = match bare(field.ty) {
        "u8" => u8::MAX.into(),
        "u16" => u16::MAX.into(),
        "u32" => u32::MAX.into(),
        "u64" => u64::MAX.into(),
        // What a type of its own holds is not known here.
        _ => max,
    };
    // JSON holds no wider number.
    let number = |number: u128| u64::try_from(number).ok().map(|number| json!(number));
    let usual = (0..4).map(|step| min.max(1).saturating_add(step)).filter(|usual| *usual <= max);
    let below = min.checked_sub(1).filter(|_| largest > max || min > 1);
    let above = max.checked_add(1).filter(|above| *above <= largest);
    let edges = [Some(min), Some(max), below, above].into_iter().flatten();
    let choices = usual.map(|usual| (12, usual)).chain(edges.map(|edge| (1, edge)));
    weighted(choices.filter_map(|(weight, choice)| Some((weight, number(choice)?))).collect())
}

fn real(min: Option<f32>, max: Option<f32>) -> BoxedStrategy<Value> {
    let (low, high) = (min.unwrap_or(-100.0), max.unwrap_or(100.0));
    let inside = [low, high, f32::midpoint(low, high)].map(|inside| (8, json!(inside)));
    let outside = [min.map(|min| min - 1.0), max.map(|max| max + 1.0)];
    let outside = outside.into_iter().flatten().map(|outside| (1, json!(outside)));
    weighted(inside.into_iter().chain(outside).collect())
}

/// The values of an enum; for a reason code also one that the field does not take.
fn one_of(engine: &EngineSpec, field: &FieldSpec, values: &'static [&'static str]) -> BoxedStrategy<Value> {
    let other =
        engine.reason_codes.iter().find(|code| field.reasons.is_some() && !values.contains(&code.as_str()));
    let other = other.map(|code| (1, json!(code.as_str())));
    weighted(values.iter().map(|value| (12, json!(value))).chain(other).collect())
}

fn codes(engine: &EngineSpec) -> BoxedStrategy<Value> {
    weighted(engine.reason_codes.iter().map(|code| (1, json!(code.as_str()))).collect())
}
