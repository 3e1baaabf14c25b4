//! How much an event weighs on the disk, and how long reads of a whole store take.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use selene_storage_postgres::PostgresStore;

use crate::database::Database;
use crate::phase::Phase;

/// Bytes of every table of a wake event: of its rows, and of its indices.
pub struct Weights(BTreeMap<String, [u64; 2]>);

const SIZES: &str = "SELECT concat_ws(' ', relname, pg_table_size(oid), pg_indexes_size(oid)) FROM pg_class
    WHERE relnamespace = 'selene'::regnamespace AND relkind = 'r'
      AND relname IN ('audit_events', 'idempotency_records', 'wake_runtime_events', 'commit_keys')";

impl Weights {
    pub fn of(database: &Database) -> Self {
        let lines = database.raw().texts(SIZES).unwrap_or_else(|error| panic!("{error}"));
        Self(lines.iter().filter_map(|line| parsed(line)).collect())
    }

    /// A table of what each event has added since then.
    pub fn table(&self, before: &Self, phases: &[Phase]) -> String {
        let events = phases.iter().map(|phase| phase.commits() as u64).sum::<u64>().max(1);
        let wal = phases.iter().map(Phase::wal_bytes).sum::<u64>() / events;
        let mut text = "| bytes of an event | rows | indices |\n| --- | ---: | ---: |\n".to_owned();
        let mut sums = [0; 2];
        for (table, now) in &self.0 {
            let then = before.0.get(table).copied().unwrap_or_default();
            let added = [0, 1].map(|part: usize| now[part].saturating_sub(then[part]) / events);
            let _ = writeln!(text, "| `{table}` | {} | {} |", added[0], added[1]);
            sums = [sums[0] + added[0], sums[1] + added[1]];
        }
        let _ = writeln!(text, "| together | {} | {} |", sums[0], sums[1]);
        let _ = writeln!(text, "| log of the server | {wal} | |");
        text
    }
}

fn parsed(line: &str) -> Option<(String, [u64; 2])> {
    let mut words = line.split(' ');
    let name = words.next()?.to_owned();
    Some((name, [words.next()?.parse().ok()?, words.next()?.parse().ok()?]))
}

/// How long the heads of all chains and all checks take.
pub fn whole_reads(store: &PostgresStore) -> String {
    let begun = Instant::now();
    let heads = store.chain_heads().unwrap_or_else(|error| panic!("{error}"));
    let of_heads = begun.elapsed();
    let begun = Instant::now();
    let report = store.verify(&heads).unwrap_or_else(|error| panic!("{error}"));
    let of_checks = begun.elapsed();
    assert!(report.is_intact(), "{report:?}");
    format!(
        "{} events in {} chains: all heads in {:.1} s, every check in {:.0} s; nothing is wrong.\n",
        report.chains.events,
        report.chains.chains,
        of_heads.as_secs_f64(),
        of_checks.as_secs_f64(),
    )
}
