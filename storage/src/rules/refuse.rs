//! Refusals with the reason code that the capability's contract gives to each class. A table is named by the row or record `R` that
//! is read from it.

use selene_contracts::row::Selection;
use selene_contracts::shared::MonotonicTimeNs;
use selene_contracts::{Capability, FieldViolation, Problem, ReasonCode, StorageError};

/// Error text for a key of one request that is used with a different one.
pub(crate) const OTHER_USE: &str = "was used for something else";

/// A contract violation under the engine's common code: a value out of its bounds, or a state that does not allow the call.
pub(crate) fn contract<C: Capability>(field: &'static str, problem: Problem) -> StorageError {
    contract_as::<C>(C::SPEC.refusals.contract, field, problem)
}

/// A broken rule, as a contract violation. `rule` continues the field's name: `device_id` + `must belong to the user`.
pub(crate) fn rule<C: Capability>(field: &'static str, rule: &'static str) -> StorageError {
    contract::<C>(field, Problem::Rule(rule))
}

/// Refuses a time before the last change of the row that the call changes.
///
/// # Errors
/// `now` lies before `updated_at`.
pub(crate) fn not_before<C: Capability>(
    now: MonotonicTimeNs,
    updated_at: MonotonicTimeNs,
) -> Result<(), StorageError> {
    if now < updated_at { Err(rule::<C>("now", "lies before the last change")) } else { Ok(()) }
}

/// A broken rule under another code than the engine's common one.
pub(crate) fn rule_as<C: Capability>(
    reason_code: impl Into<ReasonCode>,
    field: &'static str,
    rule: &'static str,
) -> StorageError {
    contract_as::<C>(reason_code.into(), field, Problem::Rule(rule))
}

fn contract_as<C: Capability>(
    reason_code: ReasonCode,
    field: &'static str,
    problem: Problem,
) -> StorageError {
    let violations = vec![FieldViolation { field, problem, reason_code }];
    StorageError::ContractViolation { reason_code, capability: C::SPEC.id, violations }
}

/// A row that the input names does not exist.
pub(crate) fn foreign_key<C: Capability, R: Selection>(field: &'static str) -> StorageError {
    StorageError::ForeignKey { reason_code: C::SPEC.refusals.foreign_key, field, table: R::TABLE }
}

/// A missing row under another code than the engine's common one.
pub(crate) fn foreign_key_as<R: Selection>(
    reason_code: impl Into<ReasonCode>,
    field: &'static str,
) -> StorageError {
    StorageError::ForeignKey { reason_code: reason_code.into(), field, table: R::TABLE }
}

/// A row of the key exists already.
pub(crate) fn duplicate<C: Capability, R: Selection>(field: &'static str) -> StorageError {
    StorageError::DuplicateKey { reason_code: C::SPEC.refusals.duplicate, field, table: R::TABLE }
}

/// An existing key under another code than the engine's common one.
pub(crate) fn duplicate_as<R: Selection>(
    reason_code: impl Into<ReasonCode>,
    field: &'static str,
) -> StorageError {
    StorageError::DuplicateKey { reason_code: reason_code.into(), field, table: R::TABLE }
}

/// A row or key of another user, device or tenant.
pub(crate) fn scope<C: Capability>(field: &'static str, rule: &'static str) -> StorageError {
    StorageError::ScopeViolation { reason_code: C::SPEC.refusals.scope, field, rule }
}

/// The same under another code than the engine's common one.
pub(crate) fn scope_as(
    reason_code: impl Into<ReasonCode>,
    field: &'static str,
    rule: &'static str,
) -> StorageError {
    StorageError::ScopeViolation { reason_code: reason_code.into(), field, rule }
}

/// An attempt to change a row of an append-only table.
pub(crate) fn append_only<C: Capability>(table: &'static str) -> StorageError {
    StorageError::AppendOnlyViolation { reason_code: C::SPEC.refusals.append_only, table }
}

/// The row that the call changes or reads does not exist.
pub(crate) fn not_found<C: Capability, R: Selection>(field: &'static str) -> StorageError {
    not_found_in::<C>(field, R::TABLE)
}

/// The same, where a value names the table: the row of a guard.
pub(crate) fn not_found_in<C: Capability>(field: &'static str, table: &'static str) -> StorageError {
    StorageError::NotFound { reason_code: C::SPEC.refusals.not_found, field, table }
}
