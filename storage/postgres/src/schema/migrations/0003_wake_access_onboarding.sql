-- Wake events; access instances; onboarding sessions; enrollments, samples and profiles of wake words and voices.
--
-- Same subset as before.

CREATE TABLE wake_runtime_events (
    wake_event_id                     text COLLATE "C" NOT NULL PRIMARY KEY,
    chain_id                          text COLLATE "C" NOT NULL,
    chain_sequence                    bigint           NOT NULL,
    created_at                        bigint           NOT NULL,
    session_id                        bigint           REFERENCES sessions (session_id),
    user_id                           text COLLATE "C" REFERENCES identities (user_id),
    device_id                         text COLLATE "C" NOT NULL REFERENCES devices (device_id),
    accepted                          bigint           NOT NULL CHECK (accepted IN (0, 1)),
    reason_code                       text COLLATE "C" NOT NULL,
    wake_profile_id                   text COLLATE "C",
    tts_active_at_trigger             bigint           NOT NULL CHECK (tts_active_at_trigger IN (0, 1)),
    media_playback_active_at_trigger  bigint           NOT NULL CHECK (media_playback_active_at_trigger IN (0, 1)),
    suppression_reason_code           text COLLATE "C",
    wake_position                     bigint,
    UNIQUE (chain_id, chain_sequence)
);

CREATE TRIGGER wake_runtime_events_no_update BEFORE UPDATE ON wake_runtime_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER wake_runtime_events_no_delete BEFORE DELETE ON wake_runtime_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER wake_runtime_events_no_truncate BEFORE TRUNCATE ON wake_runtime_events
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();

CREATE TABLE access_instances (
    access_instance_id  text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id           text COLLATE "C" NOT NULL,
    user_id             text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    role_template_id    text COLLATE "C" NOT NULL,
    access_lifecycle    text COLLATE "C" NOT NULL CHECK (access_lifecycle IN ('RESTRICTED', 'ACTIVE', 'SUSPENDED')),
    created_at          bigint           NOT NULL,
    updated_at          bigint           NOT NULL,
    row_version         bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    UNIQUE (tenant_id, user_id)
);

CREATE TRIGGER access_instances_fixed BEFORE UPDATE ON access_instances
FOR EACH ROW WHEN (NEW.access_instance_id IS DISTINCT FROM OLD.access_instance_id
  OR NEW.tenant_id IS DISTINCT FROM OLD.tenant_id
  OR NEW.user_id IS DISTINCT FROM OLD.user_id
  OR NEW.role_template_id IS DISTINCT FROM OLD.role_template_id
  OR NEW.created_at IS DISTINCT FROM OLD.created_at)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE onboarding_sessions (
    onboarding_session_id        text COLLATE "C" NOT NULL PRIMARY KEY,
    token_id                     text COLLATE "C" NOT NULL UNIQUE REFERENCES links (token_id),
    invitee_type                 text COLLATE "C" NOT NULL
        CHECK (invitee_type IN ('COMPANY', 'CUSTOMER', 'EMPLOYEE', 'FAMILY_MEMBER', 'FRIEND', 'ASSOCIATE')),
    tenant_id                    text COLLATE "C",
    prefilled_context_ref        text COLLATE "C",
    pinned_schema_id             text COLLATE "C",
    pinned_schema_version        text COLLATE "C",
    pinned_overlay_set_id        text COLLATE "C",
    pinned_selector_snapshot     text COLLATE "C",
    required_verification_gates  text COLLATE "C" NOT NULL,
    device_fingerprint_hash      bytea            NOT NULL CHECK (length(device_fingerprint_hash) = 32),
    status                       text COLLATE "C" NOT NULL
        CHECK (status IN ('DRAFT_CREATED', 'TERMS_ACCEPTED', 'TERMS_DECLINED', 'VERIFICATION_PENDING', 'VERIFICATION_CONFIRMED', 'VERIFICATION_REJECTED', 'PRIMARY_DEVICE_CONFIRMED', 'ACCESS_INSTANCE_CREATED', 'COMPLETE')),
    created_at                   bigint           NOT NULL,
    updated_at                   bigint           NOT NULL,
    terms_version_id             text COLLATE "C",
    terms_status                 text COLLATE "C" CHECK (terms_status IN ('ACCEPTED', 'DECLINED')),
    photo_blob_ref               text COLLATE "C",
    photo_proof_ref              text COLLATE "C",
    sender_user_id               text COLLATE "C" REFERENCES identities (user_id),
    verification_status          text COLLATE "C" CHECK (verification_status IN ('PENDING', 'CONFIRMED', 'REJECTED')),
    primary_device_device_id     text COLLATE "C" REFERENCES devices (device_id),
    primary_device_proof_type    text COLLATE "C" CHECK (primary_device_proof_type IN ('BIOMETRIC', 'PASSCODE')),
    primary_device_confirmed     bigint           NOT NULL CHECK (primary_device_confirmed IN (0, 1)),
    access_engine_instance_id    text COLLATE "C" REFERENCES access_instances (access_instance_id),
    prefilled_context            text COLLATE "C",
    row_version                  bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    CHECK (length(required_verification_gates) <= 2048),
    CHECK (length(prefilled_context) <= 8192)
);

CREATE TRIGGER onboarding_sessions_fixed BEFORE UPDATE ON onboarding_sessions
FOR EACH ROW WHEN (NEW.onboarding_session_id IS DISTINCT FROM OLD.onboarding_session_id
  OR NEW.token_id IS DISTINCT FROM OLD.token_id
  OR NEW.invitee_type IS DISTINCT FROM OLD.invitee_type
  OR NEW.tenant_id IS DISTINCT FROM OLD.tenant_id
  OR NEW.prefilled_context_ref IS DISTINCT FROM OLD.prefilled_context_ref
  OR NEW.pinned_schema_id IS DISTINCT FROM OLD.pinned_schema_id
  OR NEW.pinned_schema_version IS DISTINCT FROM OLD.pinned_schema_version
  OR NEW.pinned_overlay_set_id IS DISTINCT FROM OLD.pinned_overlay_set_id
  OR NEW.pinned_selector_snapshot IS DISTINCT FROM OLD.pinned_selector_snapshot
  OR NEW.required_verification_gates IS DISTINCT FROM OLD.required_verification_gates
  OR NEW.device_fingerprint_hash IS DISTINCT FROM OLD.device_fingerprint_hash
  OR NEW.created_at IS DISTINCT FROM OLD.created_at
  OR NEW.prefilled_context IS DISTINCT FROM OLD.prefilled_context)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE voice_enrollment_sessions (
    voice_enrollment_session_id    text COLLATE "C" NOT NULL PRIMARY KEY,
    onboarding_session_id          text COLLATE "C" NOT NULL REFERENCES onboarding_sessions (onboarding_session_id),
    device_id                      text COLLATE "C" NOT NULL REFERENCES devices (device_id),
    voice_profile_id               text COLLATE "C",
    voice_enroll_status            text COLLATE "C" NOT NULL
        CHECK (voice_enroll_status IN ('IN_PROGRESS', 'LOCKED', 'PENDING', 'DECLINED')),
    lock_after_consecutive_passes  bigint           NOT NULL CHECK (lock_after_consecutive_passes BETWEEN 2 AND 5),
    consecutive_passes             bigint           NOT NULL CHECK (consecutive_passes BETWEEN 0 AND 5),
    attempt_count                  bigint           NOT NULL CHECK (attempt_count BETWEEN 0 AND 20),
    max_total_attempts             bigint           NOT NULL CHECK (max_total_attempts BETWEEN 5 AND 20),
    max_session_enroll_time_ms     bigint           NOT NULL CHECK (max_session_enroll_time_ms BETWEEN 60000 AND 300000),
    reason_code                    text COLLATE "C",
    deferred_until                 bigint,
    created_at                     bigint           NOT NULL,
    updated_at                     bigint           NOT NULL,
    row_version                    bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    UNIQUE (onboarding_session_id, device_id),
    CHECK (consecutive_passes <= lock_after_consecutive_passes),
    CHECK (consecutive_passes <= attempt_count),
    CHECK (attempt_count <= max_total_attempts),
    CHECK (voice_profile_id IS NULL OR voice_enroll_status = 'LOCKED')
);

CREATE TRIGGER voice_enrollment_sessions_fixed BEFORE UPDATE ON voice_enrollment_sessions
FOR EACH ROW WHEN (NEW.voice_enrollment_session_id IS DISTINCT FROM OLD.voice_enrollment_session_id
  OR NEW.onboarding_session_id IS DISTINCT FROM OLD.onboarding_session_id
  OR NEW.device_id IS DISTINCT FROM OLD.device_id
  OR NEW.created_at IS DISTINCT FROM OLD.created_at
  OR (OLD.voice_profile_id IS NOT NULL AND NEW.voice_profile_id IS DISTINCT FROM OLD.voice_profile_id))
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE voice_enrollment_samples (
    voice_enrollment_session_id  text COLLATE "C" NOT NULL REFERENCES voice_enrollment_sessions (voice_enrollment_session_id),
    sample_seq                   bigint           NOT NULL CHECK (sample_seq BETWEEN 1 AND 4294967295),
    attempt_index                bigint           NOT NULL CHECK (attempt_index BETWEEN 1 AND 65535),
    audio_sample_ref             text COLLATE "C" NOT NULL,
    result                       text COLLATE "C" NOT NULL CHECK (result IN ('PASS', 'FAIL')),
    reason_code                  text COLLATE "C",
    created_at                   bigint           NOT NULL,
    PRIMARY KEY (voice_enrollment_session_id, sample_seq),
    CHECK (result <> 'FAIL' OR reason_code IS NOT NULL)
);

CREATE TRIGGER voice_enrollment_samples_no_update BEFORE UPDATE ON voice_enrollment_samples
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER voice_enrollment_samples_no_delete BEFORE DELETE ON voice_enrollment_samples
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER voice_enrollment_samples_no_truncate BEFORE TRUNCATE ON voice_enrollment_samples
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();

CREATE TABLE voice_profiles (
    voice_profile_id             text COLLATE "C" NOT NULL PRIMARY KEY,
    voice_enrollment_session_id  text COLLATE "C" NOT NULL REFERENCES voice_enrollment_sessions (voice_enrollment_session_id),
    onboarding_session_id        text COLLATE "C" NOT NULL,
    device_id                    text COLLATE "C" NOT NULL,
    created_at                   bigint           NOT NULL,
    row_version                  bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    UNIQUE (onboarding_session_id, device_id)
);

CREATE TABLE voice_profile_bindings (
    onboarding_session_id  text COLLATE "C" NOT NULL,
    device_id              text COLLATE "C" NOT NULL,
    voice_profile_id       text COLLATE "C" NOT NULL REFERENCES voice_profiles (voice_profile_id),
    bound_at               bigint           NOT NULL,
    row_version            bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    PRIMARY KEY (onboarding_session_id, device_id)
);

CREATE TABLE wake_enrollment_sessions (
    wake_enrollment_session_id  text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id                     text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    device_id                   text COLLATE "C" NOT NULL REFERENCES devices (device_id),
    onboarding_session_id       text COLLATE "C" REFERENCES onboarding_sessions (onboarding_session_id),
    wake_profile_id             text COLLATE "C",
    wake_enroll_status          text COLLATE "C" NOT NULL
        CHECK (wake_enroll_status IN ('IN_PROGRESS', 'PENDING', 'COMPLETE', 'DECLINED')),
    pass_target                 bigint           NOT NULL CHECK (pass_target BETWEEN 3 AND 8),
    pass_count                  bigint           NOT NULL CHECK (pass_count BETWEEN 0 AND 8),
    attempt_count               bigint           NOT NULL CHECK (attempt_count BETWEEN 0 AND 4294967295),
    max_attempts                bigint           NOT NULL CHECK (max_attempts BETWEEN 8 AND 20),
    enrollment_timeout_ms       bigint           NOT NULL CHECK (enrollment_timeout_ms BETWEEN 180000 AND 600000),
    reason_code                 text COLLATE "C",
    created_at                  bigint           NOT NULL,
    updated_at                  bigint           NOT NULL,
    completed_at                bigint,
    deferred_until              bigint,
    row_version                 bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    CHECK (pass_count <= pass_target),
    CHECK (pass_count <= attempt_count),
    CHECK ((wake_enroll_status = 'COMPLETE') = (completed_at IS NOT NULL)),
    CHECK (wake_profile_id IS NULL OR wake_enroll_status = 'COMPLETE')
);

CREATE UNIQUE INDEX wake_enrollment_sessions_in_progress ON wake_enrollment_sessions (user_id, device_id)
WHERE wake_enroll_status = 'IN_PROGRESS';

CREATE TRIGGER wake_enrollment_sessions_fixed BEFORE UPDATE ON wake_enrollment_sessions
FOR EACH ROW WHEN (NEW.wake_enrollment_session_id IS DISTINCT FROM OLD.wake_enrollment_session_id
  OR NEW.user_id IS DISTINCT FROM OLD.user_id
  OR NEW.device_id IS DISTINCT FROM OLD.device_id
  OR NEW.onboarding_session_id IS DISTINCT FROM OLD.onboarding_session_id
  OR NEW.created_at IS DISTINCT FROM OLD.created_at
  OR (OLD.wake_profile_id IS NOT NULL AND NEW.wake_profile_id IS DISTINCT FROM OLD.wake_profile_id))
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE wake_enrollment_samples (
    wake_enrollment_session_id  text COLLATE "C" NOT NULL REFERENCES wake_enrollment_sessions (wake_enrollment_session_id),
    sample_seq                  bigint           NOT NULL CHECK (sample_seq BETWEEN 1 AND 4294967295),
    captured_at                 bigint           NOT NULL,
    sample_duration_ms          bigint           NOT NULL CHECK (sample_duration_ms BETWEEN 500 AND 2200),
    vad_coverage                double precision NOT NULL CHECK (vad_coverage BETWEEN 0.0 AND 1.0),
    snr_db                      double precision NOT NULL CHECK (abs(snr_db) <= 3.4028235e38),
    clipping_pct                double precision NOT NULL CHECK (clipping_pct BETWEEN 0.0 AND 1.0),
    rms_dbfs                    double precision NOT NULL CHECK (abs(rms_dbfs) <= 3.4028235e38),
    noise_floor_dbfs            double precision NOT NULL CHECK (abs(noise_floor_dbfs) <= 3.4028235e38),
    peak_dbfs                   double precision NOT NULL CHECK (abs(peak_dbfs) <= 3.4028235e38),
    overlap_ratio               double precision NOT NULL CHECK (overlap_ratio BETWEEN 0.0 AND 1.0),
    result                      text COLLATE "C" NOT NULL CHECK (result IN ('PASS', 'FAIL')),
    reason_code                 text COLLATE "C",
    PRIMARY KEY (wake_enrollment_session_id, sample_seq)
);

CREATE TRIGGER wake_enrollment_samples_no_update BEFORE UPDATE ON wake_enrollment_samples
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER wake_enrollment_samples_no_delete BEFORE DELETE ON wake_enrollment_samples
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER wake_enrollment_samples_no_truncate BEFORE TRUNCATE ON wake_enrollment_samples
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();

CREATE TABLE wake_profile_bindings (
    user_id                     text COLLATE "C" NOT NULL,
    device_id                   text COLLATE "C" NOT NULL,
    wake_enrollment_session_id  text COLLATE "C" NOT NULL REFERENCES wake_enrollment_sessions (wake_enrollment_session_id),
    wake_profile_id             text COLLATE "C" NOT NULL,
    active                      bigint           NOT NULL CHECK (active IN (0, 1)),
    bound_at                    bigint           NOT NULL,
    unbound_at                  bigint,
    row_version                 bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    PRIMARY KEY (user_id, device_id, wake_enrollment_session_id),
    CHECK ((active = 1) = (unbound_at IS NULL))
);

CREATE UNIQUE INDEX wake_profile_bindings_active ON wake_profile_bindings (user_id, device_id)
WHERE active = 1;
