//! The newest event of every chain.

use selene_contracts::row::cell;
use selene_contracts::shared::{AuditEventId, ChainId};
use selene_contracts::tables::audit_events;
use selene_contracts::{Digest, sql};

use super::verify::{ChainFault, SavedHead, tenant};
use crate::failure::Failure;
use crate::session::Session;

/// The newest event of every chain, by tenant, the chain without a tenant first.
///
/// # Errors
/// The database reports one, or a value cannot be read.
pub fn heads(db: &impl Session) -> Result<Vec<SavedHead>, Failure> {
    named_heads(db)?.map_err(|fault| Failure::Unreadable(fault.to_string()))
}

/// The same, or the event that holds a value which cannot be read.
pub(crate) fn named_heads(db: &impl Session) -> Result<Result<Vec<SavedHead>, ChainFault>, Failure> {
    let (mut heads, mut fault) = (Vec::new(), None);
    db.visit(
        sql!(
            "SELECT head.chain, head.newest, {event.hash}, {event.event_id}
             FROM (SELECT {chain_id} AS chain, max({chain_sequence}) AS newest
                   FROM {@audit_events} GROUP BY {chain_id}) AS head
             JOIN {@audit_events event} ON {event.chain_id} = head.chain AND {event.chain_sequence} = head.newest
             ORDER BY head.chain"
        ),
        &[],
        &mut |cells| {
            let chain = cell::<ChainId>(cells, 0);
            match (&chain, cell::<u64>(cells, 1), cell::<Digest>(cells, 2)) {
                (Ok(chain_id), Ok(sequence), Ok(hash)) => {
                    heads.push(SavedHead { tenant_id: tenant(chain_id.as_str()), sequence, hash });
                }
                (_, sequence, _) => {
                    let column = match (&chain, &sequence) {
                        (Err(_), _) => audit_events::CHAIN_ID,
                        (_, Err(_)) => audit_events::CHAIN_SEQUENCE,
                        _ => audit_events::HASH,
                    };
                    let event_id = cell::<AuditEventId>(cells, 3).ok();
                    let place = chain.ok().zip(sequence.ok());
                    fault.get_or_insert_with(|| ChainFault::unreadable(place, event_id, column));
                }
            }
            Ok(())
        },
    )?;
    Ok(fault.map_or(Ok(heads), Err))
}
