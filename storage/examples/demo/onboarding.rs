//! Grace comes to acme as a nurse; then acme asks for more, of everybody; and others try shortcuts.

use std::fmt::Debug;

use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fFoundationRepo as _};
use selene_contracts::ph1_onb::{
    CampaignId, OnboardingSessionRecord, Ph1OnbRepo as _, Ph1onbBackfillCompleteCommitRow,
    Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow, Ph1onbSessionRow,
};
use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1PositionRepo as _, Ph1positionCompanyInsertRow, Ph1positionCreateDraftRow,
    Ph1positionLifecycleCommitRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    PositionLifecycle, RequiredRule, RequirementField, ScheduleType, SchemaSelectors,
};
use selene_contracts::shared::{OnboardingSessionId, RolloutScope};
use selene_contracts::{Committed, StorageError};
use selene_storage::SqliteStore;

use crate::calls::{Call, Expected, context, write};
use crate::invitee::{Invitee, simulated};

/// One call, and where what it is about stands after it.
pub struct Step {
    pub call: Call,
    pub status: &'static str,
}

fn step<T: Debug>(
    what: &'static str,
    answer: Result<Committed<T>, StorageError>,
    status: impl FnOnce(&T) -> &'static str,
) -> Step {
    let status = answer.as_ref().map_or("", |committed| status(&committed.value));
    Step { call: write(what, Expected::Applied, answer), status }
}

fn refused<T: Debug>(what: &'static str, answer: Result<Committed<T>, StorageError>) -> Step {
    Step { call: write(what, Expected::Refused, answer), status: "" }
}

/// A company, a position that demands a document, and a tablet at its front desk.
pub fn workplace(store: &SqliteStore) -> Vec<Step> {
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
        draft(store, "version v1 of what a nurse must bring: a licence", "v1", &["licence"]),
        activate(store, "v1 is for those who come from now on", "v1", RolloutScope::NewHiresOnly),
        step(
            "a tablet at the front desk, for passcodes",
            store.ph1f_device_insert_row(&call, tablet),
            |_| "",
        ),
    ]
}

fn draft(store: &SqliteStore, what: &'static str, version: &str, documents: &[&str]) -> Step {
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
    step(what, store.ph1position_schema_draft_row(&simulated(51), input), |row| row.schema_state.as_str())
}

fn activate(store: &SqliteStore, what: &'static str, version: &str, rollout_scope: RolloutScope) -> Step {
    let input = Ph1positionSchemaActivateCommitRow {
        tenant_id: "acme".into(),
        position_id: "nurse".into(),
        schema_version_id: version.into(),
        rollout_scope,
        idempotency_key: "demo-activate".into(),
    };
    let answer = store.ph1position_schema_activate_commit_row(&simulated(52), input);
    step(what, answer, |row| row.schema_state.as_str())
}

/// From the invitation to the end, and the session that it was.
pub fn journey(store: &SqliteStore) -> Result<(Vec<Step>, OnboardingSessionId), StorageError> {
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
pub fn schema_change(store: &SqliteStore) -> Result<Vec<Step>, StorageError> {
    let call = simulated(70);
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
        draft(store, "version v2: a licence and a vaccination", "v2", &["licence", "vaccination"]),
        activate(store, "v2 is for everybody", "v2", RolloutScope::CurrentAndNew),
        refused(
            "a campaign that asks nobody but newcomers",
            store.ph1onb_backfill_start_draft_row(&call, campaign(RolloutScope::NewHiresOnly)),
        ),
    ];
    let started = store.ph1onb_backfill_start_draft_row(&call, campaign(RolloutScope::CurrentAndNew));
    let id = started.as_ref().map_err(Clone::clone)?.value.campaign_id.clone();
    steps.push(step("a campaign that asks all who are there", started, |campaign| campaign.state.as_str()));
    let asked = |who: &str| store.ph1onb_backfill_notify_commit_row(&simulated(71), notify(&id, who));
    steps.push(step("Ada is asked", asked("ada"), |target| target.target_status.as_str()));
    steps.push(step("Grace is asked", asked("grace"), |target| target.target_status.as_str()));
    steps.push(refused("somebody is asked who is not there", asked("linus")));
    let complete = Ph1onbBackfillCompleteCommitRow {
        campaign_id: id,
        tenant_id: "acme".into(),
        idempotency_key: "demo-campaign-end".into(),
    };
    let over = store.ph1onb_backfill_complete_commit_row(&simulated(72), complete);
    steps.push(step("everybody was asked: it is over", over, |campaign| campaign.state.as_str()));
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

/// Somebody at each gate, and what is refused there; and the session of one who is only at the first.
pub fn shortcuts(store: &SqliteStore) -> Result<(Vec<Step>, OnboardingSessionId), StorageError> {
    let mut steps = Vec::new();
    let invited = |name, turn| Invitee::invite(store, name, turn).map(|(invitee, _)| invitee);

    let ida = invited("ida", 80)?;
    steps.push(refused("Ida starts by a link that nobody opened", ida.start()));

    let linus = invited("linus", 81)?;
    linus.open()?;
    steps.push(refused("Linus starts on another device", linus.start_on("phone of a stranger")));
    let started = linus.start();
    let session = started.as_ref().map_err(Clone::clone)?.value.onboarding_session_id.clone();
    steps.push(step("Linus starts, and is pinned to v2", started, |session| session.status.as_str()));
    steps.push(refused("Linus shows his licence before the terms", linus.photo()));
    steps.push(refused("Linus proves a device before the terms", linus.device()));

    let maria = invited("maria", 82)?;
    maria.open()?;
    maria.start()?;
    steps.push(step("Maria comes as far as the terms", maria.terms(), |session| session.status.as_str()));
    steps.push(refused("Maria wants access before a device", maria.access()));

    let ken = invited("ken", 83)?;
    ken.open()?;
    ken.start()?;
    ken.terms()?;
    steps.push(step("Ken skips his licence, proves a device", ken.device(), |row| row.status.as_str()));
    steps.push(refused("Ken wants access before Ada saw his licence", ken.access()));
    steps.push(refused("Ada confirms what Ken never showed", ken.confirmed_by("ada")));

    let rosa = invited("rosa", 84)?;
    rosa.open()?;
    rosa.start()?;
    rosa.terms()?;
    steps.push(step("Rosa shows her licence to Ada", rosa.photo(), |session| session.status.as_str()));
    steps.push(refused("Grace confirms it in Ada's place", rosa.confirmed_by("grace")));

    let tim = invited("tim", 85)?;
    tim.open()?;
    tim.start()?;
    tim.terms()?;
    tim.photo()?;
    tim.confirmed_by("ada")?;
    steps.push(step("Tim has everything but access", tim.device(), |session| session.status.as_str()));
    steps.push(refused("Tim completes without access", tim.complete()));
    steps.push(refused("Tim wants access in another tenant", tim.access_in("globex", &simulated(85))));
    steps.push(refused("Tim wants access without a simulation", tim.access_in("acme", &context(85))));

    let zoe = Invitee::befriend(store, "zoe", 86)?;
    zoe.open()?;
    zoe.start()?;
    steps.push(step("Zoe, a friend, accepts the terms", zoe.terms(), |session| session.status.as_str()));
    steps.push(refused("Zoe shows a licence that nobody asked for", zoe.photo()));
    Ok((steps, session))
}

/// A session as it is now.
pub fn session(
    store: &SqliteStore,
    onboarding_session_id: &OnboardingSessionId,
) -> Result<Option<OnboardingSessionRecord>, StorageError> {
    let input = Ph1onbSessionRow { onboarding_session_id: onboarding_session_id.clone() };
    store.ph1onb_session_row(&context(1), input)
}
