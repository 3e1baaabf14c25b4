//! PH1.LINK on SQLite.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::ph1_link::{
    DraftId, LinkOpenResult, LinkRecord, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
    Ph1linkInviteRevokeCommitRow, Ph1linkReadLinkRow,
};
use selene_contracts::shared::{MonotonicTimeNs, SchemaVersionId, TenantId, TokenId, UserId};
use selene_contracts::{Admitted, Digest};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::stored::StoredRead;
use crate::rows::stored::{Audience, StoredWrite};
use crate::rows::values::{json, named, number, optional_document, stored};
use crate::rules::person::Person;
use crate::rules::ph1_link;
use crate::session::{Changes, Session};

impl StoredWrite for Ph1linkInviteGenerateDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<Person>, Failure> {
        let connection = db.connection();
        person(connection, &call.input().inviter_user_id)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &LinkRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "INSERT INTO links (token_id, draft_id, invitee_type, link_status, inviter_user_id, tenant_id,
                     schema_version_id, prefilled_context, device_fingerprint_hash, created_at, updated_at)
                 VALUES (:token_id, :draft_id, :invitee_type, :link_status, :inviter_user_id, :tenant_id,
                     :schema_version_id, :prefilled_context, :device_fingerprint_hash, :created_at, :updated_at)",
            )?
            .execute(named_params! {
                ":token_id": row.token_id.as_str(),
                ":draft_id": row.draft_id.as_str(),
                ":invitee_type": row.invitee_type.as_str(),
                ":link_status": row.link_status.as_str(),
                ":inviter_user_id": row.inviter_user_id.as_str(),
                ":tenant_id": row.tenant_id.as_ref().map(TenantId::as_str),
                ":schema_version_id": row.schema_version_id.as_ref().map(SchemaVersionId::as_str),
                ":prefilled_context": row.prefilled_context.as_ref().map(json).transpose()?,
                ":device_fingerprint_hash": row.device_fingerprint_hash.as_ref().map(Digest::as_bytes),
                ":created_at": stored(row.created_at.get()),
                ":updated_at": stored(row.updated_at.get()),
            })?;
        Ok(())
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        _outcome: &LinkRecord,
    ) -> Result<Audience, Failure> {
        let _connection = db.connection();
        ph1_link::invited_to(call.input(), Self::load(db, call)?.as_ref())?;
        Ok(Audience::Tenant)
    }
}

impl StoredWrite for Ph1linkInviteOpenActivateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<LinkRecord>, Failure> {
        let connection = db.connection();
        Ok(link(connection, &call.input().token_id)?)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &Option<LinkRecord>) -> Result<(), Failure> {
        let connection = changes.session().connection();
        change.as_ref().map_or(Ok(()), |row| update(connection, row))
    }

    fn check_replay<S: Session>(
        _db: &S,
        _call: &Admitted<Self>,
        _outcome: &LinkOpenResult,
    ) -> Result<Audience, Failure> {
        Ok(Audience::SameRequest(ph1_link::USED_ELSEWHERE))
    }
}

impl StoredWrite for Ph1linkInviteRevokeCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<LinkRecord>, Failure> {
        let connection = db.connection();
        Ok(link(connection, &call.input().token_id)?)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &LinkRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update(connection, row)
    }
}

impl StoredRead for Ph1linkReadLinkRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<LinkRecord>, Failure> {
        let connection = db.connection();
        Ok(link(connection, &call.input().token_id)?)
    }
}

/// Writes what may change of a link.
pub(crate) fn update(connection: &Connection, row: &LinkRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE links SET link_status = :link_status, device_fingerprint_hash = :device_fingerprint_hash,
                              updated_at = :updated_at
             WHERE token_id = :token_id",
        )?
        .execute(named_params! {
            ":token_id": row.token_id.as_str(),
            ":link_status": row.link_status.as_str(),
            ":device_fingerprint_hash": row.device_fingerprint_hash.as_ref().map(Digest::as_bytes),
            ":updated_at": stored(row.updated_at.get()),
        })?;
    Ok(())
}

/// The link of a token.
pub(crate) fn link(connection: &Connection, token_id: &TokenId) -> rusqlite::Result<Option<LinkRecord>> {
    connection
        .prepare_cached("SELECT * FROM links WHERE token_id = ?1")?
        .query_row([token_id.as_str()], record)
        .optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<LinkRecord> {
    let text = |column| row.get::<_, Option<String>>(column);
    Ok(LinkRecord {
        token_id: TokenId::new(row.get::<_, String>("token_id")?),
        draft_id: DraftId::new(row.get::<_, String>("draft_id")?),
        invitee_type: named(row, "invitee_type")?,
        link_status: named(row, "link_status")?,
        inviter_user_id: UserId::new(row.get::<_, String>("inviter_user_id")?),
        tenant_id: text("tenant_id")?.map(TenantId::new),
        schema_version_id: text("schema_version_id")?.map(SchemaVersionId::new),
        prefilled_context: optional_document(row, "prefilled_context")?,
        device_fingerprint_hash: row.get::<_, Option<[u8; 32]>>("device_fingerprint_hash")?.map(Digest),
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
    })
}
