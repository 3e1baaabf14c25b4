//! What enrollments ask about onboarding sessions, which PH1.ONB writes.

#[cfg(feature = "test-support")]
pub(crate) mod test_support;

use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::shared::{DeviceId, OnboardingSessionId, TenantId};

use crate::engines::onboarding::OnboardingStanding;

/// What enrollments need to know about an onboarding session.
pub(super) fn standing(
    connection: &Connection,
    onboarding_session_id: &OnboardingSessionId,
) -> rusqlite::Result<Option<OnboardingStanding>> {
    connection
        .prepare_cached(
            "SELECT tenant_id, primary_device_device_id FROM onboarding_sessions WHERE onboarding_session_id = ?1",
        )?
        .query_row([onboarding_session_id.as_str()], |row| {
            Ok(OnboardingStanding {
                tenant_id: row.get::<_, Option<String>>(0)?.map(TenantId::new),
                primary_device: row.get::<_, Option<String>>(1)?.map(DeviceId::new),
            })
        })
        .optional()
}
