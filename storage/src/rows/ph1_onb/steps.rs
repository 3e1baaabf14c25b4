//! The steps of an onboarding: what their rules read, and the rows that they write.

use rusqlite::Connection;
use selene_contracts::Admitted;
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnbSessionStartResult, OnboardingSessionRecord,
    Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow,
    Ph1onbEmployeeSenderVerifyCommitRow, Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow,
    Ph1onbTermsAcceptCommitRow,
};

use super::backfill;
use super::sessions::{insert, people, pinned, session, update};
use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::ph1_f;
use crate::rows::ph1_link;
use crate::rows::ph1_position;
use crate::rows::ph2_access;
use crate::rows::standing;
use crate::rows::stored::{Audience, StoredWrite};
use crate::rules::ph1_onb::{
    self, AccessChange, AccessFacts, CompletionChange, CompletionFacts, DeviceFacts, PhotoFacts, StartFacts,
    StepFacts, Workplace,
};
use crate::session::{Changes, Session};

impl StoredWrite for Ph1onbSessionStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let link = ph1_link::link(connection, &input.token_id)?;
        let schema = match link.as_ref().and_then(|link| ph1_onb::schema_key(input, link)) {
            Some((tenant_id, position_id)) => {
                ph1_position::active_schema(connection, tenant_id, position_id)?
            }
            None => None,
        };
        let has_session = session(connection, &ph1_onb::id_of(&input.token_id))?.is_some();
        Ok(StartFacts { link, schema, has_session })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &OnboardingSessionRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        insert(connection, row)
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &OnbSessionStartResult,
    ) -> Result<Audience, Failure> {
        let connection = db.connection();
        let session = session(connection, &outcome.onboarding_session_id)?;
        ph1_onb::check_start_replay(call, session.as_ref())?;
        Ok(Audience::Caller)
    }

    fn replayed<S: Session>(
        db: &S,
        _call: &Admitted<Self>,
        outcome: OnbSessionStartResult,
    ) -> Result<OnbSessionStartResult, Failure> {
        let connection = db.connection();
        let Some(session) = session(connection, &outcome.onboarding_session_id)? else { return Ok(outcome) };
        let pinned = pinned(connection, &session)?;
        Ok(ph1_onb::follow_session(outcome, &session, pinned.as_ref()))
    }
}

impl StoredWrite for Ph1onbTermsAcceptCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StepFacts, Failure> {
        let connection = db.connection();
        let onboarding_session_id = &call.input().onboarding_session_id;
        Ok(StepFacts {
            session: session(connection, onboarding_session_id)?,
            people: people(connection, onboarding_session_id)?,
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &OnboardingSessionRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update(connection, row)
    }
}

impl StoredWrite for Ph1onbEmployeePhotoCaptureSendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<PhotoFacts, Failure> {
        let connection = db.connection();
        Ok(PhotoFacts {
            session: session(connection, &call.input().onboarding_session_id)?,
            people: people(connection, &call.input().onboarding_session_id)?,
            sender: person(connection, &call.input().sender_user_id)?,
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &OnboardingSessionRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update(connection, row)
    }
}

impl StoredWrite for Ph1onbEmployeeSenderVerifyCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StepFacts, Failure> {
        let connection = db.connection();
        let onboarding_session_id = &call.input().onboarding_session_id;
        Ok(StepFacts {
            session: session(connection, onboarding_session_id)?,
            people: people(connection, onboarding_session_id)?,
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &OnboardingSessionRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update(connection, row)
    }
}

impl StoredWrite for Ph1onbPrimaryDeviceConfirmCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<DeviceFacts, Failure> {
        let connection = db.connection();
        Ok(DeviceFacts {
            session: session(connection, &call.input().onboarding_session_id)?,
            people: people(connection, &call.input().onboarding_session_id)?,
            device: standing::device(connection, &call.input().device_id)?,
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &OnboardingSessionRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update(connection, row)
    }
}

impl StoredWrite for Ph1onbAccessInstanceCreateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<AccessFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let person = person(connection, &input.user_id)?;
        let Some(session) = session(connection, &input.onboarding_session_id)? else {
            return Ok(AccessFacts {
                session: None,
                workplace: Workplace::default(),
                device: None,
                person,
                instance: None,
            });
        };
        let device = match &session.primary_device_device_id {
            Some(device_id) => standing::device(connection, device_id)?,
            None => None,
        };
        let tenant_id = ph1_onb::tenant_of(input, &session);
        Ok(AccessFacts {
            workplace: workplace(connection, &session)?,
            instance: ph2_access::instance(connection, &tenant_id, &input.user_id)?,
            session: Some(session),
            device,
            person,
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &AccessChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        if let Some(identity) = &change.identity {
            ph1_f::insert_identity(connection, identity)?;
        }
        if let Some(instance) = &change.instance {
            ph2_access::insert(connection, instance)?;
        }
        update(connection, &change.session)
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &OnbAccessInstanceCreateResult,
    ) -> Result<Audience, Failure> {
        let _connection = db.connection();
        ph1_onb::check_access_replay(call, Self::load(db, call)?, outcome)?;
        Ok(Audience::Caller)
    }
}

impl StoredWrite for Ph1onbCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CompletionFacts, Failure> {
        let connection = db.connection();
        let Some(session) = session(connection, &call.input().onboarding_session_id)? else {
            return Ok(CompletionFacts::default());
        };
        let people = people(connection, &session.onboarding_session_id)?;
        let campaigns = match (&people.person, ph1_onb::pinned_key(&session)) {
            (Some(person), Some(version)) => backfill::open_targets(connection, version, person)?,
            _ => Vec::new(),
        };
        let workplace = workplace(connection, &session)?;
        Ok(CompletionFacts { session: Some(session), workplace, people, campaigns })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &CompletionChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        ph1_link::update(connection, &change.link)?;
        for target in &change.targets {
            backfill::update_target(connection, target)?;
        }
        update(connection, &change.session)
    }
}

/// The link of a session and the rows of the position that it names, in the session's tenant.
fn workplace(connection: &Connection, session: &OnboardingSessionRecord) -> Result<Workplace, Failure> {
    let link = ph1_link::link(connection, &session.token_id)?;
    let position = match (link.as_ref().and_then(ph1_onb::position_of), &session.tenant_id) {
        (Some(position_id), Some(tenant_id)) => ph1_position::position(connection, tenant_id, position_id)?,
        _ => None,
    };
    let company = match &position {
        Some(position) => ph1_position::company(connection, &position.tenant_id, &position.company_id)?,
        None => None,
    };
    Ok(Workplace { link, position, company })
}
