//! Contracts with one constraint changed: what a test has to notice.
//!
//! What lives here: the list of operators, each of which finds the constraints of one kind, and the contract that follows from a
//! change. What must not: files, cargo, and whether anything notices.

mod access;
mod bounds;
mod dedupe;
mod events;
mod fields;
mod operator;
mod reasons;
mod subject;
mod tables;

pub use operator::{Mutant, Operator, texts};
use subject::Subject;

use std::rc::Rc;

use crate::resolve::Resolved;

/// Every operator, by family.
#[must_use]
pub fn operators() -> Vec<Operator> {
    [bounds::ALL, fields::ALL, access::ALL, dedupe::ALL, events::ALL, reasons::ALL, tables::ALL].concat()
}

/// Every mutant of the contracts of a run: what all engines share first, then engine by engine, operator by operator, in the
/// order of the contract.
#[must_use]
pub fn mutants(resolved: &Resolved) -> Vec<Mutant> {
    let engines = resolved.contracts.iter().cloned().map(Subject::engine);
    let subjects = std::iter::once(Subject::Shared(resolved.shared.clone())).chain(engines).map(Rc::new);
    let of_subject = |subject: Rc<Subject>| {
        let operators = operators().into_iter();
        operators.flat_map(|operator| operator.mutants(&subject)).collect::<Vec<_>>()
    };
    subjects.flat_map(of_subject).collect()
}
