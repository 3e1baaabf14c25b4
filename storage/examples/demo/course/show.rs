//! The tables that the demo prints.

use comfy_table::{Cell, CellAlignment, Table, presets};
use selene_contracts::Disposition;
use selene_contracts::ph1_w::{Ph1WReasonCode, WakeProfileId, WakeRuntimeEventRecord};
use selene_contracts::shared::{AuditEventRecord, TenantId};
use selene_storage::test_support::verdict;
use selene_storage::{ChainReport, FoldReport, RowReport, SavedHead};

use super::calls::{Call, Outcome};
use super::onboarding::Step;

/// The calls with what came of each.
pub fn calls(title: &str, calls: &[Call]) -> String {
    let mut table = table(["call", "outcome", "reason code", "event"]);
    for call in calls {
        let row = match &call.outcome {
            Outcome::Committed { disposition, reason_code, event_id } => {
                [call.what, disposition_word(*disposition), reason_code, &short(event_id)].map(str::to_owned)
            }
            Outcome::Refused(error) => {
                [call.what, "refused", error.reason_code().as_str(), ""].map(str::to_owned)
            }
            Outcome::Allowed => [call.what, "ALLOWED", "", ""].map(str::to_owned),
        };
        table.add_row(row);
    }
    format!("{title}\n{table}\n")
}

/// The steps of an onboarding, each with the status that it left.
pub fn steps(title: &str, steps: &[Step]) -> String {
    let mut table = table(["step", "outcome", "status", "reason code"]);
    for step in steps {
        let (outcome, reason_code) = match &step.call.outcome {
            Outcome::Committed { disposition, reason_code, .. } => {
                (disposition_word(*disposition), *reason_code)
            }
            Outcome::Refused(error) => ("refused", error.reason_code().as_str()),
            Outcome::Allowed => ("ALLOWED", ""),
        };
        table.add_row([step.call.what, outcome, step.status, reason_code]);
    }
    format!("{title}\n{table}\n")
}

/// The calls of an enrollment, with where it stands after each.
pub fn enrollment(title: &str, calls: &[Call]) -> String {
    let mut table = table(["call", "outcome", "status", "passes", "samples", "reason"]);
    for call in calls {
        let outcome = match &call.outcome {
            Outcome::Committed { disposition, .. } => disposition_word(*disposition).to_owned(),
            Outcome::Refused(error) => format!("refused: {}", error.reason_code()),
            Outcome::Allowed => "ALLOWED".to_owned(),
        };
        let mut row = vec![call.what.to_owned(), outcome];
        if let Some(after) = &call.after {
            let (passes, samples) = (after.passes, after.attempts);
            row.push(after.status.to_owned());
            row.push(format!("{} of {}", passes.0, passes.1));
            row.push(format!("{} of {}", samples.0, samples.1));
            row.push(after.reason.to_owned());
        }
        table.add_row(row);
    }
    format!("{title}\n{table}")
}

/// What a device heard.
pub fn heard(events: &[WakeRuntimeEventRecord]) -> String {
    let mut table = table(["wake event", "verdict", "reason", "suppressed by", "profile"]);
    for event in events {
        let (accepted, reason, suppression) = verdict(event);
        let what = match (accepted, suppression) {
            (true, _) => "accepted",
            (false, None) => "rejected",
            (false, Some(_)) => "suppressed",
        };
        table.add_row([
            event.wake_event_id.as_str(),
            what,
            reason.as_str(),
            suppression.map_or("", Ph1WReasonCode::as_str),
            event.wake_profile_id.as_ref().map_or("", WakeProfileId::as_str),
        ]);
    }
    format!("What the wake ledger holds\n{table}\n")
}

/// Who and where: the same in nearly every row of the demo, so the audit trail leaves it out.
const EVERYWHERE: [&str; 5] = [
    "user_id",
    "device_id",
    "onboarding_session_id",
    "wake_enrollment_session_id",
    "voice_enrollment_session_id",
];

/// The audit trail, chain by chain.
pub fn events(events: &[AuditEventRecord]) -> String {
    let mut table = table(["chain", "#", "engine", "reason code", "payload", "previous", "hash"]);
    for event in events {
        let payload: Vec<String> = event
            .payload_min
            .iter()
            .filter(|(key, _)| !EVERYWHERE.contains(key))
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        table.add_row([
            Cell::new(chain_name(event.tenant_id.as_ref())),
            number(event.chain_sequence),
            Cell::new(&event.engine),
            Cell::new(event.reason_code),
            Cell::new(payload.join("\n")),
            Cell::new(short(&event.previous_hash.to_string())),
            Cell::new(short(&event.hash.to_string())),
        ]);
    }
    format!(
        "What the audit ledger holds (payloads without the ids of person, device and enrollment)\n{table}\n"
    )
}

/// What the verification found.
pub fn report(report: &ChainReport, heads: &[SavedHead]) -> String {
    let mut table = table(["chain", "events", "head", "verified"]);
    for head in heads {
        let fault = report.faults.iter().find(|fault| fault.tenant_id == head.tenant_id);
        table.add_row([
            Cell::new(chain_name(head.tenant_id.as_ref())),
            number(head.sequence),
            Cell::new(short(&head.hash.to_string())),
            Cell::new(fault.map_or_else(|| "intact".to_owned(), ToString::to_string)),
        ]);
    }
    format!("What verification says: {} events in {} chains\n{table}", report.events, report.chains)
}

/// What comparing the rows with the events that sealed them found.
pub fn rows(report: &RowReport) -> String {
    let verdict = if report.is_intact() { "intact" } else { "NOT what their events say" };
    format!(
        "Rows, compared with the events that sealed them: {} of {}: {verdict}",
        report.sealed, report.rows
    )
}

/// What comparing the current rows with their ledgers found.
pub fn folds(report: &FoldReport) -> String {
    let verdict = if report.is_intact() { "intact" } else { "NOT what their ledgers lead to" };
    format!(
        "Current rows, compared with their ledgers: {} against {}: {verdict}",
        report.rows, report.ledger_rows
    )
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header);
    table
}

fn number(value: u64) -> Cell {
    Cell::new(value).set_alignment(CellAlignment::Right)
}

fn chain_name(tenant_id: Option<&TenantId>) -> &str {
    tenant_id.map_or("(no tenant)", TenantId::as_str)
}

fn disposition_word(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Applied => "applied",
        Disposition::Replayed { identical: true } => "replayed, identical request",
        Disposition::Replayed { identical: false } => "replayed, differing request",
    }
}

/// Enough of an id or hash to tell it from its neighbours.
fn short(text: &str) -> String {
    let start: String = text.chars().take(12).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}
