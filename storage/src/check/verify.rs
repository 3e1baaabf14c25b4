//! Checking the chains: a changed, missing, reordered or cut-off event, and where it is.
//!
//! One pass over the rows in chain order, and a second one where events seem to be moved; memory does not grow with
//! the ledger. Everything is read in one snapshot.

use std::collections::BTreeMap;

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Column as _, Selection as _, Value, cell};
use selene_contracts::shared::{AuditEventId, ChainId, TenantId};
use selene_contracts::{Digest, sql};
use serde::{Deserialize, Serialize};

use crate::chain::{ChainedEvent, Head};
use crate::event_values::{Values, at};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::session::Session;

/// The newest event of a chain, to be kept elsewhere: only against a saved head does a chain show that its
/// end was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedHead {
    /// The tenant of the chain; absent for the chain of the events without one.
    pub tenant_id: Option<TenantId>,
    /// Place of the newest event, which is also how many there are.
    pub sequence: u64,
    /// Hash of the newest event.
    pub hash: Digest,
}

/// What a check of all chains found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct ChainReport {
    /// Chains that were checked.
    pub chains: u64,
    /// Events that were checked.
    pub events: u64,
    /// Everything that is wrong, in chain order.
    #[serde(flatten)]
    pub faults: Faults<ChainFault>,
}

impl ChainReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }

    /// Lists a fault, and gives its place in the list; none where the list is full.
    fn add(
        &mut self,
        chain_id: &str,
        sequence: u64,
        event_id: Option<&str>,
        kind: FaultKind,
    ) -> Option<usize> {
        self.faults.add(ChainFault {
            tenant_id: tenant(chain_id),
            sequence,
            event_id: event_id.map(AuditEventId::new),
            kind,
            unreadable: None,
        })
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error(
    "chain {}, event {sequence}: {kind}{}",
    tenant_id.as_ref().map_or("without a tenant", TenantId::as_str),
    unreadable.map(|column| format!("; audit_events.{column} holds a value that cannot be read")).unwrap_or_default()
)]
#[non_exhaustive]
pub struct ChainFault {
    /// The tenant of the chain; absent for the chain of the events without one.
    pub tenant_id: Option<TenantId>,
    /// The place in the chain.
    pub sequence: u64,
    /// The event at that place, if there is one.
    pub event_id: Option<AuditEventId>,
    /// What is wrong there.
    pub kind: FaultKind,
    /// The column of the event that holds a value which none can have, where one does. An event whose chain or place cannot be read
    /// is reported without them: as of the chain without a tenant, as its event 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<&'static str>,
}

impl ChainFault {
    /// An event with a value that none can have; without a place where that cannot be read either.
    pub(crate) fn unreadable(
        place: Option<(ChainId, u64)>,
        event_id: Option<AuditEventId>,
        column: &'static str,
    ) -> Self {
        let (tenant_id, sequence) =
            place.map_or((None, 0), |(chain, sequence)| (tenant(chain.as_str()), sequence));
        Self { tenant_id, sequence, event_id, kind: FaultKind::Changed, unreadable: Some(column) }
    }
}

/// What is wrong at a place of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// The event's hash is not that of its fields and its place, or not the one that was saved.
    #[error("its fields or its place were changed")]
    Changed,
    /// There is no event at this place, but there are later ones.
    #[error("it is missing")]
    Missing,
    /// The event follows another event of the chain than the one before it.
    #[error("it stands at another place than it was written to")]
    Reordered,
    /// The event is whole, and so is the one before it, but it was not written behind that one: that one was
    /// exchanged.
    #[error("the event before it was exchanged")]
    Unlinked,
    /// The event says nothing of its rows, and one before it in the chain does: since events seal rows, all of them do.
    #[error("it seals no rows, behind one that does")]
    Unsealed,
    /// A saved head lies beyond the end of the chain: this event and those after it, up to the head, are cut
    /// off.
    #[error("the chain ends before it, but a saved head lies beyond")]
    Truncated,
}

pub(super) fn tenant(chain_id: &str) -> Option<TenantId> {
    (!chain_id.is_empty()).then(|| TenantId::new(chain_id))
}

/// Checks every event of every chain, and the chains against heads that were saved before. Runs in one snapshot.
///
/// # Errors
/// The database reports one. What is wrong is no error, it is what the report says, and so is a value that cannot be read.
pub fn check(db: &impl Session, saved: &[SavedHead]) -> Result<ChainReport, Failure> {
    let mut walk = Walk::default();
    db.visit(
        sql!(
            "SELECT {*AuditEventsRow}, {ledger_position} FROM {@audit_events} ORDER BY {chain_id}, {chain_sequence}"
        ),
        &[],
        &mut |cells| {
            let values: [Value<'_>; AuditEventsRow::COLUMNS.len()] =
                std::array::from_fn(|position| cells.cell(position));
            let position = cell::<Option<u64>>(cells, values.len()).unwrap_or_default().unwrap_or_default();
            let event = ChainedEvent::of_values(&values, position);
            match (event, Values(&values).digest(at!(HASH))) {
                (Ok(event), Ok(hash)) => walk.visit(&event, *hash),
                (Err(column), _) | (_, Err(column)) => walk.visit_unreadable(&values, column),
            }
            Ok(())
        },
    )?;
    let Walk { mut report, displaced, .. } = walk;
    displaced.name(db, &mut report)?;
    for head in saved {
        check_head(db, head, &mut report)?;
    }
    Ok(report)
}

/// The walk along the chains, and what it has found.
#[derive(Default)]
struct Walk {
    report: ChainReport,
    /// The chain, and its newest event so far.
    chain: Option<(String, Head)>,
    was_faulty: bool,
    /// Whether an event of the chain sealed its rows.
    is_sealed: bool,
    displaced: Displaced,
}

impl Walk {
    /// Comes to an event of a chain; gives the one before it.
    fn enter(&mut self, chain_id: &str, sequence: u64) -> Head {
        let before = match &self.chain {
            Some((chain, head)) if chain == chain_id => *head,
            _ => {
                self.report.chains += 1;
                self.was_faulty = false;
                self.is_sealed = false;
                Head::START
            }
        };
        self.report.events += 1;
        for missing in (before.sequence + 1)..sequence {
            self.report.add(chain_id, missing, None, FaultKind::Missing);
            if self.report.faults.is_cut() {
                break;
            }
        }
        before
    }

    /// Takes an event as the newest of its chain.
    fn leave(&mut self, chain_id: &str, head: Head) {
        match &mut self.chain {
            Some((chain, newest)) if chain == chain_id => *newest = head,
            other => *other = Some((chain_id.to_owned(), head)),
        }
    }

    /// An event with a value that no event has: it was changed.
    fn visit_unreadable(&mut self, values: &[Value<'_>], column: &'static str) {
        let values = Values(values);
        let place = values.text(at!(CHAIN_ID)).ok().zip(values.number(at!(CHAIN_SEQUENCE)).ok());
        let (chain_id, sequence) = place.unwrap_or(("", 0));
        if place.is_some() {
            self.enter(chain_id, sequence);
        } else {
            self.report.events += 1;
        }
        let fault = self.report.add(chain_id, sequence, values.text(at!(EVENT_ID)).ok(), FaultKind::Changed);
        if let Some(fault) = fault {
            self.report.faults.at(fault).unreadable = Some(column);
        }
        if place.is_some() {
            self.was_faulty = true;
            let hash = values.digest(at!(HASH)).copied().unwrap_or_default();
            self.leave(chain_id, Head { sequence, hash });
        }
    }

    fn visit(&mut self, event: &ChainedEvent<'_>, hash: [u8; 32]) {
        let sequence = event.chain_sequence;
        let id = Some(event.event_id);
        let before = self.enter(event.chain_id, sequence);
        let Self { report, was_faulty, displaced, .. } = self;
        let is_gap = sequence != before.sequence + 1;
        let is_linked = *event.previous_hash == before.hash;
        let is_whole = event.hash() == hash;
        if !is_whole {
            let fault = report.add(event.chain_id, sequence, id, FaultKind::Changed);
            if let Some(fault) = fault.filter(|_| !is_linked) {
                displaced.ask(event.chain_id, event.previous_hash, fault);
            }
        } else if !is_linked && !is_gap && !*was_faulty {
            // A fault that was just named explains a broken link; only without one is the link a fault
            // of its own.
            report.add(event.chain_id, sequence, id, FaultKind::Unlinked);
        }
        *was_faulty = !is_whole;
        let seals_rows = event.row_seals.is_some();
        if is_whole && self.is_sealed && !seals_rows {
            self.report.add(event.chain_id, sequence, id, FaultKind::Unsealed);
        }
        self.is_sealed |= seals_rows;
        self.leave(event.chain_id, Head { sequence, hash });
    }
}

/// Changed events that may stand behind another event of their chain than the one that they were written behind.
#[derive(Default)]
struct Displaced {
    /// By the hash that they follow: their chains, and their places among the faults, of which a report has few.
    followed: BTreeMap<[u8; 32], Vec<(String, usize)>>,
}

impl Displaced {
    fn ask(&mut self, chain_id: &str, previous_hash: &[u8; 32], fault: usize) {
        self.followed.entry(*previous_hash).or_default().push((chain_id.to_owned(), fault));
    }

    /// Those whose chain has the event that they follow were not changed but moved. One walk finds all of them: no
    /// index leads to a hash, so a search for each would walk its chain.
    fn name(&self, db: &impl Session, report: &mut ChainReport) -> Result<(), Failure> {
        if self.followed.is_empty() {
            return Ok(());
        }
        db.visit(sql!("SELECT {chain_id}, {hash} FROM {@audit_events}"), &[], &mut |cells| {
            // An event that cannot be read is named already, and nothing was written behind it.
            let (Ok(event_chain), Ok(hash)) = (cell::<ChainId>(cells, 0), cell::<Digest>(cells, 1)) else {
                return Ok(());
            };
            for (chain_id, fault) in self.followed.get(&hash.0).into_iter().flatten() {
                if event_chain.as_str() == chain_id {
                    report.faults.at(*fault).kind = FaultKind::Reordered;
                }
            }
            Ok(())
        })
    }
}

fn check_head(db: &impl Session, saved: &SavedHead, report: &mut ChainReport) -> Result<(), Failure> {
    let chain_id = saved.tenant_id.as_ref().map_or("", TenantId::as_str);
    let last = db.number(
        sql!("SELECT max({chain_sequence}) FROM {@audit_events} WHERE {chain_id} = $1"),
        &[Value::Text(chain_id.into())],
    );
    let last = match last {
        // The walk has named the event whose place cannot be read.
        Err(Failure::Unreadable(_)) => return Ok(()),
        last => last?,
    };
    if last < saved.sequence {
        report.add(chain_id, last + 1, None, FaultKind::Truncated);
        return Ok(());
    }
    let found = db.first::<(AuditEventId, Digest)>(
        sql!(
            "SELECT {event_id}, {hash} FROM {@audit_events}
             WHERE {chain_id} = $1 AND {chain_sequence} = $2"
        ),
        &[Value::Text(chain_id.into()), saved.sequence.value()],
    );
    let found = match found {
        // The same of its id and its hash.
        Err(Failure::Unreadable(_)) => return Ok(()),
        found => found?,
    };
    let is_known =
        |fault: &ChainFault| fault.tenant_id == saved.tenant_id && fault.sequence == saved.sequence;
    if let Some((event_id, hash)) = found
        && hash != saved.hash
        && !report.faults.iter().any(is_known)
    {
        report.add(chain_id, saved.sequence, Some(event_id.as_str()), FaultKind::Changed);
    }
    Ok(())
}
