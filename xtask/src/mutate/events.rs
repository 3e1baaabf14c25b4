//! What the audit event of a write carries.

use selene_codegen::contract::AuditRule;

use super::operator::{Edit, Operator};
use super::subject::{Subject, path};

pub(super) const ALL: &[Operator] = &[
    Operator::new("event-type-dropped", "A write emits one kind of event less.", |subject| {
        entries(subject, ("types", 1), |rule| &rule.event_types, |rule| &mut rule.event_types)
    }),
    Operator::new("event-field-dropped", "The event need not carry a field.", |subject| {
        entries(subject, ("fields", 0), |rule| &rule.required_fields, |rule| &mut rule.required_fields)
    }),
    Operator::new("payload-key-dropped", "The payload may not carry a key.", |subject| {
        entries(subject, ("payload", 0), |rule| &rule.payload_keys, |rule| &mut rule.payload_keys)
    }),
    Operator::new("payload-key-made-optional", "The payload need not carry a key.", |subject| {
        keys(subject, |key| (!key.contains('=') && !key.ends_with('?')).then(|| format!("{key}?")))
    }),
    Operator::new("payload-value-freed", "The value of a payload's key is not fixed.", |subject| {
        keys(subject, |key| key.split_once('=').map(|(key, _)| key.to_owned()))
    }),
    Operator::new("event-code-freed", "The event carries any reason code.", code_freed),
];

/// The capabilities with an audit rule, each with its place in the contract.
fn rules(subject: &Subject) -> impl Iterator<Item = (usize, Vec<String>, &AuditRule)> {
    subject.capabilities().filter_map(|(index, capability)| {
        let item = path(&["capabilities", &capability.id, "audit"]);
        capability.audit.as_ref().map(|rule| (index, item, rule))
    })
}

fn rule_mut(subject: &mut Subject, index: usize) -> &mut AuditRule {
    subject.contract_mut().capabilities[index].audit.as_mut().expect("it has a rule")
}

/// The name of a payload key that is written `directive=format` or `user_id?`.
fn bare(key: &str) -> &str {
    key.split(['=', '?']).next().unwrap_or(key)
}

/// Drops each entry of a list that has a name, and more than so many entries.
fn entries(
    subject: &Subject,
    (name, more_than): (&str, usize),
    list: fn(&AuditRule) -> &Vec<String>,
    list_mut: fn(&mut AuditRule) -> &mut Vec<String>,
) -> Vec<Edit> {
    let mut found = Vec::new();
    for (index, item, rule) in rules(subject).filter(|(.., rule)| list(rule).len() > more_than) {
        for entry in list(rule) {
            let (dropped, change) = (entry.clone(), format!("without {entry}"));
            let edit = Edit::new(item.clone(), change, move |changed| {
                list_mut(rule_mut(changed, index)).retain(|entry| *entry != dropped);
            });
            found.push(edit.of(format!("{name}::{}", bare(entry))));
        }
    }
    found
}

fn keys(subject: &Subject, changed: fn(&str) -> Option<String>) -> Vec<Edit> {
    let mut found = Vec::new();
    for (index, item, rule) in rules(subject) {
        for key in &rule.payload_keys {
            let Some(new) = changed(key) else { continue };
            let (old, change) = (key.clone(), format!("{key} becomes {new}"));
            let edit = Edit::new(item.clone(), change, move |changed| {
                let keys = &mut rule_mut(changed, index).payload_keys;
                keys.iter_mut().filter(|key| **key == old).for_each(|key| key.clone_from(&new));
            });
            found.push(edit.of(format!("payload::{}", bare(key))));
        }
    }
    found
}

fn code_freed(subject: &Subject) -> Vec<Edit> {
    let fixed =
        rules(subject).filter_map(|(index, item, rule)| Some((index, item, rule.reason_code.clone()?)));
    fixed
        .map(|(index, item, code)| {
            Edit::new(item, format!("without {code}"), move |changed| {
                rule_mut(changed, index).reason_code = None;
            })
            .of("code")
        })
        .collect()
}
