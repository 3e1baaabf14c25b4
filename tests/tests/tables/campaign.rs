//! What happens to a campaign in every standing, whatever is called.
//!
//! The standings are every state of a campaign with every status of one of its targets, `mia`. Calls lead to a few of
//! them; the others are written into the rows, as an engine would that cancels a campaign or completes somebody.

use selene_acceptance::onboarding::{Office, campaign, field, finish, notify};
use selene_acceptance::{Backend, Harness, World};
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::RolloutScope;
use selene_contracts::{Committed, StorageError};

use crate::stage::{Column, Scene, Stage, cell, section};

/// Where a campaign stands. Its targets are `boss`, `mia` and `tom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nobody started one.
    NotStarted,
    /// It was started in a tenant without people, so it is completed at once.
    NoTargets,
    /// It was started, and nobody was asked.
    NobodyAsked,
    /// `boss` and `tom` were asked.
    At(BackfillCampaignState, BackfillTargetStatus),
}

impl Standing {
    fn all() -> Vec<Self> {
        let mut all = vec![Self::NotStarted, Self::NoTargets, Self::NobodyAsked];
        for state in BackfillCampaignState::ALL {
            all.extend(BackfillTargetStatus::ALL.iter().map(|mia| Self::At(*state, *mia)));
        }
        all
    }

    /// The campaign, `mia`, and the others.
    fn cells(self) -> [String; 3] {
        match self {
            Self::NotStarted => ["(no campaign)", "-", "-"].map(str::to_owned),
            Self::NoTargets => ["COMPLETED", "-", "-"].map(str::to_owned),
            Self::NobodyAsked => ["RUNNING", "PENDING", "PENDING"].map(str::to_owned),
            Self::At(state, mia) => [state.as_str(), mia.as_str(), "REQUESTED"].map(str::to_owned),
        }
    }
}

/// A campaign of an office.
struct Campaign<B> {
    office: Office<B>,
    id: CampaignId,
}

impl<B: Backend> Scene for Campaign<B> {
    type Store = B;

    fn world(&self) -> &World<B> {
        &self.office.world
    }
}

impl<B: Backend> Campaign<B> {
    fn new(standing: Standing, brief: &impl Harness<Store = B>, lasting: &impl Harness<Store = B>) -> Self {
        let office = match standing {
            Standing::NoTargets => Office::uninhabited(brief),
            Standing::NotStarted | Standing::NobodyAsked => Office::new(brief),
            Standing::At(..) => Office::new(lasting),
        };
        let new = Self { office, id: "nothing".into() };
        new.version("v1", RolloutScope::CurrentAndNew);
        if standing == Standing::NotStarted {
            return new;
        }
        let started =
            new.office.store().ph1onb_backfill_start_draft_row(&new.office.call(), by_ann("v1", "key"));
        let new = Self { id: started.expect("the campaign starts").value.campaign_id, ..new };
        if let Standing::At(state, mia) = standing {
            new.lead_to(state, mia);
        }
        new
    }

    /// By calls as far as they lead. Every key that was used is `key`.
    fn lead_to(&self, state: BackfillCampaignState, mia: BackfillTargetStatus) {
        let is_asked = mia != BackfillTargetStatus::Pending;
        for (who, is_asked) in [("boss", true), ("mia", is_asked), ("tom", true)] {
            if is_asked {
                assert_eq!(self.notify(who, "tenant_a", "key"), "-> REQUESTED");
            }
        }
        let is_completed = state == BackfillCampaignState::Completed;
        if is_asked && is_completed {
            assert_eq!(self.complete("tenant_a", "key"), "-> COMPLETED 0/3");
        }
        let (completed_at, reason) =
            if is_completed { ("updated_at", "'ONB_BACKFILL_FINISHED'") } else { ("NULL", "NULL") };
        let campaign = format!(
            "UPDATE onboarding_backfill_campaigns
            SET state = '{state}', completed_at = {completed_at}, completion_reason_code = {reason}
            WHERE campaign_id = '{}'",
            self.id
        );
        let target = format!(
            "UPDATE onboarding_backfill_targets SET target_status = '{mia}'
            WHERE campaign_id = '{}' AND recipient_user_id = 'mia'",
            self.id
        );
        for statement in [campaign, target] {
            assert_eq!(self.office.world.execute(&statement), 1, "{statement}");
        }
    }

    /// A version of the schema, in force.
    fn version(&self, version: &str, rollout: RolloutScope) {
        let fields = vec![field("passport", EvidenceMode::DocRequired)];
        self.office.schema("tenant_a", version, fields, rollout);
    }

    fn start(&self, input: Ph1onbBackfillStartDraftRow) -> String {
        let answer = self.office.store().ph1onb_backfill_start_draft_row(&self.office.call(), input);
        with_replays(answer, |value| format!("{} {}", value.state, value.pending_target_count))
    }

    fn notify(&self, who: &str, tenant: &str, key: &str) -> String {
        let mut input = notify(&self.id, who, key);
        input.tenant_id = tenant.into();
        let answer = self.office.store().ph1onb_backfill_notify_commit_row(&self.office.call(), input);
        with_replays(answer, |value| value.target_status.to_string())
    }

    fn complete(&self, tenant: &str, key: &str) -> String {
        let mut input = finish(&self.id, key);
        input.tenant_id = tenant.into();
        let answer = self.office.store().ph1onb_backfill_complete_commit_row(&self.office.call(), input);
        with_replays(answer, |value| {
            format!("{} {}/{}", value.state, value.completed_target_count, value.total_target_count)
        })
    }
}

/// The start of a campaign by `ann`, who has no home tenant.
fn by_ann(version: &str, key: &str) -> Ph1onbBackfillStartDraftRow {
    Ph1onbBackfillStartDraftRow { actor_user_id: "ann".into(), ..campaign(version, key) }
}

/// The cell of an answer; that of a replay shows what is answered again.
fn with_replays<T>(answer: Result<Committed<T>, StorageError>, shown: impl Fn(&T) -> String) -> String {
    match answer {
        Ok(committed) if !committed.is_applied() => format!("replayed {}", shown(&committed.value)),
        answer => cell(answer, shown),
    }
}

fn starts<B: Backend>() -> Vec<Column<Campaign<B>>> {
    let retired = |campaign: &Campaign<B>| campaign.version("v2", RolloutScope::CurrentAndNew);
    vec![
        Column::new("new key", |campaign: &Campaign<B>| campaign.start(by_ann("v1", "new"))),
        Column::new("same key", |campaign: &Campaign<B>| campaign.start(by_ann("v1", "key"))),
        Column::new("NEW_HIRES_ONLY", |campaign: &Campaign<B>| {
            let rollout_scope = RolloutScope::NewHiresOnly;
            campaign.start(Ph1onbBackfillStartDraftRow { rollout_scope, ..by_ann("v1", "new") })
        }),
        Column::new("version for new hires", |campaign: &Campaign<B>| campaign.start(by_ann("v2", "new")))
            .after(|campaign: &Campaign<B>| campaign.version("v2", RolloutScope::NewHiresOnly)),
        Column::new("draft version", |campaign: &Campaign<B>| campaign.start(by_ann("v2", "new")))
            .after(|campaign: &Campaign<B>| campaign.office.schema_draft("tenant_a", "v2", Vec::new())),
        Column::new("retired version", |campaign: &Campaign<B>| campaign.start(by_ann("v1", "new")))
            .after(retired),
        Column::new("retired version, same key", |campaign: &Campaign<B>| {
            campaign.start(by_ann("v1", "key"))
        })
        .after(retired),
        Column::new("no version", |campaign: &Campaign<B>| campaign.start(by_ann("v2", "new"))),
        Column::new("by another tenant, same key", |campaign: &Campaign<B>| {
            campaign
                .start(Ph1onbBackfillStartDraftRow { tenant_id: "tenant_b".into(), ..by_ann("v1", "key") })
        }),
        Column::new("by another tenant's actor", |campaign: &Campaign<B>| {
            campaign
                .start(Ph1onbBackfillStartDraftRow { actor_user_id: "rival".into(), ..by_ann("v1", "new") })
        }),
    ]
}

fn sections<B: Backend>() -> [(&'static str, Vec<Column<Campaign<B>>>); 3] {
    [
        ("PH1ONB_BACKFILL_START_DRAFT_ROW", starts()),
        (
            "PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW",
            vec![
                Column::new("mia, new key", |campaign: &Campaign<B>| {
                    campaign.notify("mia", "tenant_a", "new")
                }),
                Column::new("mia, same key", |campaign: &Campaign<B>| {
                    campaign.notify("mia", "tenant_a", "key")
                }),
                Column::new("no target", |campaign: &Campaign<B>| campaign.notify("old", "tenant_a", "new")),
                Column::new("mia, by another tenant", |campaign: &Campaign<B>| {
                    campaign.notify("mia", "tenant_b", "key")
                }),
            ],
        ),
        (
            "PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW",
            vec![
                Column::new("new key", |campaign: &Campaign<B>| campaign.complete("tenant_a", "new")),
                Column::new("same key", |campaign: &Campaign<B>| campaign.complete("tenant_a", "key")),
                Column::new("by another tenant", |campaign: &Campaign<B>| {
                    campaign.complete("tenant_b", "key")
                }),
            ],
        ),
    ]
}

/// Whether a line says something new: the answer to a start does not depend on the targets of an earlier campaign.
fn is_shown(capability: &str, standing: Standing) -> bool {
    let is_start = capability == "PH1ONB_BACKFILL_START_DRAFT_ROW";
    match standing {
        Standing::NotStarted | Standing::NoTargets => true,
        Standing::NobodyAsked => !is_start,
        Standing::At(_, mia) => !is_start || mia == BackfillTargetStatus::Requested,
    }
}

/// Fills the table. Standings that no call leads to need stores that have a place, which open slower.
pub fn every_standing_and_every_capability<H: Harness>(brief: &H, lasting: &impl Harness<Store = H::Store>) {
    let mut stages: Vec<(Standing, Stage<'_, Campaign<H::Store>>)> = Standing::all()
        .into_iter()
        .map(|standing| (standing, Stage::new(move || Campaign::new(standing, brief, lasting))))
        .collect();
    let mut texts = Vec::new();
    for (capability, columns) in sections() {
        let shown = stages.iter_mut().filter(|(standing, _)| is_shown(capability, *standing));
        let lines = shown.map(|(standing, stage)| (standing.cells().to_vec(), stage));
        texts.push(section(capability, &["campaign", "mia", "the others"], lines, &columns));
    }
    insta::assert_snapshot!("campaigns", texts.join("\n\n"));
}
