//! The rules of PH1.ONB, compared with the spec page.

mod access;
mod backfill;
mod clarify;
mod gates;
pub(crate) mod machine;
mod people;
mod steps;

use selene_contracts::ph1_link::{LinkRecord, LinkStatus};
use selene_contracts::ph1_onb::{OnboardingSessionRecord, OnboardingStatus, TermsStatus, VerificationGate};
use selene_contracts::shared::{InviteeType, MonotonicTimeNs, OnboardingSessionId, TokenId};

use super::{People, session};
use crate::rules::fingerprint;
use crate::rules::standing::DeviceStanding;

const TOKEN: &str = "tok_1";
const BEFORE: MonotonicTimeNs = MonotonicTimeNs::new(1);

fn session_id() -> OnboardingSessionId {
    session::id_of(&TOKEN.into())
}

/// The link of a friend, activated on `phone`.
fn link() -> LinkRecord {
    let token_id = TokenId::new(TOKEN);
    let hash = fingerprint::of_link(&token_id, &"phone".into());
    LinkRecord {
        token_id,
        draft_id: "drf_1".into(),
        invitee_type: InviteeType::Friend,
        link_status: LinkStatus::Activated,
        inviter_user_id: "boss".into(),
        tenant_id: Some("a".into()),
        schema_version_id: None,
        prefilled_context: None,
        device_fingerprint_hash: Some(hash),
        created_at: BEFORE,
        updated_at: BEFORE,
    }
}

/// A session of that link as it is after its start.
fn begun(gates: &[VerificationGate]) -> OnboardingSessionRecord {
    let hash = fingerprint::of_link(&TOKEN.into(), &"phone".into());
    OnboardingSessionRecord {
        tenant_id: Some("a".into()),
        pinned_schema_id: Some("invitee:FRIEND".into()),
        pinned_schema_version: Some("unversioned".into()),
        pinned_overlay_set_id: Some("default".into()),
        pinned_selector_snapshot: Some("sel_1".into()),
        required_verification_gates: gates.to_vec(),
        ..session::begun(session_id(), TOKEN.into(), InviteeType::Friend, hash, BEFORE)
    }
}

/// Terms accepted and device proven.
fn ready(tenant: Option<&str>) -> OnboardingSessionRecord {
    OnboardingSessionRecord {
        tenant_id: tenant.map(Into::into),
        status: OnboardingStatus::PrimaryDeviceConfirmed,
        terms_status: Some(TermsStatus::Accepted),
        primary_device_confirmed: true,
        ..begun(&[])
    }
}

/// Who is part of the session of `boss`'s link.
fn people(person: Option<&str>) -> People {
    People { person: person.map(Into::into), inviter: Some("boss".into()) }
}

fn device(tenant: Option<&str>) -> DeviceStanding {
    DeviceStanding { owner: "ann".into(), tenant_id: tenant.map(Into::into), home_tenant_id: None }
}
