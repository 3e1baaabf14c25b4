//! Requirement schemas of positions: versions whose fields never change, at most one of them ACTIVE, and a ledger of their states.

use selene_contracts::ph1_position::{
    Ph1PositionReasonCode, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow, PositionRecord,
    RequirementSchemaEventsRow, RequirementSchemaRecord, SchemaState,
};
use selene_contracts::{Admitted, StorageError};

use crate::change::{Insert, Update};
use crate::rules::{Decision, EventDraft, WriteRule, refuse, requirements};

/// The rows that a new version depends on.
#[derive(Debug, Clone, Copy)]
pub struct SchemaDraftFacts {
    pub(crate) has_position: bool,
    pub(crate) has_version: bool,
    /// Rows of the position's schema ledger so far.
    pub(crate) event_count: u64,
}

impl WriteRule for Ph1positionSchemaDraftRow {
    type Facts = SchemaDraftFacts;
    type Change = (Insert<RequirementSchemaRecord>, Insert<RequirementSchemaEventsRow>);

    /// The fields contradict neither themselves nor each other.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        requirements::check::<Self>(&input.requirement_fields)
    }

    fn decide(call: &Admitted<Self>, facts: SchemaDraftFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        if !facts.has_position {
            return Err(refuse::foreign_key::<Self, PositionRecord>("position_id"));
        }
        if facts.has_version {
            return Err(refuse::duplicate::<Self, RequirementSchemaRecord>("schema_version_id"));
        }
        let row = RequirementSchemaRecord {
            tenant_id: input.tenant_id.clone(),
            position_id: input.position_id.clone(),
            schema_version_id: input.schema_version_id.clone(),
            schema_state: SchemaState::Draft,
            rollout_scope: None,
            selectors: input.selectors.clone(),
            requirement_fields: input.requirement_fields.clone(),
            created_at: now,
            updated_at: now,
        };
        let event = EventDraft::fixed(call)?.payload([
            ("position_id", row.position_id.as_str()),
            ("schema_version_id", row.schema_version_id.as_str()),
            ("schema_state", row.schema_state.as_str()),
        ]);
        let change = (Insert(row.clone()), Insert(event_of(&row, facts.event_count + 1)));
        Ok(Decision { change, event, output: row })
    }
}

/// The rows that an activation reads.
#[derive(Debug, Clone)]
pub struct ActivateFacts {
    /// The version to activate.
    pub(crate) version: Option<RequirementSchemaRecord>,
    /// The version that is ACTIVE.
    pub(crate) active: Option<RequirementSchemaRecord>,
    /// Rows of the position's schema ledger so far.
    pub(crate) event_count: u64,
}

impl WriteRule for Ph1positionSchemaActivateCommitRow {
    type Facts = ActivateFacts;
    /// The versions, and their rows in the ledger in the same order.
    type Change = (Vec<Update<RequirementSchemaRecord>>, Vec<Insert<RequirementSchemaEventsRow>>);

    fn decide(call: &Admitted<Self>, facts: ActivateFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let version = facts
            .version
            .ok_or_else(|| refuse::not_found::<Self, RequirementSchemaRecord>("schema_version_id"))?;
        if !is_activatable(version.schema_state) {
            let code = Ph1PositionReasonCode::PositionStateInvalid;
            let rule = "is of a version that is no draft";
            return Err(refuse::rule_as::<Self>(code, "schema_version_id", rule));
        }
        // Both versions change: the one that becomes ACTIVE and the one that retires.
        for changed in [&version].into_iter().chain(&facts.active) {
            refuse::not_before::<Self>(now, changed.updated_at)?;
        }
        let row = RequirementSchemaRecord {
            schema_state: SchemaState::Active,
            rollout_scope: Some(input.rollout_scope),
            updated_at: now,
            ..version
        };
        let event = EventDraft::fixed(call)?.payload([
            ("position_id", row.position_id.as_str()),
            ("schema_version_id", row.schema_version_id.as_str()),
            ("schema_state", row.schema_state.as_str()),
            ("rollout_scope", input.rollout_scope.as_str()),
        ]);
        // The version before is retired first, so that there are never two ACTIVE ones: a unique index checks every row.
        let retired = facts.active.map(|active| RequirementSchemaRecord {
            schema_state: SchemaState::Retired,
            updated_at: now,
            ..active
        });
        let rows: Vec<RequirementSchemaRecord> = retired.into_iter().chain([row.clone()]).collect();
        let numbered = rows.iter().zip(facts.event_count + 1..);
        let events = numbered.map(|(row, number)| Insert(event_of(row, number))).collect();
        let change = (rows.into_iter().map(Update).collect(), events);
        Ok(Decision { change, event, output: row })
    }
}

/// The row of the ledger that a version leaves; its number counts from 1 for each position.
fn event_of(row: &RequirementSchemaRecord, schema_event_seq: u64) -> RequirementSchemaEventsRow {
    RequirementSchemaEventsRow::of_requirement_schema_record(row, schema_event_seq, row.updated_at)
}

/// Whether a version in this state may be activated: only a DRAFT, because an ACTIVE or RETIRED one was rolled out already.
pub(super) const fn is_activatable(state: SchemaState) -> bool {
    matches!(state, SchemaState::Draft)
}
