//! Rows of onboarding sessions, and what their steps read beside them.

use selene_contracts::ph1_onb::keys::OnboardingSessionsKey;
use selene_contracts::ph1_onb::{OnboardingSessionRecord, Ph1onbSessionRow, Ph1onbSessionRows};
use selene_contracts::ph1_position::RequirementSchemaRecord;
use selene_contracts::ph1_position::keys::RequirementSchemasKey;
use selene_contracts::row::{Column as _, Listing};
use selene_contracts::shared::{OnboardingSessionId, UserId};
use selene_contracts::{Admitted, listing, sql};

use crate::failure::Failure;
use crate::rows::listed::StoredRows;
use crate::rows::onboarding;
use crate::rows::stored::StoredRead;
use crate::rules::ph1_onb::{self, Clarify, People, StepFacts};
use crate::session::Session;

impl StoredRead for Ph1onbSessionRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<OnboardingSessionRecord>, Failure> {
        let Self { onboarding_session_id } = call.input();
        let found = db.by_key(&OnboardingSessionsKey { onboarding_session_id })?;
        found.map(|session| clarified(db, session)).transpose()
    }
}

impl StoredRows for Ph1onbSessionRows {
    type Order = (OnboardingSessionId,);

    /// The versions that sessions are pinned to are read behind them.
    const IS_ONE_STATEMENT: bool = false;

    fn listing() -> Listing {
        listing!(
            "SELECT {*OnboardingSessionRecord} FROM {@onboarding_sessions} ORDER BY {onboarding_session_id}"
        )
    }

    fn completed<S: Session>(
        db: &S,
        sessions: Vec<OnboardingSessionRecord>,
    ) -> Result<Vec<OnboardingSessionRecord>, Failure> {
        // All sessions are here: no other statement runs while an answer is still being read.
        sessions.into_iter().map(|session| clarified(db, session)).collect()
    }
}

/// A session as a read gives it: with what the version that it is pinned to still needs.
fn clarified(
    db: &impl Session,
    session: OnboardingSessionRecord,
) -> Result<OnboardingSessionRecord, Failure> {
    Ok(Clarify::of(&session, pinned(db, &session)?.as_ref()).into_record(session))
}

/// The version of a position's schema that a session is pinned to, whatever its state is by now.
pub(super) fn pinned(
    db: &impl Session,
    session: &OnboardingSessionRecord,
) -> Result<Option<RequirementSchemaRecord>, Failure> {
    let Some((tenant_id, position_id, version)) = ph1_onb::pinned_key(session) else { return Ok(None) };
    db.by_key(&RequirementSchemasKey { tenant_id, position_id: &position_id, schema_version_id: version })
}

/// What every step reads: the session, and who is part of it.
pub(super) fn step_facts(
    db: &impl Session,
    onboarding_session_id: &OnboardingSessionId,
) -> Result<StepFacts, Failure> {
    Ok(StepFacts {
        session: db.by_key(&OnboardingSessionsKey { onboarding_session_id })?,
        people: people(db, onboarding_session_id)?,
    })
}

/// Who is part of a session.
pub(super) fn people(
    db: &impl Session,
    onboarding_session_id: &OnboardingSessionId,
) -> Result<People, Failure> {
    let Some(standing) = onboarding::standing(db, onboarding_session_id)? else {
        return Ok(People::default());
    };
    let inviter = db.first::<(UserId,)>(
        sql!(
            "SELECT {link.inviter_user_id} FROM {@onboarding_sessions session}
             JOIN {@links link} ON {link.token_id} = {session.token_id}
             WHERE {session.onboarding_session_id} = $1"
        ),
        &[onboarding_session_id.value()],
    )?;
    Ok(People { person: standing.person, inviter: inviter.map(|(inviter,)| inviter) })
}
