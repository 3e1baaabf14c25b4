//! What enrollments ask about onboarding sessions, which PH1.ONB writes.

use selene_contracts::row::Column as _;
use selene_contracts::shared::{MonotonicTimeNs, OnboardingSessionId, TenantId, UserId};
use selene_contracts::sql;

use crate::failure::Failure;
use crate::rules::onboarding::OnboardingStanding;
use crate::session::Session;

/// What enrollments need to know about an onboarding session. A device whose proof failed says nothing about the person.
pub(crate) fn standing(
    db: &impl Session,
    onboarding_session_id: &OnboardingSessionId,
) -> Result<Option<OnboardingStanding>, Failure> {
    let found = db.first::<(Option<TenantId>, Option<UserId>, bool, MonotonicTimeNs)>(
        sql!(
            "SELECT {session.tenant_id}, coalesce({access.user_id}, {device.user_id}),
                    CASE WHEN {session.terms_status} = 'DECLINED' THEN 1 ELSE 0 END, {session.created_at}
             FROM {@onboarding_sessions session}
             LEFT JOIN {@access_instances access}
               ON {access.access_instance_id} = {session.access_engine_instance_id}
             LEFT JOIN {@devices device}
               ON {device.device_id} = {session.primary_device_device_id} AND {session.primary_device_confirmed} = 1
             WHERE {session.onboarding_session_id} = $1"
        ),
        &[onboarding_session_id.value()],
    )?;
    Ok(found.map(|(tenant_id, person, is_declined, began_at)| OnboardingStanding {
        tenant_id,
        person,
        is_declined,
        began_at,
    }))
}
