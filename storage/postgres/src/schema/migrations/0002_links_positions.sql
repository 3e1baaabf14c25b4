-- Invitation links; companies, positions and requirement schemas; campaigns and their targets.
--
-- Same subset as before.

CREATE TABLE links (
    token_id                 text COLLATE "C" NOT NULL PRIMARY KEY,
    draft_id                 text COLLATE "C" NOT NULL UNIQUE,
    invitee_type             text COLLATE "C" NOT NULL
        CHECK (invitee_type IN ('COMPANY', 'CUSTOMER', 'EMPLOYEE', 'FAMILY_MEMBER', 'FRIEND', 'ASSOCIATE')),
    link_status              text COLLATE "C" NOT NULL
        CHECK (link_status IN ('DRAFT_CREATED', 'SENT', 'OPENED', 'ACTIVATED', 'CONSUMED', 'EXPIRED', 'REVOKED', 'BLOCKED')),
    inviter_user_id          text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    tenant_id                text COLLATE "C",
    schema_version_id        text COLLATE "C",
    prefilled_context        text COLLATE "C",
    device_fingerprint_hash  bytea            CHECK (length(device_fingerprint_hash) = 32),
    created_at               bigint           NOT NULL,
    updated_at               bigint           NOT NULL,
    row_version              bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    CHECK (link_status NOT IN ('ACTIVATED', 'CONSUMED') OR device_fingerprint_hash IS NOT NULL),
    CHECK (length(prefilled_context) <= 8192)
);

CREATE TRIGGER links_fixed BEFORE UPDATE ON links
FOR EACH ROW WHEN (NEW.token_id IS DISTINCT FROM OLD.token_id
  OR NEW.draft_id IS DISTINCT FROM OLD.draft_id
  OR NEW.invitee_type IS DISTINCT FROM OLD.invitee_type
  OR NEW.inviter_user_id IS DISTINCT FROM OLD.inviter_user_id
  OR NEW.tenant_id IS DISTINCT FROM OLD.tenant_id
  OR NEW.schema_version_id IS DISTINCT FROM OLD.schema_version_id
  OR NEW.prefilled_context IS DISTINCT FROM OLD.prefilled_context
  OR NEW.created_at IS DISTINCT FROM OLD.created_at
  OR (OLD.device_fingerprint_hash IS NOT NULL AND NEW.device_fingerprint_hash IS DISTINCT FROM OLD.device_fingerprint_hash))
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE tenant_companies (
    tenant_id      text COLLATE "C" NOT NULL,
    company_id     text COLLATE "C" NOT NULL,
    legal_name     text COLLATE "C" NOT NULL,
    company_state  text COLLATE "C" NOT NULL CHECK (company_state IN ('ACTIVE', 'SUSPENDED', 'CLOSED')),
    created_at     bigint           NOT NULL,
    updated_at     bigint           NOT NULL,
    row_version    bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    PRIMARY KEY (tenant_id, company_id)
);

CREATE TRIGGER tenant_companies_fixed BEFORE UPDATE ON tenant_companies
FOR EACH ROW WHEN (NEW.tenant_id IS DISTINCT FROM OLD.tenant_id
  OR NEW.company_id IS DISTINCT FROM OLD.company_id
  OR NEW.created_at IS DISTINCT FROM OLD.created_at)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE positions (
    tenant_id               text COLLATE "C" NOT NULL,
    position_id             text COLLATE "C" NOT NULL,
    company_id              text COLLATE "C" NOT NULL,
    position_title          text COLLATE "C" NOT NULL,
    department              text COLLATE "C" NOT NULL,
    jurisdiction            text COLLATE "C" NOT NULL,
    schedule_type           text COLLATE "C" NOT NULL
        CHECK (schedule_type IN ('FULL_TIME', 'PART_TIME', 'CONTRACT', 'SHIFT')),
    permission_profile_ref  text COLLATE "C" NOT NULL,
    compensation_band_ref   text COLLATE "C" NOT NULL,
    position_lifecycle      text COLLATE "C" NOT NULL
        CHECK (position_lifecycle IN ('DRAFT', 'ACTIVE', 'SUSPENDED', 'RETIRED')),
    created_at              bigint           NOT NULL,
    updated_at              bigint           NOT NULL,
    row_version             bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    PRIMARY KEY (tenant_id, position_id),
    FOREIGN KEY (tenant_id, company_id) REFERENCES tenant_companies (tenant_id, company_id)
);

CREATE TRIGGER positions_fixed BEFORE UPDATE ON positions
FOR EACH ROW WHEN (NEW.tenant_id IS DISTINCT FROM OLD.tenant_id
  OR NEW.position_id IS DISTINCT FROM OLD.position_id
  OR NEW.company_id IS DISTINCT FROM OLD.company_id
  OR NEW.created_at IS DISTINCT FROM OLD.created_at)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE position_events (
    tenant_id           text COLLATE "C" NOT NULL,
    position_id         text COLLATE "C" NOT NULL,
    position_event_seq  bigint           NOT NULL CHECK (position_event_seq >= 1),
    position_lifecycle  text COLLATE "C" NOT NULL
        CHECK (position_lifecycle IN ('DRAFT', 'ACTIVE', 'SUSPENDED', 'RETIRED')),
    created_at          bigint           NOT NULL,
    PRIMARY KEY (tenant_id, position_id, position_event_seq),
    FOREIGN KEY (tenant_id, position_id) REFERENCES positions (tenant_id, position_id)
);

CREATE TRIGGER position_events_no_update BEFORE UPDATE ON position_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER position_events_no_delete BEFORE DELETE ON position_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER position_events_no_truncate BEFORE TRUNCATE ON position_events
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();

CREATE TABLE requirement_schemas (
    tenant_id           text COLLATE "C" NOT NULL,
    position_id         text COLLATE "C" NOT NULL,
    schema_version_id   text COLLATE "C" NOT NULL,
    schema_state        text COLLATE "C" NOT NULL CHECK (schema_state IN ('DRAFT', 'ACTIVE', 'RETIRED')),
    rollout_scope       text COLLATE "C" CHECK (rollout_scope IN ('NEW_HIRES_ONLY', 'CURRENT_AND_NEW')),
    selectors           text COLLATE "C" NOT NULL,
    requirement_fields  text COLLATE "C" NOT NULL,
    created_at          bigint           NOT NULL,
    updated_at          bigint           NOT NULL,
    row_version         bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    PRIMARY KEY (tenant_id, position_id, schema_version_id),
    FOREIGN KEY (tenant_id, position_id) REFERENCES positions (tenant_id, position_id),
    CHECK ((schema_state = 'DRAFT') = (rollout_scope IS NULL)),
    CHECK (length(selectors) <= 2048),
    CHECK (length(requirement_fields) <= 262144)
);

CREATE UNIQUE INDEX requirement_schemas_active ON requirement_schemas (tenant_id, position_id)
WHERE schema_state = 'ACTIVE';

CREATE TRIGGER requirement_schemas_fixed BEFORE UPDATE ON requirement_schemas
FOR EACH ROW WHEN (NEW.tenant_id IS DISTINCT FROM OLD.tenant_id
  OR NEW.position_id IS DISTINCT FROM OLD.position_id
  OR NEW.schema_version_id IS DISTINCT FROM OLD.schema_version_id
  OR NEW.selectors IS DISTINCT FROM OLD.selectors
  OR NEW.requirement_fields IS DISTINCT FROM OLD.requirement_fields
  OR NEW.created_at IS DISTINCT FROM OLD.created_at
  OR (OLD.rollout_scope IS NOT NULL AND NEW.rollout_scope IS DISTINCT FROM OLD.rollout_scope))
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE onboarding_backfill_campaigns (
    campaign_id             text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id               text COLLATE "C" NOT NULL,
    company_id              text COLLATE "C" NOT NULL,
    position_id             text COLLATE "C" NOT NULL,
    schema_version_id       text COLLATE "C" NOT NULL,
    rollout_scope           text COLLATE "C" NOT NULL CHECK (rollout_scope IN ('NEW_HIRES_ONLY', 'CURRENT_AND_NEW')),
    state                   text COLLATE "C" NOT NULL
        CHECK (state IN ('DRAFT_CREATED', 'RUNNING', 'COMPLETED', 'CANCELED')),
    actor_user_id           text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    total_target_count      bigint           NOT NULL CHECK (total_target_count BETWEEN 0 AND 4294967295),
    created_at              bigint           NOT NULL,
    updated_at              bigint           NOT NULL,
    completed_at            bigint,
    passed_over_count       bigint           CHECK (passed_over_count BETWEEN 0 AND 4294967295),
    completion_reason_code  text COLLATE "C",
    row_version             bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    FOREIGN KEY (tenant_id, position_id, schema_version_id) REFERENCES requirement_schemas (tenant_id, position_id, schema_version_id),
    CHECK (state <> 'RUNNING' OR total_target_count > 0),
    CHECK ((state = 'COMPLETED') = (completed_at IS NOT NULL)),
    CHECK (completion_reason_code IS NULL OR state = 'COMPLETED')
);

CREATE INDEX onboarding_backfill_campaigns_by_tenant_id_position_id_f5c3224f ON onboarding_backfill_campaigns (tenant_id, position_id, schema_version_id);

CREATE TRIGGER onboarding_backfill_campaigns_fixed BEFORE UPDATE ON onboarding_backfill_campaigns
FOR EACH ROW WHEN (NEW.campaign_id IS DISTINCT FROM OLD.campaign_id
  OR NEW.tenant_id IS DISTINCT FROM OLD.tenant_id
  OR NEW.company_id IS DISTINCT FROM OLD.company_id
  OR NEW.position_id IS DISTINCT FROM OLD.position_id
  OR NEW.schema_version_id IS DISTINCT FROM OLD.schema_version_id
  OR NEW.rollout_scope IS DISTINCT FROM OLD.rollout_scope
  OR NEW.actor_user_id IS DISTINCT FROM OLD.actor_user_id
  OR NEW.total_target_count IS DISTINCT FROM OLD.total_target_count
  OR NEW.created_at IS DISTINCT FROM OLD.created_at
  OR NEW.passed_over_count IS DISTINCT FROM OLD.passed_over_count)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE onboarding_backfill_targets (
    campaign_id        text COLLATE "C" NOT NULL REFERENCES onboarding_backfill_campaigns (campaign_id),
    recipient_user_id  text COLLATE "C" NOT NULL REFERENCES identities (user_id),
    target_status      text COLLATE "C" NOT NULL
        CHECK (target_status IN ('PENDING', 'REQUESTED', 'REMINDED', 'COMPLETED', 'EXEMPTED')),
    updated_at         bigint           NOT NULL,
    row_version        bigint           NOT NULL DEFAULT 0 CHECK (row_version >= 0),
    PRIMARY KEY (campaign_id, recipient_user_id)
);

CREATE INDEX onboarding_backfill_targets_pending ON onboarding_backfill_targets (campaign_id, target_status)
WHERE target_status = 'PENDING';

CREATE INDEX onboarding_backfill_targets_done ON onboarding_backfill_targets (campaign_id, target_status)
WHERE target_status IN ('COMPLETED', 'EXEMPTED');

CREATE TRIGGER onboarding_backfill_targets_fixed BEFORE UPDATE ON onboarding_backfill_targets
FOR EACH ROW WHEN (NEW.campaign_id IS DISTINCT FROM OLD.campaign_id
  OR NEW.recipient_user_id IS DISTINCT FROM OLD.recipient_user_id)
EXECUTE FUNCTION selene_fixed_column();

CREATE TABLE requirement_schema_events (
    tenant_id          text COLLATE "C" NOT NULL,
    position_id        text COLLATE "C" NOT NULL,
    schema_event_seq   bigint           NOT NULL CHECK (schema_event_seq >= 1),
    schema_version_id  text COLLATE "C" NOT NULL,
    schema_state       text COLLATE "C" NOT NULL CHECK (schema_state IN ('DRAFT', 'ACTIVE', 'RETIRED')),
    rollout_scope      text COLLATE "C" CHECK (rollout_scope IN ('NEW_HIRES_ONLY', 'CURRENT_AND_NEW')),
    created_at         bigint           NOT NULL,
    PRIMARY KEY (tenant_id, position_id, schema_event_seq),
    FOREIGN KEY (tenant_id, position_id, schema_version_id) REFERENCES requirement_schemas (tenant_id, position_id, schema_version_id),
    CHECK ((schema_state = 'DRAFT') = (rollout_scope IS NULL))
);

CREATE TRIGGER requirement_schema_events_no_update BEFORE UPDATE ON requirement_schema_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER requirement_schema_events_no_delete BEFORE DELETE ON requirement_schema_events
FOR EACH ROW
EXECUTE FUNCTION selene_append_only();

CREATE TRIGGER requirement_schema_events_no_truncate BEFORE TRUNCATE ON requirement_schema_events
FOR EACH STATEMENT
EXECUTE FUNCTION selene_append_only();
