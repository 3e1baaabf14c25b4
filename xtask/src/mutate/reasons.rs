//! Which reason codes a call takes, and which a refusal carries.

use selene_codegen::contract::{Field, ReasonClass, ReasonCode, ReasonRef, RefusalClass};

use super::operator::{Edit, Operator};
use super::subject::{Subject, path};

pub(super) const ALL: &[Operator] = &[
    Operator::new("class-dropped", "A field takes no code of a class that it took.", class_dropped),
    Operator::new("class-added", "A field takes codes of one more class.", class_added),
    Operator::new(
        "own-step-dropped",
        "A field does not take the code of its capability's event.",
        own_step_dropped,
    ),
    Operator::new(
        "violation-dropped",
        "A value out of bounds is refused with the engine's usual code.",
        violation_dropped,
    ),
    Operator::new("refusal-swapped", "A class of refusals carries the code of another one.", refusal_swapped),
    Operator::new("code-reclassed", "A reason code is of another class.", code_reclassed),
];

fn class_dropped(subject: &Subject) -> Vec<Edit> {
    let mut found = Vec::new();
    for (at, field) in subject.inputs() {
        for (place, class) in field.classes.iter().enumerate() {
            let change = format!("without {}", class.as_str());
            found.push(Edit::new(subject.input_path(at), change, move |changed| {
                at.get_mut(changed).classes.remove(place);
            }));
        }
    }
    found
}

fn class_added(subject: &Subject) -> Vec<Edit> {
    let mut found = Vec::new();
    for (at, field) in subject.inputs() {
        if field.classes.is_empty() && field.own_step.is_none() {
            continue;
        }
        for class in ReasonClass::ALL.into_iter().filter(|class| !field.classes.contains(class)) {
            if !has_more(subject, field, class) {
                continue;
            }
            let change = format!("with {}", class.as_str());
            found.push(Edit::new(subject.input_path(at), change, move |changed| {
                let classes = &mut at.get_mut(changed).classes;
                classes.push(class);
                classes.sort_unstable();
            }));
        }
    }
    found
}

/// Whether a field would take a further code with a further class. Codes of other engines are not known here, so a field that takes
/// those is taken to have one.
fn has_more(subject: &Subject, field: &Field, class: ReasonClass) -> bool {
    let own = subject.contract().map(|contract| contract.reason_codes.as_slice()).unwrap_or_default();
    let is_more = |code: &ReasonCode| {
        code.class == class && !code.retired && field.own_step.as_ref() != Some(&code.name)
    };
    !field.ty.to_string().contains("EngineReasonCode") || own.iter().any(is_more)
}

fn own_step_dropped(subject: &Subject) -> Vec<Edit> {
    let own = subject.inputs().into_iter().filter_map(|(at, field)| Some((at, field.own_step.clone()?)));
    own.map(|(at, code)| {
        Edit::new(subject.input_path(at), format!("without {code}"), move |changed| {
            at.get_mut(changed).own_step = None;
        })
    })
    .collect()
}

fn violation_dropped(subject: &Subject) -> Vec<Edit> {
    let stated = subject.inputs().into_iter().filter_map(|(at, field)| Some((at, field.violation.clone()?)));
    stated
        .map(|(at, code)| {
            Edit::new(subject.input_path(at), format!("without {code}"), move |changed| {
                at.get_mut(changed).violation = None;
            })
        })
        .collect()
}

fn refusal_swapped(subject: &Subject) -> Vec<Edit> {
    let Some(contract) = subject.contract() else { return Vec::new() };
    let swapped = contract.refusals.iter().filter_map(|(class, code)| {
        let (_, other) = contract.refusals.iter().find(|(_, other)| *other != code)?;
        Some((*class, code.clone(), other.clone()))
    });
    swapped
        .map(|(class, code, other): (RefusalClass, ReasonRef, ReasonRef)| {
            let item = path(&["refusals", class.as_str()]);
            Edit::new(item, format!("{} becomes {}", code.name, other.name), move |changed| {
                changed.contract_mut().refusals.insert(class, other);
            })
        })
        .collect()
}

fn code_reclassed(subject: &Subject) -> Vec<Edit> {
    let codes = subject.contract().into_iter().flat_map(|contract| contract.reason_codes.iter().enumerate());
    codes
        .map(|(index, code)| {
            let place = ReasonClass::ALL.iter().position(|class| *class == code.class).unwrap_or_default();
            let new = ReasonClass::ALL[(place + 1) % ReasonClass::ALL.len()];
            let change = format!("{} becomes {}", code.class.as_str(), new.as_str());
            Edit::new(path(&["reason_codes", &code.name]), change, move |changed| {
                changed.contract_mut().reason_codes[index].class = new;
            })
        })
        .collect()
}
