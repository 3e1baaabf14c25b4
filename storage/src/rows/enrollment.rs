//! What calls of wake and voice enrollments find alike: the enrollment, its device and its onboarding session.

use selene_contracts::row::{FoundBy, Key};

use crate::failure::Failure;
use crate::rows::onboarding;
use crate::rows::standing;
use crate::rules::enrollment::{Enrollment, EnrollmentFacts};
use crate::session::Session;

/// The enrollment with this key, with its device and its onboarding session.
pub(crate) fn facts<E: Enrollment + FoundBy<K>, K: Key>(
    db: &impl Session,
    key: &K,
) -> Result<EnrollmentFacts<E>, Failure> {
    let Some(session) = db.by_key::<E, K>(key)? else { return Ok(EnrollmentFacts::default()) };
    let onboarding = session.onboarding_session_id().map_or(Ok(None), |id| onboarding::standing(db, id))?;
    let device = standing::device(db, session.device_id())?;
    Ok(EnrollmentFacts { session: Some(session), device, onboarding })
}
