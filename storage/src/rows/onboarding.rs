//! What is asked about an onboarding session as a whole: by enrollments, which PH1.ONB leads to, and by its own steps.

use selene_contracts::ph1_onb::TermsStatus;
use selene_contracts::row::Column as _;
use selene_contracts::shared::{MonotonicTimeNs, OnboardingSessionId, TenantId, UserId};
use selene_contracts::sql;

use crate::failure::Failure;
use crate::rules::onboarding::OnboardingStanding;
use crate::session::Session;

/// Tenant and person of an onboarding session, and whether its terms were declined. A device whose proof failed says nothing about the person.
pub(crate) fn standing(
    db: &impl Session,
    onboarding_session_id: &OnboardingSessionId,
) -> Result<Option<OnboardingStanding>, Failure> {
    let found = db.first::<(Option<TenantId>, Option<UserId>, Option<TermsStatus>, MonotonicTimeNs)>(
        sql!(
            "SELECT {session.tenant_id}, coalesce({access.user_id}, {device.user_id}),
                    {session.terms_status}, {session.created_at}
             FROM {@onboarding_sessions session}
             LEFT JOIN {@access_instances access}
               ON {access.access_instance_id} = {session.access_engine_instance_id}
             LEFT JOIN {@devices device}
               ON {device.device_id} = {session.primary_device_device_id} AND {session.primary_device_confirmed} = 1
             WHERE {session.onboarding_session_id} = $1"
        ),
        &[onboarding_session_id.value()],
    )?;
    Ok(found.map(|(tenant_id, person, terms, began_at)| OnboardingStanding {
        tenant_id,
        person,
        is_declined: terms == Some(TermsStatus::Declined),
        began_at,
    }))
}
