//! A new link. Its ids are hashes of the inviter and the idempotency key, so that a retry names the same link.

use selene_contracts::ph1_f::IdentityRecord;
use selene_contracts::ph1_link::{DraftId, LinkRecord, LinkStatus, Ph1linkInviteGenerateDraftRow};
use selene_contracts::shared::{IdempotencyKey, TenantId, TokenId, UserId};
use selene_contracts::{Admitted, StorageError};

use super::event::event_of;
use crate::change::Insert;
use crate::encode::{Encoder, short_id};
use crate::rules::person::Person;
use crate::rules::{Decision, EventDraft, WriteRule, refuse};

impl WriteRule for Ph1linkInviteGenerateDraftRow {
    /// The person who invites; `None` where no such identity exists.
    type Facts = Option<Person>;
    type Change = Insert<LinkRecord>;

    /// The tenant given and that of the prefilled context are the same, where both are there.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        let prefilled = input.prefilled_context.as_ref().and_then(|context| context.tenant_id.as_ref());
        match (&input.tenant_id, prefilled) {
            (Some(given), Some(prefilled)) if given != prefilled => {
                Err(refuse::rule::<Self>("prefilled_context", "must be of the tenant of the link"))
            }
            _ => Ok(()),
        }
    }

    fn decide(call: &Admitted<Self>, inviter: Option<Person>) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let tenant_id = invited_to(input, inviter.as_ref())?;
        let record = LinkRecord {
            token_id: TokenId::new(id("tok_", "selene.link_token.v1", input)),
            draft_id: DraftId::new(id("drf_", "selene.link_draft.v1", input)),
            invitee_type: input.invitee_type,
            link_status: LinkStatus::DraftCreated,
            inviter_user_id: input.inviter_user_id.clone(),
            tenant_id: tenant_id.cloned(),
            schema_version_id: input.schema_version_id.clone(),
            prefilled_context: input.prefilled_context.clone(),
            device_fingerprint_hash: None,
            created_at: now,
            updated_at: now,
        };
        let invitee_type = ("invitee_type", record.invitee_type.as_str());
        let event = event_of(&record, EventDraft::fixed(call)?, invitee_type);
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

/// The tenant that the inviter may invite to.
///
/// # Errors
/// The inviter is unknown, has another home tenant, or is DISABLED: one refusal for the three. The same check comes before a
/// stored outcome is returned, so that a used key does not disclose an inviter to another tenant.
pub(crate) fn invited_to<'a>(
    input: &'a Ph1linkInviteGenerateDraftRow,
    inviter: Option<&Person>,
) -> Result<Option<&'a TenantId>, StorageError> {
    let tenant_id = tenant(input);
    if inviter.is_some_and(|inviter| inviter.may_act(tenant_id)) {
        Ok(tenant_id)
    } else {
        Err(refuse::foreign_key::<Ph1linkInviteGenerateDraftRow, IdentityRecord>("inviter_user_id"))
    }
}

/// The tenant of the link: the one given, else that of the prefilled context.
fn tenant(input: &Ph1linkInviteGenerateDraftRow) -> Option<&TenantId> {
    let prefilled = || input.prefilled_context.as_ref()?.tenant_id.as_ref();
    input.tenant_id.as_ref().or_else(prefilled)
}

/// An id from the inviter and the idempotency key; `domain` separates token and draft. Example: `tok_` and a hash.
fn id(prefix: &str, domain: &str, input: &Ph1linkInviteGenerateDraftRow) -> String {
    let mut bytes = Encoder::new(domain);
    bytes.text(UserId::as_str(&input.inviter_user_id));
    bytes.text(IdempotencyKey::as_str(&input.idempotency_key));
    short_id(prefix, &bytes.finish())
}
