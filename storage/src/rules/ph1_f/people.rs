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
        let record = IdentityRecord {
            user_id: input.user_id.clone(),
            speaker_id: input.speaker_id.clone(),
            primary_language: input.primary_language.clone(),
            tenant_id: input.tenant_id.clone(),
            created_at: call.context().now,
            status: input.status,
        };
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

    fn decide(call: &Admitted<Self>, facts: DeviceFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let owner = facts.owner.ok_or_else(|| refuse::foreign_key::<Self, IdentityRecord>("user_id"))?;
        if facts.has_device {
            return Err(refuse::duplicate::<Self, DeviceRecord>("device_id"));
        }
        let record = DeviceRecord {
            device_id: input.device_id.clone(),
            user_id: input.user_id.clone(),
            device_type: input.device_type.clone(),
            last_seen_at: call.context().now,
            audio_profile_ref: input.audio_profile_ref.clone(),
            tenant_id: input.tenant_id.clone(),
        };
        let event = EventDraft::fixed(call)?
            .user(Some(&input.user_id))
            .device(Some(&input.device_id))
            .tenant(input.tenant_id.as_ref().or(owner.home_tenant_id.as_ref()))
            .payload([("device_type", input.device_type.as_str())]);
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}
