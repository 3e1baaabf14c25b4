//! Reads all rows of PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB.

use selene_contracts::ph1_f::{IdentityRecord, Ph1fReadIdentityRow};
use selene_contracts::ph1_link::Ph1linkReadLinkRow;
use selene_contracts::ph1_onb::{
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow, Ph1onbSessionRow, Ph1onbSessionRows,
};
use selene_contracts::ph1_position::{
    Ph1positionAppendOnlyGuards, Ph1positionReadActiveSchemaRow, Ph1positionReadCompanyRow,
    Ph1positionReadPositionRow, Ph1positionReadSchemaVersionRow,
};
use selene_contracts::ph2_access::Ph2accessReadInstanceRow;
use selene_contracts::shared::{IdempotencyKey, SimulationId};

use super::Run;
use crate::harness::Backend;
use crate::model::calls::{Call, HiringCall, Step};
use crate::model::tables::HiringTables;
use crate::world::context;

impl<B: Backend> Run<'_, B> {
    /// Reads every row that a public read shows, and asks every campaign for its counts.
    pub(super) fn compare_hiring(&mut self) -> Result<(), String> {
        self.close_campaigns()?;
        // People first: from them follows how the store calls the personal tenants.
        let people = self.model.tables.identities.clone();
        let tables = self.model.tables.hiring.clone();
        let person = |row: &IdentityRecord| {
            HiringCall::IdentityRead(Ph1fReadIdentityRow { user_id: row.user_id.clone() })
        };
        self.read_all(people.iter().map(|row| Call::Hiring(Box::new(person(row)))).collect())?;
        let mut reads = Vec::new();
        for token_id in tables.links.keys() {
            reads.push(HiringCall::LinkRead(Ph1linkReadLinkRow { token_id: token_id.clone() }));
        }
        for onboarding_session_id in tables.sessions.keys().cloned() {
            reads.push(HiringCall::OnbRead(Ph1onbSessionRow { onboarding_session_id }));
        }
        // Sessions that were inserted without a call are not of these engines.
        if self.model.tables.onboarding.is_empty() {
            reads.push(HiringCall::OnbReadAll(Ph1onbSessionRows {}));
        }
        let tenants = tables.access.iter().map(|row| &row.tenant_id);
        for tenant_id in tenants.chain(tables.companies.iter().map(|row| &row.tenant_id)) {
            // The name of a personal tenant is known only where it is somebody's home.
            if self.names.is_unknown(tenant_id) {
                continue;
            }
            for person in &people {
                reads.push(HiringCall::AccessRead(Ph2accessReadInstanceRow {
                    tenant_id: tenant_id.clone(),
                    user_id: person.user_id.clone(),
                }));
            }
        }
        reads.extend(position_reads(&tables));
        self.read_all(reads.into_iter().map(|call| Call::Hiring(Box::new(call))).collect())
    }

    /// No read shows a campaign: what it is and whom it asks is seen by going on with it to its end.
    fn close_campaigns(&mut self) -> Result<(), String> {
        let people = self.model.tables.identities.clone();
        let campaigns = self.model.tables.hiring.campaigns.clone();
        for (campaign_id, campaign) in &campaigns {
            let complete = |key: &str| {
                HiringCall::BackfillComplete(Ph1onbBackfillCompleteCommitRow {
                    campaign_id: campaign_id.clone(),
                    tenant_id: campaign.tenant_id.clone(),
                    idempotency_key: IdempotencyKey::new(key),
                })
            };
            let mut calls = vec![complete("the end, once")];
            calls.extend(people.iter().map(|person| {
                HiringCall::BackfillNotify(Ph1onbBackfillNotifyCommitRow {
                    campaign_id: campaign_id.clone(),
                    tenant_id: campaign.tenant_id.clone(),
                    recipient_user_id: person.user_id.clone(),
                    idempotency_key: IdempotencyKey::new("the end"),
                })
            }));
            calls.push(complete("the end, twice"));
            for call in calls {
                // Late enough: a campaign does not go back in time.
                let context = context(u64::MAX).with_simulation(SimulationId::new("the end"));
                self.step(&Step { context, call: Call::Hiring(Box::new(call)) })?;
            }
        }
        Ok(())
    }
}

fn position_reads(tables: &HiringTables) -> Vec<HiringCall> {
    let mut reads = Vec::new();
    for row in &tables.companies {
        let (tenant_id, company_id) = (row.tenant_id.clone(), row.company_id.clone());
        reads.push(HiringCall::CompanyRead(Ph1positionReadCompanyRow { tenant_id, company_id }));
    }
    for row in &tables.positions {
        let (tenant_id, position_id) = (row.tenant_id.clone(), row.position_id.clone());
        reads.push(HiringCall::PositionRead(Ph1positionReadPositionRow {
            tenant_id: tenant_id.clone(),
            position_id: position_id.clone(),
        }));
        reads.push(HiringCall::SchemaRead(Ph1positionReadActiveSchemaRow { tenant_id, position_id }));
    }
    for row in &tables.schemas {
        reads.push(HiringCall::VersionRead(Ph1positionReadSchemaVersionRow {
            tenant_id: row.tenant_id.clone(),
            position_id: row.position_id.clone(),
            schema_version_id: row.schema_version_id.clone(),
        }));
    }
    // Every row of every ledger is locked, and there is none before the first and after the last.
    for ((tenant_id, position_id), (positions, schemas)) in &tables.ledgers {
        for sequence in 0..=positions + 1 {
            let guard = Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndPositionEventSeq {
                tenant_id: tenant_id.as_str().into(),
                position_id: position_id.as_str().into(),
                position_event_seq: sequence,
            };
            reads.push(HiringCall::PositionGuard(guard));
        }
        for sequence in 0..=schemas + 1 {
            let guard = Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndSchemaEventSeq {
                tenant_id: tenant_id.as_str().into(),
                position_id: position_id.as_str().into(),
                schema_event_seq: sequence,
            };
            reads.push(HiringCall::PositionGuard(guard));
        }
    }
    reads
}
