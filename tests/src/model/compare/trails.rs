//! Asks for the events that a sequence left in every other way that reads of PH1.J, PH1.PERSONA and PH1.WRITE know, and tries to
//! overwrite rows that it left: an event, a row of memory or a turn, and one that is not there.

use selene_contracts::ph1_f::{ConversationTurnId, Ph1FReasonCode as F, Ph1fAppendOnlyGuards as Guards};
use selene_contracts::ph1_j::{
    Ph1JReasonCode as J, Ph1jAppendOnlyGuard, Ph1jReadCorrelationRows, Ph1jReadTenantRows,
};
use selene_contracts::ph1_persona::Ph1personaReadAuditRows;
use selene_contracts::ph1_write::Ph1writeReadAuditRows;
use selene_contracts::shared::{AuditEventId, AuditEventRecord};
use selene_contracts::{ReasonCode, StorageError};

use super::{Run, same, show};
use crate::harness::Backend;
use crate::world::context;

impl<B: Backend> Run<'_, B> {
    /// Compares what the other reads give with `events`, all of the ledger, which are what the model says.
    pub(super) fn compare_trails(&self, events: &[AuditEventRecord]) -> Result<(), String> {
        let of_engine = |id: &str| events.iter().rfind(|event| event.engine.as_str() == id);
        for event in [events.last(), of_engine("PH1.PERSONA"), of_engine("PH1.WRITE")].into_iter().flatten() {
            self.compare_chain_of(event, events)?;
        }
        self.compare_guards(events)
    }

    /// The events of the tenant of an event, those of its chain of work, and among these the commits of two engines.
    fn compare_chain_of(&self, event: &AuditEventRecord, events: &[AuditEventRecord]) -> Result<(), String> {
        let (at, correlation_id) = (context(1), event.correlation_id);
        let of_tenant = events.iter().filter(|other| other.tenant_id == event.tenant_id);
        let of_tenant: Vec<AuditEventRecord> = of_tenant.cloned().collect();
        let of_chain = of_tenant.iter().filter(|other| other.correlation_id == correlation_id);
        let of_chain: Vec<AuditEventRecord> = of_chain.cloned().collect();
        let input = Ph1jReadCorrelationRows { tenant_id: event.tenant_id.clone(), correlation_id };
        let found = self.store.ph1j_read_correlation_rows(&at, input).map_err(show)?;
        same("events of a chain of work", &of_chain, &found)?;
        let Some(tenant_id) = event.tenant_id.clone() else { return Ok(()) };
        let input = Ph1jReadTenantRows { tenant_id: tenant_id.clone() };
        let found = self.store.ph1j_read_tenant_rows(&at, input).map_err(show)?;
        same("events of a tenant", &of_tenant, &found)?;
        // The events of audited reads are no commits of an engine.
        let commits = |engine: &str| -> Vec<AuditEventRecord> {
            let audited: [ReasonCode; 2] = [J::JReadAudited.into(), J::JGuardAudited.into()];
            let is_commit = |event: &&AuditEventRecord| {
                event.engine.as_str() == engine && !audited.contains(&event.reason_code)
            };
            of_chain.iter().filter(is_commit).cloned().collect()
        };
        let input = Ph1personaReadAuditRows { tenant_id: tenant_id.clone(), correlation_id };
        let found = self.store.ph1persona_read_audit_rows(&at, input).map_err(show)?;
        same("profile decisions", &commits("PH1.PERSONA"), &found)?;
        let input = Ph1writeReadAuditRows { tenant_id, correlation_id };
        let found = self.store.ph1write_read_audit_rows(&at, input).map_err(show)?;
        same("formatting outcomes", &commits("PH1.WRITE"), &found)
    }

    /// Tries to overwrite a row of each ledger in turn, by how many events there are, and one that is not there.
    fn compare_guards(&self, events: &[AuditEventRecord]) -> Result<(), String> {
        let at = context(1);
        let tables = &self.model.tables;
        let turn = |id: ConversationTurnId| Guards::ConversationTurnId { conversation_turn_id: id };
        let (memory, said) = (tables.memory.last(), tables.turns.last());
        let is_refused = |what: &str, expected: ReasonCode, answer: Result<(), StorageError>| {
            same(what, &Err(expected), &answer.map_err(|error| error.reason_code()))
        };
        match (events.len() % 3, memory, said) {
            (0, Some(row), _) => {
                let guard =
                    Guards::UserIdAndMemorySeq { user_id: row.user_id.clone(), memory_seq: row.memory_seq };
                let locked = self.store.ph1f_append_only_guards(&at, guard);
                is_refused("guard of memory", F::FAppendOnlyViolation.into(), locked)?;
                let next = Guards::UserIdAndMemorySeq {
                    user_id: row.user_id.clone(),
                    memory_seq: row.memory_seq + 1,
                };
                let missing = self.store.ph1f_append_only_guards(&at, next);
                is_refused("guard of no memory", F::FNotFound.into(), missing)
            }
            (1, _, Some(row)) => {
                let id = self.names.turn_to_store(row).conversation_turn_id;
                let locked = self.store.ph1f_append_only_guards(&at, turn(id));
                is_refused("guard of a turn", F::FAppendOnlyViolation.into(), locked)?;
                let missing = self.store.ph1f_append_only_guards(&at, turn(ConversationTurnId::new("none")));
                is_refused("guard of no turn", F::FNotFound.into(), missing)
            }
            _ => {
                if let Some(event) = events.last() {
                    let guard = Ph1jAppendOnlyGuard { event_id: event.event_id.clone() };
                    let locked = self.store.ph1j_append_only_guard(&at, guard);
                    is_refused("guard of an event", J::JAppendOnlyViolation.into(), locked)?;
                }
                let guard = Ph1jAppendOnlyGuard { event_id: AuditEventId::new("none") };
                let missing = self.store.ph1j_append_only_guard(&at, guard);
                is_refused("guard of no event", F::FNotFound.into(), missing)
            }
        }
    }
}
