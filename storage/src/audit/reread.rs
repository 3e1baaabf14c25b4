//! Verifying an export by itself, without the store that it came from.
//!
//! One line is held at a time, and the seals of one event. What must not live here: what a line looks like (`format`).

use std::io::{BufRead, Read as _};

use selene_contracts::shared::TenantId;
use serde::Serialize;

use super::format::{ChainStart, End, EventLine, FORMAT, Header, Line, RowLine};
use crate::chain::Head;
use crate::check::SavedHead;
use crate::event_seals;
use crate::faults::Faults;
use crate::seal::RowSeal;
use crate::truth::ledgers;

/// What a check of an export found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct ExportReport {
    /// Chains that were checked.
    pub chains: u64,
    /// Events that were checked.
    pub events: u64,
    /// Ledger rows that are what their event says.
    pub rows: u64,
    /// Ledger rows from before events sealed rows, which have no seal to check.
    pub unsealed_rows: u64,
    /// Chains that begin behind an event for which no head was given: nothing shows what they follow.
    pub unanchored: u64,
    /// Saved heads of an event that the export has, or begins behind.
    pub compared_heads: u64,
    /// Everything that is wrong, line by line.
    #[serde(flatten)]
    pub faults: Faults<ExportFault>,
}

impl ExportReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }
}

/// One thing that is wrong with an export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("line {line}: {what}")]
#[non_exhaustive]
pub struct ExportFault {
    /// Number of the line, from one.
    pub line: u64,
    /// What is wrong there.
    pub what: String,
}

/// Checks every event, every link between events and every ledger row of an export, and its chains against heads that were saved
/// before. Heads of chains that are not in the export are passed over where it is the export of one tenant. Of a file that does not begin
/// as an export nothing more is read.
///
/// # Errors
/// The input cannot be read. What is wrong is no error, it is what the report says.
pub fn verify_export(mut input: impl BufRead, saved: &[SavedHead]) -> std::io::Result<ExportReport> {
    let mut reread = Reread { saved, ..Reread::default() };
    let mut text = Vec::new();
    // Another file may be one line of any length.
    input.by_ref().take(FIRST_LINE_MAX).read_until(b'\n', &mut text)?;
    while !text.is_empty() {
        reread.line += 1;
        reread.visit(&text);
        if reread.stage == Stage::Foreign {
            return Ok(reread.report);
        }
        text.clear();
        input.read_until(b'\n', &mut text)?;
    }
    Ok(reread.finish())
}

/// More bytes than any first line of an export has.
const FIRST_LINE_MAX: u64 = 64 * 1024;

#[derive(Default)]
struct Reread<'a> {
    saved: &'a [SavedHead],
    report: ExportReport,
    line: u64,
    stage: Stage,
    /// The tenant whose chain the export is alone.
    tenant_id: Option<TenantId>,
    /// The chain that the line before was of.
    chain: Option<Chain>,
    /// Whether an event without seals came.
    has_unsealed_events: bool,
    /// Whether rows that no event seals came, which stand behind the last chain.
    are_chains_over: bool,
    /// Seals of the event before for ledger rows that have not come yet.
    awaited: Vec<RowSeal>,
    /// Which of the saved heads were seen.
    seen: Vec<bool>,
}

/// A chain as far as it was read.
struct Chain {
    id: String,
    newest: Head,
    /// Whether an event with seals came.
    is_sealed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Header,
    Body,
    Over,
    /// The input is no export that this build reads.
    Foreign,
}

impl Reread<'_> {
    fn fault(&mut self, what: impl Into<String>) {
        self.report.faults.add(ExportFault { line: self.line, what: what.into() });
    }

    fn visit(&mut self, text: &[u8]) {
        if self.stage == Stage::Header {
            self.header(text);
            return;
        }
        if !text.ends_with(b"\n") {
            self.fault("the line is cut off");
            return;
        }
        match (self.stage, serde_json::from_slice(text)) {
            (Stage::Over, _) => self.fault("nothing may follow the last line of an export"),
            (_, Err(error)) => {
                let what = error.to_string();
                let what = what.split(" at line ").next().unwrap_or_default();
                self.fault(format!("column {}: it is no line of an export: {what}", error.column()));
            }
            (_, Ok(line)) => match line {
                Line::Export(_) => self.fault("an export begins within another one"),
                Line::Chain(start) => self.chain(&start),
                Line::Event(event) => self.event(&event),
                Line::Row(row) => self.row(&row),
                Line::End(end) => self.end(&end),
            },
        }
    }

    /// The first line decides what the others mean.
    fn header(&mut self, text: &[u8]) {
        self.stage = Stage::Foreign;
        match serde_json::from_slice(text) {
            Ok(Line::Export(header)) if header.format == FORMAT => {
                self.tenant_id = header.tenant_id;
                self.stage = Stage::Body;
            }
            Ok(Line::Export(Header { format, .. })) => {
                self.fault(format!(
                    "the format is {format:?}, this build reads {FORMAT}; nothing more was read"
                ));
            }
            _ => self.fault("it does not begin as an export; nothing more was read"),
        }
    }

    fn chain(&mut self, start: &ChainStart) {
        self.ask_for_rows();
        self.report.chains += 1;
        if self.tenant_id.is_some() && self.tenant_id != start.tenant_id {
            self.fault("it is the chain of another tenant than the export says");
        }
        let head = Head { sequence: start.after_sequence, hash: start.after_hash.0 };
        if head.sequence == 0 && head != Head::START {
            self.fault("a chain begins behind no event, so it follows a hash of zeros");
        }
        let id = start.tenant_id.as_ref().map_or("", TenantId::as_str).to_owned();
        if self.are_chains_over {
            self.fault("a chain begins behind the rows that stand behind the last one");
        }
        // A chain that stood twice could be another one the second time.
        if self.chain.as_ref().is_some_and(|before| before.id >= id)
            || start.tenant_id.is_some() && id.is_empty()
        {
            self.fault("chains stand by tenant, each once, the one without a tenant first");
        }
        if head.sequence > 0 && !self.meet(&id, head) {
            self.report.unanchored += 1;
        }
        self.chain = Some(Chain { id, newest: head, is_sealed: false });
    }

    fn event(&mut self, line: &EventLine<'_>) {
        self.ask_for_rows();
        self.report.events += 1;
        let name = line.event_id.clone();
        let Some(Chain { id: chain_id, newest: before, is_sealed }) = self.chain.take() else {
            self.fault(format!("event {name} stands in no chain"));
            return;
        };
        if self.are_chains_over {
            self.fault(format!("event {name} stands behind the last chain"));
        }
        if line.chain_id != chain_id || line.tenant_id.as_deref().unwrap_or_default() != chain_id {
            self.fault(format!("event {name} is of another chain"));
        }
        if line.chain_sequence != before.sequence + 1 {
            let (found, expected) = (line.chain_sequence, before.sequence + 1);
            self.fault(format!("event {name} is number {found} of its chain, and {expected} is due"));
        } else if line.previous_hash.0 != before.hash {
            self.fault(format!("event {name} does not follow the event before it"));
        }
        match line.event() {
            Some(event) if event.hash() == line.hash.0 => {}
            _ => self.fault(format!("event {name} is not what its hash says")),
        }
        let newest = Head { sequence: line.chain_sequence, hash: line.hash.0 };
        self.meet(&chain_id, newest);
        match &line.row_seals {
            Some(seals) => self.seals(&name, event_seals::read(seals, &chain_id, line.chain_sequence)),
            None if is_sealed => self.fault(format!("event {name} has no seals, and one before it has")),
            None => self.has_unsealed_events = true,
        }
        self.chain = Some(Chain { id: chain_id, newest, is_sealed: is_sealed || line.row_seals.is_some() });
    }

    /// Awaits the ledger rows that an event seals.
    fn seals(&mut self, event: &str, seals: Option<Vec<RowSeal>>) {
        let Some(seals) = seals else {
            self.fault(format!("event {event} has seals that cannot be read"));
            return;
        };
        for seal in seals.into_iter().filter(|seal| ledgers().contains(seal.table.as_str())) {
            if seal.shared_digest.is_some() {
                self.fault(format!("event {event} seals many rows of {} as one", seal.table));
            } else {
                self.awaited.push(seal);
            }
        }
    }

    fn unsealed_row(&mut self, table: &str) {
        self.ask_for_rows();
        self.report.unsealed_rows += 1;
        self.are_chains_over = true;
        if self.tenant_id.is_some() || !self.has_unsealed_events {
            self.fault(format!("a row of {table} is of no event of this export"));
        }
    }

    fn row(&mut self, row: &RowLine<'_>) {
        if !row.is_sealed {
            self.unsealed_row(&row.table);
            return;
        }
        self.report.rows += 1;
        let Some(seal) = row.seal() else {
            self.fault(format!("a row of {} has a value of another kind than it says", row.table));
            return;
        };
        let shown = format!("{} ({})", seal.table, seal.key.join(", "));
        let same_row = |other: &RowSeal| other.table == seal.table && other.key == seal.key;
        match self.awaited.iter().position(same_row) {
            None => self.fault(format!("no seal of the event before it names {shown}")),
            Some(place) => {
                if self.awaited.swap_remove(place) != seal {
                    self.fault(format!("{shown} is not what its event says"));
                }
            }
        }
    }

    /// Names the ledger rows that the event before seals and that have not come.
    fn ask_for_rows(&mut self) {
        for seal in std::mem::take(&mut self.awaited) {
            self.fault(format!("{} ({}) is missing before this line", seal.table, seal.key.join(", ")));
        }
    }

    /// Compares a place of a chain with the heads; says whether one of them is of this place.
    fn meet(&mut self, chain_id: &str, head: Head) -> bool {
        self.seen.resize(self.saved.len(), false);
        let is_here = |saved: &SavedHead| {
            saved.tenant_id.as_ref().map_or("", TenantId::as_str) == chain_id
                && saved.sequence == head.sequence
        };
        let Some(place) = self.saved.iter().position(is_here) else { return false };
        self.seen[place] = true;
        if self.saved[place].hash.0 != head.hash {
            self.fault(format!(
                "event {} of the chain is another one than the saved head says",
                head.sequence
            ));
        }
        true
    }

    fn end(&mut self, end: &End) {
        self.ask_for_rows();
        self.stage = Stage::Over;
        let ExportReport { chains, events, rows, unsealed_rows, .. } = self.report;
        let found = End { chains, events, rows, unsealed_rows };
        if *end != found {
            self.fault("the export does not hold as much as its last line says");
        }
    }

    fn finish(mut self) -> ExportReport {
        self.line += 1;
        if self.stage != Stage::Over {
            self.fault("the export ends before its last line");
        }
        self.seen.resize(self.saved.len(), false);
        self.report.compared_heads = self.seen.iter().map(|is_seen| u64::from(*is_seen)).sum();
        for (place, saved) in self.saved.iter().enumerate() {
            let is_in = self.tenant_id.is_none() || self.tenant_id == saved.tenant_id;
            if is_in && !self.seen[place] {
                let chain = saved.tenant_id.as_ref().map_or("without a tenant", TenantId::as_str);
                self.fault(format!(
                    "the chain {chain} does not reach event {}, of which a head was saved",
                    saved.sequence
                ));
            }
        }
        self.report
    }
}
