//! Identities and devices: inserted once; their keys never change.

use selene_contracts::ph1_f::{DeviceRecord, IdentityRecord, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow};
use selene_contracts::{Admitted, StorageError};

use crate::change::Insert;
use crate::rules::person::Person;
use crate::rules::{Decision, EventDraft, WriteRule, refuse};

impl WriteRule for Ph1fIdentityInsertRow {
    /// Whether the identity exists already.
    type Facts = bool;
    type Change = Insert<IdentityRecord>;

    fn decide(call: &Admitted<Self>, exists: bool) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        if exists {
            return Err(refuse::duplicate::<Self, IdentityRecord>("user_id"));
        }
        let record = IdentityRecord::of_ph1f_identity_insert_row(input, call.context().now);
        let event =
            EventDraft::fixed(call)?.user(Some(&input.user_id)).payload([("status", input.status.as_str())]);
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

/// The rows that the registration of a device depends on.
#[derive(Debug, Clone)]
pub struct DeviceFacts {
    pub(crate) owner: Option<Person>,
    pub(crate) has_device: bool,
}

impl WriteRule for Ph1fDeviceInsertRow {
    type Facts = DeviceFacts;
    type Change = Insert<DeviceRecord>;

    /// Checks in this order: the owner exists, and is not at home in another tenant than the one that is named; the device is new.
    fn decide(call: &Admitted<Self>, facts: DeviceFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let owner = facts
            .owner
            .filter(|owner| owner.fits(input.tenant_id.as_ref()))
            .ok_or_else(|| refuse::foreign_key::<Self, IdentityRecord>("user_id"))?;
        if facts.has_device {
            return Err(refuse::duplicate::<Self, DeviceRecord>("device_id"));
        }
        let record = DeviceRecord::of_ph1f_device_insert_row(input, call.context().now);
        let event = EventDraft::fixed(call)?
            .user(Some(&input.user_id))
            .device(Some(&input.device_id))
            .tenant(input.tenant_id.as_ref().or(owner.home_tenant_id.as_ref()))
            .payload([("device_type", input.device_type.as_str())]);
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}
