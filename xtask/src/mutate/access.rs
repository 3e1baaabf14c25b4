//! Who may call, behind which gate, and whose rows a read gives.

use selene_codegen::contract::ReadScope;

use super::operator::{Edit, Operator};
use super::subject::{Subject, path};

/// What `selene_contracts::Caller` knows. A name that it does not know would be noticed by the compiler alone.
const CALLERS: [&str; 3] = ["SELENE_OS", "ENGINE", "OPERATOR"];

pub(super) const ALL: &[Operator] = &[
    Operator::new("caller-dropped", "A caller that may call may not.", caller_dropped),
    Operator::new("caller-added", "A caller that may not call may.", caller_added),
    Operator::new("gate-dropped", "A call needs no simulation any more.", |subject| gates(subject, true)),
    Operator::new("gate-added", "A call needs a simulation.", |subject| gates(subject, false)),
    Operator::new("scope-widened", "A read gives the rows of every tenant.", scope_widened),
];

fn caller_dropped(subject: &Subject) -> Vec<Edit> {
    let mut found = Vec::new();
    for (index, capability) in subject.capabilities() {
        for (place, caller) in capability.allowed_callers.iter().enumerate() {
            let item = path(&["capabilities", &capability.id, "allowed_callers"]);
            found.push(Edit::new(item, format!("without {caller}"), move |changed| {
                changed.contract_mut().capabilities[index].allowed_callers.remove(place);
            }));
        }
    }
    found
}

fn caller_added(subject: &Subject) -> Vec<Edit> {
    let mut found = Vec::new();
    for (index, capability) in subject.capabilities() {
        let other =
            CALLERS.iter().find(|caller| !capability.allowed_callers.iter().any(|known| known == *caller));
        let Some(caller) = other else { continue };
        let item = path(&["capabilities", &capability.id, "allowed_callers"]);
        found.push(Edit::new(item, format!("with {caller}"), move |changed| {
            changed.contract_mut().capabilities[index].allowed_callers.push((*caller).to_owned());
        }));
    }
    found
}

fn gates(subject: &Subject, was_gated: bool) -> Vec<Edit> {
    let stated = subject.capabilities().filter(|(_, capability)| capability.simulation_gated == was_gated);
    stated
        .map(|(index, capability)| {
            let item = path(&["capabilities", &capability.id, "simulation_gated"]);
            let change = if was_gated { "no gate" } else { "a gate" };
            Edit::new(item, change, move |changed| {
                changed.contract_mut().capabilities[index].simulation_gated = !was_gated;
            })
        })
        .collect()
}

fn scope_widened(subject: &Subject) -> Vec<Edit> {
    let narrow = |scope: Option<ReadScope>| scope.is_some_and(|scope| scope != ReadScope::WholeLedger);
    let reads = subject.capabilities().filter(|(_, capability)| narrow(capability.read_scope));
    reads
        .map(|(index, capability)| {
            let item = path(&["capabilities", &capability.id, "read_scope"]);
            Edit::new(item, "the whole ledger", move |changed| {
                changed.contract_mut().capabilities[index].read_scope = Some(ReadScope::WholeLedger);
            })
        })
        .collect()
}
