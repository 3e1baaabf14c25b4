//! What calls of wake and voice enrollments find alike: the enrollment, its device and its onboarding session.

use selene_contracts::row::{FoundBy, Key};
use selene_contracts::shared::{DeviceId, OnboardingSessionId};

use crate::failure::Failure;
use crate::rows::onboarding;
use crate::rows::standing;
use crate::rules::enrollment::EnrollmentFacts;
use crate::session::Session;

/// The enrollment with this key, with the device and the onboarding session that `names` finds in its row.
pub(crate) fn facts<E: FoundBy<K>, K: Key>(
    db: &impl Session,
    key: &K,
    names: impl FnOnce(&E) -> (&DeviceId, Option<&OnboardingSessionId>),
) -> Result<EnrollmentFacts<E>, Failure> {
    let Some(session) = db.by_key::<E, K>(key)? else { return Ok(EnrollmentFacts::default()) };
    let (device_id, onboarding_session_id) = names(&session);
    let onboarding = match onboarding_session_id {
        Some(onboarding_session_id) => onboarding::standing(db, onboarding_session_id)?,
        None => None,
    };
    let device = standing::device(db, device_id)?;
    Ok(EnrollmentFacts { session: Some(session), device, onboarding })
}
