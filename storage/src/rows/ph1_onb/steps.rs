//! The steps of an onboarding: what their rules read, and the rows that they write.

use selene_contracts::Admitted;
use selene_contracts::ph1_link::LinkRecord;
use selene_contracts::ph1_link::keys::LinksKey;
use selene_contracts::ph1_onb::keys::OnboardingSessionsKey;
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnbSessionStartResult, OnboardingSessionRecord,
    Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow,
    Ph1onbEmployeeSenderVerifyCommitRow, Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow,
    Ph1onbTermsAcceptCommitRow,
};
use selene_contracts::ph1_position::PositionRecord;
use selene_contracts::ph1_position::keys::{PositionsKey, RequirementSchemasActive, TenantCompaniesKey};
use selene_contracts::ph2_access::keys::AccessInstancesByTenantIdAndUserId;

use super::campaigns;
use super::sessions::{pinned, step_facts};
use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::Audience;
use crate::rules::ph1_onb::{
    self, AccessFacts, CompletionFacts, DeviceFacts, PhotoFacts, StartFacts, StepFacts, Workplace,
};
use crate::session::Session;

impl StoredWrite for Ph1onbSessionStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let input = call.input();
        let link: Option<LinkRecord> = db.by_key(&LinksKey { token_id: &input.token_id })?;
        let schema_key = link.as_ref().and_then(|link| ph1_onb::schema_key(input, link));
        let schema = schema_key.map_or(Ok(None), |(tenant_id, position_id)| {
            db.by_key(&RequirementSchemasActive { tenant_id, position_id })
        })?;
        let onboarding_session_id = &ph1_onb::id_of(&input.token_id);
        let has_session = db.has(&OnboardingSessionsKey { onboarding_session_id })?;
        Ok(StartFacts { link, schema, has_session })
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &OnbSessionStartResult,
    ) -> Result<Audience, Failure> {
        let OnbSessionStartResult { onboarding_session_id, .. } = outcome;
        let session = db.by_key(&OnboardingSessionsKey { onboarding_session_id })?;
        ph1_onb::check_start_replay(call, session.as_ref())?;
        Ok(Audience::Caller)
    }

    fn replayed<S: Session>(
        db: &S,
        _call: &Admitted<Self>,
        outcome: OnbSessionStartResult,
    ) -> Result<OnbSessionStartResult, Failure> {
        let OnbSessionStartResult { onboarding_session_id, .. } = &outcome;
        let Some(session) = db.by_key(&OnboardingSessionsKey { onboarding_session_id })? else {
            return Ok(outcome);
        };
        let pinned = pinned(db, &session)?;
        Ok(ph1_onb::follow_session(outcome, &session, pinned.as_ref()))
    }
}

impl StoredWrite for Ph1onbTermsAcceptCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StepFacts, Failure> {
        step_facts(db, &call.input().onboarding_session_id)
    }
}

impl StoredWrite for Ph1onbEmployeePhotoCaptureSendCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<PhotoFacts, Failure> {
        let input = call.input();
        let StepFacts { session, people } = step_facts(db, &input.onboarding_session_id)?;
        Ok(PhotoFacts { session, people, sender: person(db, &input.sender_user_id)? })
    }
}

impl StoredWrite for Ph1onbEmployeeSenderVerifyCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StepFacts, Failure> {
        step_facts(db, &call.input().onboarding_session_id)
    }
}

impl StoredWrite for Ph1onbPrimaryDeviceConfirmCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<DeviceFacts, Failure> {
        let input = call.input();
        let StepFacts { session, people } = step_facts(db, &input.onboarding_session_id)?;
        Ok(DeviceFacts { session, people, device: standing::device(db, &input.device_id)? })
    }
}

impl StoredWrite for Ph1onbAccessInstanceCreateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<AccessFacts, Failure> {
        let input = call.input();
        let person = person(db, &input.user_id)?;
        let Self { onboarding_session_id, .. } = input;
        let found: Option<OnboardingSessionRecord> =
            db.by_key(&OnboardingSessionsKey { onboarding_session_id })?;
        let Some(session) = found else { return Ok(AccessFacts { person, ..AccessFacts::default() }) };
        let device_id = session.primary_device_device_id.as_ref();
        let device = device_id.map_or(Ok(None), |device_id| standing::device(db, device_id))?;
        let tenant_id = ph1_onb::tenant_of(input, &session);
        Ok(AccessFacts {
            workplace: workplace(db, &session)?,
            instance: db.by_key(&AccessInstancesByTenantIdAndUserId {
                tenant_id: &tenant_id,
                user_id: &input.user_id,
            })?,
            session: Some(session),
            device,
            person,
        })
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &OnbAccessInstanceCreateResult,
    ) -> Result<Audience, Failure> {
        ph1_onb::check_access_replay(call, Self::load(db, call)?, outcome)?;
        Ok(Audience::Caller)
    }
}

impl StoredWrite for Ph1onbCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CompletionFacts, Failure> {
        let StepFacts { session, people } = step_facts(db, &call.input().onboarding_session_id)?;
        let Some(session) = session else { return Ok(CompletionFacts::default()) };
        let campaigns = match (&people.person, ph1_onb::pinned_key(&session)) {
            (Some(person), Some(version)) => campaigns::open_targets(db, version, person)?,
            _ => Vec::new(),
        };
        let workplace = workplace(db, &session)?;
        Ok(CompletionFacts { session: Some(session), workplace, people, campaigns })
    }
}

/// The link of a session and the rows of the position that it names, in the session's tenant.
fn workplace(db: &impl Session, session: &OnboardingSessionRecord) -> Result<Workplace, Failure> {
    let link: Option<LinkRecord> = db.by_key(&LinksKey { token_id: &session.token_id })?;
    let named = link.as_ref().and_then(ph1_onb::position_of).zip(session.tenant_id.as_ref());
    let position: Option<PositionRecord> = named
        .map_or(Ok(None), |(position_id, tenant_id)| db.by_key(&PositionsKey { tenant_id, position_id }))?;
    let company =
        position.as_ref().map_or(Ok(None), |PositionRecord { tenant_id, company_id, .. }| {
            db.by_key(&TenantCompaniesKey { tenant_id, company_id })
        })?;
    Ok(Workplace { link, position, company })
}
