//! The newest seal of each row, by a hash of its key.
//!
//! What must not live here: rows of tables.

use std::collections::BTreeMap;

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::Selection as _;

use super::events::{EventSeals, each_event};
use super::groups::Groups;
use super::report::{Findings, RowFaultKind};
use crate::check::spill::Spill;
use crate::encode::Encoder;
use crate::failure::Failure;
use crate::seal::RowSeal;
use crate::session::Session;

/// Stands for a table and a key.
pub(super) type KeyHash = [u8; 16];

/// The hash of a key, its values as a seal shows them.
pub(super) fn key_hash(table: &str, key: &[String]) -> KeyHash {
    let mut bytes = Encoder::new("selene.row.key");
    bytes.text(table);
    for value in key {
        bytes.text(value);
    }
    let hash = bytes.finish();
    std::array::from_fn(|position| hash[position])
}

/// The hash by which seals and rows are partitioned.
pub(super) fn partition_hash(hash: &KeyHash) -> u64 {
    let start: [u8; 8] = std::array::from_fn(|position| hash[position]);
    u64::from_be_bytes(start)
}

/// The seals of all events, read before any row.
pub(super) struct Survey {
    /// Seals of single rows, in partitions.
    pub(super) seals: Spill,
    /// Seals of many rows at once.
    pub(super) groups: Groups,
    /// Whether there are events from before rows were sealed.
    pub(super) has_unsealed_events: bool,
}

impl Survey {
    /// Reads the seals. An event whose seals cannot be read is a finding.
    pub(super) fn of(db: &impl Session, partitions: u64, findings: &mut Findings) -> Result<Self, Failure> {
        let mut survey =
            Self { seals: Spill::new(partitions), groups: Groups::default(), has_unsealed_events: false };
        each_event(db, &mut |number, event_id, seals| {
            match seals {
                EventSeals::Absent => findings.report.unsealed_events += 1,
                EventSeals::Unreadable => {
                    let key = event_id.map_or_else(String::new, |id| id.to_string());
                    findings.add(AuditEventsRow::TABLE, key, Some(number), RowFaultKind::Unreadable);
                }
                EventSeals::Read(seals) => {
                    for seal in seals {
                        if seal.shared_digest.is_some() {
                            survey.groups.enter(number, seal);
                        } else {
                            push(&mut survey.seals, number, &seal)?;
                        }
                    }
                }
            }
            Ok(())
        })?;
        survey.has_unsealed_events = findings.report.unsealed_events > 0;
        Ok(survey)
    }
}

/// Adds the seal of a single row to its partition.
fn push(seals: &mut Spill, event: u64, seal: &RowSeal) -> Result<(), Failure> {
    let hash = key_hash(&seal.table, &seal.key);
    seals.push(partition_hash(&hash), |record| {
        record.bytes(&hash);
        record.number(seal.version);
        // Digits that are no digest equal that of no row.
        record.bytes(&seal.digest_bytes().unwrap_or_default());
        record.number(event);
        record.bytes(seal.table.as_bytes());
        record.bytes(seal.key.join(", ").as_bytes());
    })
}

/// The newest seal of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    version: u64,
    pub(super) digest: [u8; 32],
    /// The number of its event.
    pub(super) event: u64,
    /// The table and the key, as a report has them.
    named: (String, String),
}

/// The newest seals of the rows of a partition.
pub(super) struct Newest(BTreeMap<KeyHash, Sealed>);

impl Newest {
    /// Those of a partition.
    pub(super) fn of(seals: &mut Spill, partition: usize) -> Result<Self, Failure> {
        let mut newest: BTreeMap<KeyHash, Sealed> = BTreeMap::new();
        seals.visit(partition, &mut |record| {
            let hash = record.array()?;
            let (version, digest, event) = (record.number()?, record.array()?, record.number()?);
            if newest.get(&hash).is_none_or(|known| known.version < version) {
                let named = (record.text()?.to_owned(), record.text()?.to_owned());
                newest.insert(hash, Sealed { version, digest, event, named });
            }
            Ok(())
        })?;
        Ok(Self(newest))
    }

    /// Takes out the newest seal of a row.
    pub(super) fn take(&mut self, hash: &KeyHash) -> Option<Sealed> {
        self.0.remove(hash)
    }

    /// The newest seals whose rows were not there: table, key, number of the event.
    pub(super) fn left(self) -> impl Iterator<Item = (String, String, u64)> {
        self.0.into_values().map(|sealed| (sealed.named.0, sealed.named.1, sealed.event))
    }
}
