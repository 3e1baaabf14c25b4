-- Order within a chain instead of one counter over all chains, and events that seal the rows of their commit.
--
-- Same subset as before. Row numbers stay, as SQLite's own business: new rows lie at the end of their table. That of an audit event also stands
-- under the hashes of the events that are there.

-- A record is found by the place of its event in its chain.
DROP TRIGGER idempotency_records_no_replace;
--! rebuild idempotency_records
--! fill chain_id = (SELECT event.chain_id FROM audit_events AS event WHERE event.ledger_position = idempotency_records.ledger_position)
--! fill chain_sequence = (SELECT event.chain_sequence FROM audit_events AS event WHERE event.ledger_position = idempotency_records.ledger_position)
--! needs the audit event of its write
CREATE TABLE idempotency_records (
    ledger_position INTEGER NOT NULL PRIMARY KEY CHECK (ledger_position >= 1),
    chain_id        TEXT    NOT NULL,
    chain_sequence  INTEGER NOT NULL,
    scope_digest    BLOB    NOT NULL CHECK (length(scope_digest) = 32),
    dedupe_space    TEXT    NOT NULL,
    engine          TEXT    NOT NULL,
    capability      TEXT    NOT NULL,
    tenant_id       TEXT,
    request_digest  BLOB    NOT NULL CHECK (length(request_digest) = 32),
    outcome         TEXT    NOT NULL,
    UNIQUE (chain_id, chain_sequence),
    FOREIGN KEY (chain_id, chain_sequence) REFERENCES audit_events (chain_id, chain_sequence)
) STRICT;
--! end
CREATE TRIGGER idempotency_records_no_replace BEFORE INSERT ON idempotency_records
WHEN EXISTS (SELECT 1 FROM idempotency_records WHERE ledger_position = NEW.ledger_position)
  OR EXISTS (SELECT 1 FROM idempotency_records WHERE chain_id = NEW.chain_id AND chain_sequence = NEW.chain_sequence)
BEGIN SELECT RAISE(ABORT, 'idempotency_records is append-only'); END;

-- A wake event carries the place of the audit event of its commit. The record of the commit says which one that was: exactly one
-- record has to name the wake event.
CREATE TABLE wake_event_places (
    wake_event_id   TEXT    NOT NULL,
    chain_id        TEXT    NOT NULL,
    chain_sequence  INTEGER NOT NULL,
    PRIMARY KEY (wake_event_id, chain_id, chain_sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO wake_event_places (wake_event_id, chain_id, chain_sequence)
SELECT named.wake_event_id, named.chain_id, named.chain_sequence FROM (
    SELECT CASE WHEN json_valid(outcome) THEN json_extract(outcome, '$.wake_event_id') END AS wake_event_id, chain_id, chain_sequence
    FROM idempotency_records WHERE capability = 'PH1W_RUNTIME_EVENT_COMMIT_ROW') AS named
WHERE named.wake_event_id IS NOT NULL;
DROP TRIGGER wake_runtime_events_no_replace;
--! rebuild wake_runtime_events
--! fill chain_id = (SELECT max(place.chain_id) FROM wake_event_places AS place WHERE place.wake_event_id = wake_runtime_events.wake_event_id HAVING count(*) = 1)
--! fill chain_sequence = (SELECT max(place.chain_sequence) FROM wake_event_places AS place WHERE place.wake_event_id = wake_runtime_events.wake_event_id HAVING count(*) = 1)
--! needs one idempotency record whose outcome names it
CREATE TABLE wake_runtime_events (
    wake_position                     INTEGER NOT NULL PRIMARY KEY CHECK (wake_position >= 1),
    wake_event_id                     TEXT    NOT NULL UNIQUE,
    chain_id                          TEXT    NOT NULL,
    chain_sequence                    INTEGER NOT NULL,
    created_at                        INTEGER NOT NULL,
    session_id                        INTEGER REFERENCES sessions (session_id),
    user_id                           TEXT    REFERENCES identities (user_id),
    device_id                         TEXT    NOT NULL REFERENCES devices (device_id),
    accepted                          INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    reason_code                       TEXT    NOT NULL,
    wake_profile_id                   TEXT,
    tts_active_at_trigger             INTEGER NOT NULL CHECK (tts_active_at_trigger IN (0, 1)),
    media_playback_active_at_trigger  INTEGER NOT NULL CHECK (media_playback_active_at_trigger IN (0, 1)),
    suppression_reason_code           TEXT,
    UNIQUE (chain_id, chain_sequence)
) STRICT;
--! end
DROP TABLE wake_event_places;
CREATE TRIGGER wake_runtime_events_no_replace BEFORE INSERT ON wake_runtime_events
WHEN EXISTS (SELECT 1 FROM wake_runtime_events WHERE wake_event_id = NEW.wake_event_id)
  OR EXISTS (SELECT 1 FROM wake_runtime_events WHERE wake_position = NEW.wake_position)
  OR EXISTS (SELECT 1 FROM wake_runtime_events WHERE chain_id = NEW.chain_id AND chain_sequence = NEW.chain_sequence)
BEGIN SELECT RAISE(ABORT, 'wake_runtime_events is append-only'); END;

-- What an event says of the rows of its commit; absent in the events that are there.
ALTER TABLE audit_events ADD COLUMN row_seals TEXT;

-- How often a current row was written since its events seal it; zero for the rows that are there.
ALTER TABLE identities ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE devices ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE sessions ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE memory_current ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE links ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE onboarding_sessions ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE onboarding_backfill_campaigns ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE onboarding_backfill_targets ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE tenant_companies ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE positions ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE requirement_schemas ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE voice_enrollment_sessions ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE voice_profiles ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE voice_profile_bindings ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE wake_enrollment_sessions ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE wake_profile_bindings ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
ALTER TABLE access_instances ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0 CHECK (row_version >= 0);
