//! Values at, below and above each bound, as JSON, made from what the contract says about a field.

use selene_contracts::{FieldSpec, ReasonCode, ReasonRule, ValueSpec};

/// One value of a field.
#[derive(Debug, Clone)]
pub struct Case {
    pub json: String,
    pub expected: Expected,
}

/// What must happen to the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Within the bounds.
    Admitted,
    /// A violation of this field and no other.
    Refused(&'static str),
    /// An id of this field, and of no other, that looks like another one: a write under it is refused, unless it was
    /// answered before.
    LookAlike(&'static str),
    /// No value of the type at all.
    Unreadable,
}

/// `{"name": value, …}`
pub fn json_object<N: AsRef<str>>(values: &[(N, String)]) -> String {
    let entries: Vec<String> =
        values.iter().map(|(name, value)| format!("\"{}\":{value}", name.as_ref())).collect();
    format!("{{{}}}", entries.join(","))
}

/// A value within the bounds.
pub fn valid(field: &FieldSpec) -> String {
    wrap(field, &value(field))
}

/// Every case of a field.
pub fn cases(field: &'static FieldSpec) -> Vec<Case> {
    let admitted = |json: String| Case { json, expected: Expected::Admitted };
    if field.ty.contains("Map<") {
        return vec![admitted("{}".to_owned())];
    }
    let mut cases: Vec<Case> = leaf_cases(field)
        .into_iter()
        .map(|case| Case { json: wrap(field, &case.json), expected: case.expected })
        .collect();
    if field.is_optional {
        cases.push(admitted("null".to_owned()));
    }
    if field.is_list {
        let items = |count: usize| format!("[{}]", vec![value(field); count].join(","));
        cases.push(admitted(items(0)));
        if let Some(max) = field.max_items {
            cases.push(admitted(items(max)));
            cases.push(Case { json: items(max + 1), expected: Expected::Refused(field.name) });
        }
        // A value out of its bounds is found wherever it stands.
        for case in leaf_cases(field).into_iter().filter(|case| case.expected != Expected::Admitted) {
            let json = format!("[{},{}]", value(field), case.json);
            if field.max_items.is_none_or(|max| max >= 2) {
                cases.push(Case { json, expected: case.expected });
            }
        }
    }
    cases
}

/// One value as the whole field: a list of one, or the value itself.
fn wrap(field: &FieldSpec, value: &str) -> String {
    let ty = field.ty.strip_prefix("Option<").unwrap_or(field.ty);
    if ty.starts_with("Map<") {
        "{}".to_owned()
    } else if field.is_list {
        format!("[{value}]")
    } else {
        value.to_owned()
    }
}

/// One value within the bounds.
fn value(field: &FieldSpec) -> String {
    if let Some(fixed) = field.fixed {
        return match field.value {
            ValueSpec::OneOf(_) | ValueSpec::Text { .. } => text(fixed),
            _ => fixed.to_owned(),
        };
    }
    match &field.value {
        ValueSpec::Bool => "true".to_owned(),
        ValueSpec::Integer { min, .. } => min.to_string(),
        ValueSpec::Real { min, .. } => min.unwrap_or(0.0).to_string(),
        ValueSpec::Text { min_len, .. } => text(&"x".repeat(*min_len)),
        ValueSpec::OneOf(values) => text(values[0]),
        ValueSpec::ReasonCode => text(an_active_code(field).as_str()),
        ValueSpec::Payload => "{}".to_owned(),
        ValueSpec::Digest => text(&"0".repeat(64)),
        ValueSpec::Record(fields) => {
            let values: Vec<_> = fields.iter().map(|field| (field.name, valid(field))).collect();
            json_object(&values)
        }
        other => panic!("{}: no value of {other:?} is known", field.name),
    }
}

fn leaf_cases(field: &'static FieldSpec) -> Vec<Case> {
    let case = |json: String, expected| Case { json, expected };
    let admitted = |json: String| case(json, Expected::Admitted);
    let refused = |json: String| case(json, Expected::Refused(field.name));
    if field.fixed.is_some() {
        return fixed_cases(field);
    }
    if let Some(takes) = field.reasons {
        return reason_cases(field, takes);
    }
    match &field.value {
        ValueSpec::Bool => vec![admitted("true".into()), admitted("false".into()), unreadable("1")],
        ValueSpec::Integer { min, max } => integer_cases(field.name, *min, *max),
        ValueSpec::Real { min, max } => {
            let mut cases = Vec::new();
            for (bound, beyond) in [(min, min.map(f32::next_down)), (max, max.map(f32::next_up))] {
                cases.extend(bound.map(|value| admitted(value.to_string())));
                cases.extend(beyond.map(|value| refused(value.to_string())));
            }
            cases
        }
        ValueSpec::Text { min_len, max_len, ascii, is_free } => {
            let mut cases = vec![
                admitted(text(&"x".repeat(*min_len))),
                admitted(text(&"x".repeat(*max_len))),
                refused(text(&"x".repeat(max_len + 1))),
            ];
            if *min_len > 0 {
                cases.push(refused(text(&"x".repeat(min_len - 1))));
                cases.push(refused(text(&" ".repeat(*min_len))));
            }
            if *max_len >= 2 && *min_len <= 2 {
                let json = text("é");
                cases.push(if *ascii { refused(json) } else { admitted(json) });
            }
            cases.extend(look_alikes(field.name, (*min_len, *max_len), *ascii, *is_free));
            cases
        }
        ValueSpec::OneOf(values) => values
            .iter()
            .map(|value| admitted(text(value)))
            .chain([unreadable(&text("NO_SUCH_VALUE")), unreadable(&text(&values[0].to_lowercase()))])
            .collect(),
        ValueSpec::ReasonCode => ReasonCode::all()
            .map(|code| {
                let json = text(code.as_str());
                if code.is_retired() { refused(json) } else { admitted(json) }
            })
            .chain([unreadable(&text("NO_SUCH_CODE"))])
            .collect(),
        ValueSpec::Payload => vec![
            admitted(r#"{"key":"value"}"#.to_owned()),
            refused(r#"{"Key":"value"}"#.to_owned()),
            refused(r#"{"key":" "}"#.to_owned()),
        ],
        ValueSpec::Digest => vec![admitted(text(&"f".repeat(64))), unreadable(&text(&"f".repeat(63)))],
        ValueSpec::Record(fields) => fields.iter().flat_map(|inner| record_cases(fields, inner)).collect(),
        other => panic!("{}: no cases of {other:?} are known", field.name),
    }
}

/// Every code that can be read: those of a class that the field takes are admitted, all others are refused.
fn reason_cases(field: &'static FieldSpec, takes: &ReasonRule) -> Vec<Case> {
    let engine = match &field.value {
        ValueSpec::OneOf(codes) => {
            Some(codes[0].parse::<ReasonCode>().expect("the code is registered").engine())
        }
        _ => None,
    };
    let (readable, strange): (Vec<ReasonCode>, Vec<ReasonCode>) =
        ReasonCode::all().partition(|code| engine.is_none_or(|engine| code.engine() == engine));
    let mut cases: Vec<Case> = readable
        .into_iter()
        .map(|code| {
            let is_taken = takes.takes(code) && !code.is_retired();
            let expected = if is_taken { Expected::Admitted } else { Expected::Refused(field.name) };
            Case { json: text(code.as_str()), expected }
        })
        .collect();
    if let ValueSpec::OneOf(codes) = &field.value {
        let admitted: Vec<String> = cases
            .iter()
            .filter(|case| case.expected == Expected::Admitted)
            .map(|case| case.json.clone())
            .collect();
        let listed: Vec<String> = codes.iter().map(|code| text(code)).collect();
        assert_eq!(listed, admitted, "{}", field.name);
    }
    cases.extend(strange.first().map(|code| unreadable(&text(code.as_str()))));
    cases.push(unreadable(&text("NO_SUCH_CODE")));
    cases
}

/// Texts that look like another one as an id; as a text that people read only those with controls do.
fn look_alikes(name: &'static str, (min, max): (usize, usize), ascii: bool, is_free: bool) -> Vec<Case> {
    let (looks_alike, refused) = (Expected::LookAlike(name), Expected::Refused(name));
    let as_id = if is_free { Expected::Admitted } else { looks_alike };
    let beyond_ascii = if ascii { refused } else { as_id };
    [
        ("x ", as_id),
        (" x", as_id),
        (r"x\u0000x", looks_alike),
        (r"x\u0009x", looks_alike),
        (r"x\u007f", looks_alike),
        (r"x\u200bx", beyond_ascii),
        (r"x\u202ex", beyond_ascii),
        (r"x\u00a0x", beyond_ascii),
        (r"xe\u0301", beyond_ascii),
    ]
    .into_iter()
    // The longest of them has five bytes.
    .filter(|_| min <= 2 && max >= 5)
    .map(|(json, expected)| Case { json: text(json), expected })
    .collect()
}

/// The cases of one field of a record, each within a record that is valid otherwise.
fn record_cases(fields: &'static [FieldSpec], inner: &'static FieldSpec) -> Vec<Case> {
    cases(inner)
        .into_iter()
        .map(|case| {
            let values: Vec<_> = fields
                .iter()
                .map(|field| {
                    let json = if field.name == inner.name { case.json.clone() } else { valid(field) };
                    (field.name, json)
                })
                .collect();
            Case { json: json_object(&values), expected: case.expected }
        })
        .collect()
}

fn integer_cases(field: &'static str, min: u128, max: u128) -> Vec<Case> {
    let case = |json: u128, expected| Case { json: json.to_string(), expected };
    let mut cases = vec![case(min, Expected::Admitted), case(max, Expected::Admitted)];
    match min.checked_sub(1) {
        Some(below) => cases.push(case(below, Expected::Refused(field))),
        None => cases.push(unreadable("-1")),
    }
    // Beyond the largest value of the Rust integer there is nothing to refuse: the value cannot be read.
    let largest = [u8::MAX.into(), u16::MAX.into(), u32::MAX.into(), u128::from(u64::MAX), u128::MAX];
    match max.checked_add(1) {
        Some(above) if largest.contains(&max) => cases.push(unreadable(&above.to_string())),
        Some(above) => cases.push(case(above, Expected::Refused(field))),
        None => {}
    }
    cases
}

fn fixed_cases(field: &'static FieldSpec) -> Vec<Case> {
    let refused = |json: String| Case { json, expected: Expected::Refused(field.name) };
    let mut cases = vec![Case { json: value(field), expected: Expected::Admitted }];
    let fixed = field.fixed.unwrap_or_default();
    match &field.value {
        ValueSpec::OneOf(values) => {
            cases.extend(values.iter().filter(|value| **value != fixed).map(|value| refused(text(value))));
        }
        ValueSpec::Text { .. } => cases.push(refused(text(&format!("{fixed}x")))),
        ValueSpec::Bool => cases.push(refused((fixed != "true").to_string())),
        ValueSpec::Integer { min, .. } => {
            let other = if min.to_string() == fixed { min + 1 } else { *min };
            cases.push(refused(other.to_string()));
        }
        other => panic!("{}: {other:?} cannot be fixed", field.name),
    }
    cases
}

fn unreadable(json: &str) -> Case {
    Case { json: json.to_owned(), expected: Expected::Unreadable }
}

fn an_active_code(field: &FieldSpec) -> ReasonCode {
    let is_taken = |code: &ReasonCode| field.reasons.is_none_or(|takes| takes.takes(*code));
    ReasonCode::all().find(|code| !code.is_retired() && is_taken(code)).expect("a code is registered")
}

fn text(text: &str) -> String {
    format!("\"{text}\"")
}
