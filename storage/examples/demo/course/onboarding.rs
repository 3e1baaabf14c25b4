//! Grace comes to acme as a nurse; then acme asks for more, of everybody.

use std::fmt::Debug;

use selene_contracts::ph1_f::Ph1fDeviceInsertRow;
use selene_contracts::ph1_onb::{
    CampaignId, OnboardingSessionRecord, Ph1OnbReasonCode as Code, Ph1onbBackfillCompleteCommitRow,
    Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow, Ph1onbSessionRow,
};
use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1positionCompanyInsertRow, Ph1positionCreateDraftRow,
    Ph1positionLifecycleCommitRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    PositionLifecycle, RequiredRule, RequirementField, ScheduleType, SchemaSelectors,
};
use selene_contracts::shared::{OnboardingSessionId, RolloutScope};
use selene_contracts::{Committed, EveryRepo, ReasonCode, StorageError};

use super::calls::{self, Call, Expected, context, write};
use super::invitee::{Invitee, simulated};

/// One call, and where what it is about stands after it.
pub struct Step {
    pub call: Call,
    pub status: &'static str,
}

/// A call that is applied, with where what it is about stands after it.
pub fn step<T: Debug>(
    what: &'static str,
    answer: Result<Committed<T>, StorageError>,
    status: impl FnOnce(&T) -> &'static str,
) -> Step {
    let status = answer.as_ref().map_or("", |committed| status(&committed.value));
    Step { call: write(what, Expected::Applied, answer), status }
}

/// A call that is refused, for this reason and no other.
pub fn refused<T: Debug>(
    what: &'static str,
    code: impl Into<ReasonCode>,
    answer: Result<Committed<T>, StorageError>,
) -> Step {
    Step { call: write(what, calls::refused(code), answer), status: "" }
}

/// What is refused for now: the same call, made again later, is applied.
fn too_early<T: Debug>(what: &'static str, code: Code, answer: Result<Committed<T>, StorageError>) -> Step {
    Step { call: write(what, Expected::TooEarly(code.into()), answer), status: "" }
}

/// A company, a position that demands a document, and a tablet at its front desk.
pub fn workplace(store: &dyn EveryRepo) -> Vec<Step> {
    let company = Ph1positionCompanyInsertRow {
        tenant_id: "acme".into(),
        company_id: "acme-clinic".into(),
        legal_name: "Acme Clinic".into(),
        company_state: CompanyState::Active,
        idempotency_key: "demo-company".into(),
    };
    let position = Ph1positionCreateDraftRow {
        tenant_id: "acme".into(),
        position_id: "nurse".into(),
        company_id: "acme-clinic".into(),
        position_title: "Nurse".into(),
        department: "Ward 3".into(),
        jurisdiction: "DE".into(),
        schedule_type: ScheduleType::Shift,
        permission_profile_ref: "profile-nurse".into(),
        compensation_band_ref: "band-3".into(),
        idempotency_key: "demo-position".into(),
    };
    let open = Ph1positionLifecycleCommitRow {
        tenant_id: "acme".into(),
        position_id: "nurse".into(),
        position_lifecycle: PositionLifecycle::Active,
        idempotency_key: "demo-position-open".into(),
    };
    let tablet = Ph1fDeviceInsertRow {
        device_id: "acme-tablet".into(),
        user_id: "ada".into(),
        device_type: "tablet".into(),
        audio_profile_ref: None,
        tenant_id: Some("acme".into()),
        idempotency_key: "demo-tablet".into(),
    };
    let call = simulated(50);
    vec![
        step(
            "acme has a company, the clinic",
            store.ph1position_company_insert_row(&call, company),
            |company| company.company_state.as_str(),
        ),
        step(
            "the clinic has a position, the nurse",
            store.ph1position_create_draft_row(&call, position),
            |position| position.position_lifecycle.as_str(),
        ),
        step("which is open", store.ph1position_lifecycle_commit_row(&call, open), |position| {
            position.position_lifecycle.as_str()
        }),
        draft(store, 51, "version v1 of what a nurse must bring: a licence", ("v1", &["licence"])),
        activate(store, 52, "v1 is for those who come from now on", ("v1", RolloutScope::NewHiresOnly)),
        step(
            "a tablet at the front desk, for passcodes",
            store.ph1f_device_insert_row(&call, tablet),
            |_| "",
        ),
    ]
}

fn draft(
    store: &dyn EveryRepo,
    turn: u64,
    what: &'static str,
    (version, documents): (&str, &[&str]),
) -> Step {
    let field = |name: &&str| RequirementField {
        field_key: (*name).into(),
        field_type: "document".into(),
        required_rule: RequiredRule::Always,
        required_predicate: None,
        sensitivity: "HIGH".into(),
        exposure: "INTERNAL".into(),
        evidence_mode: EvidenceMode::DocRequired,
        prompt_ref: None,
    };
    let input = Ph1positionSchemaDraftRow {
        tenant_id: "acme".into(),
        position_id: "nurse".into(),
        schema_version_id: version.into(),
        selectors: SchemaSelectors {
            company_size: None,
            industry_code: None,
            jurisdiction: Some("DE".into()),
            position_family: None,
        },
        requirement_fields: documents.iter().map(field).collect(),
        idempotency_key: "demo-schema".into(),
    };
    step(what, store.ph1position_schema_draft_row(&simulated(turn), input), |row| row.schema_state.as_str())
}

fn activate(
    store: &dyn EveryRepo,
    turn: u64,
    what: &'static str,
    (version, rollout_scope): (&str, RolloutScope),
) -> Step {
    let input = Ph1positionSchemaActivateCommitRow {
        tenant_id: "acme".into(),
        position_id: "nurse".into(),
        schema_version_id: version.into(),
        rollout_scope,
        idempotency_key: "demo-activate".into(),
    };
    let answer = store.ph1position_schema_activate_commit_row(&simulated(turn), input);
    step(what, answer, |row| row.schema_state.as_str())
}

/// From the invitation to the end, and the session that it was.
pub fn journey(store: &dyn EveryRepo) -> Result<(Vec<Step>, OnboardingSessionId), StorageError> {
    let (grace, link) = Invitee::invite(store, "grace", 60)?;
    let opened = grace.open();
    let started = grace.start();
    let session = started.as_ref().map_err(Clone::clone)?.value.onboarding_session_id.clone();
    let steps = vec![
        step("Ada invites Grace", Ok(link), |link| link.link_status.as_str()),
        step("Grace opens the link on her phone", opened, |link| link.link_status.as_str()),
        step("she starts, and is pinned to v1", started, |session| session.status.as_str()),
        step("she accepts the terms", grace.terms(), |session| session.status.as_str()),
        step("she shows her licence, for Ada to see", grace.photo(), |session| session.status.as_str()),
        step("Ada confirms it", grace.confirmed_by("ada"), |session| session.status.as_str()),
        step("she proves the tablet by a passcode", grace.device(), |session| session.status.as_str()),
        step("she gets access as a nurse", grace.access(), |session| session.status.as_str()),
        step("she is there; the link is used up", grace.complete(), |session| session.status.as_str()),
    ];
    Ok((steps, session))
}

/// A new version that concerns everybody, and the campaign that asks them.
pub fn schema_change(store: &dyn EveryRepo) -> Result<Vec<Step>, StorageError> {
    let call = simulated(72);
    let campaign = |rollout_scope| Ph1onbBackfillStartDraftRow {
        actor_user_id: "ada".into(),
        tenant_id: "acme".into(),
        company_id: "acme-clinic".into(),
        position_id: "nurse".into(),
        schema_version_id: "v2".into(),
        rollout_scope,
        idempotency_key: "demo-campaign".into(),
    };
    let mut steps = vec![
        draft(store, 70, "version v2: a licence and a vaccination", ("v2", &["licence", "vaccination"])),
        activate(store, 71, "v2 is for everybody", ("v2", RolloutScope::CurrentAndNew)),
        refused(
            "a campaign that asks nobody but newcomers",
            Code::OnbBackfillScopeInvalid,
            store.ph1onb_backfill_start_draft_row(&call, campaign(RolloutScope::NewHiresOnly)),
        ),
    ];
    let started = store.ph1onb_backfill_start_draft_row(&call, campaign(RolloutScope::CurrentAndNew));
    let id = started.as_ref().map_err(Clone::clone)?.value.campaign_id.clone();
    steps.push(step("a campaign that asks all who are there", started, |campaign| campaign.state.as_str()));
    let asked = |who: &str| store.ph1onb_backfill_notify_commit_row(&simulated(73), notify(&id, who));
    let over = || {
        let input = Ph1onbBackfillCompleteCommitRow {
            campaign_id: id.clone(),
            tenant_id: "acme".into(),
            idempotency_key: "demo-campaign-end".into(),
        };
        store.ph1onb_backfill_complete_commit_row(&simulated(74), input)
    };
    steps.push(step("Ada is asked", asked("ada"), |target| target.target_status.as_str()));
    steps.push(too_early("acme would end it, Grace not asked yet", Code::OnbBackfillNotTerminal, over()));
    steps.push(step("Grace is asked", asked("grace"), |target| target.target_status.as_str()));
    steps.push(refused("somebody is asked who is not there", Code::OnbScopeMismatch, asked("linus")));
    steps.push(step("everybody was asked: it is over", over(), |campaign| campaign.state.as_str()));
    Ok(steps)
}

fn notify(campaign_id: &CampaignId, who: &str) -> Ph1onbBackfillNotifyCommitRow {
    Ph1onbBackfillNotifyCommitRow {
        campaign_id: campaign_id.clone(),
        tenant_id: "acme".into(),
        recipient_user_id: who.into(),
        idempotency_key: "demo-notify".into(),
    }
}

/// A session as it is now.
pub fn session(
    store: &dyn EveryRepo,
    onboarding_session_id: &OnboardingSessionId,
) -> Result<Option<OnboardingSessionRecord>, StorageError> {
    let input = Ph1onbSessionRow { onboarding_session_id: onboarding_session_id.clone() };
    store.ph1onb_session_row(&context(1), input)
}
