-- What an onboarding knows beforehand; why a campaign is over and whom it passes over; which campaigns a version has.
--
-- Same subset as before.

-- The prefilled context of the link, which never changes, so that of the sessions that are there is known as well.
DROP TRIGGER onboarding_sessions_pins_stay;
ALTER TABLE onboarding_sessions ADD COLUMN prefilled_context TEXT CHECK (length(prefilled_context) <= 8192);
UPDATE onboarding_sessions
SET prefilled_context = (SELECT link.prefilled_context FROM links AS link WHERE link.token_id = onboarding_sessions.token_id);
CREATE TRIGGER onboarding_sessions_pins_stay BEFORE UPDATE ON onboarding_sessions
WHEN NEW.onboarding_session_id IS NOT OLD.onboarding_session_id OR NEW.token_id IS NOT OLD.token_id
  OR NEW.invitee_type IS NOT OLD.invitee_type OR NEW.tenant_id IS NOT OLD.tenant_id
  OR NEW.prefilled_context_ref IS NOT OLD.prefilled_context_ref OR NEW.pinned_schema_id IS NOT OLD.pinned_schema_id
  OR NEW.pinned_schema_version IS NOT OLD.pinned_schema_version
  OR NEW.pinned_overlay_set_id IS NOT OLD.pinned_overlay_set_id
  OR NEW.pinned_selector_snapshot IS NOT OLD.pinned_selector_snapshot
  OR NEW.required_verification_gates IS NOT OLD.required_verification_gates
  OR NEW.device_fingerprint_hash IS NOT OLD.device_fingerprint_hash OR NEW.created_at IS NOT OLD.created_at
  OR NEW.prefilled_context IS NOT OLD.prefilled_context
BEGIN SELECT RAISE(ABORT, 'an onboarding session never changes what it is pinned to'); END;

-- How many people a campaign of before passed over is not known any more; why it is over follows from its targets.
DROP TRIGGER onboarding_backfill_campaigns_subject_stays;
ALTER TABLE onboarding_backfill_campaigns ADD COLUMN passed_over_count INTEGER
    CHECK (passed_over_count BETWEEN 0 AND 4294967295);
ALTER TABLE onboarding_backfill_campaigns ADD COLUMN completion_reason_code TEXT
    CHECK (completion_reason_code IS NULL OR state = 'COMPLETED');
UPDATE onboarding_backfill_campaigns
SET completion_reason_code =
    CASE total_target_count WHEN 0 THEN 'ONB_BACKFILL_NO_TARGETS' ELSE 'ONB_BACKFILL_FINISHED' END
WHERE state = 'COMPLETED';
CREATE TRIGGER onboarding_backfill_campaigns_subject_stays BEFORE UPDATE ON onboarding_backfill_campaigns
WHEN NEW.campaign_id IS NOT OLD.campaign_id OR NEW.tenant_id IS NOT OLD.tenant_id
  OR NEW.company_id IS NOT OLD.company_id OR NEW.position_id IS NOT OLD.position_id
  OR NEW.schema_version_id IS NOT OLD.schema_version_id OR NEW.rollout_scope IS NOT OLD.rollout_scope
  OR NEW.actor_user_id IS NOT OLD.actor_user_id OR NEW.total_target_count IS NOT OLD.total_target_count
  OR NEW.created_at IS NOT OLD.created_at OR NEW.passed_over_count IS NOT OLD.passed_over_count
BEGIN SELECT RAISE(ABORT, 'a campaign never changes what it is about'); END;

-- A completed onboarding looks for the campaigns of its version.
CREATE INDEX onboarding_backfill_campaigns_of_version
ON onboarding_backfill_campaigns (tenant_id, position_id, schema_version_id);

-- No target is FAILED: nothing ever made one. No other table refers to the targets.
CREATE TABLE onboarding_backfill_targets_new (
    campaign_id        TEXT    NOT NULL REFERENCES onboarding_backfill_campaigns (campaign_id),
    recipient_user_id  TEXT    NOT NULL REFERENCES identities (user_id),
    target_status      TEXT    NOT NULL
        CHECK (target_status IN ('PENDING', 'REQUESTED', 'REMINDED', 'COMPLETED', 'EXEMPTED')),
    updated_at         INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, recipient_user_id)
) STRICT, WITHOUT ROWID;
INSERT INTO onboarding_backfill_targets_new (campaign_id, recipient_user_id, target_status, updated_at)
SELECT campaign_id, recipient_user_id, target_status, updated_at FROM onboarding_backfill_targets
ORDER BY campaign_id, recipient_user_id;
DROP TABLE onboarding_backfill_targets;
ALTER TABLE onboarding_backfill_targets_new RENAME TO onboarding_backfill_targets;
CREATE INDEX onboarding_backfill_targets_pending ON onboarding_backfill_targets (campaign_id, target_status)
WHERE target_status = 'PENDING';
CREATE INDEX onboarding_backfill_targets_done ON onboarding_backfill_targets (campaign_id, target_status)
WHERE target_status IN ('COMPLETED', 'EXEMPTED');
CREATE TRIGGER onboarding_backfill_targets_key_stays BEFORE UPDATE ON onboarding_backfill_targets
WHEN NEW.campaign_id IS NOT OLD.campaign_id OR NEW.recipient_user_id IS NOT OLD.recipient_user_id
BEGIN SELECT RAISE(ABORT, 'a target never changes its campaign or its person'); END;
