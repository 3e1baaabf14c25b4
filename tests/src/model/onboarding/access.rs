//! The end of a session: access, and completion.

use selene_contracts::CallContext;
use selene_contracts::ph1_f::{IdentityRecord, IdentityStatus};
use selene_contracts::ph1_link::LinkStatus;
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnbCompleteResult, OnboardingSessionRecord, OnboardingStatus,
    Ph1OnbReasonCode as O, Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow, VerificationGate,
    VerificationStatus,
};
use selene_contracts::ph1_position::{CompanyState, PositionLifecycle};
use selene_contracts::ph2_access::{AccessLifecycle, RoleTemplateId};
use selene_contracts::shared::{InviteeType, TenantId};

use super::session::{admission, event, has_terms, not_before, session};
use crate::model::admission::{tenant, text};
use crate::model::calls::{Answer, HiringValue, Value};
use crate::model::decision::{Decided, agree, decided};
use crate::model::reference::{Model, Write};
use crate::model::tables::Tables;

impl Model {
    pub(super) fn answer_grant(
        &mut self,
        context: &CallContext,
        input: &Ph1onbAccessInstanceCreateCommitRow,
    ) -> Answer {
        let write = Write {
            capability: "PH1ONB_ACCESS_INSTANCE_CREATE_COMMIT_ROW",
            key: &[input.user_id.as_str(), input.role_id.as_str(), input.idempotency_key.as_str()],
            input,
            admission: &admission(&[
                text(input.onboarding_session_id.as_str(), 64),
                text(input.user_id.as_str(), 128),
                input.tenant_id.as_ref().is_none_or(tenant),
                text(input.role_id.as_str(), 64),
                text(input.idempotency_key.as_str(), 128),
            ]),
        };
        self.write_for(
            context,
            &write,
            |tables, earlier| {
                let is_own = match &earlier.value {
                    Value::Hiring(given) => matches!(
                        &**given,
                        HiringValue::OnbAccess(given)
                            if given.onboarding_session_id == input.onboarding_session_id
                    ),
                    _ => false,
                };
                let session = tables.hiring.sessions.get(&input.onboarding_session_id);
                let tenant_id = input.tenant_id.as_ref().or_else(|| session?.tenant_id.as_ref());
                if is_own && tenant_id == earlier.tenant.as_ref() {
                    return Ok(());
                }
                // For another tenant, and in another session, a used key is refused like a free one; where that
                // would be answered, as a person of another tenant is.
                create(&mut tables.clone(), context, input)?;
                Err(O::OnbScopeMismatch.into())
            },
            |tables| create(tables, context, input),
        )
    }
}

/// Terms, then the device, then the sender where the gate is pinned.
fn passed(row: &OnboardingSessionRecord) -> Result<(), O> {
    has_terms(row)?;
    if !row.primary_device_confirmed {
        return Err(O::OnbGateDeviceRequired);
    }
    let is_asked = row.required_verification_gates.contains(&VerificationGate::SenderConfirmation);
    if is_asked && row.verification_status != Some(VerificationStatus::Confirmed) {
        return Err(O::OnbGateVerificationRequired);
    }
    Ok(())
}

/// An EMPLOYEE with a position needs the place that the link promised, in the tenant that the session began with.
fn has_place(tables: &Tables, row: &OnboardingSessionRecord) -> Result<(), O> {
    let link = tables.hiring.links.get(&row.token_id).ok_or(O::OnbScopeMismatch)?;
    if link.row.link_status != LinkStatus::Activated {
        return Err(O::OnbLinkNotActivated);
    }
    let prefilled = link.row.prefilled_context.as_ref();
    let Some(position_id) = prefilled.and_then(|context| context.position_id.as_ref()) else {
        return Ok(());
    };
    if row.invitee_type != InviteeType::Employee {
        return Ok(());
    }
    let is_good = || {
        let (context, tenant_id) = (prefilled?, row.tenant_id.as_ref()?);
        let company = tables.hiring.company(tenant_id, context.company_id.as_ref()?)?;
        let position = tables.hiring.position(tenant_id, position_id)?;
        let tier = context.compensation_tier_ref.as_ref()?;
        Some(
            company.company_state == CompanyState::Active
                && position.company_id == company.company_id
                && position.position_lifecycle == PositionLifecycle::Active
                && tier.as_str() == position.compensation_band_ref.as_str(),
        )
    };
    if is_good() == Some(true) { Ok(()) } else { Err(O::OnbPositionPrereqFailed) }
}

/// Everything but the person: the session, its gates and the place.
fn ready(
    tables: &Tables,
    context: &CallContext,
    input: &Ph1onbAccessInstanceCreateCommitRow,
) -> Result<OnboardingSessionRecord, O> {
    let row = tables.hiring.sessions.get(&input.onboarding_session_id).ok_or(O::OnbScopeMismatch)?;
    if !agree(input.tenant_id.as_ref(), row.tenant_id.as_ref()) {
        return Err(O::OnbScopeMismatch);
    }
    not_before(context, row.updated_at)?;
    passed(row)?;
    if row.access_engine_instance_id.is_some() {
        return Err(O::OnbStateInvalid);
    }
    has_place(tables, row)?;
    Ok(row.clone())
}

fn create(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1onbAccessInstanceCreateCommitRow,
) -> Decided {
    let row = ready(tables, context, input)?;
    let personal = || TenantId::new(format!("#home/{}", input.user_id));
    let named = input.tenant_id.clone().or_else(|| row.tenant_id.clone());
    // A personal tenant is nobody else's: also who has another home tenant may have one.
    let tenant_id = named.clone().unwrap_or_else(personal);
    let person = tables.identity(&input.user_id);
    let home = person.and_then(|person| person.tenant_id.as_ref());
    // A device that is bound to a tenant proves nobody for another one.
    let device = row.primary_device_device_id.as_ref().and_then(|id| tables.devices.get(id));
    let bound = device.and_then(|device| device.tenant.as_ref());
    if !agree(home, named.as_ref()) || !agree(bound, named.as_ref()) || !agree(bound, home) {
        return Err(O::OnbScopeMismatch.into());
    }
    match person {
        Some(person) if person.status == IdentityStatus::Disabled => {
            return Err(O::OnbStateInvalid.into());
        }
        Some(_) => {}
        None => tables.identities.push(IdentityRecord {
            user_id: input.user_id.clone(),
            speaker_id: None,
            primary_language: None,
            tenant_id: named,
            created_at: context.now,
            status: IdentityStatus::Active,
        }),
    }
    let role = RoleTemplateId::new(input.role_id.as_str());
    let instance = match tables.hiring.instance(&tenant_id, &input.user_id) {
        Some(earlier) if earlier.role_template_id != role => return Err(O::OnbStateInvalid.into()),
        Some(earlier) => earlier.clone(),
        None => tables.hiring.grant(&tenant_id, &input.user_id, role, AccessLifecycle::Active, context.now),
    };
    let row = session(tables, &input.onboarding_session_id)?;
    row.status = OnboardingStatus::AccessInstanceCreated;
    row.access_engine_instance_id = Some(instance.access_instance_id.clone());
    row.updated_at = context.now;
    let row = row.clone();
    let mut event = event(tables, context, O::OnbAccessInstanceCreateCommit, &row, &input.idempotency_key);
    if input.tenant_id.is_some() {
        event.tenant_id.clone_from(&input.tenant_id);
    }
    event.user_id = Some(input.user_id.clone());
    event.note("access_engine_instance_id", &instance.access_instance_id);
    event.note("role_id", &input.role_id);
    let output = OnbAccessInstanceCreateResult {
        onboarding_session_id: row.onboarding_session_id.clone(),
        status: row.status,
        access_engine_instance_id: instance.access_instance_id,
    };
    Ok(decided(HiringValue::OnbAccess(output), event))
}

pub(super) fn complete(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1onbCompleteCommitRow,
) -> Decided {
    let row = session(tables, &input.onboarding_session_id)?.clone();
    not_before(context, row.updated_at)?;
    passed(&row)?;
    if row.access_engine_instance_id.is_none() {
        return Err(O::OnbGateAccessRequired.into());
    }
    if row.status == OnboardingStatus::Complete {
        return Err(O::OnbStateInvalid.into());
    }
    has_place(tables, &row)?;
    let link = tables.hiring.links.get_mut(&row.token_id).ok_or(O::OnbScopeMismatch)?;
    not_before(context, link.row.updated_at)?;
    link.row.link_status = LinkStatus::Consumed;
    link.row.updated_at = context.now;
    let row = session(tables, &input.onboarding_session_id)?;
    row.status = OnboardingStatus::Complete;
    row.updated_at = context.now;
    let row = row.clone();
    let mut event = event(tables, context, O::OnbCompleteCommit, &row, &input.idempotency_key);
    let user_id = event.user_id.clone();
    let completed_campaign_ids = user_id.as_ref().map_or_else(Vec::new, |person| {
        let campaigns = tables.hiring.campaigns.iter_mut();
        campaigns.filter_map(|(id, it)| it.complete(&row, person, context.now).then(|| id.clone())).collect()
    });
    event.note("completed_target_count", &completed_campaign_ids.len());
    let output = OnbCompleteResult {
        onboarding_session_id: row.onboarding_session_id.clone(),
        status: row.status,
        user_id,
        completed_campaign_ids,
    };
    Ok(decided(HiringValue::OnbCompleted(output), event))
}
