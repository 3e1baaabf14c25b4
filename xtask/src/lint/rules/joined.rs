//! Rules that are kept by functions of several files.

use super::{call_claims, facts, of_calls, row_claims, table_claims, values};
use crate::diagnostics::Diagnostics;
use crate::lint::Subject;

/// Sentences that give a table another truth type or primary key, or other rows, than its DB wiring.
pub fn facts_of_tables(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    facts::of_tables(subject, diagnostics);
    row_claims::unchanged(subject, diagnostics);
    row_claims::owned(subject, diagnostics);
}

/// Sentences that say that a column may be absent, or never is, where the column says otherwise.
pub fn absence(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    values::absence(subject, diagnostics);
    row_claims::complete(subject, diagnostics);
}

/// Sentences and bullets that say of an engine or a capability that it owns, reads or writes a table, and its pages do not.
pub fn claims_of_tables(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    table_claims::of_tables(subject, diagnostics);
    call_claims::never_read(subject, diagnostics);
    call_claims::listed(subject, diagnostics);
}

/// Sentences that say otherwise than the ECM who may call a capability.
pub fn claims_of_callers(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    of_calls::against_callers(subject, diagnostics);
    call_claims::callers(subject, diagnostics);
}
