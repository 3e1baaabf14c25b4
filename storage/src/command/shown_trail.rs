//! Events of a trail, as they are asked for and shown: the same for a file and for a server.

use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;

use comfy_table::Table;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use selene_contracts::shared::{AuditEventRecord, CorrelationId};

use crate::audit::TrailQuery;
use crate::check::ChainError;
use crate::command::ending;
use crate::command::failure::Failure;
use crate::command::output::{self, Format, count, number};

/// The part of a command line that says which events are shown, and how.
#[derive(Debug, clap::Args)]
pub struct ShownTrail {
    #[command(flatten)]
    about: About,
    /// Show so many events at most, and say whether there are more; 0 for all, which a table holds in memory
    #[arg(long, value_name = "EVENTS", default_value_t = 1_000)]
    limit: usize,
    /// For whom the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Whose trail it is.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct About {
    /// Events of this chain of work, by its correlation id
    #[arg(long, value_name = "NUMBER")]
    correlation: Option<u128>,
    /// Events that are about this person, and those of what the person did to others
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Events that name this device
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
    /// Events of this tenant
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

impl About {
    fn query(&self) -> TrailQuery {
        TrailQuery {
            correlation_id: self.correlation.map(CorrelationId::new),
            user_id: self.user.as_deref().map(Into::into),
            device_id: self.device.as_deref().map(Into::into),
            tenant_id: self.tenant.as_deref().map(Into::into),
        }
    }
}

/// Takes an event; breaks once it has seen enough.
type Visit<'a> = dyn FnMut(AuditEventRecord) -> ControlFlow<()> + 'a;

impl ShownTrail {
    /// Shows the events that a store gives. What kept the store from giving them all is handed back; those before it are shown.
    pub fn show(
        &self,
        give: impl FnOnce(&TrailQuery, &mut Visit<'_>) -> Result<(), ChainError>,
    ) -> Result<Result<(), ChainError>, Failure> {
        let (mut shown, mut is_cut, mut events, mut failed) = (0, false, Vec::new(), None);
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let given = give(&self.about.query(), &mut |event| {
            if self.limit > 0 && shown == self.limit {
                is_cut = true;
                return ControlFlow::Break(());
            }
            shown += 1;
            match self.format {
                Format::Text => events.push(event),
                Format::Json => {
                    let line = serde_json::to_string(&event).map_err(std::io::Error::from);
                    if let Err(error) = line.and_then(|line| writeln!(out, "{line}")) {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        });
        let mut printed = failed.map_or_else(|| out.flush(), Err).map_err(Failure::Output);
        drop(out);
        if printed.is_ok() && self.format == Format::Text && (given.is_ok() || !events.is_empty()) {
            printed = output::print_for_people(&text(&events, output::terminal_width()));
        }
        if given.is_ok() {
            // Whoever read the output may have seen enough.
            ending::of_reading(true, printed)?;
        } else {
            output::report_loss(printed);
        }
        if is_cut {
            let (more, all) = (self.limit * 10, "--limit 0 all of them");
            output::report_line(&format!("note: there are more events; --limit {more} shows more, {all}"));
        }
        Ok(given)
    }
}

/// A column of the table: its name, and what an event has in it.
type Column = (&'static str, fn(&AuditEventRecord) -> String);

const COLUMNS: [Column; 12] = [
    ("time", |event| number(event.created_at.get())),
    ("tenant", |event| shown(event.tenant_id.as_ref())),
    ("number", |event| event.chain_sequence.to_string()),
    ("correlation", |event| event.correlation_id.get().to_string()),
    ("turn", |event| event.turn_id.get().to_string()),
    ("engine", |event| event.engine.to_string()),
    ("reason", |event| event.reason_code.to_string()),
    ("severity", |event| event.severity.as_str().to_owned()),
    ("user", |event| shown(event.user_id.as_ref())),
    ("device", |event| shown(event.device_id.as_ref())),
    ("session", |event| event.session_id.map(|id| id.get().to_string()).unwrap_or_default()),
    ("payload", |event| {
        let entries = event.payload_min.iter().filter(|(key, value)| !has_column(event, key, value));
        let entries = entries.map(|(key, value)| format!("{key}={value}"));
        entries.collect::<Vec<_>>().join("\n")
    }),
];

fn shown(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// Whether an entry of the payload says what the column of its name says.
fn has_column(event: &AuditEventRecord, key: &str, value: &str) -> bool {
    let column = match key {
        "tenant_id" => shown(event.tenant_id.as_ref()),
        "user_id" => shown(event.user_id.as_ref()),
        "device_id" => shown(event.device_id.as_ref()),
        _ => return false,
    };
    column == value
}

/// A table, or one event below the other where a line of the terminal has no room for all columns.
fn text(events: &[AuditEventRecord], width: Option<usize>) -> String {
    let mut text = format!("{}\n", count(events.len() as u64, "event"));
    if events.is_empty() {
        return text;
    }
    let is_used = |column: &&Column| events.iter().any(|event| !column.1(event).is_empty());
    let columns: Vec<&Column> = COLUMNS.iter().filter(is_used).collect();
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(columns.iter().map(|(name, _)| *name));
    for event in events {
        table.add_row(columns.iter().map(|(_, value)| value(event)));
    }
    let lines = table.to_string();
    let is_too_wide = |width| lines.lines().any(|line| line.chars().count() > width);
    if width.is_some_and(is_too_wide) {
        for event in events {
            push_event(&mut text, &columns, event);
        }
    } else {
        let _ = writeln!(text, "{lines}");
    }
    text
}

/// An event as a line for each column in which it has something.
fn push_event(text: &mut String, columns: &[&Column], event: &AuditEventRecord) {
    let longest = columns.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    text.push('\n');
    for (name, value) in columns {
        for (place, line) in value(event).lines().enumerate() {
            let name = if place == 0 { *name } else { "" };
            let _ = writeln!(text, "  {name:longest$}  {line}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_that_a_terminal_would_break_is_shown_event_by_event() {
        let event: AuditEventRecord = serde_json::from_value(serde_json::json!({
            "event_id": "aud_1", "created_at": 1_000_002_000_u64, "tenant_id": "acme", "user_id": "ann", "engine": "PH1.F",
            "event_type": "STATE_TRANSITION", "reason_code": "F_IDENTITY_INSERT", "severity": "INFO", "correlation_id": 7,
            "turn_id": 3, "payload_min": { "status": "ACTIVE", "since": "1", "user_id": "ann", "tenant_id": "other" },
            "chain_sequence": 1, "previous_hash": "0".repeat(64), "hash": "1".repeat(64),
        }))
        .unwrap();
        let events = [event.clone(), event];
        let table = text(&events, None);
        let longest = table.lines().map(|line| line.chars().count()).max().unwrap();
        assert_eq!(text(&events, Some(longest)), table);
        let of_one = "
  time         1,000,002,000
  tenant       acme
  number       1
  correlation  7
  turn         3
  engine       PH1.F
  reason       F_IDENTITY_INSERT
  severity     INFO
  user         ann
  payload      since=1
               status=ACTIVE
               tenant_id=other
";
        assert_eq!(text(&events, Some(longest - 1)), format!("2 events\n{of_one}{of_one}"));
    }
}
