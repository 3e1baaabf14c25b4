//! The newest seal of each row, by a hash of its key.

use std::collections::BTreeMap;

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::Selection as _;

use super::events::{Said, each_event};
use super::groups::Groups;
use super::report::{Findings, RowFaultKind};
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

/// The part that a key falls into.
pub(super) fn part_of(hash: &KeyHash, parts: u64) -> u64 {
    let start: [u8; 8] = std::array::from_fn(|position| hash[position]);
    u64::from_be_bytes(start) % parts
}

/// What all events seal, before rows are looked at.
#[derive(Default)]
pub(super) struct Survey {
    /// Seals of single rows.
    pub(super) seals: u64,
    /// Seals of many rows at once.
    pub(super) groups: Groups,
    /// Whether there are events from before rows were sealed.
    pub(super) has_unsealed_events: bool,
}

impl Survey {
    /// Counts the seals. An event whose seals cannot be read is a finding.
    pub(super) fn of(db: &impl Session, findings: &mut Findings) -> Result<Self, Failure> {
        let mut survey = Self::default();
        each_event(db, &mut |number, event_id, seals| {
            match seals {
                Said::Nothing => findings.report.unsealed_events += 1,
                Said::Unreadable => {
                    let key = event_id.to_string();
                    findings.add(AuditEventsRow::TABLE, key, Some(number), RowFaultKind::Unreadable);
                }
                Said::Seals(seals) => {
                    for seal in seals {
                        if seal.shared_digest.is_some() {
                            survey.groups.enter(number, seal);
                        } else {
                            survey.seals += 1;
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

/// The newest seal of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sealed {
    version: u64,
    pub(super) digest: [u8; 32],
    /// The number of its event.
    pub(super) event: u64,
}

/// The newest seals of the rows of a part.
pub(super) struct Newest(BTreeMap<KeyHash, Sealed>);

impl Newest {
    /// The newest seals of the rows that are `here`.
    pub(super) fn of(db: &impl Session, is_here: impl Fn(&KeyHash) -> bool) -> Result<Self, Failure> {
        let mut newest = BTreeMap::new();
        each_event(db, &mut |event, _, seals| {
            for seal in single_rows(seals) {
                let hash = key_hash(&seal.table, &seal.key);
                // Digits that are no digest fit no row.
                let digest = seal.digest_bytes().unwrap_or_default();
                let sealed = Sealed { version: seal.version, digest, event };
                if is_here(&hash) {
                    let known = newest.entry(hash).or_insert(sealed);
                    if known.version < sealed.version {
                        *known = sealed;
                    }
                }
            }
            Ok(())
        })?;
        Ok(Self(newest))
    }

    /// The newest seal of a row, which is then held.
    pub(super) fn take(&mut self, hash: &KeyHash) -> Option<Sealed> {
        self.0.remove(hash)
    }

    /// Shows the newest seals whose rows were not there, with the numbers of their events.
    pub(super) fn visit_left(
        mut self,
        db: &impl Session,
        mut visit: impl FnMut(u64, &RowSeal),
    ) -> Result<(), Failure> {
        if self.0.is_empty() {
            return Ok(());
        }
        each_event(db, &mut |event, _, seals| {
            for seal in single_rows(seals) {
                let hash = key_hash(&seal.table, &seal.key);
                if self.0.get(&hash).is_some_and(|sealed| sealed.event == event) {
                    self.0.remove(&hash);
                    visit(event, &seal);
                }
            }
            Ok(())
        })
    }
}

fn single_rows(said: Said) -> impl Iterator<Item = RowSeal> {
    let seals = match said {
        Said::Seals(seals) => seals,
        Said::Nothing | Said::Unreadable => Vec::new(),
    };
    seals.into_iter().filter(|seal| seal.shared_digest.is_none())
}
