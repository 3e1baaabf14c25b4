//! The floor: the statements of a wake runtime event straight on rusqlite, prepared once and bound by position.
//!
//! Everything that does not depend on the rows before is computed before the clock starts; the store computes it
//! within its time. [`Raw`] leaves the same bytes in every table as the store does, which `same` checks.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::ph1_w::{WakeProfileId, WakeRuntimeEventRecord, WakeRuntimeEventsRow};
use selene_contracts::row::TableRow as _;
use selene_contracts::shared::UserId;

use crate::event::{CAPABILITY, ENGINE, Event, SPACE};

const DEDUPE: &str = "SELECT record.engine, record.capability, record.tenant_id, record.request_digest, record.outcome FROM audit_events AS event \
     JOIN idempotency_records AS record USING (chain_id, chain_sequence) WHERE event.event_id = ?1 AND record.scope_digest = ?2";
const FACTS: &str = "SELECT user_id, tenant_id, EXISTS (SELECT 1 FROM wake_runtime_events WHERE wake_event_id = ?2) \
     FROM devices WHERE device_id = ?1";
/// Its values stand in the order of the table's columns.
const WAKE: &str = WakeRuntimeEventsRow::INSERT;
const AUDIT: &str = "INSERT INTO audit_events (event_id, created_at, tenant_id, work_order_id, session_id, user_id, \
     device_id, engine, event_type, reason_code, severity, correlation_id, turn_id, simulation_id, payload_min, \
     evidence_ref, idempotency_key, row_seals, chain_id, chain_sequence, previous_hash, hash) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";
const REMEMBER: &str = "INSERT INTO idempotency_records (chain_id, chain_sequence, scope_digest, dedupe_space, engine, capability, \
     tenant_id, request_digest, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

/// The statements of a new event, in order.
pub const STATEMENTS: [&str; 5] = [DEDUPE, FACTS, WAKE, AUDIT, REMEMBER];

/// What is computed of the chain; where something is not, a fixed value of the same size is stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// The seals of the rows, and the hash over the event.
    Hashed,
    /// The seals alone.
    Unhashed,
    /// Neither seals nor hashes.
    Unsealed,
}

/// Page caches, as large as those of the store's connections.
pub const WRITER_CACHE_KIB: u32 = 65_536;
const READER_CACHE_KIB: u32 = 16_384;

/// A writing and a reading connection with the newest places and hashes in memory, as a careful program would keep them.
pub struct Raw {
    connection: Connection,
    reader: Connection,
    chain: Chain,
    heads: BTreeMap<String, (i64, [u8; 32])>,
}

impl Raw {
    /// Opens a file that the store made, with the settings that cost or save time there.
    pub fn open(path: &Path, chain: Chain) -> rusqlite::Result<Self> {
        let connection = connect(path, WRITER_CACHE_KIB)?;
        let reader = connect(path, READER_CACHE_KIB)?;
        let mut raw = Self { connection, reader, chain, heads: BTreeMap::new() };
        raw.read_heads()?;
        Ok(raw)
    }

    fn read_heads(&mut self) -> rusqlite::Result<()> {
        let sql = "SELECT chain_sequence, hash FROM audit_events WHERE chain_id = ?1 ORDER BY chain_sequence DESC LIMIT 1";
        let mut statement = self.connection.prepare(sql)?;
        for chain_id in ["tenant-0", "tenant-1", "tenant-2", "tenant-3"] {
            let head = statement.query_row([chain_id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            self.heads.extend(head.map(|head| (chain_id.to_owned(), head)));
        }
        Ok(())
    }

    /// The connection for reads.
    pub fn reader(&self) -> &Connection {
        &self.reader
    }

    /// One durable transaction for each event.
    pub fn commit_each(&mut self, events: &[Event]) -> rusqlite::Result<()> {
        events.iter().try_for_each(|event| self.commit_together(std::slice::from_ref(event)))
    }

    /// One durable transaction for all of them.
    pub fn commit_together(&mut self, events: &[Event]) -> rusqlite::Result<()> {
        self.run("BEGIN IMMEDIATE")?;
        for event in events {
            self.apply(event)?;
        }
        self.run("COMMIT")
    }

    /// Answers an event that was committed before: the transaction of a write that finds its key.
    pub fn replay(&self, event: &Event) -> rusqlite::Result<WakeRuntimeEventRecord> {
        self.run("BEGIN IMMEDIATE")?;
        let outcome = self.outcome(event)?.expect("the event was committed before");
        self.run("COMMIT")?;
        Ok(serde_json::from_str(&outcome).expect("an outcome is a record"))
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.raw_execute().map(drop)
    }

    fn outcome(&self, event: &Event) -> rusqlite::Result<Option<String>> {
        self.connection
            .prepare_cached(DEDUPE)?
            .query_row((&event.audit_id, &event.scope), |row| {
                let found: (String, String, Option<String>, [u8; 32]) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                assert_eq!((found.1.as_str(), found.3), (CAPABILITY, event.request));
                row.get(4)
            })
            .optional()
    }

    fn apply(&mut self, event: &Event) -> rusqlite::Result<()> {
        assert!(self.outcome(event)?.is_none(), "the key is new");
        let row = &event.row;
        let (owner, tenant_id, is_known) = self
            .connection
            .prepare_cached(FACTS)?
            .query_row((row.device_id.as_str(), row.wake_event_id.as_str()), |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
            })?;
        assert!(!is_known && row.user_id.as_ref().is_some_and(|user_id| user_id.as_str() == owner));
        assert_eq!(tenant_id, event.tenant_id);
        let (sequence, previous) = self.heads.get(&event.tenant_id).copied().unwrap_or((0, [0; 32]));
        let sequence = sequence + 1;
        self.insert_wake(event, sequence)?;
        self.insert_audit(event, sequence, &previous)?;
        self.connection.prepare_cached(REMEMBER)?.execute((
            &event.tenant_id,
            sequence,
            &event.scope,
            SPACE,
            ENGINE,
            CAPABILITY,
            &event.tenant_id,
            &event.request,
            &event.outcome,
        ))?;
        Ok(())
    }

    fn insert_wake(&self, event: &Event, sequence: i64) -> rusqlite::Result<()> {
        let row = &event.row;
        self.connection.prepare_cached(WAKE)?.execute((
            row.wake_event_id.as_str(),
            &event.tenant_id,
            sequence,
            row.created_at.get().cast_signed(),
            None::<i64>,
            row.user_id.as_ref().map(UserId::as_str),
            row.device_id.as_str(),
            row.accepted,
            row.reason_code.as_str(),
            row.wake_profile_id.as_ref().map(WakeProfileId::as_str),
            row.tts_active_at_trigger,
            row.media_playback_active_at_trigger,
            None::<&str>,
        ))?;
        Ok(())
    }

    fn insert_audit(&mut self, event: &Event, sequence: i64, previous: &[u8; 32]) -> rusqlite::Result<()> {
        let seals = match self.chain {
            Chain::Hashed | Chain::Unhashed => event.seals(sequence),
            Chain::Unsealed => event.unsealed.clone(),
        };
        let hash = match self.chain {
            Chain::Hashed => event.chain_hash(&seals, sequence, previous),
            Chain::Unhashed | Chain::Unsealed => *previous,
        };
        let row = &event.row;
        let mut insert = self.connection.prepare_cached(AUDIT)?;
        let mut place = 0;
        let mut bind = |value: &dyn rusqlite::ToSql| {
            place += 1;
            insert.raw_bind_parameter(place, value)
        };
        bind(&event.audit_id)?;
        bind(&row.created_at.get().cast_signed())?;
        bind(&event.tenant_id)?;
        bind(&None::<&str>)?;
        bind(&None::<i64>)?;
        bind(&row.user_id.as_ref().map(UserId::as_str))?;
        bind(&row.device_id.as_str())?;
        bind(&ENGINE)?;
        bind(&"PERCEPTION_SIGNAL_EMITTED")?;
        bind(&"WAKE_RUNTIME_EVENT_COMMIT")?;
        bind(&"INFO")?;
        bind(&event.correlation_id)?;
        bind(&event.turn_id)?;
        bind(&None::<&str>)?;
        bind(&event.payload)?;
        bind(&None::<&str>)?;
        bind(&event.key)?;
        bind(&seals)?;
        bind(&event.tenant_id)?;
        bind(&sequence)?;
        bind(previous)?;
        bind(&hash)?;
        insert.raw_execute()?;
        drop(insert);
        match self.heads.get_mut(&event.tenant_id) {
            Some(head) => *head = (sequence, hash),
            None => drop(self.heads.insert(event.tenant_id.clone(), (sequence, hash))),
        }
        Ok(())
    }
}

fn connect(path: &Path, cache_kib: u32) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(64);
    // Without it SQLite compiles the lookup of a key anew for every key.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    for (name, value) in pragmas(cache_kib) {
        connection.pragma_update(None, name, value)?;
    }
    Ok(connection)
}

/// The settings that cost or save time.
pub fn pragmas(cache_kib: u32) -> Vec<(&'static str, String)> {
    let fixed = [
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("foreign_keys", "ON"),
        ("recursive_triggers", "ON"),
        ("trusted_schema", "OFF"),
        ("temp_store", "MEMORY"),
        ("wal_autocheckpoint", "4000"),
    ];
    let fixed = fixed.map(|(name, value)| (name, value.to_owned()));
    fixed.into_iter().chain([("cache_size", format!("-{cache_kib}"))]).collect()
}
