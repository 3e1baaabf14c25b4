-- Identities, devices, sessions, the memory and conversation ledgers, the audit chains, the idempotency records; and the functions of
-- the triggers that lock ledgers and columns that stay.
--
-- Portable subset: text, bytea, bigint, double precision; no sequences, no deferrable constraints, no extensions. Texts are compared by
-- their bytes. 128-bit ids are 16 bytes, digests 32; unsigned 64-bit values keep their bits.

CREATE OR REPLACE FUNCTION selene_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE OR REPLACE FUNCTION selene_fixed_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a column of % that stays was changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TABLE identities (
    user_id           text COLLATE "C" NOT NULL PRIMARY KEY,
    speaker_id        text COLLATE "C",
    primary_language  text COLLATE "C",
    tenant_id         text COLLATE "C",
    created_at        bigint           NOT NULL,
    status            text COLLATE "C" NOT NULL CHECK (status IN ('ACTIVE', 'DISABLED')),
    row_version       bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0)
);

CREATE INDEX identities_of_tenant ON identities (tenant_id, user_id)
WHERE status = 'ACTIVE';

CREATE TRIGGER identities_fixed BEFORE UPDATE ON identities
FOR EACH ROW WHEN (NEW.user_id IS DISTINCT FROM OLD.user_id)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE devices (
    device_id          text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id            text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    device_type        text COLLATE "C" NOT NULL,
    last_seen_at       bigint           NOT NULL,
    audio_profile_ref  text COLLATE "C",
    tenant_id          text COLLATE "C",
    row_version        bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0)
);

CREATE TRIGGER devices_fixed BEFORE UPDATE ON devices
FOR EACH ROW WHEN (NEW.device_id IS DISTINCT FROM OLD.device_id
  OR NEW.user_id IS DISTINCT FROM OLD.user_id
  OR (OLD.tenant_id IS NOT NULL AND NEW.tenant_id IS DISTINCT FROM OLD.tenant_id))
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE sessions (
    session_id        bigint           NOT NULL PRIMARY KEY,
    user_id           text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    device_id         text COLLATE "C" NOT NULL REFERENCES devices (device_id),
    session_state     text COLLATE "C" NOT NULL CHECK (session_state IN ('OPEN', 'SOFT_CLOSED', 'CLOSED', 'SUSPENDED')),
    opened_at         bigint           NOT NULL,
    last_activity_at  bigint           NOT NULL,
    closed_at         bigint,
    row_version       bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    CHECK ((session_state = 'CLOSED') = (closed_at IS NOT NULL))
);

CREATE TRIGGER sessions_fixed BEFORE UPDATE ON sessions
FOR EACH ROW WHEN (NEW.session_id IS DISTINCT FROM OLD.session_id
  OR NEW.user_id IS DISTINCT FROM OLD.user_id
  OR NEW.device_id IS DISTINCT FROM OLD.device_id)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE memory_ledger (
    user_id           text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    memory_seq        bigint           NOT NULL CHECK (memory_seq >= 1),
    memory_key        text COLLATE "C" NOT NULL,
    memory_operation  text COLLATE "C" NOT NULL CHECK (memory_operation IN ('STORE', 'FORGET')),
    memory_value_ref  text COLLATE "C",
    created_at        bigint           NOT NULL,
    PRIMARY KEY (user_id, memory_seq),
    CHECK ((memory_operation = 'STORE') = (memory_value_ref IS NOT NULL))
);

CREATE TRIGGER memory_ledger_no_update BEFORE UPDATE ON memory_ledger
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER memory_ledger_no_delete BEFORE DELETE ON memory_ledger
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER memory_ledger_no_truncate BEFORE TRUNCATE ON memory_ledger
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();

CREATE TABLE memory_current (
    user_id           text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    memory_key        text COLLATE "C" NOT NULL,
    memory_value_ref  text COLLATE "C",
    memory_seq        bigint           NOT NULL,
    updated_at        bigint           NOT NULL,
    row_version       bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    PRIMARY KEY (user_id, memory_key)
);

CREATE TABLE conversation_ledger (
    conversation_turn_id  text COLLATE "C" NOT NULL PRIMARY KEY,
    correlation_id        bytea            NOT NULL
        CHECK (length(correlation_id) = 16 AND correlation_id <> '\x00000000000000000000000000000000'::bytea),
    turn_id               bigint           NOT NULL CHECK (turn_id <> 0),
    session_id            bigint           REFERENCES sessions (session_id),
    user_id               text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    device_id             text COLLATE "C" REFERENCES devices (device_id),
    conversation_role     text COLLATE "C" NOT NULL CHECK (conversation_role IN ('USER', 'ASSISTANT', 'SYSTEM')),
    content_ref           text COLLATE "C" NOT NULL,
    created_at            bigint           NOT NULL,
    UNIQUE (correlation_id, turn_id)
);

CREATE TRIGGER conversation_ledger_no_update BEFORE UPDATE ON conversation_ledger
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER conversation_ledger_no_delete BEFORE DELETE ON conversation_ledger
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER conversation_ledger_no_truncate BEFORE TRUNCATE ON conversation_ledger
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();

CREATE TABLE audit_events (
    event_id         text COLLATE "C" NOT NULL PRIMARY KEY,
    created_at       bigint           NOT NULL,
    tenant_id        text COLLATE "C",
    work_order_id    text COLLATE "C",
    session_id       bigint           REFERENCES sessions (session_id),
    user_id          text COLLATE "C" REFERENCES identities (user_id),
    device_id        text COLLATE "C" REFERENCES devices (device_id),
    engine           text COLLATE "C" NOT NULL,
    event_type       text COLLATE "C" NOT NULL
        CHECK (event_type IN ('GATE_PASS', 'GATE_FAIL', 'STATE_TRANSITION', 'PERCEPTION_SIGNAL_EMITTED', 'TOOL_OK', 'TOOL_FAIL', 'SESSION_OPEN', 'SESSION_SOFT_CLOSE', 'SESSION_CLOSED', 'SYSTEM_SUSPEND', 'SYSTEM_RESUME', 'J_REDACT_APPLIED', 'OTHER')),
    reason_code      text COLLATE "C" NOT NULL,
    severity         text COLLATE "C" NOT NULL CHECK (severity IN ('INFO', 'WARN', 'ERROR')),
    correlation_id   bytea            NOT NULL
        CHECK (length(correlation_id) = 16 AND correlation_id <> '\x00000000000000000000000000000000'::bytea),
    turn_id          bigint           NOT NULL CHECK (turn_id <> 0),
    simulation_id    text COLLATE "C",
    payload_min      text COLLATE "C" NOT NULL,
    evidence_ref     text COLLATE "C",
    idempotency_key  text COLLATE "C",
    row_seals        text COLLATE "C",
    chain_id         text COLLATE "C" NOT NULL,
    chain_sequence   bigint           NOT NULL CHECK (chain_sequence >= 1),
    previous_hash    bytea            NOT NULL CHECK (length(previous_hash) = 32),
    hash             bytea            NOT NULL CHECK (length(hash) = 32),
    ledger_position  bigint,
    UNIQUE (chain_id, chain_sequence),
    CHECK (chain_id = coalesce(tenant_id, ''))
);

CREATE INDEX audit_events_by_correlation_id_turn_id ON audit_events (correlation_id, turn_id);

CREATE INDEX audit_events_by_correlation_id_idempotency_key ON audit_events (correlation_id, idempotency_key);

CREATE INDEX audit_events_by_tenant_id_created_at ON audit_events (tenant_id, created_at);

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();

CREATE TABLE idempotency_records (
    chain_id         text COLLATE "C" NOT NULL,
    chain_sequence   bigint           NOT NULL,
    scope_digest     bytea            NOT NULL CHECK (length(scope_digest) = 32),
    dedupe_space     text COLLATE "C" NOT NULL,
    engine           text COLLATE "C" NOT NULL,
    capability       text COLLATE "C" NOT NULL,
    tenant_id        text COLLATE "C",
    request_digest   bytea            NOT NULL CHECK (length(request_digest) = 32),
    outcome          text COLLATE "C" NOT NULL,
    ledger_position  bigint,
    PRIMARY KEY (chain_id, chain_sequence),
    FOREIGN KEY (chain_id, chain_sequence) REFERENCES audit_events (chain_id, chain_sequence)
);

CREATE TRIGGER idempotency_records_no_update BEFORE UPDATE ON idempotency_records
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER idempotency_records_no_delete BEFORE DELETE ON idempotency_records
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER idempotency_records_no_truncate BEFORE TRUNCATE ON idempotency_records
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();
