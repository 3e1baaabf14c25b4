//! PH1.LINK as its specs state it.

use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::ph1_link::{
    DraftId, LinkOpenResult, LinkRecord, LinkStatus, Ph1LinkReasonCode as L, Ph1linkInviteGenerateDraftRow,
    Ph1linkInviteOpenActivateCommitRow, Ph1linkInviteRevokeCommitRow,
};
use selene_contracts::shared::{
    AuditEventType, IdempotencyKey, MonotonicTimeNs, PrefilledContext, TenantId, TokenId,
};
use selene_contracts::{CallContext, Digest};

use super::admission::{Admission, tenant, text};
use super::calls::{Answer, HiringCall, HiringValue, Value};
use super::decision::{Decided, agree, decided, short};
use super::event::{Event, EventKey};
use super::reference::{Model, Write};
use super::tables::{Link, Tables};

const ENGINE: &str = "PH1.LINK";

fn admission(fields: &[bool]) -> Admission {
    Admission::of(L::LinkContractValidationFailed, fields).gated()
}

impl Model {
    /// Answers a write of PH1.LINK; `None` for another call.
    pub(super) fn answer_link(&mut self, context: &CallContext, call: &HiringCall) -> Option<Answer> {
        let answer = match call {
            HiringCall::LinkGenerate(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1LINK_INVITE_GENERATE_DRAFT_ROW",
                    key: &[input.inviter_user_id.as_str(), input.idempotency_key.as_str()],
                    input,
                    admission: &generate_admission(input),
                },
                |tables, earlier| {
                    // Also under a used key an inviter of another tenant is refused like one that does not exist.
                    may_invite(tables, input)?;
                    // A call that could name a tenant and does not is answered only if it is the first one.
                    let is_own = match &input.tenant_id {
                        Some(tenant_id) => earlier.tenant.as_ref() == Some(tenant_id),
                        None => earlier.tenant.is_none() || earlier.is_same(input),
                    };
                    if is_own { Ok(()) } else { Err(L::LinkScopeViolation.into()) }
                },
                |tables| generate(tables, context, input),
            ),
            HiringCall::LinkOpen(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1LINK_INVITE_OPEN_ACTIVATE_COMMIT_ROW",
                    key: &[input.token_id.as_str(), input.idempotency_key.as_str()],
                    input,
                    admission: &admission(&[
                        text(input.token_id.as_str(), 64),
                        text(input.device_fingerprint.as_str(), 256),
                        text(input.idempotency_key.as_str(), 128),
                    ]),
                },
                // The answer of one device is never given to another one.
                |_, earlier| if earlier.is_same(input) { Ok(()) } else { Err(L::LinkScopeViolation.into()) },
                |tables| open(tables, context, input),
            ),
            HiringCall::LinkRevoke(input) => self.write(
                context,
                "PH1LINK_INVITE_REVOKE_COMMIT_ROW",
                &[input.token_id.as_str(), input.idempotency_key.as_str()],
                input,
                &admission(&[text(input.token_id.as_str(), 64), text(input.idempotency_key.as_str(), 128)])
                    .and(
                        matches!(input.reason_code, L::LinkRevokedByInviter | L::LinkRevokedByPolicy),
                        L::LinkContractValidationFailed,
                    ),
                |tables| revoke(tables, context, input),
            ),
            _ => return None,
        };
        Some(answer)
    }
}

fn generate_admission(input: &Ph1linkInviteGenerateDraftRow) -> Admission {
    let prefilled = input.prefilled_context.as_ref().is_none_or(prefilled);
    admission(&[
        text(input.inviter_user_id.as_str(), 128),
        input.tenant_id.as_ref().is_none_or(tenant),
        input.schema_version_id.as_ref().is_none_or(|id| text(id.as_str(), 64)),
        prefilled,
        text(input.idempotency_key.as_str(), 128),
    ])
    .and(agree(input.tenant_id.as_ref(), prefilled_tenant(input)), L::LinkContractValidationFailed)
}

fn prefilled_tenant(input: &Ph1linkInviteGenerateDraftRow) -> Option<&TenantId> {
    input.prefilled_context.as_ref()?.tenant_id.as_ref()
}

fn prefilled(context: &PrefilledContext) -> bool {
    context.tenant_id.as_ref().is_none_or(tenant)
        && context.company_id.as_ref().is_none_or(|id| text(id.as_str(), 64))
        && context.position_id.as_ref().is_none_or(|id| text(id.as_str(), 64))
        && context.compensation_tier_ref.as_ref().is_none_or(|id| text(id.as_str(), 64))
        && context.jurisdiction_tags.len() <= 8
        && context.jurisdiction_tags.iter().all(|tag| text(tag.as_str(), 32))
}

fn tenant_of(input: &Ph1linkInviteGenerateDraftRow) -> Option<&TenantId> {
    input.tenant_id.as_ref().or_else(|| prefilled_tenant(input))
}

/// The inviter is somebody in the tenant that is invited to.
fn may_invite(tables: &Tables, input: &Ph1linkInviteGenerateDraftRow) -> Result<(), L> {
    let inviter = tables.identity(&input.inviter_user_id).ok_or(L::LinkScopeViolation)?;
    let may_act = inviter.status != IdentityStatus::Disabled;
    if may_act && agree(inviter.tenant_id.as_ref(), tenant_of(input)) {
        Ok(())
    } else {
        Err(L::LinkScopeViolation)
    }
}

fn generate(tables: &mut Tables, context: &CallContext, input: &Ph1linkInviteGenerateDraftRow) -> Decided {
    may_invite(tables, input)?;
    let name = format!("{}/{}", short(input.inviter_user_id.as_str()), short(input.idempotency_key.as_str()));
    let row = LinkRecord {
        token_id: TokenId::new(format!("#token/{name}")),
        draft_id: DraftId::new(format!("#draft/{name}")),
        invitee_type: input.invitee_type,
        link_status: LinkStatus::DraftCreated,
        inviter_user_id: input.inviter_user_id.clone(),
        tenant_id: tenant_of(input).cloned(),
        schema_version_id: input.schema_version_id.clone(),
        prefilled_context: input.prefilled_context.clone(),
        device_fingerprint_hash: None,
        created_at: context.now,
        updated_at: context.now,
    };
    tables.hiring.links.insert(row.token_id.clone(), Link { row: row.clone(), fingerprint: None });
    let mut event = link_event(context, L::LinkInviteGenerateDraft, &row, &input.idempotency_key);
    event.note("invitee_type", &row.invitee_type);
    Ok(decided(HiringValue::Link(row), event))
}

fn open(tables: &mut Tables, context: &CallContext, input: &Ph1linkInviteOpenActivateCommitRow) -> Decided {
    let link = tables.hiring.links.get_mut(&input.token_id).ok_or(L::LinkScopeViolation)?;
    let mut shown = link.row.clone();
    let before = link.row.link_status;
    match link.row.link_status {
        LinkStatus::DraftCreated | LinkStatus::Sent | LinkStatus::Opened => {
            not_before(context, link.row.updated_at)?;
            link.row.link_status = LinkStatus::Activated;
            link.row.device_fingerprint_hash = Some(hash(&input.token_id, input.device_fingerprint.as_str()));
            link.row.updated_at = context.now;
            link.fingerprint = Some(input.device_fingerprint.clone());
            shown = link.row.clone();
        }
        LinkStatus::Activated if link.fingerprint.as_ref() == Some(&input.device_fingerprint) => {}
        LinkStatus::Activated => {
            not_before(context, link.row.updated_at)?;
            link.row.link_status = LinkStatus::Blocked;
            link.row.updated_at = context.now;
            shown = link.row.clone();
        }
        _ => return Err(L::LinkStateInvalid.into()),
    }
    let is_blocked = shown.link_status == LinkStatus::Blocked;
    let mut event = link_event(context, L::LinkInviteOpenActivate, &shown, &input.idempotency_key);
    event.note("previous_link_status", &before);
    if is_blocked {
        event.event_type = AuditEventType::GateFail;
    }
    let output = LinkOpenResult {
        token_id: shown.token_id,
        link_status: shown.link_status,
        invitee_type: shown.invitee_type,
        tenant_id: shown.tenant_id.filter(|_| !is_blocked),
        schema_version_id: shown.schema_version_id.filter(|_| !is_blocked),
    };
    Ok(decided(HiringValue::LinkOpened(output), event))
}

fn revoke(tables: &mut Tables, context: &CallContext, input: &Ph1linkInviteRevokeCommitRow) -> Decided {
    let row = &mut tables.hiring.links.get_mut(&input.token_id).ok_or(L::LinkScopeViolation)?.row;
    if !matches!(
        row.link_status,
        LinkStatus::DraftCreated | LinkStatus::Sent | LinkStatus::Opened | LinkStatus::Activated
    ) {
        return Err(L::LinkStateInvalid.into());
    }
    not_before(context, row.updated_at)?;
    row.link_status = LinkStatus::Revoked;
    row.updated_at = context.now;
    let row = row.clone();
    let mut event = link_event(context, L::LinkInviteRevoke, &row, &input.idempotency_key);
    event.note("revoke_reason_code", &input.reason_code);
    Ok(decided(HiringValue::Link(row), event))
}

/// A call does not lie before the last change of the link that it changes.
fn not_before(context: &CallContext, updated_at: MonotonicTimeNs) -> Result<(), L> {
    if context.now < updated_at { Err(L::LinkContractValidationFailed) } else { Ok(()) }
}

fn link_event(context: &CallContext, code: L, row: &LinkRecord, key: &IdempotencyKey) -> Event {
    let mut event = Event::new(context, ENGINE, AuditEventType::StateTransition, code);
    event.tenant_id.clone_from(&row.tenant_id);
    event.user_id = Some(row.inviter_user_id.clone());
    event.key = EventKey::Given(key.clone());
    event.note("draft_id", &row.draft_id);
    event.note("link_status", &row.link_status);
    event
}

/// A digest of the model: it begins with zeros, and the same texts give the same.
pub(super) fn hash(token_id: &TokenId, fingerprint: &str) -> Digest {
    let mut bytes = [0_u8; 32];
    for (place, byte) in format!("{token_id} {fingerprint}").bytes().enumerate() {
        let slot = &mut bytes[16 + place % 16];
        *slot = slot.wrapping_mul(31).wrapping_add(byte);
    }
    Digest(bytes)
}

impl Link {
    /// The link's value for a read.
    pub(super) fn found(link: Option<&Self>) -> Value {
        Value::Hiring(Box::new(HiringValue::LinkFound(link.map(|link| link.row.clone()))))
    }
}
