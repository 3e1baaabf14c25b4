-- Identities, devices, sessions, the memory and conversation ledgers, the audit chains, the idempotency records.
--
-- Portable subset: TEXT, BLOB, signed 64-bit INTEGER; no AUTOINCREMENT, no sequences, no deferred constraints. 128-bit ids are
-- blobs of 16 bytes, digests blobs of 32; unsigned 64-bit values keep their bits, so "at least one" is "not zero" for them.

CREATE TABLE identities (
    user_id           TEXT    NOT NULL PRIMARY KEY,
    speaker_id        TEXT,
    primary_language  TEXT,
    tenant_id         TEXT,
    created_at        INTEGER NOT NULL,
    status            TEXT    NOT NULL CHECK (status IN ('ACTIVE', 'DISABLED'))
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
    device_id          TEXT    NOT NULL PRIMARY KEY,
    user_id            TEXT    NOT NULL REFERENCES identities (user_id),
    device_type        TEXT    NOT NULL,
    last_seen_at       INTEGER NOT NULL,
    audio_profile_ref  TEXT,
    tenant_id          TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    session_id        INTEGER NOT NULL PRIMARY KEY,
    user_id           TEXT    NOT NULL REFERENCES identities (user_id),
    device_id         TEXT    NOT NULL REFERENCES devices (device_id),
    session_state     TEXT    NOT NULL CHECK (session_state IN ('OPEN', 'SOFT_CLOSED', 'CLOSED', 'SUSPENDED')),
    opened_at         INTEGER NOT NULL,
    last_activity_at  INTEGER NOT NULL,
    closed_at         INTEGER,
    CHECK ((session_state = 'CLOSED') = (closed_at IS NOT NULL))
) STRICT;

CREATE TABLE memory_ledger (
    user_id           TEXT    NOT NULL REFERENCES identities (user_id),
    memory_seq        INTEGER NOT NULL CHECK (memory_seq >= 1),
    memory_key        TEXT    NOT NULL,
    memory_operation  TEXT    NOT NULL CHECK (memory_operation IN ('STORE', 'FORGET')),
    memory_value_ref  TEXT,
    created_at        INTEGER NOT NULL,
    PRIMARY KEY (user_id, memory_seq),
    CHECK ((memory_operation = 'STORE') = (memory_value_ref IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE memory_current (
    user_id           TEXT    NOT NULL REFERENCES identities (user_id),
    memory_key        TEXT    NOT NULL,
    memory_value_ref  TEXT,
    memory_seq        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    PRIMARY KEY (user_id, memory_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation_ledger (
    conversation_turn_id  TEXT    NOT NULL PRIMARY KEY,
    correlation_id        BLOB    NOT NULL CHECK (length(correlation_id) = 16 AND correlation_id <> zeroblob(16)),
    turn_id               INTEGER NOT NULL CHECK (turn_id <> 0),
    session_id            INTEGER REFERENCES sessions (session_id),
    user_id               TEXT    NOT NULL REFERENCES identities (user_id),
    device_id             TEXT    REFERENCES devices (device_id),
    conversation_role     TEXT    NOT NULL CHECK (conversation_role IN ('USER', 'ASSISTANT', 'SYSTEM')),
    content_ref           TEXT    NOT NULL,
    created_at            INTEGER NOT NULL,
    UNIQUE (correlation_id, turn_id)
) STRICT, WITHOUT ROWID;

-- Rows arrive in the order of ledger_position, which is the row number, so the wide rows are only ever appended. Which of its keys is
-- the row number decides where a row lies and nothing else: event_id is as unique and as little null.
-- Enums are spelled with OR where rows are written all day: for a list behind IN, SQLite builds an index of its values in every insert.
CREATE TABLE audit_events (
    event_id         TEXT    NOT NULL UNIQUE,
    ledger_position  INTEGER NOT NULL PRIMARY KEY CHECK (ledger_position >= 1),
    created_at       INTEGER NOT NULL,
    tenant_id        TEXT,
    work_order_id    TEXT,
    session_id       INTEGER REFERENCES sessions (session_id),
    user_id          TEXT    REFERENCES identities (user_id),
    device_id        TEXT    REFERENCES devices (device_id),
    engine           TEXT    NOT NULL,
    event_type       TEXT    NOT NULL CHECK (
        event_type = 'OTHER' OR event_type = 'STATE_TRANSITION' OR event_type = 'PERCEPTION_SIGNAL_EMITTED' OR
        event_type = 'GATE_PASS' OR event_type = 'GATE_FAIL' OR event_type = 'TOOL_OK' OR event_type = 'TOOL_FAIL' OR
        event_type = 'SESSION_OPEN' OR event_type = 'SESSION_SOFT_CLOSE' OR event_type = 'SESSION_CLOSED' OR
        event_type = 'SYSTEM_SUSPEND' OR event_type = 'SYSTEM_RESUME' OR event_type = 'J_REDACT_APPLIED'),
    reason_code      TEXT    NOT NULL,
    severity         TEXT    NOT NULL CHECK (severity = 'INFO' OR severity = 'WARN' OR severity = 'ERROR'),
    correlation_id   BLOB    NOT NULL CHECK (length(correlation_id) = 16 AND correlation_id <> zeroblob(16)),
    turn_id          INTEGER NOT NULL CHECK (turn_id <> 0),
    simulation_id    TEXT,
    payload_min      TEXT    NOT NULL,
    evidence_ref     TEXT,
    idempotency_key  TEXT,
    chain_id         TEXT    NOT NULL CHECK (chain_id = coalesce(tenant_id, '')),
    chain_sequence   INTEGER NOT NULL CHECK (chain_sequence >= 1),
    previous_hash    BLOB    NOT NULL CHECK (length(previous_hash) = 32),
    hash             BLOB    NOT NULL CHECK (length(hash) = 32),
    UNIQUE (chain_id, chain_sequence)
) STRICT;

CREATE INDEX audit_events_by_turn ON audit_events (correlation_id, turn_id);
CREATE INDEX audit_events_by_key ON audit_events (correlation_id, idempotency_key);
CREATE INDEX audit_events_by_tenant ON audit_events (tenant_id, created_at);

-- A record lies under the place of its event, and an event's id begins as the scope digest does: who looks a key up asks the index of
-- the events, so that a new record is appended and needs no index of its own.
CREATE TABLE idempotency_records (
    ledger_position  INTEGER NOT NULL PRIMARY KEY REFERENCES audit_events (ledger_position),
    scope_digest     BLOB    NOT NULL CHECK (length(scope_digest) = 32),
    dedupe_space     TEXT    NOT NULL,
    engine           TEXT    NOT NULL,
    capability       TEXT    NOT NULL,
    tenant_id        TEXT,
    request_digest   BLOB    NOT NULL CHECK (length(request_digest) = 32),
    outcome          TEXT    NOT NULL
) STRICT;

-- The third lock of every ledger. UPDATE and DELETE abort; so does an insert that would replace a row, because a connection that
-- leaves recursive_triggers off fires no delete trigger for REPLACE.

CREATE TRIGGER memory_ledger_no_update BEFORE UPDATE ON memory_ledger
BEGIN SELECT RAISE(ABORT, 'memory_ledger is append-only'); END;
CREATE TRIGGER memory_ledger_no_delete BEFORE DELETE ON memory_ledger
BEGIN SELECT RAISE(ABORT, 'memory_ledger is append-only'); END;
CREATE TRIGGER memory_ledger_no_replace BEFORE INSERT ON memory_ledger
WHEN EXISTS (SELECT 1 FROM memory_ledger WHERE user_id = NEW.user_id AND memory_seq = NEW.memory_seq)
BEGIN SELECT RAISE(ABORT, 'memory_ledger is append-only'); END;

CREATE TRIGGER conversation_ledger_no_update BEFORE UPDATE ON conversation_ledger
BEGIN SELECT RAISE(ABORT, 'conversation_ledger is append-only'); END;
CREATE TRIGGER conversation_ledger_no_delete BEFORE DELETE ON conversation_ledger
BEGIN SELECT RAISE(ABORT, 'conversation_ledger is append-only'); END;
CREATE TRIGGER conversation_ledger_no_replace BEFORE INSERT ON conversation_ledger
WHEN EXISTS (SELECT 1 FROM conversation_ledger WHERE conversation_turn_id = NEW.conversation_turn_id)
  OR EXISTS (SELECT 1 FROM conversation_ledger WHERE correlation_id = NEW.correlation_id AND turn_id = NEW.turn_id)
BEGIN SELECT RAISE(ABORT, 'conversation_ledger is append-only'); END;

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE event_id = NEW.event_id)
  OR EXISTS (SELECT 1 FROM audit_events WHERE ledger_position = NEW.ledger_position)
  OR EXISTS (SELECT 1 FROM audit_events WHERE chain_id = NEW.chain_id AND chain_sequence = NEW.chain_sequence)
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

CREATE TRIGGER idempotency_records_no_update BEFORE UPDATE ON idempotency_records
BEGIN SELECT RAISE(ABORT, 'idempotency_records is append-only'); END;
CREATE TRIGGER idempotency_records_no_delete BEFORE DELETE ON idempotency_records
BEGIN SELECT RAISE(ABORT, 'idempotency_records is append-only'); END;
CREATE TRIGGER idempotency_records_no_replace BEFORE INSERT ON idempotency_records
WHEN EXISTS (SELECT 1 FROM idempotency_records WHERE ledger_position = NEW.ledger_position)
BEGIN SELECT RAISE(ABORT, 'idempotency_records is append-only'); END;

-- Keys and bindings that never change, in tables whose other columns do.

CREATE TRIGGER identities_key_stays BEFORE UPDATE OF user_id ON identities
WHEN NEW.user_id IS NOT OLD.user_id
BEGIN SELECT RAISE(ABORT, 'the key of an identity never changes'); END;
CREATE TRIGGER devices_binding_stays BEFORE UPDATE OF device_id, user_id, tenant_id ON devices
WHEN NEW.device_id IS NOT OLD.device_id OR NEW.user_id IS NOT OLD.user_id
  OR (OLD.tenant_id IS NOT NULL AND NEW.tenant_id IS NOT OLD.tenant_id)
BEGIN SELECT RAISE(ABORT, 'a device never changes its owner or its tenant'); END;
CREATE TRIGGER sessions_owner_stays BEFORE UPDATE OF session_id, user_id, device_id ON sessions
WHEN NEW.session_id IS NOT OLD.session_id OR NEW.user_id IS NOT OLD.user_id OR NEW.device_id IS NOT OLD.device_id
BEGIN SELECT RAISE(ABORT, 'a session never changes its user or its device'); END;
