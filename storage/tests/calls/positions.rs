//! Positions, requirement schemas and links as they lie in the file: ledgers that fold to the current rows, rows that
//! keep what they were made for, documents within their bounds, and no fingerprint anywhere.

use selene_contracts::ph1_link::{
    Ph1LinkRepo as _, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
};
use selene_contracts::ph1_onb::Ph1OnbRepo as _;
use selene_contracts::ph1_position::{
    EvidenceMode, Ph1PositionRepo as _, Ph1positionLifecycleCommitRow, Ph1positionReadActiveSchemaRow,
    Ph1positionSchemaActivateCommitRow, PositionLifecycle, RequiredRule, RequirementField,
};
use selene_contracts::shared::{PrefilledContext, RolloutScope, TokenId};
use selene_contracts::{StorageError, TruthType, ph1_link, ph1_position, ph2_access};
use selene_storage::SqliteStore;
use selene_storage::test_support::inputs;

use crate::common::{World, dump, populate, raw, schema, simulated, workplace};

fn move_position(store: &SqliteStore, tenant: &str, to: PositionLifecycle, now: u64) -> bool {
    let input = Ph1positionLifecycleCommitRow {
        tenant_id: tenant.into(),
        position_id: "nurse".into(),
        position_lifecycle: to,
        idempotency_key: format!("move-{now}").into(),
    };
    store.ph1position_lifecycle_commit_row(&simulated(now), input).is_ok()
}

fn activate(store: &SqliteStore, tenant: &str, version: &str, now: u64) -> Result<(), StorageError> {
    let input = Ph1positionSchemaActivateCommitRow {
        tenant_id: tenant.into(),
        position_id: "nurse".into(),
        schema_version_id: version.into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        idempotency_key: format!("activate-{now}").into(),
    };
    store.ph1position_schema_activate_commit_row(&simulated(now), input).map(drop)
}

#[test]
fn ledgers_fold_to_the_current_rows() {
    use PositionLifecycle::{Active, Draft, Retired, Suspended};
    let world = World::new();
    let store = world.open();
    for tenant in ["t", "u"] {
        workplace(&store, tenant);
        for version in ["v2", "v3", "v4"] {
            store.ph1position_schema_draft_row(&simulated(11), schema(tenant, version)).unwrap();
        }
    }
    // Refused moves are among them: they must leave nothing.
    let moves = [Suspended, Active, Active, Draft, Suspended, Active, Retired, Active];
    let applied: Vec<bool> =
        moves.iter().zip(20..).map(|(to, now)| move_position(&store, "t", *to, now)).collect();
    assert_eq!(applied, [false, true, false, false, true, true, true, false]);
    assert!(move_position(&store, "u", Retired, 30));
    for (version, now) in [("v1", 40), ("v3", 41), ("v1", 42), ("v2", 43)] {
        assert_eq!(activate(&store, "t", version, now).is_ok(), now != 42);
    }
    activate(&store, "u", "v4", 44).unwrap();
    drop(store);

    let raw = world.raw();
    let count = |sql: &str| raw.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let positions = "SELECT count(*) FROM positions p WHERE
        (SELECT count(*) FROM position_events e WHERE e.tenant_id = p.tenant_id AND e.position_id = p.position_id)
          = (SELECT max(position_event_seq) FROM position_events e
             WHERE e.tenant_id = p.tenant_id AND e.position_id = p.position_id)
        AND (p.position_lifecycle, p.updated_at) = (SELECT position_lifecycle, created_at FROM position_events e
             WHERE e.tenant_id = p.tenant_id AND e.position_id = p.position_id ORDER BY position_event_seq DESC LIMIT 1)
        AND ('DRAFT', p.created_at) = (SELECT position_lifecycle, created_at FROM position_events e
             WHERE e.tenant_id = p.tenant_id AND e.position_id = p.position_id AND position_event_seq = 1)";
    assert_eq!((count(positions), count("SELECT count(*) FROM positions")), (2, 2));
    assert_eq!(count("SELECT count(*) FROM position_events WHERE tenant_id = 't'"), 5);
    let schemas = "SELECT count(*) FROM requirement_schemas s WHERE
        (s.schema_state, coalesce(s.rollout_scope, ''), s.updated_at) =
            (SELECT schema_state, coalesce(rollout_scope, ''), created_at FROM requirement_schema_events e
             WHERE e.tenant_id = s.tenant_id AND e.position_id = s.position_id
               AND e.schema_version_id = s.schema_version_id ORDER BY schema_event_seq DESC LIMIT 1)";
    assert_eq!((count(schemas), count("SELECT count(*) FROM requirement_schemas")), (8, 8));
    let mut statement = raw
        .prepare(
            "SELECT schema_version_id || ' ' || schema_state FROM requirement_schema_events
             WHERE tenant_id = 't' ORDER BY schema_event_seq",
        )
        .unwrap();
    let ledger: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let expected = [
        "v1 DRAFT",
        "v2 DRAFT",
        "v3 DRAFT",
        "v4 DRAFT",
        "v1 ACTIVE",
        "v1 RETIRED",
        "v3 ACTIVE",
        "v3 RETIRED",
        "v2 ACTIVE",
    ];
    assert_eq!(ledger, expected);
    let gaps = "SELECT count(*) - max(schema_event_seq) FROM requirement_schema_events WHERE tenant_id = 't'";
    assert_eq!(count(gaps), 0);
}

/// A link of Ada that her phone has opened.
fn opened_link(store: &SqliteStore, fingerprint: &str) -> TokenId {
    let generate =
        Ph1linkInviteGenerateDraftRow { tenant_id: Some("t".into()), ..inputs::link("ada", "link") };
    let link = store.ph1link_invite_generate_draft_row(&simulated(10), generate).unwrap().value;
    let open = Ph1linkInviteOpenActivateCommitRow {
        token_id: link.token_id.clone(),
        device_fingerprint: fingerprint.into(),
        idempotency_key: "open".into(),
    };
    store.ph1link_invite_open_activate_commit_row(&simulated(11), open).unwrap();
    link.token_id
}

#[test]
fn rows_keep_what_they_were_made_for() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    workplace(&store, "t");
    store.ph1position_schema_draft_row(&simulated(11), schema("t", "v2")).unwrap();
    activate(&store, "t", "v1", 12).unwrap();
    opened_link(&store, "phone");
    let access = ph2_access::Ph2accessInstanceCreateCommitRow {
        tenant_id: "t".into(),
        user_id: "ada".into(),
        role_template_id: "nurse".into(),
        access_lifecycle: ph2_access::AccessLifecycle::Active,
        idempotency_key: "access".into(),
    };
    ph2_access::Ph2AccessRepo::ph2access_instance_create_commit_row(&store, &simulated(12), access).unwrap();
    let before = dump(&world.path());
    let raw = world.raw();
    for (sql, words) in [
        ("UPDATE links SET device_fingerprint_hash = zeroblob(32)", "never changes"),
        ("UPDATE links SET device_fingerprint_hash = NULL", "never changes"),
        ("UPDATE links SET tenant_id = 'u'", "never changes"),
        ("UPDATE links SET prefilled_context = '{}'", "never changes"),
        ("UPDATE tenant_companies SET tenant_id = 'u'", "never changes"),
        ("UPDATE positions SET company_id = 'other'", "never changes"),
        ("UPDATE requirement_schemas SET requirement_fields = '[1]'", "never changes"),
        ("UPDATE requirement_schemas SET selectors = '[]'", "never changes"),
        (
            "UPDATE requirement_schemas SET rollout_scope = 'NEW_HIRES_ONLY' WHERE schema_state = 'ACTIVE'",
            "never changes",
        ),
        ("UPDATE access_instances SET user_id = 'bob'", "never changes"),
        ("UPDATE access_instances SET role_template_id = 'doctor'", "never changes"),
        (
            "UPDATE requirement_schemas SET schema_state = 'ACTIVE', rollout_scope = 'NEW_HIRES_ONLY' WHERE schema_version_id = 'v2'",
            "UNIQUE",
        ),
        ("UPDATE requirement_schemas SET schema_state = 'DRAFT' WHERE schema_version_id = 'v1'", "CHECK"),
        (
            "INSERT INTO access_instances SELECT 'other', tenant_id, user_id, role_template_id, access_lifecycle, 0, 0, 0 FROM access_instances",
            "UNIQUE",
        ),
    ] {
        let error = raw.execute(sql, []).expect_err(sql);
        assert!(error.to_string().contains(words), "{sql}: {error}");
    }
    assert_eq!(dump(&world.path()), before);
}

#[test]
fn no_fingerprint_is_in_the_file() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let fingerprint = "a fingerprint that would be found";
    let start = inputs::onboarding_start(opened_link(&store, fingerprint), fingerprint);
    assert!(store.ph1onb_session_start_draft_row(&simulated(12), start.clone()).unwrap().is_applied());
    assert!(!store.ph1onb_session_start_draft_row(&simulated(13), start).unwrap().is_applied());
    let found = |text: &[u8]| text.windows(fingerprint.len()).any(|window| window == fingerprint.as_bytes());
    let mut bytes = 0;
    for entry in std::fs::read_dir(world.path().parent().unwrap()).unwrap() {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        bytes += content.len();
        assert!(!found(&content));
    }
    assert!(bytes > 0 && found(fingerprint.as_bytes()));
    let plain = blake3::hash(fingerprint.as_bytes());
    for table in ["links", "onboarding_sessions"] {
        let sql = format!("SELECT device_fingerprint_hash FROM {table}");
        let kept: Vec<u8> = world.raw().query_row(&sql, [], |row| row.get(0)).unwrap();
        assert!(kept.len() == 32 && kept != plain.as_bytes(), "{table}");
    }
}

#[test]
fn the_longest_documents_fit_and_longer_ones_are_refused() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    workplace(&store, "t");
    // A quotation mark takes two bytes in JSON: nothing that passes the door is longer.
    let long = |length: usize| "\"".repeat(length - 2) + "xx";
    let fields = (0..64_u32).map(|number| RequirementField {
        field_key: format!("{number:02}{}", "\"".repeat(62)).into(),
        field_type: long(32).into(),
        required_rule: RequiredRule::Conditional,
        required_predicate: Some(format!("jurisdiction={}", "\"".repeat(115)).into()),
        sensitivity: long(32).into(),
        exposure: long(32).into(),
        evidence_mode: EvidenceMode::Attestation,
        prompt_ref: Some(long(128).into()),
    });
    let mut input = schema("t", "long");
    input.requirement_fields = fields.collect();
    input.selectors.company_size = Some(long(32).into());
    input.selectors.industry_code = Some(long(32).into());
    input.selectors.jurisdiction = Some(long(32).into());
    input.selectors.position_family = Some(long(64).into());
    let drafted = store.ph1position_schema_draft_row(&simulated(20), input.clone()).unwrap().value;
    activate(&store, "t", "long", 21).unwrap();
    let read = Ph1positionReadActiveSchemaRow { tenant_id: "t".into(), position_id: "nurse".into() };
    let active = store.ph1position_read_active_schema_row(&simulated(22), read).unwrap().unwrap();
    assert_eq!(active.requirement_fields, drafted.requirement_fields);
    assert_eq!(active.selectors, drafted.selectors);
    input.schema_version_id = "longer".into();
    input.requirement_fields.push(input.requirement_fields[0].clone());
    let error = store.ph1position_schema_draft_row(&simulated(23), input).unwrap_err();
    assert_eq!(error.reason_code().as_str(), "POSITION_CONTRACT_VALIDATION_FAILED");

    let context = PrefilledContext {
        tenant_id: None,
        company_id: Some(long(64).into()),
        position_id: Some(long(64).into()),
        location_id: Some(long(64).into()),
        start_date: Some(long(32).into()),
        working_hours: Some(long(64).into()),
        compensation_tier_ref: Some(long(64).into()),
        jurisdiction_tags: vec![long(32).into(); 8],
    };
    let mut generate = Ph1linkInviteGenerateDraftRow {
        prefilled_context: Some(context.clone()),
        ..inputs::link("ada", "long")
    };
    let token_id =
        store.ph1link_invite_generate_draft_row(&simulated(20), generate.clone()).unwrap().value.token_id;
    let read = ph1_link::Ph1linkReadLinkRow { token_id };
    let link = store.ph1link_read_link_row(&simulated(21), read).unwrap().unwrap();
    assert_eq!(link.prefilled_context, Some(context.clone()));
    generate.prefilled_context.as_mut().unwrap().jurisdiction_tags.push("DE".into());
    generate.idempotency_key = "longer".into();
    let error = store.ph1link_invite_generate_draft_row(&simulated(22), generate).unwrap_err();
    assert_eq!(error.reason_code().as_str(), "LINK_CONTRACT_VALIDATION_FAILED");
}

#[test]
fn tables_are_as_the_contracts_say() {
    let world = World::new();
    drop(world.open());
    let raw = raw(&world.path());
    let list = |sql: &str, name: &str| -> Vec<String> {
        let mut statement = raw.prepare(sql).unwrap();
        statement.query_map([name], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let engines = [&ph1_link::ENGINE, &ph1_position::ENGINE, &ph2_access::ENGINE];
    for table in engines.iter().flat_map(|engine| engine.tables) {
        let name = table.bare_name();
        let mut columns: Vec<_> = table.columns.iter().map(|column| column.name).collect();
        // Beside what the contract says, a current row counts how often it was written.
        columns.extend((table.truth_type == TruthType::Current).then_some("row_version"));
        assert_eq!(list("SELECT name FROM pragma_table_info(?1)", name), columns, "{name}");
        let key = list("SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", name);
        assert_eq!(key, table.primary_key, "{name}");
        let indices =
            list("SELECT name FROM pragma_index_list(?1) WHERE \"unique\" = 1 AND partial = 0", name);
        for unique_key in table.unique_keys {
            let is_there = indices.iter().any(|index| {
                list("SELECT name FROM pragma_index_info(?1) ORDER BY seqno", index) == *unique_key
            });
            assert!(is_there, "{name}: {unique_key:?}");
        }
    }
}

#[test]
fn every_read_goes_by_an_index() {
    let world = World::new();
    drop(world.open());
    let raw = raw(&world.path());
    let by_position = "tenant_id = 't' AND position_id = 'p'";
    for (sql, by) in [
        ("SELECT 1 FROM links WHERE token_id = 'x'".to_owned(), "PRIMARY KEY (token_id=?)"),
        (
            "SELECT 1 FROM tenant_companies WHERE tenant_id = 't' AND company_id = 'c'".to_owned(),
            "PRIMARY KEY (tenant_id=? AND company_id=?)",
        ),
        (
            format!("SELECT 1 FROM positions WHERE {by_position}"),
            "PRIMARY KEY (tenant_id=? AND position_id=?)",
        ),
        (
            format!("SELECT 1 FROM requirement_schemas WHERE {by_position} AND schema_version_id = 'v'"),
            "PRIMARY KEY (tenant_id=? AND position_id=? AND schema_version_id=?)",
        ),
        (
            format!("SELECT 1 FROM requirement_schemas WHERE {by_position} AND schema_state = 'ACTIVE'"),
            "requirement_schemas_active (tenant_id=? AND position_id=?)",
        ),
        (
            format!("SELECT max(position_event_seq) FROM position_events WHERE {by_position}"),
            "PRIMARY KEY (tenant_id=? AND position_id=?)",
        ),
        (
            format!("SELECT max(schema_event_seq) FROM requirement_schema_events WHERE {by_position}"),
            "PRIMARY KEY (tenant_id=? AND position_id=?)",
        ),
        (
            "SELECT 1 FROM access_instances WHERE tenant_id = 't' AND user_id = 'u'".to_owned(),
            "sqlite_autoindex_access_instances_2 (tenant_id=? AND user_id=?)",
        ),
    ] {
        let plan: String = raw.query_row(&format!("EXPLAIN QUERY PLAN {sql}"), [], |row| row.get(3)).unwrap();
        assert!(plan.starts_with("SEARCH") && plan.ends_with(by), "{sql}: {plan}");
    }
}
