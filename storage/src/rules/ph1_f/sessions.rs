//! Sessions: opened once, then changed between states until they are CLOSED.

use selene_contracts::ph1_f::{
    Ph1FReasonCode, Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionRecord, SessionState,
};
use selene_contracts::shared::{AuditEventType, TenantId};
use selene_contracts::{Admitted, StorageError};

use crate::change::{Insert, Update};
use crate::rules::standing::{Named, Standing};
use crate::rules::{Audience, Decision, EventDraft, WriteRule, refuse};

/// The rows that the opening of a session depends on.
#[derive(Debug, Clone)]
pub struct OpenFacts {
    pub(crate) standing: Standing,
    pub(crate) has_session: bool,
}

impl WriteRule for Ph1fSessionOpenCommitRow {
    type Facts = OpenFacts;
    type Change = Insert<SessionRecord>;

    fn decide(call: &Admitted<Self>, facts: OpenFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let cleared = facts.standing.check::<Self>(Named {
            user: Some(&input.user_id),
            device: Some(&input.device_id),
            ..Named::default()
        })?;
        if facts.has_session {
            return Err(refuse::duplicate::<Self, SessionRecord>("session_id"));
        }
        let record = SessionRecord {
            session_id: input.session_id,
            user_id: input.user_id.clone(),
            device_id: input.device_id.clone(),
            session_state: SessionState::Open,
            opened_at: now,
            last_activity_at: now,
            closed_at: None,
        };
        let event = EventDraft::fixed(call)?
            .user(Some(&input.user_id))
            .device(Some(&input.device_id))
            .session(Some(input.session_id))
            .tenant(cleared.tenant_id.as_ref())
            .payload([("session_state", record.session_state.as_str())]);
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

/// Who may have the outcome of an earlier opening: the tenant of the session's person. Any other person gets it only by the same request.
pub(crate) fn audience_of_session(input: &Ph1fSessionOpenCommitRow, session: &SessionRecord) -> Audience {
    if session.user_id == input.user_id { Audience::Tenant } else { Audience::SameRequest(refuse::OTHER_USE) }
}

/// The rows that a change of a session's state reads.
#[derive(Debug, Clone)]
pub struct StateFacts {
    pub(crate) session: Option<SessionRecord>,
    /// The tenant of the session's device, else the home of its owner.
    pub(crate) tenant_id: Option<TenantId>,
}

impl WriteRule for Ph1fSessionStateCommitRow {
    type Facts = StateFacts;
    type Change = Update<SessionRecord>;

    fn decide(call: &Admitted<Self>, facts: StateFacts) -> Result<Decision<Self>, StorageError> {
        let now = call.context().now;
        let before = facts.session.ok_or_else(|| refuse::not_found::<Self, SessionRecord>("session_id"))?;
        let to = call.input().session_state;
        let refused =
            |field, rule| refuse::rule_as::<Self>(Ph1FReasonCode::FSessionStateInvalid, field, rule);
        let event_type = event_of_move(before.session_state, to)
            .ok_or_else(|| refused("session_state", "cannot be reached from the session's state"))?;
        if now < before.last_activity_at {
            return Err(refused("now", "lies before the session's last activity"));
        }
        let record = SessionRecord {
            session_state: to,
            last_activity_at: now,
            closed_at: (to == SessionState::Closed).then_some(now),
            ..before.clone()
        };
        let event = EventDraft::new(call, event_type, Ph1FReasonCode::FSessionState.into())
            .user(Some(&record.user_id))
            .device(Some(&record.device_id))
            .session(Some(record.session_id))
            .tenant(facts.tenant_id.as_ref())
            .payload([("session_state_from", before.session_state.as_str()), ("session_state", to.as_str())]);
        Ok(Decision { change: Update(record.clone()), event, output: record })
    }
}

/// The event type of an allowed change of state; none where it is not allowed: from CLOSED, or to the same state.
fn event_of_move(from: SessionState, to: SessionState) -> Option<AuditEventType> {
    use SessionState::{Closed, Open, SoftClosed, Suspended};
    match (from, to) {
        (Open, SoftClosed) => Some(AuditEventType::SessionSoftClose),
        (Open, Suspended) => Some(AuditEventType::SystemSuspend),
        (SoftClosed | Suspended, Open) => Some(AuditEventType::SystemResume),
        (Open | SoftClosed | Suspended, Closed) => Some(AuditEventType::SessionClosed),
        _ => None,
    }
}
