-- Invitation links; companies, positions and requirement schemas; access instances.
--
-- Same subset as before. Small documents are JSON text, written from the typed records of the contracts only; their lengths are
-- bounded here as well, with room for escapes.

CREATE TABLE links (
    token_id                 TEXT    NOT NULL PRIMARY KEY,
    draft_id                 TEXT    NOT NULL UNIQUE,
    invitee_type             TEXT    NOT NULL CHECK (invitee_type IN
        ('COMPANY', 'CUSTOMER', 'EMPLOYEE', 'FAMILY_MEMBER', 'FRIEND', 'ASSOCIATE')),
    link_status              TEXT    NOT NULL CHECK (link_status IN
        ('DRAFT_CREATED', 'SENT', 'OPENED', 'ACTIVATED', 'CONSUMED', 'EXPIRED', 'REVOKED', 'BLOCKED')),
    inviter_user_id          TEXT    NOT NULL REFERENCES identities (user_id),
    tenant_id                TEXT,
    schema_version_id        TEXT,
    prefilled_context        TEXT    CHECK (length(prefilled_context) <= 8192),
    device_fingerprint_hash  BLOB    CHECK (length(device_fingerprint_hash) = 32),
    created_at               INTEGER NOT NULL,
    updated_at               INTEGER NOT NULL,
    CHECK (link_status NOT IN ('ACTIVATED', 'CONSUMED') OR device_fingerprint_hash IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant_companies (
    tenant_id      TEXT    NOT NULL,
    company_id     TEXT    NOT NULL,
    legal_name     TEXT    NOT NULL,
    company_state  TEXT    NOT NULL CHECK (company_state IN ('ACTIVE', 'SUSPENDED', 'CLOSED')),
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, company_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
    tenant_id               TEXT    NOT NULL,
    position_id             TEXT    NOT NULL,
    company_id              TEXT    NOT NULL,
    position_title          TEXT    NOT NULL,
    department              TEXT    NOT NULL,
    jurisdiction            TEXT    NOT NULL,
    schedule_type           TEXT    NOT NULL CHECK (schedule_type IN ('FULL_TIME', 'PART_TIME', 'CONTRACT', 'SHIFT')),
    permission_profile_ref  TEXT    NOT NULL,
    compensation_band_ref   TEXT    NOT NULL,
    position_lifecycle      TEXT    NOT NULL CHECK (position_lifecycle IN ('DRAFT', 'ACTIVE', 'SUSPENDED', 'RETIRED')),
    created_at              INTEGER NOT NULL,
    updated_at              INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, position_id),
    FOREIGN KEY (tenant_id, company_id) REFERENCES tenant_companies (tenant_id, company_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE position_events (
    tenant_id           TEXT    NOT NULL,
    position_id         TEXT    NOT NULL,
    position_event_seq  INTEGER NOT NULL CHECK (position_event_seq >= 1),
    position_lifecycle  TEXT    NOT NULL CHECK (position_lifecycle IN ('DRAFT', 'ACTIVE', 'SUSPENDED', 'RETIRED')),
    created_at          INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, position_id, position_event_seq),
    FOREIGN KEY (tenant_id, position_id) REFERENCES positions (tenant_id, position_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE requirement_schemas (
    tenant_id           TEXT    NOT NULL,
    position_id         TEXT    NOT NULL,
    schema_version_id   TEXT    NOT NULL,
    schema_state        TEXT    NOT NULL CHECK (schema_state IN ('DRAFT', 'ACTIVE', 'RETIRED')),
    rollout_scope       TEXT    CHECK (rollout_scope IN ('NEW_HIRES_ONLY', 'CURRENT_AND_NEW')),
    selectors           TEXT    NOT NULL CHECK (length(selectors) <= 2048),
    requirement_fields  TEXT    NOT NULL CHECK (length(requirement_fields) <= 262144),
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, position_id, schema_version_id),
    FOREIGN KEY (tenant_id, position_id) REFERENCES positions (tenant_id, position_id),
    CHECK ((schema_state = 'DRAFT') = (rollout_scope IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX requirement_schemas_active ON requirement_schemas (tenant_id, position_id) WHERE schema_state = 'ACTIVE';

CREATE TABLE requirement_schema_events (
    tenant_id          TEXT    NOT NULL,
    position_id        TEXT    NOT NULL,
    schema_event_seq   INTEGER NOT NULL CHECK (schema_event_seq >= 1),
    schema_version_id  TEXT    NOT NULL,
    schema_state       TEXT    NOT NULL CHECK (schema_state IN ('DRAFT', 'ACTIVE', 'RETIRED')),
    rollout_scope      TEXT    CHECK (rollout_scope IN ('NEW_HIRES_ONLY', 'CURRENT_AND_NEW')),
    created_at         INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, position_id, schema_event_seq),
    FOREIGN KEY (tenant_id, position_id, schema_version_id)
        REFERENCES requirement_schemas (tenant_id, position_id, schema_version_id),
    CHECK ((schema_state = 'DRAFT') = (rollout_scope IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE access_instances (
    access_instance_id  TEXT    NOT NULL PRIMARY KEY,
    tenant_id           TEXT    NOT NULL,
    user_id             TEXT    NOT NULL REFERENCES identities (user_id),
    role_template_id    TEXT    NOT NULL,
    access_lifecycle    TEXT    NOT NULL CHECK (access_lifecycle IN ('RESTRICTED', 'ACTIVE', 'SUSPENDED')),
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL,
    UNIQUE (tenant_id, user_id)
) STRICT, WITHOUT ROWID;

-- The third lock of the new ledgers, as of those before.

CREATE TRIGGER position_events_no_update BEFORE UPDATE ON position_events
BEGIN SELECT RAISE(ABORT, 'position_events is append-only'); END;
CREATE TRIGGER position_events_no_delete BEFORE DELETE ON position_events
BEGIN SELECT RAISE(ABORT, 'position_events is append-only'); END;
CREATE TRIGGER position_events_no_replace BEFORE INSERT ON position_events
WHEN EXISTS (SELECT 1 FROM position_events
             WHERE tenant_id = NEW.tenant_id AND position_id = NEW.position_id AND position_event_seq = NEW.position_event_seq)
BEGIN SELECT RAISE(ABORT, 'position_events is append-only'); END;

CREATE TRIGGER requirement_schema_events_no_update BEFORE UPDATE ON requirement_schema_events
BEGIN SELECT RAISE(ABORT, 'requirement_schema_events is append-only'); END;
CREATE TRIGGER requirement_schema_events_no_delete BEFORE DELETE ON requirement_schema_events
BEGIN SELECT RAISE(ABORT, 'requirement_schema_events is append-only'); END;
CREATE TRIGGER requirement_schema_events_no_replace BEFORE INSERT ON requirement_schema_events
WHEN EXISTS (SELECT 1 FROM requirement_schema_events
             WHERE tenant_id = NEW.tenant_id AND position_id = NEW.position_id AND schema_event_seq = NEW.schema_event_seq)
BEGIN SELECT RAISE(ABORT, 'requirement_schema_events is append-only'); END;

-- Whose a row is, and what it was made for, never changes.

CREATE TRIGGER links_origin_stays BEFORE UPDATE ON links
WHEN NEW.token_id IS NOT OLD.token_id OR NEW.draft_id IS NOT OLD.draft_id OR NEW.invitee_type IS NOT OLD.invitee_type
  OR NEW.inviter_user_id IS NOT OLD.inviter_user_id OR NEW.tenant_id IS NOT OLD.tenant_id
  OR NEW.schema_version_id IS NOT OLD.schema_version_id OR NEW.prefilled_context IS NOT OLD.prefilled_context
  OR NEW.created_at IS NOT OLD.created_at
  OR (OLD.device_fingerprint_hash IS NOT NULL AND NEW.device_fingerprint_hash IS NOT OLD.device_fingerprint_hash)
BEGIN SELECT RAISE(ABORT, 'a link never changes what it invites to, or its device'); END;
CREATE TRIGGER tenant_companies_key_stays BEFORE UPDATE ON tenant_companies
WHEN NEW.tenant_id IS NOT OLD.tenant_id OR NEW.company_id IS NOT OLD.company_id OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'a company never changes its tenant'); END;
CREATE TRIGGER positions_company_stays BEFORE UPDATE ON positions
WHEN NEW.tenant_id IS NOT OLD.tenant_id OR NEW.position_id IS NOT OLD.position_id OR NEW.company_id IS NOT OLD.company_id
  OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'a position never changes its company'); END;
CREATE TRIGGER requirement_schemas_fields_stay BEFORE UPDATE ON requirement_schemas
WHEN NEW.tenant_id IS NOT OLD.tenant_id OR NEW.position_id IS NOT OLD.position_id
  OR NEW.schema_version_id IS NOT OLD.schema_version_id OR NEW.selectors IS NOT OLD.selectors
  OR NEW.requirement_fields IS NOT OLD.requirement_fields OR NEW.created_at IS NOT OLD.created_at
  OR (OLD.rollout_scope IS NOT NULL AND NEW.rollout_scope IS NOT OLD.rollout_scope)
BEGIN SELECT RAISE(ABORT, 'a version of a requirement schema never changes its fields'); END;
CREATE TRIGGER access_instances_owner_stays BEFORE UPDATE ON access_instances
WHEN NEW.access_instance_id IS NOT OLD.access_instance_id OR NEW.tenant_id IS NOT OLD.tenant_id
  OR NEW.user_id IS NOT OLD.user_id OR NEW.role_template_id IS NOT OLD.role_template_id
  OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'an access instance never changes its person, its tenant or its role'); END;
