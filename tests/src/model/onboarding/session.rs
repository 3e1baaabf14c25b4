//! What every step of an onboarding asks and emits alike.

use selene_contracts::CallContext;
use selene_contracts::ph1_onb::{OnboardingSessionRecord, Ph1OnbReasonCode as O, TermsStatus};
use selene_contracts::shared::{AuditEventType, IdempotencyKey, MonotonicTimeNs, OnboardingSessionId};

use super::clarify;
use crate::model::admission::{Admission, text};
use crate::model::event::{Event, EventKey};
use crate::model::tables::Tables;

pub(in crate::model) const ENGINE: &str = "PH1.ONB";

/// The bounds of the fields, in order.
pub(in crate::model) fn admission(fields: &[bool]) -> Admission {
    Admission::of(O::OnbContractValidationFailed, fields).gated()
}

/// The bounds of a session, of what stands between, and of a key.
pub(super) fn keyed(
    session: &OnboardingSessionId,
    between: &[(&str, usize)],
    key: &IdempotencyKey,
) -> Admission {
    let between = between.iter().all(|(value, max)| text(value, *max));
    admission(&[text(session.as_str(), 64), between, text(key.as_str(), 128)])
}

/// The session of this id.
pub(super) fn session<'a>(
    tables: &'a mut Tables,
    id: &OnboardingSessionId,
) -> Result<&'a mut OnboardingSessionRecord, O> {
    tables.hiring.sessions.get_mut(id).ok_or(O::OnbScopeMismatch)
}

/// A call does not lie before the last change of the row that it changes.
pub(in crate::model) fn not_before(context: &CallContext, updated_at: MonotonicTimeNs) -> Result<(), O> {
    if context.now < updated_at { Err(O::OnbContractValidationFailed) } else { Ok(()) }
}

/// The terms were accepted.
pub(super) fn has_terms(row: &OnboardingSessionRecord) -> Result<(), O> {
    if row.terms_status == Some(TermsStatus::Accepted) { Ok(()) } else { Err(O::OnbGateTermsRequired) }
}

/// An event about a session and its person, in the chain of its tenant.
pub(super) fn event(
    tables: &Tables,
    context: &CallContext,
    code: O,
    row: &OnboardingSessionRecord,
    key: &IdempotencyKey,
) -> Event {
    let mut event = Event::new(context, ENGINE, AuditEventType::StateTransition, code);
    event.tenant_id.clone_from(&row.tenant_id);
    event.user_id = clarify::person(tables, row);
    event.key = EventKey::Given(key.clone());
    event.note("onboarding_session_id", &row.onboarding_session_id);
    event.note("status", &row.status);
    event
}
