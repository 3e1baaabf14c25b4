//! The calls of the demo, through the public traits.

use std::fmt::Debug;

use selene_contracts::ph1_f::{
    IdentityStatus, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow, Ph1fSessionOpenCommitRow,
};
use selene_contracts::ph1_j::{Ph1JReasonCode, Ph1jAppendOnlyGuard, Ph1jReadRows};
use selene_contracts::ph1_persona::{Ph1PersonaReasonCode, Ph1personaProfileCommitRow};
use selene_contracts::ph1_write::{FormatMode, Ph1WriteReasonCode, Ph1writeFormatCommitRow};
use selene_contracts::shared::{AuditEventRecord, CorrelationId, MonotonicTimeNs, SessionId, TurnId};
use selene_contracts::{CallContext, Caller, Committed, Disposition, EveryRepo, ReasonCode, StorageError};

/// One call and what came of it.
pub struct Call {
    pub what: &'static str,
    pub expected: Expected,
    pub outcome: Outcome,
    /// Where an enrollment stands after the call.
    pub after: Option<After>,
}

/// Where an enrollment stands.
pub struct After {
    pub status: &'static str,
    /// Passes so far, of how many.
    pub passes: (u8, u8),
    /// Samples so far, of how many.
    pub attempts: (u32, u8),
    pub reason: &'static str,
}

/// What the demo wants to show with a call.
#[derive(Clone, Copy)]
pub enum Expected {
    Applied,
    Replayed,
    /// For this reason and no other.
    Refused(ReasonCode),
    /// The same, but this very call is made again later and applied then: on a used database it is replayed.
    TooEarly(ReasonCode),
}

/// A refusal for one reason.
pub fn refused(code: impl Into<ReasonCode>) -> Expected {
    Expected::Refused(code.into())
}

/// What came of a call.
pub enum Outcome {
    Committed { disposition: Disposition, reason_code: &'static str, event_id: String },
    Refused(StorageError),
    Allowed,
}

impl Call {
    pub fn is_replay(&self) -> bool {
        matches!(self.outcome, Outcome::Committed { disposition: Disposition::Replayed { .. }, .. })
    }

    /// On a used database a call that would be applied is replayed.
    pub fn went_as_planned(&self) -> bool {
        match (&self.outcome, self.expected) {
            (Outcome::Committed { .. }, Expected::Applied) => true,
            (Outcome::Committed { .. }, Expected::Replayed | Expected::TooEarly(_)) => self.is_replay(),
            (Outcome::Refused(error), Expected::Refused(code) | Expected::TooEarly(code)) => {
                error.reason_code() == code
            }
            _ => false,
        }
    }
}

/// Makes the calls of the foundation, of PH1.PERSONA and of PH1.WRITE.
pub fn all(store: &dyn EveryRepo) -> Vec<Call> {
    let mut calls = Vec::from(foundation(store));
    calls.extend(commits(store));
    calls.extend(refusals(store));
    calls
}

/// Every event, chain by chain.
pub fn events(store: &dyn EveryRepo) -> Result<Vec<AuditEventRecord>, StorageError> {
    store.ph1j_read_rows(&context(1), Ph1jReadRows {})
}

fn foundation(store: &dyn EveryRepo) -> [Call; 3] {
    let identity = Ph1fIdentityInsertRow {
        user_id: "ada".into(),
        speaker_id: None,
        primary_language: Some("en-GB".into()),
        tenant_id: Some("acme".into()),
        status: IdentityStatus::Active,
        idempotency_key: "demo-identity".into(),
    };
    let device = Ph1fDeviceInsertRow {
        device_id: "ada-phone".into(),
        user_id: "ada".into(),
        device_type: "phone".into(),
        audio_profile_ref: None,
        tenant_id: None,
        idempotency_key: "demo-device".into(),
    };
    let session = Ph1fSessionOpenCommitRow {
        session_id: SessionId::new(1),
        user_id: "ada".into(),
        device_id: "ada-phone".into(),
        idempotency_key: "demo-session".into(),
    };
    [
        write(
            "insert the identity ada",
            Expected::Applied,
            store.ph1f_identity_insert_row(&context(1), identity),
        ),
        write(
            "register ada-phone, no tenant yet",
            Expected::Applied,
            store.ph1f_device_insert_row(&context(2), device),
        ),
        write("open a session", Expected::Applied, store.ph1f_session_open_commit_row(&context(3), session)),
    ]
}

fn commits(store: &dyn EveryRepo) -> [Call; 4] {
    let changed = Ph1personaProfileCommitRow {
        style_profile_ref: "style-formal".into(),
        ..profile("acme", "demo-profile")
    };
    [
        write(
            "PERSONA: commit a profile, which binds the device to acme",
            Expected::Applied,
            store.ph1persona_profile_commit_row(&context(4), profile("acme", "demo-profile")),
        ),
        write(
            "PERSONA: the same call again",
            Expected::Replayed,
            store.ph1persona_profile_commit_row(&context(5), profile("acme", "demo-profile")),
        ),
        write(
            "PERSONA: the same key for another profile",
            Expected::Replayed,
            store.ph1persona_profile_commit_row(&context(5), changed),
        ),
        write(
            "WRITE: commit a formatting outcome",
            Expected::Applied,
            store.ph1write_format_commit_row(&context(6), format("demo-format")),
        ),
    ]
}

fn refusals(store: &dyn EveryRepo) -> Vec<Call> {
    let mut calls = vec![
        write(
            "WRITE: the key that PERSONA used",
            refused(Ph1WriteReasonCode::WriteScopeViolation),
            store.ph1write_format_commit_row(&context(7), format("demo-profile")),
        ),
        write(
            "PERSONA: the device for another tenant",
            refused(Ph1PersonaReasonCode::PersonaScopeViolation),
            store.ph1persona_profile_commit_row(&context(7), profile("globex", "demo-globex")),
        ),
    ];
    if let Some(event) = events(store).ok().and_then(|events| events.into_iter().next()) {
        let guard = Ph1jAppendOnlyGuard { event_id: event.event_id };
        let outcome = match store.ph1j_append_only_guard(&context(8), guard) {
            Ok(()) => Outcome::Allowed,
            Err(error) => Outcome::Refused(error),
        };
        calls.push(Call {
            what: "J: rewrite an audit event",
            expected: refused(Ph1JReasonCode::JAppendOnlyViolation),
            outcome,
            after: None,
        });
    }
    calls
}

/// A call of Selene OS in one chain of work.
pub fn context(turn: u64) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(turn * 1_000_000),
        CorrelationId::new(2_026),
        TurnId::new(turn),
    )
}

/// The same, some seconds after the start of an enrollment.
pub fn seconds(turn: u64, after: u64) -> CallContext {
    context(turn).at(MonotonicTimeNs::new(1_000_000_000 + after * 1_000_000_000))
}

fn profile(tenant: &str, key: &str) -> Ph1personaProfileCommitRow {
    Ph1personaProfileCommitRow {
        tenant_id: tenant.into(),
        session_id: Some(SessionId::new(1)),
        user_id: "ada".into(),
        device_id: "ada-phone".into(),
        style_profile_ref: "style-warm".into(),
        delivery_policy_ref: "delivery-voice".into(),
        preferences_snapshot_ref: "preferences-1".into(),
        reason_code: Ph1PersonaReasonCode::PersonaProfileCommit,
        idempotency_key: key.into(),
    }
}

fn format(key: &str) -> Ph1writeFormatCommitRow {
    Ph1writeFormatCommitRow {
        tenant_id: "acme".into(),
        session_id: Some(SessionId::new(1)),
        user_id: "ada".into(),
        device_id: "ada-phone".into(),
        format_mode: FormatMode::FormattedText,
        reason_code: Ph1WriteReasonCode::WriteFormattedText,
        idempotency_key: key.into(),
    }
}

/// A write and what came of it.
pub fn write<T: Debug>(
    what: &'static str,
    expected: Expected,
    answer: Result<Committed<T>, StorageError>,
) -> Call {
    enroll(what, expected, answer, None::<fn(&T) -> After>)
}

/// A write and what came of it, with where an enrollment stands after it.
pub fn enroll<T: Debug>(
    what: &'static str,
    expected: Expected,
    answer: Result<Committed<T>, StorageError>,
    after: Option<impl FnOnce(&T) -> After>,
) -> Call {
    let after = answer.as_ref().ok().zip(after).map(|(committed, after)| after(&committed.value));
    let outcome = match answer {
        Ok(committed) => Outcome::Committed {
            disposition: committed.disposition,
            reason_code: committed.reason_code.as_str(),
            event_id: committed.event_id.to_string(),
        },
        Err(error) => Outcome::Refused(error),
    };
    Call { what, expected, outcome, after }
}
