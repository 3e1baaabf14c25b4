//! Rows of PH1.LINK: invitation links.

use selene_contracts::Admitted;
use selene_contracts::ph1_link::keys::LinksKey;
use selene_contracts::ph1_link::{
    LinkOpenResult, LinkRecord, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
    Ph1linkInviteRevokeCommitRow,
};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::stored::StoredWrite;
use crate::rules::Audience;
use crate::rules::person::Person;
use crate::rules::ph1_link;
use crate::session::Session;

impl StoredWrite for Ph1linkInviteGenerateDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<Person>, Failure> {
        person(db, &call.input().inviter_user_id)
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        _outcome: &LinkRecord,
    ) -> Result<Audience, Failure> {
        ph1_link::invited_to(call.input(), Self::load(db, call)?.as_ref())?;
        Ok(Audience::Tenant)
    }
}

impl StoredWrite for Ph1linkInviteOpenActivateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<LinkRecord>, Failure> {
        db.by_key(&LinksKey { token_id: &call.input().token_id })
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
        db.by_key(&LinksKey { token_id: &call.input().token_id })
    }
}
