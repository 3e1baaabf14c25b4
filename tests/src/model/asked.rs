//! What the event of an audited read or guard says, as the spec of PH1.J states it: the capability, which alternative of its
//! input it was, and the key that was asked for; a token only as its digest.

use std::collections::BTreeSet;

use selene_contracts::Payload;
use selene_contracts::ph1_position::Ph1positionAppendOnlyGuards as PositionGuards;
use selene_contracts::ph1_voice_id::VidReadEnrollmentState as VoiceRead;
use selene_contracts::ph1_w::Ph1wAppendOnlyGuards as WakeGuards;
use selene_contracts::shared::{DeviceId, SessionId, UserId};

use super::calls::{Call, HiringCall};
use super::engine_call::EngineCall;
use super::event::Event;
use super::tables::Tables;

/// A digest, whatever its text; the model does not make digests.
pub(super) const DIGEST: &str = "#digest";

/// Completes the event of a read.
pub(super) fn complete(event: &mut Event, call: &Call, tables: &Tables) {
    let asked = Asked::of(call);
    event.note("capability", &asked.capability);
    event.note_some("variant", asked.variant);
    for (key, value) in asked.keys {
        event.note(&key, &value);
    }
    event.user_id = asked.user.filter(|user_id| tables.has_identity(user_id));
    if event.user_id.is_none() {
        let device = asked.device.and_then(|device_id| tables.devices.get(&device_id));
        event.user_id = device.map(|device| device.owner.clone());
    }
    if event.user_id.is_none() {
        let session = asked.session.and_then(|session_id| tables.sessions.get(&session_id));
        event.user_id = session.map(|session| session.user_id.clone());
    }
}

#[derive(Default)]
struct Asked {
    capability: &'static str,
    variant: Option<&'static str>,
    user: Option<UserId>,
    device: Option<DeviceId>,
    session: Option<SessionId>,
    keys: Vec<(String, String)>,
}

impl Asked {
    fn new(capability: &'static str, keys: &[(&'static str, &dyn ToString)]) -> Self {
        let keys = keys.iter().map(|(key, value)| ((*key).to_owned(), value.to_string())).collect();
        Self { capability, keys, ..Self::default() }
    }

    fn variant(self, variant: &'static str) -> Self {
        Self { variant: Some(variant), ..self }
    }

    fn about(self, user_id: &UserId) -> Self {
        Self { user: Some(user_id.clone()), ..self }
    }

    fn of(call: &Call) -> Self {
        match call {
            Call::WakeReadSession(input) => Self::new(
                "PH1W_READ_ENROLLMENT_SESSION_ROW",
                &[("wake_enrollment_session_id", &input.wake_enrollment_session_id)],
            ),
            Call::WakeReadSamples(input) => Self::new(
                "PH1W_READ_ENROLLMENT_SAMPLE_ROWS",
                &[("wake_enrollment_session_id", &input.wake_enrollment_session_id)],
            ),
            Call::WakeReadRuntime(_) => Self::new("PH1W_READ_RUNTIME_EVENT_ROWS", &[]),
            Call::WakeReadActive(input) => {
                let keys: [(_, &dyn ToString); 2] =
                    [("user_id", &input.user_id), ("device_id", &input.device_id)];
                let asked = Self::new("PH1W_READ_ACTIVE_WAKE_PROFILE", &keys).about(&input.user_id);
                Self { device: Some(input.device_id.clone()), ..asked }
            }
            Call::WakeGuard(guard) => Self::of_wake_guard(guard),
            Call::VoiceRead(read) => Self::of_voice_read(read),
            Call::VoiceGuard(input) => Self::new(
                "VID_APPEND_ONLY_GUARD",
                &[
                    ("voice_enrollment_session_id", &input.voice_enrollment_session_id),
                    ("sample_seq", &input.sample_seq),
                ],
            ),
            Call::Hiring(call) => Self::of_hiring(call),
            Call::Engine(call) => Self::of_engine(call),
            write => panic!("{write:?} is no read"),
        }
    }

    /// Every field that is given, but the tenant, which is the event's; a secret, and what a payload cannot hold, as its digest.
    fn of_engine(call: &EngineCall) -> Self {
        let (variant, fields) = call.fields();
        let spec = call.capability;
        let names = spec.input.iter().copied().flatten().map(|field| field.name);
        let mut known = BTreeSet::new();
        let given = names.filter(|name| fields.contains_key(*name) && known.insert(*name));
        let keys = given.filter(|name| *name != "tenant_id").filter_map(|name| {
            let value = call.text(name)?;
            let fits = !value.trim().is_empty() && value.len() <= Payload::MAX_VALUE_BYTES;
            let is_open = fits && !["token_id", "device_fingerprint"].contains(&name);
            Some(if is_open {
                (name.to_owned(), value)
            } else {
                (format!("{name}_digest"), DIGEST.to_owned())
            })
        });
        Self {
            capability: spec.id,
            variant: spec.variants.iter().copied().find(|known| Some(*known) == variant),
            user: call.text("user_id").map(UserId::new),
            device: call.text("device_id").map(DeviceId::new),
            session: call.text("session_id").and_then(|id| id.parse().ok()).map(SessionId::new),
            keys: keys.collect(),
        }
    }

    fn of_wake_guard(guard: &WakeGuards) -> Self {
        let capability = "PH1W_APPEND_ONLY_GUARDS";
        match guard {
            WakeGuards::WakeEnrollmentSessionIdAndSampleSeq { wake_enrollment_session_id, sample_seq } => {
                Self::new(
                    capability,
                    &[("wake_enrollment_session_id", wake_enrollment_session_id), ("sample_seq", sample_seq)],
                )
                .variant("WakeEnrollmentSessionIdAndSampleSeq")
            }
            WakeGuards::WakeEventId { wake_event_id } => {
                Self::new(capability, &[("wake_event_id", wake_event_id)]).variant("WakeEventId")
            }
        }
    }

    fn of_voice_read(read: &VoiceRead) -> Self {
        let capability = "VID_READ_ENROLLMENT_STATE";
        match read {
            VoiceRead::Session { voice_enrollment_session_id: id } => {
                Self::new(capability, &[("voice_enrollment_session_id", id)]).variant("Session")
            }
            VoiceRead::Samples { voice_enrollment_session_id: id } => {
                Self::new(capability, &[("voice_enrollment_session_id", id)]).variant("Samples")
            }
            VoiceRead::Profile { voice_profile_id } => {
                Self::new(capability, &[("voice_profile_id", voice_profile_id)]).variant("Profile")
            }
        }
    }

    fn of_hiring(call: &HiringCall) -> Self {
        match call {
            HiringCall::LinkRead(_) => Self::new("PH1LINK_READ_LINK_ROW", &[("token_id_digest", &DIGEST)]),
            HiringCall::CompanyRead(input) => {
                Self::new("PH1POSITION_READ_COMPANY_ROW", &[("company_id", &input.company_id)])
            }
            HiringCall::PositionRead(input) => {
                Self::new("PH1POSITION_READ_POSITION_ROW", &[("position_id", &input.position_id)])
            }
            HiringCall::SchemaRead(input) => {
                Self::new("PH1POSITION_READ_ACTIVE_SCHEMA_ROW", &[("position_id", &input.position_id)])
            }
            HiringCall::VersionRead(input) => Self::new(
                "PH1POSITION_READ_SCHEMA_VERSION_ROW",
                &[("position_id", &input.position_id), ("schema_version_id", &input.schema_version_id)],
            ),
            HiringCall::PositionGuard(guard) => Self::of_position_guard(guard),
            HiringCall::AccessRead(input) => {
                Self::new("PH2ACCESS_READ_INSTANCE_ROW", &[("user_id", &input.user_id)]).about(&input.user_id)
            }
            HiringCall::OnbRead(input) => {
                Self::new("PH1ONB_SESSION_ROW", &[("onboarding_session_id", &input.onboarding_session_id)])
            }
            HiringCall::OnbReadAll(_) => Self::new("PH1ONB_SESSION_ROWS", &[]),
            HiringCall::IdentityRead(input) => {
                Self::new("PH1F_READ_IDENTITY_ROW", &[("user_id", &input.user_id)]).about(&input.user_id)
            }
            write => panic!("{write:?} is no read"),
        }
    }

    fn of_position_guard(guard: &PositionGuards) -> Self {
        let capability = "PH1POSITION_APPEND_ONLY_GUARDS";
        match guard {
            PositionGuards::TenantIdAndPositionIdAndPositionEventSeq {
                position_id,
                position_event_seq,
                ..
            } => Self::new(
                capability,
                &[("position_id", position_id), ("position_event_seq", position_event_seq)],
            )
            .variant("TenantIdAndPositionIdAndPositionEventSeq"),
            PositionGuards::TenantIdAndPositionIdAndSchemaEventSeq {
                position_id, schema_event_seq, ..
            } => {
                Self::new(capability, &[("position_id", position_id), ("schema_event_seq", schema_event_seq)])
                    .variant("TenantIdAndPositionIdAndSchemaEventSeq")
            }
        }
    }
}
