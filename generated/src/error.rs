//! Why a call was refused or failed. Every error carries a reason code.

use crate::context::Caller;
use crate::reason::ReasonCode;
use crate::shared::AuditEventId;
use crate::violation::FieldViolation;

/// A refused or failed call. A refused write has changed nothing and emitted nothing.
///
/// Texts name fields, bounds and capabilities, never values of rows: an error says nothing to one tenant about another.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The caller is not among the capability's `allowed_callers`.
    #[error("{reason_code}: {} may not call {capability}", caller.as_str())]
    CallerNotAllowed {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// The capability that was called.
        capability: &'static str,
        /// The caller that the call context names.
        caller: Caller,
    },
    /// A simulation-gated write came without a `simulation_id`.
    #[error("{reason_code}: {capability} is simulation-gated; give the call context a simulation_id")]
    SimulationRequired {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// The capability that was called.
        capability: &'static str,
    },
    /// A value is out of its bounds, or the state of the rows does not allow the call.
    #[error("{reason_code}: {capability}: {}", list(violations))]
    ContractViolation {
        /// Why, as a registered code: that of the first violation.
        reason_code: ReasonCode,
        /// The capability that was called.
        capability: &'static str,
        /// Every violation, in field order; never empty.
        violations: Vec<FieldViolation>,
    },
    /// A row that the input names does not exist.
    #[error("{reason_code}: {field} names no row of {table}")]
    ForeignKey {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// The field that names the row.
        field: &'static str,
        /// The table that should hold it.
        table: &'static str,
    },
    /// A key that must be new exists already.
    #[error("{reason_code}: {table} holds this {field} already")]
    DuplicateKey {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// The field whose value is taken.
        field: &'static str,
        /// The table that holds it.
        table: &'static str,
    },
    /// A row or key belongs to another tenant, user, device, engine or capability.
    #[error("{reason_code}: {field} {rule}")]
    ScopeViolation {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// The field that reaches out of its scope.
        field: &'static str,
        /// The condition that the value breaks, as a sentence without a subject: `must be that of a gate`.
        rule: &'static str,
    },
    /// A ledger row was to be changed or removed.
    #[error("{reason_code}: {table} is append-only")]
    AppendOnlyViolation {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// The ledger by its name in SQL: `audit_events`.
        table: &'static str,
    },
    /// The thing to work on does not exist, or not for this caller.
    #[error("{reason_code}: no row of {table} has this {field}")]
    NotFound {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// The field that names it.
        field: &'static str,
        /// The table that should hold it.
        table: &'static str,
    },
    /// The idempotency key was used before for a request that differs. Only
    /// [`Committed::require_identical`](crate::Committed::require_identical) gives it.
    #[error(
        "{reason_code}: the key was used before for another request, whose event is {event_id}; nothing was written"
    )]
    RequestDiffers {
        /// The engine's code of a replay.
        reason_code: ReasonCode,
        /// The event of the first call.
        event_id: AuditEventId,
    },
    /// The commit may or may not be durable. Call again with the same idempotency key to learn which.
    #[error(
        "{reason_code}: whether the commit is durable is unknown ({detail}); call again with the same idempotency key"
    )]
    OutcomeUnknown {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// What the backend saw.
        detail: String,
    },
    /// The backend cannot serve the call now; nothing was written.
    #[error("{reason_code}: the store is unavailable: {detail}")]
    BackendUnavailable {
        /// Why, as a registered code.
        reason_code: ReasonCode,
        /// What the backend saw.
        detail: String,
    },
}

impl StorageError {
    /// What went wrong, as a word that stays the same: `FOREIGN_KEY`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::CallerNotAllowed { .. } => "CALLER_NOT_ALLOWED",
            Self::SimulationRequired { .. } => "SIMULATION_REQUIRED",
            Self::ContractViolation { .. } => "CONTRACT_VIOLATION",
            Self::ForeignKey { .. } => "FOREIGN_KEY",
            Self::DuplicateKey { .. } => "DUPLICATE_KEY",
            Self::ScopeViolation { .. } => "SCOPE_VIOLATION",
            Self::AppendOnlyViolation { .. } => "APPEND_ONLY_VIOLATION",
            Self::NotFound { .. } => "NOT_FOUND",
            Self::RequestDiffers { .. } => "REQUEST_DIFFERS",
            Self::OutcomeUnknown { .. } => "OUTCOME_UNKNOWN",
            Self::BackendUnavailable { .. } => "BACKEND_UNAVAILABLE",
        }
    }

    /// The registered code that says why.
    #[must_use]
    pub const fn reason_code(&self) -> ReasonCode {
        match self {
            Self::CallerNotAllowed { reason_code, .. }
            | Self::SimulationRequired { reason_code, .. }
            | Self::ContractViolation { reason_code, .. }
            | Self::ForeignKey { reason_code, .. }
            | Self::DuplicateKey { reason_code, .. }
            | Self::ScopeViolation { reason_code, .. }
            | Self::AppendOnlyViolation { reason_code, .. }
            | Self::NotFound { reason_code, .. }
            | Self::RequestDiffers { reason_code, .. }
            | Self::OutcomeUnknown { reason_code, .. }
            | Self::BackendUnavailable { reason_code, .. } => *reason_code,
        }
    }
}

/// `pass_target: 2 is not within 3..=8; …`
fn list(violations: &[FieldViolation]) -> String {
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
