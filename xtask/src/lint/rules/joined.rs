//! Rules that are kept by functions of several files.

use super::{facts, of_calls, rows_said, said, said_of_calls, values};
use crate::diagnostics::Diagnostics;
use crate::lint::Subject;

/// Sentences that give a table another truth type or primary key, or other rows, than its DB wiring.
pub fn facts_of_tables(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    facts::of_tables(subject, diagnostics);
    rows_said::unchanged(subject, diagnostics);
    rows_said::owned(subject, diagnostics);
}

/// Sentences that say that a column may be absent, or never is, where the column says otherwise.
pub fn absence(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    values::absence(subject, diagnostics);
    rows_said::complete(subject, diagnostics);
}

/// Sentences and bullets that say of an engine or a capability that it owns, reads or writes a table, and its pages do not.
pub fn tables_said(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    said::of_tables(subject, diagnostics);
    said_of_calls::never_read(subject, diagnostics);
    said_of_calls::listed(subject, diagnostics);
}

/// Sentences that say otherwise than the ECM who may call a capability.
pub fn callers_said(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    of_calls::against_callers(subject, diagnostics);
    said_of_calls::callers(subject, diagnostics);
}
