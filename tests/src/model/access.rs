//! PH2.ACCESS as its specs state it, and the reads of the engines that onboarding needs.

use selene_contracts::CallContext;
use selene_contracts::ph1_f::{IdentityStatus, Ph1FReasonCode as F};
use selene_contracts::ph1_link::Ph1LinkReasonCode as L;
use selene_contracts::ph1_onb::Ph1OnbReasonCode as O;
use selene_contracts::ph1_position::{Ph1PositionReasonCode as P, Ph1positionAppendOnlyGuards};
use selene_contracts::ph2_access::{
    AccessInstanceRecord, AccessLifecycle, Ph2AccessReasonCode as A, Ph2accessInstanceCreateCommitRow,
    Ph2accessLifecycleCommitRow, RoleTemplateId,
};
use selene_contracts::shared::{
    AccessInstanceId, AuditEventType, IdempotencyKey, MonotonicTimeNs, PositionId, TenantId, UserId,
};

use super::admission::{Admission, tenant, text};
use super::calls::{Answer, HiringCall, HiringValue, Value};
use super::decision::{Decided, agree, decided};
use super::event::{Event, EventKey};
use super::onboarding::clarify::as_read;
use super::reference::Model;
use super::tables::{HiringTables, Link, Tables};

const ENGINE: &str = "PH2.ACCESS";

fn admission(fields: &[bool]) -> Admission {
    Admission::of(A::AccessContractValidationFailed, fields).gated()
}

impl Model {
    /// Answers a write of PH2.ACCESS; `None` for another call.
    pub(super) fn answer_access(&mut self, context: &CallContext, call: &HiringCall) -> Option<Answer> {
        let answer = match call {
            HiringCall::AccessCreate(input) => self.write(
                context,
                "PH2ACCESS_INSTANCE_CREATE_COMMIT_ROW",
                &[input.tenant_id.as_str(), input.user_id.as_str(), input.idempotency_key.as_str()],
                input,
                &admission(&[
                    tenant(&input.tenant_id),
                    text(input.user_id.as_str(), 128),
                    text(input.role_template_id.as_str(), 64),
                    text(input.idempotency_key.as_str(), 128),
                ]),
                |tables| create(tables, context, input),
            ),
            HiringCall::AccessLifecycle(input) => self.write(
                context,
                "PH2ACCESS_LIFECYCLE_COMMIT_ROW",
                &[input.tenant_id.as_str(), input.user_id.as_str(), input.idempotency_key.as_str()],
                input,
                &admission(&[
                    tenant(&input.tenant_id),
                    text(input.user_id.as_str(), 128),
                    text(input.idempotency_key.as_str(), 128),
                ]),
                |tables| lifecycle(tables, context, input),
            ),
            _ => return None,
        };
        Some(answer)
    }

    /// Answers a read or a guard of the four engines, and reads of people.
    pub(super) fn answer_read(&mut self, context: &CallContext, call: &HiringCall) -> Answer {
        let rows = |value| Ok(Value::Hiring(Box::new(value)));
        match call {
            HiringCall::LinkRead(input) => {
                let admission =
                    Admission::of(L::LinkContractValidationFailed, &[text(input.token_id.as_str(), 64)]);
                self.read(context, "PH1.LINK", &admission, |tables| {
                    Ok(Link::found(tables.hiring.links.get(&input.token_id)))
                })
            }
            HiringCall::AccessRead(input) => {
                let is_fine = tenant(&input.tenant_id) && text(input.user_id.as_str(), 128);
                let admission = Admission::of(A::AccessContractValidationFailed, &[is_fine]);
                self.read_of(context, ENGINE, &admission, Some(&input.tenant_id), |tables| {
                    rows(HiringValue::AccessFound(
                        tables.hiring.instance(&input.tenant_id, &input.user_id).cloned(),
                    ))
                })
            }
            HiringCall::OnbRead(input) => {
                let is_fine = text(input.onboarding_session_id.as_str(), 64);
                let admission = Admission::of(O::OnbContractValidationFailed, &[is_fine]);
                self.read(context, "PH1.ONB", &admission, |tables| {
                    let row = tables.hiring.sessions.get(&input.onboarding_session_id);
                    rows(HiringValue::OnbFound(Box::new(row.map(|row| as_read(tables, row)))))
                })
            }
            HiringCall::OnbReadAll(_) => {
                let admission = Admission::of(O::OnbContractValidationFailed, &[true]);
                self.read(context, "PH1.ONB", &admission, |tables| {
                    let all = tables.hiring.sessions.iter();
                    rows(HiringValue::OnbAll(
                        all.map(|(id, row)| (id.clone(), as_read(tables, row))).collect(),
                    ))
                })
            }
            HiringCall::IdentityRead(input) => {
                let admission =
                    Admission::of(F::FContractValidationFailed, &[text(input.user_id.as_str(), 128)]);
                self.read(context, "PH1.F", &admission, |tables| {
                    rows(HiringValue::IdentityFound(tables.identity(&input.user_id).cloned()))
                })
            }
            call => self.answer_position_read(context, call),
        }
    }

    fn answer_position_read(&mut self, context: &CallContext, call: &HiringCall) -> Answer {
        let rows = |value| Ok(Value::Hiring(Box::new(value)));
        let engine = "PH1.POSITION";
        let admission_of = |tenant_id: &TenantId, id: &str| {
            Admission::of(P::PositionContractValidationFailed, &[tenant(tenant_id) && text(id, 64)])
        };
        match call {
            HiringCall::CompanyRead(input) => {
                let admission = admission_of(&input.tenant_id, input.company_id.as_str());
                self.read_of(context, engine, &admission, Some(&input.tenant_id), |tables| {
                    let row = tables.hiring.company(&input.tenant_id, &input.company_id);
                    rows(HiringValue::CompanyFound(row.cloned()))
                })
            }
            HiringCall::PositionRead(input) => {
                let admission = admission_of(&input.tenant_id, input.position_id.as_str());
                self.read_of(context, engine, &admission, Some(&input.tenant_id), |tables| {
                    let row = tables.hiring.position(&input.tenant_id, &input.position_id);
                    rows(HiringValue::PositionFound(row.cloned()))
                })
            }
            HiringCall::SchemaRead(input) => {
                let admission = admission_of(&input.tenant_id, input.position_id.as_str());
                self.read_of(context, engine, &admission, Some(&input.tenant_id), |tables| {
                    let row = tables.hiring.active_schema(&input.tenant_id, &input.position_id);
                    rows(HiringValue::SchemaFound(row.cloned()))
                })
            }
            HiringCall::VersionRead(input) => {
                let admission = Admission::of(
                    P::PositionContractValidationFailed,
                    &[
                        tenant(&input.tenant_id),
                        text(input.position_id.as_str(), 64),
                        text(input.schema_version_id.as_str(), 64),
                    ],
                );
                self.read_of(context, engine, &admission, Some(&input.tenant_id), |tables| {
                    let version = &input.schema_version_id;
                    let row = tables.hiring.schema(&input.tenant_id, &input.position_id, version);
                    rows(HiringValue::SchemaFound(row.cloned()))
                })
            }
            HiringCall::PositionGuard(input) => {
                let (tenant_id, position_id) = guarded(input);
                let admission = admission_of(tenant_id, position_id.as_str());
                let codes = (P::PositionAppendOnlyViolation.into(), P::PositionScopeViolation.into());
                self.guard_of(context, engine, &admission, Some(tenant_id), codes, |tables| {
                    tables.hiring.has_ledger_row(input)
                })
            }
            write => unreachable!("{write:?} is a write"),
        }
    }
}

fn guarded(input: &Ph1positionAppendOnlyGuards) -> (&TenantId, &PositionId) {
    match input {
        Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndPositionEventSeq {
            tenant_id,
            position_id,
            ..
        }
        | Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndSchemaEventSeq {
            tenant_id,
            position_id,
            ..
        } => (tenant_id, position_id),
    }
}

impl HiringTables {
    pub(super) fn instance(&self, tenant: &TenantId, user: &UserId) -> Option<&AccessInstanceRecord> {
        self.access.iter().find(|row| row.tenant_id == *tenant && row.user_id == *user)
    }

    /// Gives a person access to a tenant.
    pub(super) fn grant(
        &mut self,
        tenant_id: &TenantId,
        user_id: &UserId,
        role: RoleTemplateId,
        access_lifecycle: AccessLifecycle,
        now: MonotonicTimeNs,
    ) -> AccessInstanceRecord {
        let row = AccessInstanceRecord {
            access_instance_id: AccessInstanceId::new(format!("#access/{tenant_id}/{user_id}")),
            tenant_id: tenant_id.clone(),
            user_id: user_id.clone(),
            role_template_id: role,
            access_lifecycle,
            created_at: now,
            updated_at: now,
        };
        self.access.push(row.clone());
        row
    }

    fn has_ledger_row(&self, input: &Ph1positionAppendOnlyGuards) -> bool {
        let (tenant_id, position_id) = guarded(input);
        let key = (tenant_id.to_string(), position_id.to_string());
        let (positions, schemas) = self.ledgers.get(&key).copied().unwrap_or_default();
        match input {
            Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndPositionEventSeq {
                position_event_seq,
                ..
            } => (1..=positions).contains(position_event_seq),
            Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndSchemaEventSeq {
                schema_event_seq, ..
            } => (1..=schemas).contains(schema_event_seq),
        }
    }
}

fn create(tables: &mut Tables, context: &CallContext, input: &Ph2accessInstanceCreateCommitRow) -> Decided {
    let person = tables.identity(&input.user_id).ok_or(A::AccessScopeViolation)?;
    if !agree(person.tenant_id.as_ref(), Some(&input.tenant_id)) {
        return Err(A::AccessScopeViolation.into());
    }
    if person.status == IdentityStatus::Disabled {
        return Err(A::AccessStateInvalid.into());
    }
    if tables.hiring.instance(&input.tenant_id, &input.user_id).is_some() {
        return Err(A::AccessInstanceExists.into());
    }
    let row = tables.hiring.grant(
        &input.tenant_id,
        &input.user_id,
        input.role_template_id.clone(),
        input.access_lifecycle,
        context.now,
    );
    let mut event = event(context, A::AccessInstanceCreate, &row, &input.idempotency_key);
    event.note("role_template_id", &row.role_template_id);
    Ok(decided(HiringValue::Access(row), event))
}

fn lifecycle(tables: &mut Tables, context: &CallContext, input: &Ph2accessLifecycleCommitRow) -> Decided {
    let row = tables
        .hiring
        .access
        .iter_mut()
        .find(|row| row.tenant_id == input.tenant_id && row.user_id == input.user_id)
        .ok_or(A::AccessScopeViolation)?;
    if row.access_lifecycle == input.access_lifecycle {
        return Err(A::AccessStateInvalid.into());
    }
    if context.now < row.updated_at {
        return Err(A::AccessContractValidationFailed.into());
    }
    row.access_lifecycle = input.access_lifecycle;
    row.updated_at = context.now;
    let row = row.clone();
    let event = event(context, A::AccessLifecycle, &row, &input.idempotency_key);
    Ok(decided(HiringValue::Access(row), event))
}

fn event(context: &CallContext, code: A, row: &AccessInstanceRecord, key: &IdempotencyKey) -> Event {
    let mut event = Event::new(context, ENGINE, AuditEventType::StateTransition, code);
    event.tenant_id = Some(row.tenant_id.clone());
    event.user_id = Some(row.user_id.clone());
    event.key = EventKey::Given(key.clone());
    event.note("access_instance_id", &row.access_instance_id);
    event.note("access_lifecycle", &row.access_lifecycle);
    event
}
