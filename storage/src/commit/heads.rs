//! The newest event of each chain, kept in memory: reading them by SQL costs more than the hash itself.
//!
//! They hold as long as nobody else writes and nothing is rolled back; both forget them all.

use std::collections::BTreeMap;

use selene_contracts::row::Value;
use selene_contracts::{Digest, sql};

use crate::chain::Head;
use crate::commit::driver::OpenTransaction;
use crate::failure::Failure;
use crate::session::Session;

/// Chains that are remembered at most; the memory of a store stays bounded.
const CHAINS_AT_MOST: usize = 65_536;

/// The newest event of each chain.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    chains: BTreeMap<String, Known>,
    /// The event of the running operation, which counts only once the operation is kept.
    pending: Option<Pending>,
}

#[derive(Debug)]
struct Known {
    head: Head,
    /// What holding the chain gave when its head was read; with another number, somebody else may have appended.
    as_of: u64,
}

#[derive(Debug)]
struct Pending {
    chain_id: String,
    head: Head,
}

/// The newest event of a chain.
const NEWEST: &str = sql!(
    "SELECT {chain_sequence}, {hash} FROM {@audit_events} WHERE {chain_id} = $1
     ORDER BY {chain_sequence} DESC LIMIT 1"
);

impl Heads {
    /// The newest event of a chain that is held; `as_of` is what holding it gave.
    pub(crate) fn head(&mut self, db: &impl Session, chain_id: &str, as_of: u64) -> Result<Head, Failure> {
        if let Some(known) = self.chains.get(chain_id)
            && known.as_of == as_of
        {
            return Ok(known.head);
        }
        let newest = db.first::<(u64, Digest)>(NEWEST, &[Value::Text(chain_id.into())])?;
        let head = newest.map_or(Head::START, |(sequence, hash)| Head { sequence, hash: hash.0 });
        if self.chains.len() >= CHAINS_AT_MOST {
            self.chains.clear();
        }
        self.chains.insert(chain_id.to_owned(), Known { head, as_of });
        Ok(head)
    }

    /// While looking ahead: notes that a chain will be held and, unless it is remembered, that its newest event will be read.
    pub(crate) fn note(&self, db: &impl OpenTransaction, chain_id: &str) {
        let value = [Value::Text(chain_id.into())];
        let newest = (!self.chains.contains_key(chain_id)).then_some((NEWEST, value.as_slice()));
        db.note_chain(chain_id, newest);
    }

    /// Notes the event of the running operation. An operation has one event at most.
    pub(crate) fn append(&mut self, chain_id: &str, head: Head) {
        assert!(self.pending.is_none(), "an operation emits one event");
        self.pending = Some(Pending { chain_id: chain_id.to_owned(), head });
    }

    /// The running operation is kept.
    pub(crate) fn settle(&mut self) {
        if let Some(Pending { chain_id, head }) = self.pending.take() {
            // Its head was asked for before the event was made.
            if let Some(known) = self.chains.get_mut(&chain_id) {
                known.head = head;
            }
        }
    }

    /// The running operation is taken back.
    pub(crate) fn discard(&mut self) {
        self.pending = None;
    }

    /// Forgets everything: a batch was rolled back, or somebody else wrote.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
