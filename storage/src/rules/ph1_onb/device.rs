//! The primary device: a proof of it is recorded, whether it succeeded or failed.

use selene_contracts::ph1_f::DeviceRecord;
use selene_contracts::ph1_onb::{
    OnbPrimaryDeviceConfirmResult, OnboardingSessionRecord, OnboardingStatus,
    Ph1onbPrimaryDeviceConfirmCommitRow,
};
use selene_contracts::{Admitted, StorageError};

use super::{People, gates, session};
use crate::change::Update;
use crate::rules::standing::DeviceStanding;
use crate::rules::{Decision, WriteRule, refuse};

/// The rows that a proof of a device reads.
#[derive(Debug, Clone)]
pub struct DeviceFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) people: People,
    pub(crate) device: Option<DeviceStanding>,
}

impl WriteRule for Ph1onbPrimaryDeviceConfirmCommitRow {
    type Facts = DeviceFacts;
    type Change = Update<OnboardingSessionRecord>;

    /// After the gates: the device exists, and its tenant is the session's where both are known. A failed proof is stored and
    /// leaves the status.
    fn decide(call: &Admitted<Self>, facts: DeviceFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let before = session::ready(call, facts.session, gates::DEVICE)?;
        let device = facts
            .device
            .filter(|device| session::agree(device.tenant_id.as_ref(), before.tenant_id.as_ref()))
            .ok_or_else(|| refuse::foreign_key::<Self, DeviceRecord>("device_id"))?;
        let status = if input.proof_ok { OnboardingStatus::PrimaryDeviceConfirmed } else { before.status };
        let after = OnboardingSessionRecord {
            primary_device_device_id: Some(input.device_id.clone()),
            primary_device_proof_type: Some(input.proof_type),
            primary_device_confirmed: input.proof_ok,
            ..session::moved(before, status, call.context().now)
        };
        let event = session::event(
            call,
            &after,
            &facts.people,
            [
                ("proof_type", Some(input.proof_type.as_str())),
                ("primary_device_confirmed", Some(if input.proof_ok { "true" } else { "false" })),
                ("inviter_user_id", facts.people.inviter()),
            ],
        )?
        // Where the session has no tenant, the device may have one; else the two are the same.
        .tenant(device.tenant_id.as_ref())
        // A device whose proof failed does not identify the person.
        .user(input.proof_ok.then_some(&device.owner))
        .device(Some(&input.device_id));
        let output = OnbPrimaryDeviceConfirmResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            primary_device_confirmed: input.proof_ok,
        };
        Ok(Decision { change: Update(after), event, output })
    }
}
