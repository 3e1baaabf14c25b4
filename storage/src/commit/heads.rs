//! The newest event of each chain, kept in memory: reading them by SQL costs more than the hash itself.
//!
//! They hold as long as nobody else writes and nothing is rolled back; both forget them all.

use std::collections::BTreeMap;

use selene_contracts::row::Value;
use selene_contracts::{Digest, sql};

use crate::chain::Head;
use crate::failure::Failure;
use crate::session::Session;

/// Chains that are remembered at most; the memory of a store stays bounded.
const CHAINS_AT_MOST: usize = 65_536;

/// The newest event of each chain.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    chains: BTreeMap<String, Head>,
    /// The event of the running operation, which counts only once the operation is kept.
    pending: Option<Pending>,
}

#[derive(Debug)]
struct Pending {
    chain_id: String,
    head: Head,
}

impl Heads {
    /// The newest event of a chain.
    pub(crate) fn head(&mut self, db: &impl Session, chain_id: &str) -> Result<Head, Failure> {
        if let Some(head) = self.chains.get(chain_id) {
            return Ok(*head);
        }
        let newest = db.first::<(u64, Digest)>(
            sql!(
                "SELECT {chain_sequence}, {hash} FROM {@audit_events} WHERE {chain_id} = $1
                 ORDER BY {chain_sequence} DESC LIMIT 1"
            ),
            &[Value::Text(chain_id.into())],
        )?;
        let head = newest.map_or(Head::START, |(sequence, hash)| Head { sequence, hash: hash.0 });
        if self.chains.len() >= CHAINS_AT_MOST {
            self.chains.clear();
        }
        self.chains.insert(chain_id.to_owned(), head);
        Ok(head)
    }

    /// Notes the event of the running operation. An operation has one event at most.
    pub(crate) fn append(&mut self, chain_id: &str, head: Head) {
        assert!(self.pending.is_none(), "an operation emits one event");
        self.pending = Some(Pending { chain_id: chain_id.to_owned(), head });
    }

    /// The running operation is kept.
    pub(crate) fn settle(&mut self) {
        if let Some(Pending { chain_id, head }) = self.pending.take() {
            self.chains.insert(chain_id, head);
        }
    }

    /// The running operation is taken back.
    pub(crate) fn discard(&mut self) {
        self.pending = None;
    }

    /// Forgets one chain: somebody else may have appended to it.
    pub(crate) fn forget_chain(&mut self, chain_id: &str) {
        self.chains.remove(chain_id);
    }

    /// Forgets everything: a batch was rolled back, or somebody else wrote.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
