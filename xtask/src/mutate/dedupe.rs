//! When two calls are the same call.

use super::operator::{Edit, Operator};
use super::subject::{Subject, path};

pub(super) const ALL: &[Operator] = &[
    Operator::new(
        "key-part-dropped",
        "Calls that differ in one part of the key are the same call.",
        part_dropped,
    ),
    Operator::new("key-dropped", "One of several keys of a capability is no key.", key_dropped),
    Operator::new(
        "space-split",
        "Calls of capabilities that share a space may use the same key.",
        space_split,
    ),
];

fn part_dropped(subject: &Subject) -> Vec<Edit> {
    let mut found = Vec::new();
    for (index, capability) in subject.capabilities() {
        let keys = capability.dedupe.iter().flat_map(|rule| rule.keys.iter().enumerate());
        for (key, parts) in keys.filter(|(_, parts)| parts.len() > 1) {
            for (place, part) in parts.iter().enumerate() {
                let item = path(&["capabilities", &capability.id, "dedupe"]);
                let change = format!("({}) without {part}", parts.join(", "));
                found.push(Edit::new(item, change, move |changed| {
                    let rule = changed.contract_mut().capabilities[index].dedupe.as_mut();
                    rule.expect("it has a rule").keys[key].remove(place);
                }));
            }
        }
    }
    found
}

fn key_dropped(subject: &Subject) -> Vec<Edit> {
    let mut found = Vec::new();
    for (index, capability) in subject.capabilities() {
        let keys = capability
            .dedupe
            .iter()
            .filter(|rule| rule.keys.len() > 1)
            .flat_map(|rule| rule.keys.iter().enumerate());
        for (key, parts) in keys {
            let item = path(&["capabilities", &capability.id, "dedupe"]);
            found.push(Edit::new(item, format!("without ({})", parts.join(", ")), move |changed| {
                let rule = changed.contract_mut().capabilities[index].dedupe.as_mut();
                rule.expect("it has a rule").keys.remove(key);
            }));
        }
    }
    found
}

fn space_split(subject: &Subject) -> Vec<Edit> {
    let shared = subject.capabilities().filter_map(|(index, capability)| {
        let rule = capability.dedupe.as_ref()?;
        (rule.space != capability.stored_name()).then(|| (index, capability, rule.space.clone()))
    });
    shared
        .map(|(index, capability, space)| {
            let item = path(&["capabilities", &capability.id, "dedupe"]);
            let own = capability.stored_name().to_owned();
            Edit::new(item, format!("{space} becomes {own}"), move |changed| {
                let rule = changed.contract_mut().capabilities[index].dedupe.as_mut();
                rule.expect("it has a rule").space = own;
            })
        })
        .collect()
}
