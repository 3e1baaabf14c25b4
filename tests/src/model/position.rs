//! PH1.POSITION as its specs state it.

mod bounds;

use selene_contracts::CallContext;
use selene_contracts::ph1_position::{
    CompanyState, Ph1PositionReasonCode as P, Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow,
    Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow, Ph1positionSchemaActivateCommitRow,
    Ph1positionSchemaDraftRow, PositionLifecycle, PositionRecord, RequiredPredicate, RequiredRule,
    RequirementField, RequirementSchemaRecord, SchemaState, TenantCompanyRecord,
};
use selene_contracts::shared::{
    AuditEventType, CompanyId, IdempotencyKey, MonotonicTimeNs, PositionId, SchemaVersionId, TenantId,
};

use super::calls::{Answer, HiringCall, HiringValue, Value};
use super::decision::{Decided, decided};
use super::event::{Event, EventKey};
use super::reference::Model;
use super::tables::{HiringTables, Tables};

const ENGINE: &str = "PH1.POSITION";

impl Model {
    /// Answers a write of PH1.POSITION; `None` for another call.
    pub(super) fn answer_position(&mut self, context: &CallContext, call: &HiringCall) -> Option<Answer> {
        let answer = match call {
            HiringCall::CompanyInsert(input) => self.write(
                context,
                "PH1POSITION_COMPANY_INSERT_ROW",
                &[input.tenant_id.as_str(), input.company_id.as_str(), input.idempotency_key.as_str()],
                input,
                &bounds::company(input),
                |tables| company_insert(tables, context, input),
            ),
            HiringCall::CompanyState(input) => self.write(
                context,
                "PH1POSITION_COMPANY_STATE_COMMIT_ROW",
                &[input.tenant_id.as_str(), input.company_id.as_str(), input.idempotency_key.as_str()],
                input,
                &bounds::keyed(&input.tenant_id, &[input.company_id.as_str()], &input.idempotency_key),
                |tables| company_state(tables, context, input),
            ),
            HiringCall::PositionDraft(input) => self.write(
                context,
                "PH1POSITION_CREATE_DRAFT_ROW",
                &[input.tenant_id.as_str(), input.position_id.as_str(), input.idempotency_key.as_str()],
                input,
                &bounds::position(input),
                |tables| draft(tables, context, input),
            ),
            HiringCall::PositionLifecycle(input) => self.write(
                context,
                "PH1POSITION_LIFECYCLE_COMMIT_ROW",
                &[input.tenant_id.as_str(), input.position_id.as_str(), input.idempotency_key.as_str()],
                input,
                &bounds::keyed(&input.tenant_id, &[input.position_id.as_str()], &input.idempotency_key)
                    .and(input.position_lifecycle != PositionLifecycle::Draft, P::PositionStateInvalid),
                |tables| lifecycle(tables, context, input),
            ),
            call => return self.answer_schema(context, call),
        };
        Some(answer)
    }

    fn answer_schema(&mut self, context: &CallContext, call: &HiringCall) -> Option<Answer> {
        let answer = match call {
            HiringCall::SchemaDraft(input) => self.write(
                context,
                "PH1POSITION_SCHEMA_DRAFT_ROW",
                &[
                    input.tenant_id.as_str(),
                    input.position_id.as_str(),
                    input.schema_version_id.as_str(),
                    input.idempotency_key.as_str(),
                ],
                input,
                &bounds::schema(input)
                    .and(are_sound(&input.requirement_fields), P::PositionContractValidationFailed),
                |tables| schema_draft(tables, context, input),
            ),
            HiringCall::SchemaActivate(input) => self.write(
                context,
                "PH1POSITION_SCHEMA_ACTIVATE_COMMIT_ROW",
                &[
                    input.tenant_id.as_str(),
                    input.position_id.as_str(),
                    input.schema_version_id.as_str(),
                    input.idempotency_key.as_str(),
                ],
                input,
                &bounds::keyed(
                    &input.tenant_id,
                    &[input.position_id.as_str(), input.schema_version_id.as_str()],
                    &input.idempotency_key,
                ),
                |tables| schema_activate(tables, context, input),
            ),
            _ => return None,
        };
        Some(answer)
    }
}

impl HiringTables {
    pub(super) fn company(&self, tenant: &TenantId, id: &CompanyId) -> Option<&TenantCompanyRecord> {
        self.companies.iter().find(|row| row.tenant_id == *tenant && row.company_id == *id)
    }

    pub(super) fn position(&self, tenant: &TenantId, id: &PositionId) -> Option<&PositionRecord> {
        self.positions.iter().find(|row| row.tenant_id == *tenant && row.position_id == *id)
    }

    pub(super) fn schema(
        &self,
        tenant: &TenantId,
        id: &PositionId,
        version: &SchemaVersionId,
    ) -> Option<&RequirementSchemaRecord> {
        self.schemas.iter().find(|row| {
            row.tenant_id == *tenant && row.position_id == *id && row.schema_version_id == *version
        })
    }

    pub(super) fn active_schema(
        &self,
        tenant: &TenantId,
        id: &PositionId,
    ) -> Option<&RequirementSchemaRecord> {
        self.schemas.iter().find(|row| {
            row.tenant_id == *tenant && row.position_id == *id && row.schema_state == SchemaState::Active
        })
    }

    fn ledger(&mut self, tenant: &TenantId, id: &PositionId) -> &mut (u64, u64) {
        self.ledgers.entry((tenant.to_string(), id.to_string())).or_default()
    }
}

fn company_insert(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1positionCompanyInsertRow,
) -> Decided {
    if tables.hiring.company(&input.tenant_id, &input.company_id).is_some() {
        return Err(P::PositionDuplicateKey.into());
    }
    let row = TenantCompanyRecord {
        tenant_id: input.tenant_id.clone(),
        company_id: input.company_id.clone(),
        legal_name: input.legal_name.clone(),
        company_state: input.company_state,
        created_at: context.now,
        updated_at: context.now,
    };
    tables.hiring.companies.push(row.clone());
    Ok(company_applied(context, P::PositionCompanyInsert, row, &input.idempotency_key))
}

fn company_state(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1positionCompanyStateCommitRow,
) -> Decided {
    let row = tables
        .hiring
        .companies
        .iter_mut()
        .find(|row| row.tenant_id == input.tenant_id && row.company_id == input.company_id)
        .ok_or(P::PositionScopeViolation)?;
    if row.company_state == CompanyState::Closed || row.company_state == input.company_state {
        return Err(P::PositionStateInvalid.into());
    }
    not_before(context, row.updated_at)?;
    row.company_state = input.company_state;
    row.updated_at = context.now;
    Ok(company_applied(context, P::PositionCompanyState, row.clone(), &input.idempotency_key))
}

/// A call does not lie before the last change of a row that it changes.
fn not_before(context: &CallContext, updated_at: MonotonicTimeNs) -> Result<(), P> {
    if context.now < updated_at { Err(P::PositionContractValidationFailed) } else { Ok(()) }
}

fn company_applied(
    context: &CallContext,
    code: P,
    row: TenantCompanyRecord,
    key: &IdempotencyKey,
) -> (Value, Event) {
    let mut event = event(context, code, &row.tenant_id, key);
    event.note("company_id", &row.company_id);
    event.note("company_state", &row.company_state);
    decided(HiringValue::Company(row), event)
}

fn draft(tables: &mut Tables, context: &CallContext, input: &Ph1positionCreateDraftRow) -> Decided {
    if tables.hiring.company(&input.tenant_id, &input.company_id).is_none() {
        return Err(P::PositionScopeViolation.into());
    }
    if tables.hiring.position(&input.tenant_id, &input.position_id).is_some() {
        return Err(P::PositionDuplicateKey.into());
    }
    let row = PositionRecord {
        tenant_id: input.tenant_id.clone(),
        position_id: input.position_id.clone(),
        company_id: input.company_id.clone(),
        position_title: input.position_title.clone(),
        department: input.department.clone(),
        jurisdiction: input.jurisdiction.clone(),
        schedule_type: input.schedule_type,
        permission_profile_ref: input.permission_profile_ref.clone(),
        compensation_band_ref: input.compensation_band_ref.clone(),
        position_lifecycle: PositionLifecycle::Draft,
        created_at: context.now,
        updated_at: context.now,
    };
    tables.hiring.positions.push(row.clone());
    tables.hiring.ledger(&input.tenant_id, &input.position_id).0 += 1;
    let mut event = event(context, P::PositionCreateDraft, &row.tenant_id, &input.idempotency_key);
    event.note("company_id", &row.company_id);
    event.note("position_id", &row.position_id);
    event.note("position_lifecycle", &row.position_lifecycle);
    Ok(decided(HiringValue::Position(row), event))
}

fn lifecycle(tables: &mut Tables, context: &CallContext, input: &Ph1positionLifecycleCommitRow) -> Decided {
    use PositionLifecycle::{Active, Draft, Retired, Suspended};
    let tables = &mut tables.hiring;
    let before = tables.position(&input.tenant_id, &input.position_id).ok_or(P::PositionScopeViolation)?;
    let to = input.position_lifecycle;
    let is_move = matches!(
        (before.position_lifecycle, to),
        (Draft | Suspended, Active | Retired) | (Active, Suspended | Retired)
    );
    if !is_move {
        return Err(P::PositionStateInvalid.into());
    }
    let company = tables.company(&before.tenant_id, &before.company_id);
    if to == Active && company.is_none_or(|company| company.company_state != CompanyState::Active) {
        return Err(P::PositionCompanyNotActive.into());
    }
    not_before(context, before.updated_at)?;
    tables.ledger(&input.tenant_id, &input.position_id).0 += 1;
    let row = tables
        .positions
        .iter_mut()
        .find(|row| row.tenant_id == input.tenant_id && row.position_id == input.position_id)
        .ok_or(P::PositionScopeViolation)?;
    row.position_lifecycle = to;
    row.updated_at = context.now;
    let mut event = event(context, P::PositionLifecycle, &row.tenant_id, &input.idempotency_key);
    event.note("position_id", &row.position_id);
    event.note("position_lifecycle", &row.position_lifecycle);
    Ok(decided(HiringValue::Position(row.clone()), event))
}

/// Whether the fields of a version contradict neither each other nor themselves.
fn are_sound(fields: &[RequirementField]) -> bool {
    fields.iter().enumerate().all(|(place, field)| {
        let is_new = fields[..place].iter().all(|earlier| earlier.field_key != field.field_key);
        let predicate = field.required_predicate.as_ref().map(RequiredPredicate::as_str);
        let has_rule = match field.required_rule {
            RequiredRule::Always => predicate.is_none(),
            RequiredRule::Conditional => predicate.is_some_and(|text| parts(text).is_some()),
        };
        is_new && has_rule
    })
}

/// Key and value of `[selector.]key=value`.
fn parts(predicate: &str) -> Option<(&str, &str)> {
    let (key, value) = predicate.split_once('=')?;
    let key = key.strip_prefix("selector.").unwrap_or(key);
    let is_key = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let is_value = !value.is_empty()
        && !value.contains('=')
        && !value.contains(char::is_control)
        && value.trim() == value;
    (is_key && is_value).then_some((key, value))
}

/// Whether a field is asked for: it is free only where a selector of its key is given and says otherwise.
pub(super) fn is_required(schema: &RequirementSchemaRecord, field: &RequirementField) -> bool {
    let Some((key, value)) = field.required_predicate.as_ref().and_then(|text| parts(text.as_str())) else {
        return true;
    };
    let selectors = &schema.selectors;
    let given = match key {
        "company_size" => selectors.company_size.as_ref().map(ToString::to_string),
        "industry_code" => selectors.industry_code.as_ref().map(ToString::to_string),
        "jurisdiction" => selectors.jurisdiction.as_ref().map(ToString::to_string),
        "position_family" => selectors.position_family.as_ref().map(ToString::to_string),
        _ => None,
    };
    given.is_none_or(|given| given == value)
}

fn schema_draft(tables: &mut Tables, context: &CallContext, input: &Ph1positionSchemaDraftRow) -> Decided {
    let tables = &mut tables.hiring;
    if tables.position(&input.tenant_id, &input.position_id).is_none() {
        return Err(P::PositionScopeViolation.into());
    }
    if tables.schema(&input.tenant_id, &input.position_id, &input.schema_version_id).is_some() {
        return Err(P::PositionDuplicateKey.into());
    }
    let row = RequirementSchemaRecord {
        tenant_id: input.tenant_id.clone(),
        position_id: input.position_id.clone(),
        schema_version_id: input.schema_version_id.clone(),
        schema_state: SchemaState::Draft,
        rollout_scope: None,
        selectors: input.selectors.clone(),
        requirement_fields: input.requirement_fields.clone(),
        created_at: context.now,
        updated_at: context.now,
    };
    tables.schemas.push(row.clone());
    tables.ledger(&input.tenant_id, &input.position_id).1 += 1;
    let event = schema_event(context, P::PositionSchemaDraft, &row, &input.idempotency_key);
    Ok(decided(HiringValue::Schema(row), event))
}

fn schema_activate(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1positionSchemaActivateCommitRow,
) -> Decided {
    let tables = &mut tables.hiring;
    let before = tables
        .schema(&input.tenant_id, &input.position_id, &input.schema_version_id)
        .ok_or(P::PositionScopeViolation)?;
    if before.schema_state != SchemaState::Draft {
        return Err(P::PositionStateInvalid.into());
    }
    not_before(context, before.updated_at)?;
    if let Some(active) = tables.active_schema(&input.tenant_id, &input.position_id) {
        not_before(context, active.updated_at)?;
    }
    let mut after = before.clone();
    after.schema_state = SchemaState::Active;
    after.rollout_scope = Some(input.rollout_scope);
    after.updated_at = context.now;
    let mut moved = 1;
    for row in &mut tables.schemas {
        if row.tenant_id != input.tenant_id || row.position_id != input.position_id {
            continue;
        }
        if row.schema_version_id == input.schema_version_id {
            *row = after.clone();
        } else if row.schema_state == SchemaState::Active {
            row.schema_state = SchemaState::Retired;
            row.updated_at = context.now;
            moved = 2;
        }
    }
    tables.ledger(&input.tenant_id, &input.position_id).1 += moved;
    let mut event = schema_event(context, P::PositionSchemaActivate, &after, &input.idempotency_key);
    event.note("rollout_scope", &input.rollout_scope);
    Ok(decided(HiringValue::Schema(after), event))
}

fn schema_event(
    context: &CallContext,
    code: P,
    row: &RequirementSchemaRecord,
    key: &IdempotencyKey,
) -> Event {
    let mut event = event(context, code, &row.tenant_id, key);
    event.note("position_id", &row.position_id);
    event.note("schema_version_id", &row.schema_version_id);
    event.note("schema_state", &row.schema_state);
    event
}

fn event(context: &CallContext, code: P, tenant_id: &TenantId, key: &IdempotencyKey) -> Event {
    let mut event = Event::new(context, ENGINE, AuditEventType::StateTransition, code);
    event.tenant_id = Some(tenant_id.clone());
    event.key = EventKey::Given(key.clone());
    event
}
