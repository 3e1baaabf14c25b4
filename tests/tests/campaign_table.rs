//! What happens to a campaign in every standing, whatever is called: tables to be read beside the spec.
//!
//! The standings are every state of a campaign with every status of one of its targets, `mia`. Calls lead to a few of
//! them; the others are written into the file, as an engine would that cancels a campaign or sees somebody to an end. A
//! refusal or a replay must leave everything as it was.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rusqlite::Connection;
use selene_acceptance::onboarding::{Office, campaign, field, finish, notify, table};
use selene_acceptance::{InMemory, OnDisk};
use selene_contracts::ph1_onb::{
    self, BackfillCampaignState, BackfillTargetStatus, CampaignId, Ph1OnbRepo, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::RolloutScope;
use selene_contracts::{Committed, StorageError};

/// Where a campaign stands. Its targets are `boss`, `mia` and `tom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nobody started one.
    NotStarted,
    /// It was started where nobody is at home, so it is over.
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
struct Campaign {
    office: Office,
    id: CampaignId,
}

impl Campaign {
    fn new(standing: Standing) -> Self {
        let office = match standing {
            Standing::NoTargets => Office::uninhabited(&InMemory),
            Standing::NotStarted | Standing::NobodyAsked => Office::new(&InMemory),
            Standing::At(..) => Office::new(&OnDisk),
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
        if is_asked && state == BackfillCampaignState::Completed {
            assert_eq!(self.complete("tenant_a", "key"), "-> COMPLETED 0/3");
        }
        let file = Connection::open(self.office.world.path().expect("the store is a file")).unwrap();
        let campaign = "UPDATE onboarding_backfill_campaigns
            SET state = ?1, completed_at = CASE ?1 WHEN 'COMPLETED' THEN updated_at END,
                completion_reason_code = CASE ?1 WHEN 'COMPLETED' THEN 'ONB_BACKFILL_FINISHED' END
            WHERE campaign_id = ?2";
        let target = "UPDATE onboarding_backfill_targets SET target_status = ?1
            WHERE campaign_id = ?2 AND recipient_user_id = 'mia'";
        for (sql, name) in [(campaign, state.as_str()), (target, mia.as_str())] {
            assert_eq!(file.execute(sql, (name, self.id.as_str())).unwrap(), 1);
        }
    }

    /// A version of the schema, in force.
    fn version(&self, version: &str, rollout: RolloutScope) {
        let fields = vec![field("passport", EvidenceMode::DocRequired)];
        self.office.schema("tenant_a", version, fields, rollout);
    }

    fn start(&self, input: Ph1onbBackfillStartDraftRow) -> String {
        let answer = self.office.store().ph1onb_backfill_start_draft_row(&self.office.call(), input);
        told(answer, |value| format!("{} {}", value.state, value.pending_target_count))
    }

    fn notify(&self, who: &str, tenant: &str, key: &str) -> String {
        let mut input = notify(&self.id, who, key);
        input.tenant_id = tenant.into();
        let answer = self.office.store().ph1onb_backfill_notify_commit_row(&self.office.call(), input);
        told(answer, |value| value.target_status.to_string())
    }

    fn complete(&self, tenant: &str, key: &str) -> String {
        let mut input = finish(&self.id, key);
        input.tenant_id = tenant.into();
        let answer = self.office.store().ph1onb_backfill_complete_commit_row(&self.office.call(), input);
        told(answer, |value| {
            format!("{} {}/{}", value.state, value.completed_target_count, value.total_target_count)
        })
    }
}

/// The start of a campaign by `ann`, who is at home nowhere.
fn by_ann(version: &str, key: &str) -> Ph1onbBackfillStartDraftRow {
    Ph1onbBackfillStartDraftRow { actor_user_id: "ann".into(), ..campaign(version, key) }
}

fn told<T>(answer: Result<Committed<T>, StorageError>, name: impl Fn(&T) -> String) -> String {
    match answer {
        Ok(committed) if committed.is_applied() => format!("-> {}", name(&committed.value)),
        Ok(committed) => format!("replayed {}", name(&committed.value)),
        Err(error) => error.reason_code().to_string(),
    }
}

/// A call in a campaign, under a name; and what is done before it.
struct Column {
    name: &'static str,
    before: fn(&Campaign),
    call: fn(&Campaign) -> String,
}

const fn column(name: &'static str, call: fn(&Campaign) -> String) -> Column {
    Column { name, before: |_| (), call }
}

impl Column {
    const fn after(self, before: fn(&Campaign)) -> Self {
        Self { before, ..self }
    }
}

/// A standing to try calls in. It is made again only after something was done in it.
struct Stage {
    standing: Standing,
    campaign: Option<Campaign>,
}

impl Stage {
    /// Makes a call. What is not applied changes nothing.
    fn answer(&mut self, column: &Column) -> String {
        let campaign = self.campaign.get_or_insert_with(|| Campaign::new(self.standing));
        let events = campaign.office.world.events().len();
        (column.before)(campaign);
        let every_row = |campaign: &Campaign| campaign.office.store().every_row().unwrap();
        let before = every_row(campaign);
        let answer = (column.call)(campaign);
        let after = every_row(campaign);
        assert_eq!(answer.starts_with("->"), after != before, "{}: {answer}", column.name);
        if campaign.office.world.events().len() != events {
            self.campaign = None;
        }
        answer
    }
}

fn starts() -> Vec<Column> {
    let retired = |campaign: &Campaign| campaign.version("v2", RolloutScope::CurrentAndNew);
    vec![
        column("new key", |campaign| campaign.start(by_ann("v1", "new"))),
        column("same key", |campaign| campaign.start(by_ann("v1", "key"))),
        column("NEW_HIRES_ONLY", |campaign| {
            let rollout_scope = RolloutScope::NewHiresOnly;
            campaign.start(Ph1onbBackfillStartDraftRow { rollout_scope, ..by_ann("v1", "new") })
        }),
        column("version for new hires", |campaign| campaign.start(by_ann("v2", "new")))
            .after(|campaign| campaign.version("v2", RolloutScope::NewHiresOnly)),
        column("draft version", |campaign| campaign.start(by_ann("v2", "new")))
            .after(|campaign| campaign.office.schema_draft("tenant_a", "v2", Vec::new())),
        column("retired version", |campaign| campaign.start(by_ann("v1", "new"))).after(retired),
        column("retired version, same key", |campaign| campaign.start(by_ann("v1", "key"))).after(retired),
        column("no version", |campaign| campaign.start(by_ann("v2", "new"))),
        column("by another tenant, same key", |campaign| {
            campaign
                .start(Ph1onbBackfillStartDraftRow { tenant_id: "tenant_b".into(), ..by_ann("v1", "key") })
        }),
        column("by another tenant's actor", |campaign| {
            campaign
                .start(Ph1onbBackfillStartDraftRow { actor_user_id: "rival".into(), ..by_ann("v1", "new") })
        }),
    ]
}

fn sections() -> [(&'static str, Vec<Column>); 3] {
    [
        ("PH1ONB_BACKFILL_START_DRAFT_ROW", starts()),
        (
            "PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW",
            vec![
                column("mia, new key", |campaign| campaign.notify("mia", "tenant_a", "new")),
                column("mia, same key", |campaign| campaign.notify("mia", "tenant_a", "key")),
                column("no target", |campaign| campaign.notify("old", "tenant_a", "new")),
                column("mia, by another tenant", |campaign| campaign.notify("mia", "tenant_b", "key")),
            ],
        ),
        (
            "PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW",
            vec![
                column("new key", |campaign| campaign.complete("tenant_a", "new")),
                column("same key", |campaign| campaign.complete("tenant_a", "key")),
                column("by another tenant", |campaign| campaign.complete("tenant_b", "key")),
            ],
        ),
    ]
}

/// Whether a table tells something new of a standing: to a start it is all the same where the targets are.
fn tells(capability: &str, standing: Standing) -> bool {
    let is_start = capability == "PH1ONB_BACKFILL_START_DRAFT_ROW";
    match standing {
        Standing::NotStarted | Standing::NoTargets => true,
        Standing::NobodyAsked => !is_start,
        Standing::At(_, mia) => !is_start || mia == BackfillTargetStatus::Requested,
    }
}

#[test]
fn every_standing_of_a_campaign_and_every_capability() {
    let mut stages: Vec<Stage> =
        Standing::all().into_iter().map(|standing| Stage { standing, campaign: None }).collect();
    let mut text = String::new();
    for (capability, columns) in sections() {
        let mut rows = vec![["campaign", "mia", "the others"].map(str::to_owned).to_vec()];
        rows[0].extend(columns.iter().map(|column| format!("| {}", column.name)));
        for stage in stages.iter_mut().filter(|stage| tells(capability, stage.standing)) {
            let mut row = stage.standing.cells().to_vec();
            row.extend(columns.iter().map(|column| format!("| {}", stage.answer(column))));
            rows.push(row);
        }
        writeln!(text, "{capability}\n{}\n", table(&rows).trim_end()).unwrap();
    }
    insta::assert_snapshot!("campaigns", text.trim_end());
}

/// The two tables, as they are committed.
const TABLES: [&str; 2] = [
    include_str!("onboarding_table/snapshots/onboarding_table__sessions.snap"),
    include_str!("snapshots/campaign_table__campaigns.snap"),
];

#[test]
fn every_capability_has_a_table() {
    let titles = TABLES.iter().flat_map(|table| table.lines()).filter(|line| line.starts_with("PH1ONB_"));
    let titles: Vec<&str> = titles.collect();
    let shown: BTreeSet<&str> = titles.iter().copied().collect();
    assert_eq!(shown.len(), titles.len(), "one table for each: {titles:?}");
    assert_eq!(shown, ph1_onb::ENGINE.capabilities.iter().map(|capability| capability.id).collect());
}
