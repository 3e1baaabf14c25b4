-- Onboarding sessions, and the enrollments, samples, profiles and events of wake words and voices.
--
-- Same subset as before, and REAL for the measurements of a wake sample: every 32-bit float is exactly one of its values, and
-- those without a range of their own are finite.

-- Links and access instances, which these refer to, come with the next step.
CREATE TABLE onboarding_sessions (
    onboarding_session_id        TEXT    NOT NULL PRIMARY KEY,
    token_id                     TEXT    NOT NULL UNIQUE REFERENCES links (token_id),
    invitee_type                 TEXT    NOT NULL CHECK (invitee_type IN
        ('COMPANY', 'CUSTOMER', 'EMPLOYEE', 'FAMILY_MEMBER', 'FRIEND', 'ASSOCIATE')),
    tenant_id                    TEXT,
    prefilled_context_ref        TEXT,
    pinned_schema_id             TEXT,
    pinned_schema_version        TEXT,
    pinned_overlay_set_id        TEXT,
    pinned_selector_snapshot     TEXT,
    -- A JSON list.
    required_verification_gates  TEXT    NOT NULL CHECK (length(required_verification_gates) <= 2048),
    device_fingerprint_hash      BLOB    NOT NULL CHECK (length(device_fingerprint_hash) = 32),
    status                       TEXT    NOT NULL CHECK (status IN
        ('DRAFT_CREATED', 'TERMS_ACCEPTED', 'TERMS_DECLINED', 'VERIFICATION_PENDING', 'VERIFICATION_CONFIRMED',
         'VERIFICATION_REJECTED', 'PRIMARY_DEVICE_CONFIRMED', 'ACCESS_INSTANCE_CREATED', 'COMPLETE')),
    created_at                   INTEGER NOT NULL,
    updated_at                   INTEGER NOT NULL,
    terms_version_id             TEXT,
    terms_status                 TEXT    CHECK (terms_status IN ('ACCEPTED', 'DECLINED')),
    photo_blob_ref               TEXT,
    photo_proof_ref              TEXT,
    sender_user_id               TEXT    REFERENCES identities (user_id),
    verification_status          TEXT    CHECK (verification_status IN ('PENDING', 'CONFIRMED', 'REJECTED')),
    primary_device_device_id     TEXT    REFERENCES devices (device_id),
    primary_device_proof_type    TEXT    CHECK (primary_device_proof_type IN ('BIOMETRIC', 'PASSCODE')),
    primary_device_confirmed     INTEGER NOT NULL CHECK (primary_device_confirmed IN (0, 1)),
    access_engine_instance_id    TEXT    REFERENCES access_instances (access_instance_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE wake_enrollment_sessions (
    wake_enrollment_session_id  TEXT    NOT NULL PRIMARY KEY,
    user_id                     TEXT    NOT NULL REFERENCES identities (user_id),
    device_id                   TEXT    NOT NULL REFERENCES devices (device_id),
    onboarding_session_id       TEXT    REFERENCES onboarding_sessions (onboarding_session_id),
    wake_profile_id             TEXT,
    wake_enroll_status          TEXT    NOT NULL
        CHECK (wake_enroll_status IN ('IN_PROGRESS', 'PENDING', 'COMPLETE', 'DECLINED')),
    pass_target                 INTEGER NOT NULL CHECK (pass_target BETWEEN 3 AND 8),
    pass_count                  INTEGER NOT NULL CHECK (pass_count BETWEEN 0 AND pass_target),
    attempt_count               INTEGER NOT NULL CHECK (attempt_count BETWEEN pass_count AND 4294967295),
    max_attempts                INTEGER NOT NULL CHECK (max_attempts BETWEEN 8 AND 20),
    enrollment_timeout_ms       INTEGER NOT NULL CHECK (enrollment_timeout_ms BETWEEN 180000 AND 600000),
    reason_code                 TEXT,
    created_at                  INTEGER NOT NULL,
    updated_at                  INTEGER NOT NULL,
    completed_at                INTEGER,
    deferred_until              INTEGER,
    CHECK ((wake_enroll_status = 'COMPLETE') = (completed_at IS NOT NULL)),
    CHECK (wake_profile_id IS NULL OR wake_enroll_status = 'COMPLETE')
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX wake_enrollment_sessions_in_progress ON wake_enrollment_sessions (user_id, device_id)
WHERE wake_enroll_status = 'IN_PROGRESS';

CREATE TABLE wake_enrollment_samples (
    wake_enrollment_session_id  TEXT    NOT NULL REFERENCES wake_enrollment_sessions (wake_enrollment_session_id),
    sample_seq                  INTEGER NOT NULL CHECK (sample_seq BETWEEN 1 AND 4294967295),
    captured_at                 INTEGER NOT NULL,
    sample_duration_ms          INTEGER NOT NULL CHECK (sample_duration_ms BETWEEN 500 AND 2200),
    vad_coverage                REAL    NOT NULL CHECK (vad_coverage BETWEEN 0.0 AND 1.0),
    snr_db                      REAL    NOT NULL CHECK (abs(snr_db) <= 3.4028235e38),
    clipping_pct                REAL    NOT NULL CHECK (clipping_pct BETWEEN 0.0 AND 1.0),
    rms_dbfs                    REAL    NOT NULL CHECK (abs(rms_dbfs) <= 3.4028235e38),
    noise_floor_dbfs            REAL    NOT NULL CHECK (abs(noise_floor_dbfs) <= 3.4028235e38),
    peak_dbfs                   REAL    NOT NULL CHECK (abs(peak_dbfs) <= 3.4028235e38),
    overlap_ratio               REAL    NOT NULL CHECK (overlap_ratio BETWEEN 0.0 AND 1.0),
    result                      TEXT    NOT NULL CHECK (result IN ('PASS', 'FAIL')),
    reason_code                 TEXT,
    PRIMARY KEY (wake_enrollment_session_id, sample_seq)
) STRICT, WITHOUT ROWID;

-- Rows arrive in the order of wake_position, so this table keeps its row number and rows are only ever appended.
CREATE TABLE wake_runtime_events (
    wake_event_id                     TEXT    NOT NULL UNIQUE,
    wake_position                     INTEGER NOT NULL PRIMARY KEY CHECK (wake_position >= 1),
    created_at                        INTEGER NOT NULL,
    session_id                        INTEGER REFERENCES sessions (session_id),
    user_id                           TEXT    REFERENCES identities (user_id),
    device_id                         TEXT    NOT NULL REFERENCES devices (device_id),
    accepted                          INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    reason_code                       TEXT    NOT NULL,
    wake_profile_id                   TEXT,
    tts_active_at_trigger             INTEGER NOT NULL CHECK (tts_active_at_trigger IN (0, 1)),
    media_playback_active_at_trigger  INTEGER NOT NULL CHECK (media_playback_active_at_trigger IN (0, 1)),
    suppression_reason_code           TEXT
) STRICT;

CREATE TABLE wake_profile_bindings (
    user_id                     TEXT    NOT NULL,
    device_id                   TEXT    NOT NULL,
    wake_enrollment_session_id  TEXT    NOT NULL REFERENCES wake_enrollment_sessions (wake_enrollment_session_id),
    wake_profile_id             TEXT    NOT NULL,
    active                      INTEGER NOT NULL CHECK (active IN (0, 1)),
    bound_at                    INTEGER NOT NULL,
    unbound_at                  INTEGER,
    PRIMARY KEY (user_id, device_id, wake_enrollment_session_id),
    CHECK ((active = 1) = (unbound_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX wake_profile_bindings_active ON wake_profile_bindings (user_id, device_id) WHERE active = 1;

CREATE TABLE voice_enrollment_sessions (
    voice_enrollment_session_id    TEXT    NOT NULL PRIMARY KEY,
    onboarding_session_id          TEXT    NOT NULL REFERENCES onboarding_sessions (onboarding_session_id),
    device_id                      TEXT    NOT NULL REFERENCES devices (device_id),
    voice_profile_id               TEXT,
    voice_enroll_status            TEXT    NOT NULL
        CHECK (voice_enroll_status IN ('IN_PROGRESS', 'LOCKED', 'PENDING', 'DECLINED')),
    lock_after_consecutive_passes  INTEGER NOT NULL CHECK (lock_after_consecutive_passes BETWEEN 2 AND 5),
    consecutive_passes             INTEGER NOT NULL
        CHECK (consecutive_passes BETWEEN 0 AND lock_after_consecutive_passes),
    attempt_count                  INTEGER NOT NULL
        CHECK (attempt_count BETWEEN consecutive_passes AND max_total_attempts),
    max_total_attempts             INTEGER NOT NULL CHECK (max_total_attempts BETWEEN 5 AND 20),
    max_session_enroll_time_ms     INTEGER NOT NULL CHECK (max_session_enroll_time_ms BETWEEN 60000 AND 300000),
    reason_code                    TEXT,
    deferred_until                 INTEGER,
    created_at                     INTEGER NOT NULL,
    updated_at                     INTEGER NOT NULL,
    UNIQUE (onboarding_session_id, device_id),
    CHECK (voice_profile_id IS NULL OR voice_enroll_status = 'LOCKED')
) STRICT, WITHOUT ROWID;

CREATE TABLE voice_enrollment_samples (
    voice_enrollment_session_id  TEXT    NOT NULL REFERENCES voice_enrollment_sessions (voice_enrollment_session_id),
    sample_seq                   INTEGER NOT NULL CHECK (sample_seq BETWEEN 1 AND 4294967295),
    attempt_index                INTEGER NOT NULL CHECK (attempt_index BETWEEN 1 AND 65535),
    audio_sample_ref             TEXT    NOT NULL,
    result                       TEXT    NOT NULL CHECK (result IN ('PASS', 'FAIL')),
    reason_code                  TEXT,
    created_at                   INTEGER NOT NULL,
    PRIMARY KEY (voice_enrollment_session_id, sample_seq),
    CHECK (result = 'PASS' OR reason_code IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE voice_profiles (
    voice_profile_id             TEXT    NOT NULL PRIMARY KEY,
    voice_enrollment_session_id  TEXT    NOT NULL REFERENCES voice_enrollment_sessions (voice_enrollment_session_id),
    onboarding_session_id        TEXT    NOT NULL,
    device_id                    TEXT    NOT NULL,
    created_at                   INTEGER NOT NULL,
    UNIQUE (onboarding_session_id, device_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE voice_profile_bindings (
    onboarding_session_id  TEXT    NOT NULL,
    device_id              TEXT    NOT NULL,
    voice_profile_id       TEXT    NOT NULL REFERENCES voice_profiles (voice_profile_id),
    bound_at               INTEGER NOT NULL,
    PRIMARY KEY (onboarding_session_id, device_id)
) STRICT, WITHOUT ROWID;

-- The third lock of the new ledgers, as of those before.

CREATE TRIGGER wake_enrollment_samples_no_update BEFORE UPDATE ON wake_enrollment_samples
BEGIN SELECT RAISE(ABORT, 'wake_enrollment_samples is append-only'); END;
CREATE TRIGGER wake_enrollment_samples_no_delete BEFORE DELETE ON wake_enrollment_samples
BEGIN SELECT RAISE(ABORT, 'wake_enrollment_samples is append-only'); END;
CREATE TRIGGER wake_enrollment_samples_no_replace BEFORE INSERT ON wake_enrollment_samples
WHEN EXISTS (SELECT 1 FROM wake_enrollment_samples
             WHERE wake_enrollment_session_id = NEW.wake_enrollment_session_id AND sample_seq = NEW.sample_seq)
BEGIN SELECT RAISE(ABORT, 'wake_enrollment_samples is append-only'); END;

CREATE TRIGGER wake_runtime_events_no_update BEFORE UPDATE ON wake_runtime_events
BEGIN SELECT RAISE(ABORT, 'wake_runtime_events is append-only'); END;
CREATE TRIGGER wake_runtime_events_no_delete BEFORE DELETE ON wake_runtime_events
BEGIN SELECT RAISE(ABORT, 'wake_runtime_events is append-only'); END;
CREATE TRIGGER wake_runtime_events_no_replace BEFORE INSERT ON wake_runtime_events
WHEN EXISTS (SELECT 1 FROM wake_runtime_events WHERE wake_event_id = NEW.wake_event_id)
  OR EXISTS (SELECT 1 FROM wake_runtime_events WHERE wake_position = NEW.wake_position)
BEGIN SELECT RAISE(ABORT, 'wake_runtime_events is append-only'); END;

CREATE TRIGGER voice_enrollment_samples_no_update BEFORE UPDATE ON voice_enrollment_samples
BEGIN SELECT RAISE(ABORT, 'voice_enrollment_samples is append-only'); END;
CREATE TRIGGER voice_enrollment_samples_no_delete BEFORE DELETE ON voice_enrollment_samples
BEGIN SELECT RAISE(ABORT, 'voice_enrollment_samples is append-only'); END;
CREATE TRIGGER voice_enrollment_samples_no_replace BEFORE INSERT ON voice_enrollment_samples
WHEN EXISTS (SELECT 1 FROM voice_enrollment_samples
             WHERE voice_enrollment_session_id = NEW.voice_enrollment_session_id AND sample_seq = NEW.sample_seq)
BEGIN SELECT RAISE(ABORT, 'voice_enrollment_samples is append-only'); END;

-- What an enrollment is about, and what it has bound, never changes.

CREATE TRIGGER wake_enrollment_sessions_scope_stays
BEFORE UPDATE OF wake_enrollment_session_id, user_id, device_id, onboarding_session_id, wake_profile_id, created_at
ON wake_enrollment_sessions
WHEN NEW.wake_enrollment_session_id IS NOT OLD.wake_enrollment_session_id OR NEW.user_id IS NOT OLD.user_id
  OR NEW.device_id IS NOT OLD.device_id OR NEW.onboarding_session_id IS NOT OLD.onboarding_session_id
  OR NEW.created_at IS NOT OLD.created_at
  OR (OLD.wake_profile_id IS NOT NULL AND NEW.wake_profile_id IS NOT OLD.wake_profile_id)
BEGIN SELECT RAISE(ABORT, 'a wake enrollment keeps its user, its device and its profile'); END;
CREATE TRIGGER voice_enrollment_sessions_scope_stays
BEFORE UPDATE OF voice_enrollment_session_id, onboarding_session_id, device_id, voice_profile_id, created_at
ON voice_enrollment_sessions
WHEN NEW.voice_enrollment_session_id IS NOT OLD.voice_enrollment_session_id
  OR NEW.onboarding_session_id IS NOT OLD.onboarding_session_id OR NEW.device_id IS NOT OLD.device_id
  OR NEW.created_at IS NOT OLD.created_at
  OR (OLD.voice_profile_id IS NOT NULL AND NEW.voice_profile_id IS NOT OLD.voice_profile_id)
BEGIN SELECT RAISE(ABORT, 'a voice enrollment keeps its onboarding session, its device and its profile'); END;
