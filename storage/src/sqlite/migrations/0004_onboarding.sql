-- Campaigns that ask existing people for new requirements, and their targets; what an onboarding session is pinned to.
--
-- Same subset as before.

CREATE TABLE onboarding_backfill_campaigns (
    campaign_id         TEXT    NOT NULL PRIMARY KEY,
    tenant_id           TEXT    NOT NULL,
    company_id          TEXT    NOT NULL,
    position_id         TEXT    NOT NULL,
    schema_version_id   TEXT    NOT NULL,
    rollout_scope       TEXT    NOT NULL CHECK (rollout_scope IN ('NEW_HIRES_ONLY', 'CURRENT_AND_NEW')),
    state               TEXT    NOT NULL CHECK (state IN ('DRAFT_CREATED', 'RUNNING', 'COMPLETED', 'CANCELED')),
    actor_user_id       TEXT    NOT NULL REFERENCES identities (user_id),
    total_target_count  INTEGER NOT NULL CHECK (total_target_count BETWEEN 0 AND 4294967295),
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    completed_at        INTEGER,
    FOREIGN KEY (tenant_id, position_id, schema_version_id)
        REFERENCES requirement_schemas (tenant_id, position_id, schema_version_id),
    CHECK ((state = 'COMPLETED') = (completed_at IS NOT NULL)),
    CHECK (state <> 'RUNNING' OR total_target_count > 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE onboarding_backfill_targets (
    campaign_id        TEXT    NOT NULL REFERENCES onboarding_backfill_campaigns (campaign_id),
    recipient_user_id  TEXT    NOT NULL REFERENCES identities (user_id),
    target_status      TEXT    NOT NULL
        CHECK (target_status IN ('PENDING', 'REQUESTED', 'REMINDED', 'COMPLETED', 'EXEMPTED', 'FAILED')),
    updated_at         INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, recipient_user_id)
) STRICT, WITHOUT ROWID;

-- Whether a target still waits, and how many are done, is told without a look at the others. With the status in it, each
-- index answers alone; without, SQLite takes the primary key and looks at every target.
CREATE INDEX onboarding_backfill_targets_pending ON onboarding_backfill_targets (campaign_id, target_status)
WHERE target_status = 'PENDING';
CREATE INDEX onboarding_backfill_targets_done ON onboarding_backfill_targets (campaign_id, target_status)
WHERE target_status IN ('COMPLETED', 'EXEMPTED');

-- The people of a tenant, sorted: the targets of a campaign are copied from here.
CREATE INDEX identities_of_tenant ON identities (tenant_id, user_id) WHERE status = 'ACTIVE';

-- Whose a row is, and what it is pinned to, never changes.

CREATE TRIGGER onboarding_sessions_pins_stay BEFORE UPDATE ON onboarding_sessions
WHEN NEW.onboarding_session_id IS NOT OLD.onboarding_session_id OR NEW.token_id IS NOT OLD.token_id
  OR NEW.invitee_type IS NOT OLD.invitee_type OR NEW.tenant_id IS NOT OLD.tenant_id
  OR NEW.prefilled_context_ref IS NOT OLD.prefilled_context_ref OR NEW.pinned_schema_id IS NOT OLD.pinned_schema_id
  OR NEW.pinned_schema_version IS NOT OLD.pinned_schema_version
  OR NEW.pinned_overlay_set_id IS NOT OLD.pinned_overlay_set_id
  OR NEW.pinned_selector_snapshot IS NOT OLD.pinned_selector_snapshot
  OR NEW.required_verification_gates IS NOT OLD.required_verification_gates
  OR NEW.device_fingerprint_hash IS NOT OLD.device_fingerprint_hash OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'an onboarding session never changes what it is pinned to'); END;
CREATE TRIGGER onboarding_backfill_campaigns_subject_stays BEFORE UPDATE ON onboarding_backfill_campaigns
WHEN NEW.campaign_id IS NOT OLD.campaign_id OR NEW.tenant_id IS NOT OLD.tenant_id
  OR NEW.company_id IS NOT OLD.company_id OR NEW.position_id IS NOT OLD.position_id
  OR NEW.schema_version_id IS NOT OLD.schema_version_id OR NEW.rollout_scope IS NOT OLD.rollout_scope
  OR NEW.actor_user_id IS NOT OLD.actor_user_id OR NEW.total_target_count IS NOT OLD.total_target_count OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'a campaign never changes what it is about'); END;
CREATE TRIGGER onboarding_backfill_targets_key_stays BEFORE UPDATE ON onboarding_backfill_targets
WHEN NEW.campaign_id IS NOT OLD.campaign_id OR NEW.recipient_user_id IS NOT OLD.recipient_user_id
BEGIN SELECT RAISE(ABORT, 'a target never changes its campaign or its person'); END;
