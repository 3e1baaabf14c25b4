//! Positions: a ledger of their lifecycle, and a current row.

use selene_contracts::ph1_position::{
    CompanyState, Ph1PositionReasonCode, Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow,
    PositionEventsRow, PositionLifecycle, PositionRecord, TenantCompanyRecord,
};
use selene_contracts::{Admitted, StorageError};

use crate::change::{Insert, Update};
use crate::rules::{Decision, EventDraft, WriteRule, refuse};

/// The rows that a new position depends on.
#[derive(Debug, Clone, Copy)]
pub struct DraftFacts {
    pub(crate) has_company: bool,
    pub(crate) has_position: bool,
}

impl WriteRule for Ph1positionCreateDraftRow {
    type Facts = DraftFacts;
    type Change = (Insert<PositionRecord>, Insert<PositionEventsRow>);

    fn decide(call: &Admitted<Self>, facts: DraftFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        if !facts.has_company {
            return Err(refuse::foreign_key::<Self, TenantCompanyRecord>("company_id"));
        }
        if facts.has_position {
            return Err(refuse::duplicate::<Self, PositionRecord>("position_id"));
        }
        let row = PositionRecord::of_ph1position_create_draft_row(input, PositionLifecycle::Draft, now, now);
        let event = EventDraft::fixed(call)?.payload([
            ("company_id", row.company_id.as_str()),
            ("position_id", row.position_id.as_str()),
            ("position_lifecycle", row.position_lifecycle.as_str()),
        ]);
        let change = (Insert(row.clone()), Insert(event_of(&row, 1)));
        Ok(Decision { change, event, output: row })
    }
}

/// The rows that a change of a lifecycle reads.
#[derive(Debug, Clone)]
pub struct LifecycleFacts {
    pub(crate) position: Option<PositionRecord>,
    /// The state of the position's company.
    pub(crate) company_state: Option<CompanyState>,
    /// Rows of the position's ledger so far.
    pub(crate) event_count: u64,
}

impl WriteRule for Ph1positionLifecycleCommitRow {
    type Facts = LifecycleFacts;
    type Change = (Update<PositionRecord>, Insert<PositionEventsRow>);

    /// The lifecycle is one that a position can reach: DRAFT is not.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        use PositionLifecycle::{Active, Draft, Retired, Suspended};
        let to = input.position_lifecycle;
        if [Draft, Active, Suspended, Retired].iter().any(|from| is_move(*from, to)) {
            Ok(())
        } else {
            Err(refused(Ph1PositionReasonCode::PositionStateInvalid, UNREACHABLE))
        }
    }

    fn decide(call: &Admitted<Self>, facts: LifecycleFacts) -> Result<Decision<Self>, StorageError> {
        let before =
            facts.position.ok_or_else(|| refuse::not_found::<Self, PositionRecord>("position_id"))?;
        let to = call.input().position_lifecycle;
        if !is_move(before.position_lifecycle, to) {
            return Err(refused(Ph1PositionReasonCode::PositionStateInvalid, UNREACHABLE));
        }
        if to == PositionLifecycle::Active && facts.company_state != Some(CompanyState::Active) {
            let code = Ph1PositionReasonCode::PositionCompanyNotActive;
            return Err(refused(code, "cannot be ACTIVE, the company is not"));
        }
        let now = call.context().now;
        refuse::not_before::<Self>(now, before.updated_at)?;
        let row = PositionRecord { position_lifecycle: to, updated_at: now, ..before };
        let event = EventDraft::fixed(call)?.payload([
            ("position_id", row.position_id.as_str()),
            ("position_lifecycle", row.position_lifecycle.as_str()),
        ]);
        let change = (Update(row.clone()), Insert(event_of(&row, facts.event_count + 1)));
        Ok(Decision { change, event, output: row })
    }
}

/// The row of the ledger that a position leaves; its number counts from 1 for each position.
fn event_of(row: &PositionRecord, position_event_seq: u64) -> PositionEventsRow {
    PositionEventsRow::of_position_record(row, position_event_seq, row.updated_at)
}

/// Error text for a lifecycle that cannot be reached from the current one.
const UNREACHABLE: &str = "cannot be reached from the position's lifecycle";

fn refused(code: Ph1PositionReasonCode, rule: &'static str) -> StorageError {
    refuse::rule_as::<Ph1positionLifecycleCommitRow>(code, "position_lifecycle", rule)
}

/// Whether a lifecycle may follow another: DRAFT goes to ACTIVE or RETIRED; ACTIVE and SUSPENDED go to each other and to RETIRED;
/// RETIRED is an end.
pub(super) const fn is_move(from: PositionLifecycle, to: PositionLifecycle) -> bool {
    use PositionLifecycle::{Active, Draft, Retired, Suspended};
    matches!((from, to), (Draft | Suspended, Active | Retired) | (Active, Suspended | Retired))
}
