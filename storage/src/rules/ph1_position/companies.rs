//! Companies of a tenant.

use selene_contracts::ph1_position::{
    CompanyState, Ph1PositionReasonCode, Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow,
    TenantCompanyRecord,
};
use selene_contracts::{Admitted, StorageError};

use crate::change::{Insert, Update};
use crate::rules::{Decision, EventDraft, WriteRule, refuse};

impl WriteRule for Ph1positionCompanyInsertRow {
    /// Whether the tenant has the company already.
    type Facts = bool;
    type Change = Insert<TenantCompanyRecord>;

    fn decide(call: &Admitted<Self>, exists: bool) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        if exists {
            return Err(refuse::duplicate::<Self, TenantCompanyRecord>("company_id"));
        }
        let record = TenantCompanyRecord::of_ph1position_company_insert_row(input, now, now);
        let event = EventDraft::fixed(call)?.payload(payload(&record));
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

impl WriteRule for Ph1positionCompanyStateCommitRow {
    type Facts = Option<TenantCompanyRecord>;
    type Change = Update<TenantCompanyRecord>;

    fn decide(
        call: &Admitted<Self>,
        company: Option<TenantCompanyRecord>,
    ) -> Result<Decision<Self>, StorageError> {
        let before = company.ok_or_else(|| refuse::not_found::<Self, TenantCompanyRecord>("company_id"))?;
        let to = call.input().company_state;
        if !is_move(before.company_state, to) {
            let code = Ph1PositionReasonCode::PositionStateInvalid;
            let rule = "cannot be reached from the company's state";
            return Err(refuse::rule_as::<Self>(code, "company_state", rule));
        }
        let now = call.context().now;
        refuse::not_before::<Self>(now, before.updated_at)?;
        let record = TenantCompanyRecord { company_state: to, updated_at: now, ..before };
        let event = EventDraft::fixed(call)?.payload(payload(&record));
        Ok(Decision { change: Update(record.clone()), event, output: record })
    }
}

/// Whether a state may follow another: ACTIVE and SUSPENDED go to each other and to CLOSED; CLOSED is an end.
pub(super) const fn is_move(from: CompanyState, to: CompanyState) -> bool {
    use CompanyState::{Active, Closed, Suspended};
    matches!((from, to), (Active, Suspended | Closed) | (Suspended, Active | Closed))
}

/// The payload of both events of a company.
fn payload(record: &TenantCompanyRecord) -> [(&'static str, &str); 2] {
    [("company_id", record.company_id.as_str()), ("company_state", record.company_state.as_str())]
}
