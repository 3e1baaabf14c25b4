//! What happens to a campaign in every standing, whatever is called: a table to be read beside the spec.

use std::fmt::Write as _;

use selene_acceptance::InMemory;
use selene_acceptance::onboarding::{Office, campaign, field, finish, notify, table};
use selene_contracts::ph1_onb::{BackfillCampaignState, CampaignId, Ph1OnbRepo};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::RolloutScope;
use selene_contracts::{Committed, StorageError};

/// A campaign, and what was done in it.
struct Campaign {
    office: Office,
    id: CampaignId,
    state: BackfillCampaignState,
}

impl Campaign {
    /// Targets are `boss`, `mia` and `tom`; these were notified, and then it was completed or not.
    fn new(is_inhabited: bool, notified: &[&str], is_completed: bool) -> Self {
        let office = if is_inhabited { Office::new(&InMemory) } else { Office::uninhabited(&InMemory) };
        let fields = vec![field("passport", EvidenceMode::DocRequired)];
        office.schema("tenant_a", "v1", fields, RolloutScope::CurrentAndNew);
        let mut input = campaign("v1", "key");
        input.actor_user_id = "ann".into();
        let started = office.store().ph1onb_backfill_start_draft_row(&office.call(), input).unwrap().value;
        let (campaign_id, mut state) = (started.campaign_id, started.state);
        for who in notified {
            let input = notify(&campaign_id, who, "key");
            office.store().ph1onb_backfill_notify_commit_row(&office.call(), input).unwrap();
        }
        if is_completed {
            let input = finish(&campaign_id, "key");
            let done = office.store().ph1onb_backfill_complete_commit_row(&office.call(), input).unwrap();
            state = done.value.state;
        }
        Self { office, id: campaign_id, state }
    }

    fn notify(&self, who: &str, tenant: &str, key: &str) -> String {
        let mut input = notify(&self.id, who, key);
        input.tenant_id = tenant.into();
        let answer = self.office.store().ph1onb_backfill_notify_commit_row(&self.office.call(), input);
        Self::told(answer, |value| value.target_status.to_string())
    }

    fn complete(&self, tenant: &str, key: &str) -> String {
        let mut input = finish(&self.id, key);
        input.tenant_id = tenant.into();
        let answer = self.office.store().ph1onb_backfill_complete_commit_row(&self.office.call(), input);
        Self::told(answer, |value| {
            format!("{} {}/{}", value.state, value.completed_target_count, value.total_target_count)
        })
    }

    fn told<T>(answer: Result<Committed<T>, StorageError>, name: impl Fn(&T) -> String) -> String {
        match answer {
            Ok(committed) if committed.is_applied() => format!("-> {}", name(&committed.value)),
            Ok(committed) => format!("replayed {}", name(&committed.value)),
            Err(error) => error.reason_code().to_string(),
        }
    }
}

/// A call in a campaign.
type Call = fn(&Campaign) -> String;

#[test]
fn every_standing_of_a_campaign_and_every_capability() {
    let everybody = ["boss", "mia", "tom"];
    let standings: [(&str, bool, &[&str], bool); 5] = [
        ("nobody notified", true, &[], false),
        ("mia notified", true, &["mia"], false),
        ("all notified", true, &everybody, false),
        ("all notified, completed", true, &everybody, true),
        ("no targets", false, &[], false),
    ];
    let sections: [(&str, Vec<(&str, Call)>); 2] = [
        (
            "PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW",
            vec![
                ("mia, new key", |campaign| campaign.notify("mia", "tenant_a", "new")),
                ("mia, same key", |campaign| campaign.notify("mia", "tenant_a", "key")),
                ("no target", |campaign| campaign.notify("old", "tenant_a", "new")),
                ("mia, by another tenant", |campaign| campaign.notify("mia", "tenant_b", "key")),
            ],
        ),
        (
            "PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW",
            vec![
                ("new key", |campaign| campaign.complete("tenant_a", "new")),
                ("same key", |campaign| campaign.complete("tenant_a", "key")),
                ("by another tenant", |campaign| campaign.complete("tenant_b", "key")),
            ],
        ),
    ];
    let mut text = String::new();
    for (capability, columns) in sections {
        let mut rows = vec![vec!["state".to_owned(), "campaign".to_owned()]];
        rows[0].extend(columns.iter().map(|(name, _)| format!("| {name}")));
        for (name, is_inhabited, notified, is_completed) in standings {
            let campaign = || Campaign::new(is_inhabited, notified, is_completed);
            let mut row = vec![campaign().state.to_string(), name.to_owned()];
            row.extend(columns.iter().map(|(_, call)| format!("| {}", call(&campaign()))));
            rows.push(row);
        }
        writeln!(text, "{capability}\n{}\n", table(&rows).trim_end()).unwrap();
    }
    insta::assert_snapshot!("campaigns", text.trim_end());
}
