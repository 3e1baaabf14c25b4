//! Access: the person, and what they may do in one tenant.

use selene_contracts::ph1_f::{IdentityRecord, IdentityStatus};
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnboardingSessionRecord, OnboardingStatus, Ph1OnbReasonCode,
    Ph1onbAccessInstanceCreateCommitRow,
};
use selene_contracts::ph2_access::{AccessInstanceRecord, AccessLifecycle, RoleTemplateId};
use selene_contracts::shared::{AuditEventId, TenantId, UserId};
use selene_contracts::{Admitted, StorageError};

use super::{People, Workplace, gates, session};
use crate::encode::{Encoder, short_id};
use crate::rules::person::Person;
use crate::rules::standing::DeviceStanding;
use crate::rules::{Decision, WriteRule, ph2_access, refuse};

/// What the creation of access needs to know.
#[derive(Debug, Clone)]
pub struct AccessFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) workplace: Workplace,
    /// The primary device of the session.
    pub(crate) device: Option<DeviceStanding>,
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

    /// After the gates: the link and the workplace; the person's home and the device are of this tenant, where
    /// they have one; the person is not DISABLED; what access there is, is for this role.
    fn decide(
        call: &Admitted<Self>,
        facts: AccessFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let Allowed { session: before, person, instance, role } = allowed(call, facts)?;
        let tenant_id = tenant_of(input, &before);
        let access_id = ph2_access::instance_id(&tenant_id, &input.user_id);
        let made = instance.is_none().then(|| AccessInstanceRecord {
            access_instance_id: access_id.clone(),
            tenant_id,
            user_id: input.user_id.clone(),
            role_template_id: role,
            access_lifecycle: AccessLifecycle::Active,
            created_at: now,
            updated_at: now,
        });
        let identity = person.is_none().then(|| newcomer(call, named_tenant(input, &before)));
        let status = OnboardingStatus::AccessInstanceCreated;
        let after = OnboardingSessionRecord {
            access_engine_instance_id: Some(access_id.clone()),
            ..session::moved(before, status, now)
        };
        let event = session::event(call, &after, &People::default())?.user(Some(&input.user_id)).payload([
            ("onboarding_session_id", after.onboarding_session_id.as_str()),
            ("status", status.as_str()),
            ("access_engine_instance_id", access_id.as_str()),
            ("role_id", input.role_id.as_str()),
        ]);
        let output = OnbAccessInstanceCreateResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            access_engine_instance_id: access_id,
        };
        Ok(Decision { change: AccessChange { session: after, identity, instance: made }, event, output })
    }
}

/// What a call works on that creates access.
struct Allowed {
    session: OnboardingSessionRecord,
    person: Option<Person>,
    /// The access that is there already; it is for the same role.
    instance: Option<AccessInstanceRecord>,
    role: RoleTemplateId,
}

/// Everything that a new access is refused for, in the order of the page.
fn allowed(
    call: &Admitted<Ph1onbAccessInstanceCreateCommitRow>,
    facts: AccessFacts,
) -> Result<Allowed, StorageError> {
    let AccessFacts { session, workplace, device, person, instance } = facts;
    let session = ready(call, session, &workplace, device.as_ref(), person.as_ref())?;
    let refused = |field, rule| {
        let code = Ph1OnbReasonCode::OnbStateInvalid;
        refuse::rule_as::<Ph1onbAccessInstanceCreateCommitRow>(code, field, rule)
    };
    if person.as_ref().is_some_and(|person| person.is_disabled) {
        return Err(refused("user_id", "is of a DISABLED identity"));
    }
    let role = RoleTemplateId::new(call.input().role_id.as_str());
    if instance.as_ref().is_some_and(|instance| instance.role_template_id != role) {
        return Err(refused("role_id", "must be the role of the access that the person has"));
    }
    Ok(Allowed { session, person, instance, role })
}

/// The session of a call that may create access, as far as anybody may ask: what comes after this is told only to
/// those who may know of the person.
fn ready(
    call: &Admitted<Ph1onbAccessInstanceCreateCommitRow>,
    session: Option<OnboardingSessionRecord>,
    workplace: &Workplace,
    device: Option<&DeviceStanding>,
    person: Option<&Person>,
) -> Result<OnboardingSessionRecord, StorageError> {
    type This = Ph1onbAccessInstanceCreateCommitRow;
    let session = session::ready(call, session, gates::ACCESS)?;
    workplace.check::<This>(&session)?;
    let tenant = named_tenant(call.input(), &session);
    // A personal tenant is nobody else's, so a person whose home is elsewhere may have one.
    if person.is_some_and(|person| !person.fits(tenant)) {
        return Err(stranger());
    }
    // A device of one tenant proves nobody for another one. It may have been bound after it was proven.
    let bound = device.and_then(|device| device.tenant_id.as_ref());
    let home = person.and_then(|person| person.home_tenant_id.as_ref());
    if session::agree(bound, tenant) && session::agree(bound, home) {
        Ok(session)
    } else {
        Err(refuse::foreign_key::<This>("primary_device_device_id", "devices"))
    }
}

/// What is told of a person of another tenant.
fn stranger() -> StorageError {
    refuse::foreign_key::<Ph1onbAccessInstanceCreateCommitRow>("user_id", "identities")
}

/// A person whom nobody knew. At home in the tenant that takes them in; a personal tenant is nobody's home,
/// because a home would keep its owner from every employer.
fn newcomer(
    call: &Admitted<Ph1onbAccessInstanceCreateCommitRow>,
    home_tenant_id: Option<&TenantId>,
) -> IdentityRecord {
    IdentityRecord {
        user_id: call.input().user_id.clone(),
        speaker_id: None,
        primary_language: None,
        tenant_id: home_tenant_id.cloned(),
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

/// Whether the caller works on the session that the key was used in, for the tenant of the access that it made.
/// The key's scope holds neither, and a session without a tenant takes a call of any, so both are asked before an
/// outcome is told again. Anybody else is told what would be told under a key that nobody used, of a person of
/// another tenant.
///
/// # Errors
/// It is another session, or another tenant.
pub(crate) fn check_replay(
    call: &Admitted<Ph1onbAccessInstanceCreateCommitRow>,
    facts: AccessFacts,
    outcome: &OnbAccessInstanceCreateResult,
) -> Result<(), StorageError> {
    type This = Ph1onbAccessInstanceCreateCommitRow;
    let visible = session::visible::<This>(facts.session.clone(), call.input().tenant_id.as_ref())?;
    // The access is of one tenant and user, and so is its id.
    let input = call.input();
    let access_id = ph2_access::instance_id(&tenant_of(input, &visible), &input.user_id);
    if visible.onboarding_session_id == outcome.onboarding_session_id
        && access_id == outcome.access_engine_instance_id
    {
        return Ok(());
    }
    allowed(call, facts)?;
    Err(stranger())
}
