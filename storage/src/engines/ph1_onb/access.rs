//! Access: the person, and what they may do in one tenant.

use selene_contracts::ph1_f::{IdentityRecord, IdentityStatus};
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnboardingSessionRecord, OnboardingStatus, Ph1OnbReasonCode,
    Ph1onbAccessInstanceCreateCommitRow,
};
use selene_contracts::ph2_access::{AccessInstanceRecord, AccessLifecycle, RoleTemplateId};
use selene_contracts::shared::{AuditEventId, TenantId, UserId};
use selene_contracts::{Admitted, Problem, StorageError};

use super::{Workplace, gates, session};
use crate::encode::{Encoder, short_id};
use crate::engines::person::Person;
use crate::engines::{Decision, WriteRule, ph2_access, refuse};

/// What the creation of access needs to know.
#[derive(Debug, Clone)]
pub struct AccessFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) workplace: Workplace,
    pub(crate) person: Option<Person>,
    /// The person's access in the tenant, if there is some already.
    pub(crate) instance: Option<AccessInstanceRecord>,
}

/// The rows of a new access.
#[derive(Debug, Clone)]
pub struct AccessChange {
    pub(crate) session: OnboardingSessionRecord,
    /// The person, where nobody knew them.
    pub(crate) identity: Option<IdentityRecord>,
    /// The access, where there was none.
    pub(crate) instance: Option<AccessInstanceRecord>,
}

impl WriteRule for Ph1onbAccessInstanceCreateCommitRow {
    type Facts = AccessFacts;
    type Change = AccessChange;

    /// After the gates: the link and the workplace; the person's home is this tenant, where they have one; what
    /// access there is, is for this role.
    fn decide(
        call: &Admitted<Self>,
        facts: AccessFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let before = session::ready(call, facts.session, gates::ACCESS)?;
        facts.workplace.check::<Self>(&before)?;
        let tenant = named_tenant(input, &before);
        // A personal tenant is nobody else's, so a person whose home is elsewhere may have one.
        if facts.person.as_ref().is_some_and(|person| !person.fits(tenant)) {
            return Err(refuse::foreign_key::<Self>("user_id", "identities"));
        }
        let tenant_id = tenant_of(input, &before);
        let role = RoleTemplateId::new(input.role_id.as_str());
        if facts.instance.as_ref().is_some_and(|instance| instance.role_template_id != role) {
            let code = Ph1OnbReasonCode::OnbStateInvalid.into();
            let problem = Problem::Rule("must be the role of the access that the person has");
            return Err(refuse::contract_as::<Self>(code, "role_id", problem));
        }
        let access_id = ph2_access::instance_id(&tenant_id, &input.user_id);
        let instance = facts.instance.is_none().then(|| AccessInstanceRecord {
            access_instance_id: access_id.clone(),
            tenant_id: tenant_id.clone(),
            user_id: input.user_id.clone(),
            role_template_id: role,
            access_lifecycle: AccessLifecycle::Active,
            created_at: now,
            updated_at: now,
        });
        let identity = facts.person.is_none().then(|| newcomer(&input.user_id, tenant_id, call));
        let status = OnboardingStatus::AccessInstanceCreated;
        let after = OnboardingSessionRecord {
            access_engine_instance_id: Some(access_id.clone()),
            ..session::moved(before, status, now)
        };
        let event = session::event(call, &after)?.user(Some(&input.user_id)).payload([
            ("onboarding_session_id", after.onboarding_session_id.as_str()),
            ("status", status.as_str()),
            ("access_engine_instance_id", access_id.as_str()),
            ("role_id", input.role_id.as_str()),
        ]);
        event.check::<Self>()?;
        let output = OnbAccessInstanceCreateResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            access_engine_instance_id: access_id,
        };
        Ok(Decision { change: AccessChange { session: after, identity, instance }, event, output })
    }
}

/// A person whom nobody knew, at home in the tenant that takes them in.
fn newcomer(
    user_id: &UserId,
    tenant_id: TenantId,
    call: &Admitted<Ph1onbAccessInstanceCreateCommitRow>,
) -> IdentityRecord {
    IdentityRecord {
        user_id: user_id.clone(),
        speaker_id: None,
        primary_language: None,
        tenant_id: Some(tenant_id),
        created_at: call.context().now,
        status: IdentityStatus::Active,
    }
}

/// The tenant of the access: the one given, else the session's, else a personal one that follows from the
/// user.
pub(crate) fn tenant_of(
    input: &Ph1onbAccessInstanceCreateCommitRow,
    session: &OnboardingSessionRecord,
) -> TenantId {
    named_tenant(input, session).cloned().unwrap_or_else(|| personal_tenant(&input.user_id))
}

fn named_tenant<'a>(
    input: &'a Ph1onbAccessInstanceCreateCommitRow,
    session: &'a OnboardingSessionRecord,
) -> Option<&'a TenantId> {
    input.tenant_id.as_ref().or(session.tenant_id.as_ref())
}

fn personal_tenant(user_id: &UserId) -> TenantId {
    let mut bytes = Encoder::new("selene.personal_tenant.v1");
    bytes.text(user_id.as_str());
    TenantId::new(short_id("personal_", &bytes.finish()))
}

/// Whether the caller works on the session that the key was used in. The key's scope does not hold the
/// session, so this is asked before an outcome is told again.
///
/// # Errors
/// It is another session, or one of another tenant.
pub(crate) fn check_replay(
    call: &Admitted<Ph1onbAccessInstanceCreateCommitRow>,
    session: Option<OnboardingSessionRecord>,
    outcome: &OnbAccessInstanceCreateResult,
) -> Result<(), StorageError> {
    type This = Ph1onbAccessInstanceCreateCommitRow;
    let session = session::visible::<This>(session, call.input().tenant_id.as_ref())?;
    if session.onboarding_session_id == outcome.onboarding_session_id {
        Ok(())
    } else {
        Err(refuse::scope::<This>("idempotency_key", "was used in another onboarding session"))
    }
}
