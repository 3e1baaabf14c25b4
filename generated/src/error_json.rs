//! The form in which an error leaves the program: for logs, and for callers in other languages.
//!
//! What lives here: kinds and fields of that form, which `cargo xtask export` describes. What must not: values of rows. An error holds none.

use serde::ser::{Serialize, Serializer};

use crate::error::StorageError;
use crate::violation::FieldViolation;

/// All fields that an error may have; those that its kind does not have are left out.
#[derive(serde::Serialize, Default)]
struct Form<'a> {
    kind: &'static str,
    reason_code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    capability: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Vec<Violation>>,
}

/// A field that breaks the contract.
#[derive(serde::Serialize)]
struct Violation {
    field: &'static str,
    problem: String,
    reason_code: &'static str,
}

impl Violation {
    fn of(violation: &FieldViolation) -> Self {
        let FieldViolation { field, problem, reason_code } = violation;
        Self { field, problem: problem.to_string(), reason_code: reason_code.as_str() }
    }
}

/// `{"kind": "FOREIGN_KEY", "reason_code": …, "message": …, "field": …, "table": …}`
impl Serialize for StorageError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, reason_code) = (self.kind(), self.reason_code().as_str());
        let mut form = Form { kind, reason_code, message: self.to_string(), ..Form::default() };
        match self {
            Self::CallerNotAllowed { capability, caller, .. } => {
                (form.capability, form.caller) = (Some(*capability), Some(caller.as_str()));
            }
            Self::SimulationRequired { capability, .. } => form.capability = Some(*capability),
            Self::ContractViolation { capability, violations, .. } => {
                form.capability = Some(*capability);
                form.violations = Some(violations.iter().map(Violation::of).collect());
            }
            Self::ForeignKey { field, table, .. }
            | Self::DuplicateKey { field, table, .. }
            | Self::NotFound { field, table, .. } => (form.field, form.table) = (Some(*field), Some(*table)),
            Self::ScopeViolation { field, rule, .. } => (form.field, form.rule) = (Some(*field), Some(*rule)),
            Self::AppendOnlyViolation { table, .. } => form.table = Some(*table),
            Self::RequestDiffers { event_id, .. } => form.event_id = Some(event_id.as_str()),
            Self::OutcomeUnknown { detail, .. } | Self::BackendUnavailable { detail, .. } => {
                form.detail = Some(detail);
            }
        }
        form.serialize(serializer)
    }
}
