//! What enrollments ask about onboarding sessions, which PH1.ONB writes.

#[cfg(feature = "test-support")]
pub(crate) mod test_support;

use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::shared::{MonotonicTimeNs, OnboardingSessionId, TenantId, UserId};

use crate::rows::values::number;
use crate::rules::onboarding::OnboardingStanding;

/// What enrollments need to know about an onboarding session. A device whose proof failed tells nothing of the person.
pub(crate) fn standing(
    connection: &Connection,
    onboarding_session_id: &OnboardingSessionId,
) -> rusqlite::Result<Option<OnboardingStanding>> {
    connection
        .prepare_cached(
            "SELECT session.tenant_id, coalesce(access.user_id, device.user_id), session.terms_status IS 'DECLINED',
                    session.created_at
             FROM onboarding_sessions AS session
             LEFT JOIN access_instances AS access ON access.access_instance_id = session.access_engine_instance_id
             LEFT JOIN devices AS device
               ON device.device_id = session.primary_device_device_id AND session.primary_device_confirmed = 1
             WHERE session.onboarding_session_id = ?1",
        )?
        .query_row([onboarding_session_id.as_str()], |row| {
            Ok(OnboardingStanding {
                tenant_id: row.get::<_, Option<String>>(0)?.map(TenantId::new),
                person: row.get::<_, Option<String>>(1)?.map(UserId::new),
                is_declined: row.get(2)?,
                began_at: MonotonicTimeNs::new(number(row, 3)?),
            })
        })
        .optional()
}
