//! The tables of the model: lists in the order of writing.

use std::collections::BTreeMap;

use selene_contracts::ph1_f::{
    AudioProfileRef, ConversationTurnRecord, DeviceRecord, DeviceType, IdentityRecord, MemoryCurrentRecord,
    MemoryLedgerRecord, SessionRecord,
};
use selene_contracts::ph1_voice_id::{
    VoiceEnrollmentSampleRecord, VoiceEnrollmentSessionRecord, VoiceProfileId, VoiceProfileRecord,
};
use selene_contracts::ph1_w::{
    WakeEnrollmentSampleRecord, WakeEnrollmentSessionId, WakeEnrollmentSessionRecord, WakeProfileId,
    WakeRuntimeEventRecord,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, OnboardingSessionId, SessionId, TenantId, UserId};

use super::rows::Rows;

mod hiring;

pub(super) use hiring::{Campaign, HiringTables, Link};

/// A row of `wake_profile_bindings`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BindingRow {
    pub(super) user_id: UserId,
    pub(super) device_id: DeviceId,
    pub(super) wake_enrollment_session_id: WakeEnrollmentSessionId,
    pub(super) wake_profile_id: WakeProfileId,
    pub(super) active: bool,
    pub(super) bound_at: MonotonicTimeNs,
    pub(super) unbound_at: Option<MonotonicTimeNs>,
}

/// A row of `voice_profile_bindings`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct VoiceBindingRow {
    pub(super) onboarding_session_id: OnboardingSessionId,
    pub(super) device_id: DeviceId,
    pub(super) voice_profile_id: VoiceProfileId,
    pub(super) bound_at: MonotonicTimeNs,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Device {
    pub(super) owner: UserId,
    pub(super) tenant: Option<TenantId>,
    pub(super) kind: DeviceType,
    pub(super) last_seen_at: MonotonicTimeNs,
    pub(super) audio_profile_ref: Option<AudioProfileRef>,
}

impl Device {
    /// The row of a device of this id.
    pub(super) fn row(&self, device_id: &DeviceId) -> DeviceRecord {
        DeviceRecord {
            device_id: device_id.clone(),
            user_id: self.owner.clone(),
            device_type: self.kind.clone(),
            last_seen_at: self.last_seen_at,
            audio_profile_ref: self.audio_profile_ref.clone(),
            tenant_id: self.tenant.clone(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Onboarding {
    pub(super) tenant: Option<TenantId>,
    pub(super) primary_device: Option<DeviceId>,
    pub(super) began_at: MonotonicTimeNs,
    pub(super) is_declined: bool,
}

impl Onboarding {
    /// Whether both have a tenant, and not the same.
    pub(super) fn is_of_another(&self, tenant: Option<&TenantId>) -> bool {
        self.tenant.as_ref().zip(tenant).is_some_and(|(ours, theirs)| ours != theirs)
    }
}

/// What stands in the store, as plain collections.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tables {
    pub(super) identities: Vec<IdentityRecord>,
    pub(super) devices: BTreeMap<DeviceId, Device>,
    pub(super) sessions: BTreeMap<SessionId, SessionRecord>,
    pub(super) memory: Vec<MemoryLedgerRecord>,
    pub(super) turns: Vec<ConversationTurnRecord>,
    pub(super) onboarding: BTreeMap<OnboardingSessionId, Onboarding>,
    pub(super) wake_sessions: Vec<WakeEnrollmentSessionRecord>,
    pub(super) wake_samples: Vec<WakeEnrollmentSampleRecord>,
    pub(super) wake_events: Vec<WakeRuntimeEventRecord>,
    pub(super) wake_bindings: Vec<BindingRow>,
    pub(super) voice_sessions: Vec<VoiceEnrollmentSessionRecord>,
    pub(super) voice_samples: Vec<VoiceEnrollmentSampleRecord>,
    pub(super) voice_profiles: Vec<VoiceProfileRecord>,
    pub(super) voice_bindings: Vec<VoiceBindingRow>,
    pub(super) hiring: HiringTables,
    /// Rows of the engines whose models are drafted.
    pub(super) rows: Rows,
}

impl Tables {
    pub(super) fn has_identity(&self, user_id: &UserId) -> bool {
        self.identity(user_id).is_some()
    }

    pub(super) fn identity(&self, user_id: &UserId) -> Option<&IdentityRecord> {
        self.identities.iter().find(|row| row.user_id == *user_id)
    }

    /// What a person's memory ledger says, oldest first.
    pub(super) fn memory_of(&self, user_id: &UserId) -> Vec<&MemoryLedgerRecord> {
        self.memory.iter().filter(|row| row.user_id == *user_id).collect()
    }

    /// The newest operation of each key of a person; a forgotten key keeps its row without a value.
    pub(super) fn current_memory_of(&self, user_id: &UserId) -> Vec<MemoryCurrentRecord> {
        let newest: BTreeMap<_, _> =
            self.memory_of(user_id).into_iter().map(|row| (row.memory_key.clone(), row)).collect();
        let current = newest.into_values().map(|row| MemoryCurrentRecord {
            user_id: row.user_id.clone(),
            memory_key: row.memory_key.clone(),
            memory_value_ref: row.memory_value_ref.clone(),
            memory_seq: row.memory_seq,
            updated_at: row.created_at,
        });
        current.collect()
    }

    /// Whose an onboarding session is, where its device was proven.
    pub(super) fn person_of(&self, onboarding: &Onboarding) -> Option<&UserId> {
        let device = onboarding.primary_device.as_ref().and_then(|primary| self.devices.get(primary));
        device.map(|device| &device.owner)
    }

    /// The tenant of an event about a device: the device's, else the home of its owner.
    pub(super) fn tenant_of(&self, device_id: &DeviceId) -> Option<TenantId> {
        let device = self.devices.get(device_id)?;
        device.tenant.clone().or_else(|| self.home_of(&device.owner))
    }

    /// The home tenant of a person.
    pub(super) fn home_of(&self, user_id: &UserId) -> Option<TenantId> {
        self.identity(user_id)?.tenant_id.clone()
    }
}
