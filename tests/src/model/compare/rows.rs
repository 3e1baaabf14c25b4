//! Compares tables row by row where no read shows them, and looks for rows that nobody asked for.

use std::collections::BTreeMap;

use selene_contracts::ph1_onb::CampaignId;
use selene_contracts::shared::MonotonicTimeNs;
use selene_storage::test_support::{Cell, TableRows};

use super::{Run, same, show};
use crate::harness::Backend;
use crate::model::engine_call::MADE;
use crate::model::rows::{self, Row};
use crate::model::tables::{BindingRow, Campaign, HiringTables, Tables, VoiceBindingRow};

type Rows = Vec<Vec<Cell>>;

/// A table, some of its columns, and what the model has there.
type Expected = (&'static str, &'static [&'static str], Rows);

impl<B: Backend> Run<'_, B> {
    /// Reads show what stands under a key; this shows what else there is. Bindings that were replaced, and
    /// campaigns, are shown by no read at all.
    pub(super) fn compare_rows(&self) -> Result<(), String> {
        let tables = self.store.every_row().map_err(show)?;
        let found = tables.iter().map(|(name, table)| (name.as_str(), table.rows.len()));
        let mut expected = self.numbers_of_rows();
        // No call of a sequence is of an engine that has no model, so nothing writes its tables.
        for name in tables.keys() {
            expected.entry(name).or_insert(0);
        }
        same("numbers of rows", &expected, &found.collect())?;
        for (name, columns, mut expected) in self.unshown() {
            expected.sort();
            same(name, &expected, &chosen(&tables[name], columns))?;
        }
        let rows = &self.model.tables.rows;
        for table in rows.tables() {
            let columns: Vec<&str> = rows::table(table)
                .into_iter()
                .flat_map(|spec| spec.columns)
                .map(|column| column.name)
                .collect();
            let row = |row: &Row| row.cells(&columns).into_iter().map(|cell| self.made(cell)).collect();
            let mut expected: Rows = rows.of(table).iter().map(row).collect();
            expected.sort();
            same(table, &expected, &chosen(&tables[table], &columns))?;
        }
        Ok(())
    }

    /// A value of a row, with the store's id where the model made one.
    fn made(&self, cell: Cell) -> Cell {
        match cell {
            Cell::Text(text) if text.starts_with(MADE) => Cell::Text(self.names.text_to_store(&text)),
            cell => cell,
        }
    }

    /// Of every table that the model has.
    fn numbers_of_rows(&self) -> BTreeMap<&str, usize> {
        let tables = &self.model.tables;
        // A session that is inserted without a call comes with its link, and all those links with one inviter.
        let put_in = tables.onboarding.len();
        let people = tables.identities.iter();
        let mut numbers = BTreeMap::from([
            ("identities", tables.identities.len() + usize::from(put_in > 0)),
            ("devices", tables.devices.len()),
            ("sessions", tables.sessions.len()),
            ("memory_ledger", tables.memory.len()),
            ("memory_current", people.map(|row| tables.current_memory_of(&row.user_id).len()).sum()),
            ("conversation_ledger", tables.turns.len()),
            ("audit_events", self.model.events().len()),
            ("idempotency_records", self.model.keys()),
            ("wake_enrollment_sessions", tables.wake_sessions.len()),
            ("wake_enrollment_samples", tables.wake_samples.len()),
            ("wake_runtime_events", tables.wake_events.len()),
            ("wake_profile_bindings", tables.wake_bindings.len()),
            ("voice_enrollment_sessions", tables.voice_sessions.len()),
            ("voice_enrollment_samples", tables.voice_samples.len()),
            ("voice_profiles", tables.voice_profiles.len()),
            ("voice_profile_bindings", tables.voice_bindings.len()),
            ("onboarding_sessions", tables.hiring.sessions.len() + put_in),
            ("links", tables.hiring.links.len() + put_in),
        ]);
        numbers.extend(numbers_of_hiring(&tables.hiring));
        numbers.extend(tables.rows.tables().map(|table| (table, tables.rows.of(table).len())));
        numbers
    }

    /// The rows that no read shows, with the store's ids.
    fn unshown(&self) -> [Expected; 4] {
        let Tables { wake_bindings, voice_bindings, hiring, .. } = &self.model.tables;
        let targets = hiring.campaigns.iter().flat_map(|(id, campaign)| self.targets(id, campaign));
        [
            (
                "wake_profile_bindings",
                &[
                    "user_id",
                    "device_id",
                    "wake_enrollment_session_id",
                    "wake_profile_id",
                    "active",
                    "bound_at",
                    "unbound_at",
                ],
                wake_bindings.iter().map(|row| self.wake_binding(row)).collect(),
            ),
            (
                "voice_profile_bindings",
                &["onboarding_session_id", "device_id", "voice_profile_id", "bound_at"],
                voice_bindings.iter().map(|row| self.voice_binding(row)).collect(),
            ),
            (
                "onboarding_backfill_campaigns",
                &[
                    "campaign_id",
                    "tenant_id",
                    "state",
                    "total_target_count",
                    "updated_at",
                    "completed_at",
                    "passed_over_count",
                    "completion_reason_code",
                ],
                hiring.campaigns.iter().map(|(id, campaign)| self.campaign(id, campaign)).collect(),
            ),
            (
                "onboarding_backfill_targets",
                &["campaign_id", "recipient_user_id", "target_status", "updated_at"],
                targets.collect(),
            ),
        ]
    }

    fn wake_binding(&self, row: &BindingRow) -> Vec<Cell> {
        vec![
            text(&row.user_id),
            text(&row.device_id),
            self.id(&row.wake_enrollment_session_id),
            text(&row.wake_profile_id),
            Cell::Integer(i64::from(row.active)),
            time(row.bound_at),
            row.unbound_at.map_or(Cell::Null, time),
        ]
    }

    fn voice_binding(&self, row: &VoiceBindingRow) -> Vec<Cell> {
        vec![
            text(&row.onboarding_session_id),
            text(&row.device_id),
            self.id(&row.voice_profile_id),
            time(row.bound_at),
        ]
    }

    fn campaign(&self, campaign_id: &CampaignId, campaign: &Campaign) -> Vec<Cell> {
        vec![
            self.id(campaign_id),
            text(&campaign.tenant_id),
            text(&campaign.state),
            Cell::Integer(i64::try_from(campaign.targets.len()).expect("a small number")),
            time(campaign.updated_at),
            campaign.completed_at.map_or(Cell::Null, time),
            Cell::Integer(i64::from(campaign.passed_over)),
            campaign.reason.map_or(Cell::Null, |reason| text(&reason)),
        ]
    }

    fn targets(&self, campaign_id: &CampaignId, campaign: &Campaign) -> Rows {
        let targets = campaign.targets.iter();
        targets
            .map(|(user_id, (status, since))| {
                vec![self.id(campaign_id), text(user_id), text(status), time(*since)]
            })
            .collect()
    }

    /// An id that the store may have made.
    fn id(&self, id: &impl ToString) -> Cell {
        Cell::Text(self.names.text_to_store(&id.to_string()))
    }
}

fn numbers_of_hiring(tables: &HiringTables) -> [(&'static str, usize); 8] {
    let events = |number: fn(&(u64, u64)) -> u64| {
        usize::try_from(tables.ledgers.values().map(number).sum::<u64>()).expect("a small number")
    };
    [
        ("tenant_companies", tables.companies.len()),
        ("positions", tables.positions.len()),
        ("position_events", events(|(positions, _)| *positions)),
        ("requirement_schemas", tables.schemas.len()),
        ("requirement_schema_events", events(|(_, schemas)| *schemas)),
        ("access_instances", tables.access.len()),
        ("onboarding_backfill_campaigns", tables.campaigns.len()),
        (
            "onboarding_backfill_targets",
            tables.campaigns.values().map(|campaign| campaign.targets.len()).sum(),
        ),
    ]
}

/// Some columns of a table, sorted.
fn chosen(table: &TableRows, columns: &[&str]) -> Rows {
    let place = |name: &&str| table.columns.iter().position(|column| column == name).expect("a column");
    let places: Vec<usize> = columns.iter().map(place).collect();
    let row = |row: &Vec<Cell>| places.iter().map(|place| row[*place].clone()).collect();
    let mut rows: Rows = table.rows.iter().map(row).collect();
    rows.sort();
    rows
}

fn text(value: &impl ToString) -> Cell {
    Cell::Text(value.to_string())
}

/// Times are stored with the bits that they have.
fn time(value: MonotonicTimeNs) -> Cell {
    Cell::Integer(value.get().cast_signed())
}
