//! PH2.ACCESS: the access of one person in one tenant.

#[cfg(test)]
mod tests;

use selene_contracts::ph1_f::IdentityRecord;
use selene_contracts::ph2_access::{
    AccessInstanceRecord, AccessLifecycle, Ph2AccessReasonCode, Ph2accessInstanceCreateCommitRow,
    Ph2accessLifecycleCommitRow,
};
use selene_contracts::shared::{AccessInstanceId, TenantId, UserId};
use selene_contracts::{Admitted, StorageError};

use super::person::Person;
use super::{Decision, EventDraft, WriteRule, refuse};
use crate::change::{Insert, Update};
use crate::encode::{Encoder, short_id};

/// The rows that a new instance depends on.
#[derive(Debug, Clone, Default)]
pub struct CreateFacts {
    pub(crate) person: Option<Person>,
    /// The person has an instance in the tenant already.
    pub(crate) has_instance: bool,
}

impl WriteRule for Ph2accessInstanceCreateCommitRow {
    type Facts = CreateFacts;
    type Change = Insert<AccessInstanceRecord>;

    fn decide(call: &Admitted<Self>, facts: CreateFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        // A person of another tenant has the same refusal as an unknown one.
        let person = facts.person.filter(|person| person.fits(Some(&input.tenant_id)));
        let person = person.ok_or_else(|| refuse::foreign_key::<Self, IdentityRecord>("user_id"))?;
        if person.is_disabled {
            let code = Ph2AccessReasonCode::AccessStateInvalid;
            return Err(refuse::rule_as::<Self>(code, "user_id", "is of a DISABLED identity"));
        }
        if facts.has_instance {
            return Err(refuse::duplicate::<Self, AccessInstanceRecord>("user_id"));
        }
        let record = AccessInstanceRecord {
            access_instance_id: instance_id(&input.tenant_id, &input.user_id),
            tenant_id: input.tenant_id.clone(),
            user_id: input.user_id.clone(),
            role_template_id: input.role_template_id.clone(),
            access_lifecycle: input.access_lifecycle,
            created_at: now,
            updated_at: now,
        };
        let event = EventDraft::fixed(call)?.user(Some(&record.user_id)).payload([
            ("access_instance_id", record.access_instance_id.as_str()),
            ("role_template_id", record.role_template_id.as_str()),
            ("access_lifecycle", record.access_lifecycle.as_str()),
        ]);
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

/// The id of the instance of a person in a tenant: `acc_` and a hash of both, so that there is one at most.
pub(crate) fn instance_id(tenant_id: &TenantId, user_id: &UserId) -> AccessInstanceId {
    let mut bytes = Encoder::new("selene.access_instance.v1");
    bytes.text(tenant_id.as_str());
    bytes.text(user_id.as_str());
    AccessInstanceId::new(short_id("acc_", &bytes.finish()))
}

impl WriteRule for Ph2accessLifecycleCommitRow {
    type Facts = Option<AccessInstanceRecord>;
    type Change = Update<AccessInstanceRecord>;

    fn decide(
        call: &Admitted<Self>,
        instance: Option<AccessInstanceRecord>,
    ) -> Result<Decision<Self>, StorageError> {
        let before = instance.ok_or_else(|| refuse::not_found::<Self, AccessInstanceRecord>("user_id"))?;
        let to = call.input().access_lifecycle;
        if !is_move(before.access_lifecycle, to) {
            let code = Ph2AccessReasonCode::AccessStateInvalid;
            let rule = "cannot be reached from the instance's lifecycle";
            return Err(refuse::rule_as::<Self>(code, "access_lifecycle", rule));
        }
        let now = call.context().now;
        refuse::not_before::<Self>(now, before.updated_at)?;
        let record = AccessInstanceRecord { access_lifecycle: to, updated_at: now, ..before };
        let event = EventDraft::fixed(call)?.user(Some(&record.user_id)).payload([
            ("access_instance_id", record.access_instance_id.as_str()),
            ("access_lifecycle", record.access_lifecycle.as_str()),
        ]);
        Ok(Decision { change: Update(record.clone()), event, output: record })
    }
}

/// Whether a lifecycle may follow another: RESTRICTED, ACTIVE and SUSPENDED go to each other, none to itself.
const fn is_move(from: AccessLifecycle, to: AccessLifecycle) -> bool {
    use AccessLifecycle::{Active, Restricted, Suspended};
    matches!(
        (from, to),
        (Restricted, Active | Suspended)
            | (Active, Restricted | Suspended)
            | (Suspended, Restricted | Active)
    )
}
