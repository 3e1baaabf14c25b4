//! Access: the identity and the access instance of a person in one tenant, created by an onboarding.

use selene_contracts::ph1_f::{DeviceRecord, IdentityRecord, IdentityStatus};
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnboardingSessionRecord, OnboardingStatus, Ph1OnbReasonCode,
    Ph1onbAccessInstanceCreateCommitRow,
};
use selene_contracts::ph2_access::{AccessInstanceRecord, AccessLifecycle, RoleTemplateId};
use selene_contracts::shared::{TenantId, UserId};
use selene_contracts::{Admitted, StorageError};

use super::{People, Workplace, gates, session};
use crate::change::{Insert, Update};
use crate::encode::{Encoder, short_id};
use crate::rules::person::Person;
use crate::rules::standing::DeviceStanding;
use crate::rules::{Decision, WriteRule, ph2_access, refuse};

/// The rows that the creation of access reads.
#[derive(Debug, Clone, Default)]
pub struct AccessFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) workplace: Workplace,
    /// The primary device of the session.
    pub(crate) device: Option<DeviceStanding>,
    pub(crate) person: Option<Person>,
    /// The access instance of the person in the tenant of the access, where there is one.
    pub(crate) instance: Option<AccessInstanceRecord>,
}

impl WriteRule for Ph1onbAccessInstanceCreateCommitRow {
    type Facts = AccessFacts;
    /// A new identity, where the person has none; a new access instance, where the person has none in the tenant; and the session.
    type Change = (
        Option<Insert<IdentityRecord>>,
        Option<Insert<AccessInstanceRecord>>,
        Update<OnboardingSessionRecord>,
    );

    /// After the gates, in this order: the link and the workplace; the home of the person is the tenant of the access, where
    /// both are known; the tenant of the device agrees with it and with the home; the person is not DISABLED; an access
    /// instance that exists is for the same role.
    fn decide(call: &Admitted<Self>, facts: AccessFacts) -> Result<Decision<Self>, StorageError> {
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
        let identity = person.is_none().then(|| new_identity(call, named_tenant(input, &before)));
        let status = OnboardingStatus::AccessInstanceCreated;
        let after = OnboardingSessionRecord {
            access_engine_instance_id: Some(access_id.clone()),
            ..session::moved(before, status, now)
        };
        // The person is the one that the call names; the session has none yet.
        let event = session::event(
            call,
            &after,
            &People::default(),
            [
                ("access_engine_instance_id", Some(access_id.as_str())),
                ("role_id", Some(input.role_id.as_str())),
            ],
        )?
        .user(Some(&input.user_id));
        let output = OnbAccessInstanceCreateResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            access_engine_instance_id: access_id,
        };
        Ok(Decision { change: (identity.map(Insert), made.map(Insert), Update(after)), event, output })
    }
}

/// The rows of a call that passed every check.
struct Allowed {
    session: OnboardingSessionRecord,
    person: Option<Person>,
    /// The access instance that exists; it is for the same role.
    instance: Option<AccessInstanceRecord>,
    role: RoleTemplateId,
}

/// All checks of a creation of access, in the order of the page.
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

/// The checks up to the tenants of person and device. Refusals after these describe the person, so they are given only to a
/// caller of the person's tenant.
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
    // Without a named tenant the access is in a personal tenant, which a person with any home may have.
    if person.is_some_and(|person| !person.fits(tenant)) {
        return Err(person_not_found());
    }
    // A device of one tenant is no proof for another one. It may have been bound to it after it was proven.
    let bound = device.and_then(|device| device.tenant_id.as_ref());
    let home = person.and_then(|person| person.home_tenant_id.as_ref());
    if session::agree(bound, tenant) && session::agree(bound, home) {
        Ok(session)
    } else {
        Err(refuse::foreign_key::<This, DeviceRecord>("primary_device_device_id"))
    }
}

/// The refusal of a person of another tenant: the same as that of a person who does not exist.
fn person_not_found() -> StorageError {
    refuse::foreign_key::<Ph1onbAccessInstanceCreateCommitRow, IdentityRecord>("user_id")
}

/// The row of a person who has no identity yet. Its home is the tenant of the call or of the session. A personal tenant is no
/// home: a person with a home cannot get access in another tenant, so it would exclude every employer.
fn new_identity(
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

/// The tenant of the access: that of the call, else the session's, else the personal tenant of the user, whose id is a hash of
/// the user's.
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

/// Whether a stored outcome may be given to this caller: it names the session of the outcome, and the tenant and user of its
/// access. The dedupe key contains neither session nor tenant, and a session without a tenant accepts a call of any. Another
/// caller gets the refusal that a new key would give, and that of an unknown person where there is none, so that a used key
/// cannot be distinguished from a new one.
///
/// # Errors
/// It is another session, tenant or user.
pub(crate) fn check_replay(
    call: &Admitted<Ph1onbAccessInstanceCreateCommitRow>,
    facts: AccessFacts,
    outcome: &OnbAccessInstanceCreateResult,
) -> Result<(), StorageError> {
    type This = Ph1onbAccessInstanceCreateCommitRow;
    let visible = session::visible::<This>(facts.session.clone(), call.input().tenant_id.as_ref())?;
    // The id of an access instance is a hash of its tenant and user.
    let input = call.input();
    let access_id = ph2_access::instance_id(&tenant_of(input, &visible), &input.user_id);
    if visible.onboarding_session_id == outcome.onboarding_session_id
        && access_id == outcome.access_engine_instance_id
    {
        return Ok(());
    }
    allowed(call, facts)?;
    Err(person_not_found())
}
