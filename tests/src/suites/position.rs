//! The acceptance tests AT-POSITION-DB-01..04: positions and requirement schemas.

use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1PositionAcceptance, Ph1PositionReasonCode, Ph1PositionRepo,
    Ph1positionAppendOnlyGuards, Ph1positionCompanyStateCommitRow, Ph1positionReadActiveSchemaRow,
    Ph1positionReadCompanyRow, PositionLifecycle, RequiredRule, RequirementSchemaRecord, SchemaState,
    TenantCompanyRecord,
};
use selene_contracts::shared::RolloutScope;
use selene_contracts::{Committed, StorageError};

use crate::harness::{Backend, Harness};
use crate::workplace::{
    activation, company, field, lifecycle, open_workplace, position, position_row, replays, schema, simulated,
};
use crate::world::{World, key};

/// The acceptance tests of PH1.POSITION on the stores of a harness.
pub struct PositionSuite<H>(pub H);

fn company_to(tenant_id: &str, to: CompanyState, idempotency_key: &str) -> Ph1positionCompanyStateCommitRow {
    Ph1positionCompanyStateCommitRow {
        tenant_id: tenant_id.into(),
        company_id: "clinic".into(),
        company_state: to,
        idempotency_key: key(idempotency_key),
    }
}

fn company_row(world: &World<impl Backend>, tenant_id: &str) -> Option<TenantCompanyRecord> {
    let input = Ph1positionReadCompanyRow { tenant_id: tenant_id.into(), company_id: "clinic".into() };
    world.store().ph1position_read_company_row(&simulated(1), input).expect("the read is served")
}

fn active(world: &World<impl Backend>, tenant_id: &str) -> Option<RequirementSchemaRecord> {
    let input = Ph1positionReadActiveSchemaRow { tenant_id: tenant_id.into(), position_id: "nurse".into() };
    world.store().ph1position_read_active_schema_row(&simulated(1), input).expect("the read is served")
}

fn draft(world: &World<impl Backend>, tenant_id: &str, version: &str) {
    let fields = vec![field("id_card", EvidenceMode::DocRequired), field("name", EvidenceMode::UserAnswer)];
    let input = schema(tenant_id, "nurse", version, fields, "draft");
    world.store().ph1position_schema_draft_row(&simulated(10), input).expect("a draft");
}

fn activate(
    store: &impl Backend,
    tenant_id: &str,
    version: &str,
    idempotency_key: &str,
) -> Result<Committed<RequirementSchemaRecord>, StorageError> {
    let input = activation(tenant_id, "nurse", version, RolloutScope::CurrentAndNew, idempotency_key);
    store.ph1position_schema_activate_commit_row(&simulated(20), input)
}

/// The guards of the two ledgers of position `nurse`.
const GUARDS: [fn(&str, u64) -> Ph1positionAppendOnlyGuards; 2] = [
    |tenant_id, sequence| Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndPositionEventSeq {
        tenant_id: tenant_id.into(),
        position_id: "nurse".into(),
        position_event_seq: sequence,
    },
    |tenant_id, sequence| Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndSchemaEventSeq {
        tenant_id: tenant_id.into(),
        position_id: "nurse".into(),
        schema_event_seq: sequence,
    },
];

/// Checks that a ledger has the rows 1 to `count` and no other, and that none of them can be overwritten.
fn holds_rows(
    world: &World<impl Backend>,
    guard: fn(&str, u64) -> Ph1positionAppendOnlyGuards,
    tenant_id: &str,
    count: u64,
) {
    for sequence in 0..=count + 1 {
        let expected = if (1..=count).contains(&sequence) {
            Ph1PositionReasonCode::PositionAppendOnlyViolation
        } else {
            Ph1PositionReasonCode::PositionScopeViolation
        };
        world.refuses(expected, |store| {
            store.ph1position_append_only_guards(&simulated(30), guard(tenant_id, sequence))
        });
    }
}

/// The values of a payload key in the events of a reason, in order.
fn payload_values(world: &World<impl Backend>, reason: &[Ph1PositionReasonCode], key: &str) -> Vec<String> {
    let events = world
        .events()
        .into_iter()
        .filter(|event| reason.iter().any(|code| event.reason_code == (*code).into()));
    events
        .filter_map(|event| {
            event.payload_min.iter().find(|(name, _)| *name == key).map(|(_, value)| value.to_owned())
        })
        .collect()
}

impl<H: Harness> Ph1PositionAcceptance for PositionSuite<H> {
    fn at_position_db_01_tenant_isolation_enforced(&self) {
        let world = World::empty(&self.0);
        open_workplace(&world, "tenant_a");
        draft(&world, "tenant_a", "v1");
        activate(world.store(), "tenant_a", "v1", "k").expect("it becomes ACTIVE");

        // Another tenant sees none of it, and is refused a row of it as one that does not exist.
        assert_eq!(company_row(&world, "tenant_b"), None);
        assert_eq!(position_row(&world, "tenant_b", "nurse"), None);
        assert_eq!(active(&world, "tenant_b"), None);
        let scope = Ph1PositionReasonCode::PositionScopeViolation;
        world.refuses(scope, |store| {
            let input = company_to("tenant_b", CompanyState::Closed, "x");
            store.ph1position_company_state_commit_row(&simulated(20), input)
        });
        world.refuses(scope, |store| {
            store.ph1position_create_draft_row(&simulated(20), position("tenant_b", "nurse", "clinic", "x"))
        });
        world.refuses(scope, |store| {
            let input = lifecycle("tenant_b", "nurse", PositionLifecycle::Retired, "x");
            store.ph1position_lifecycle_commit_row(&simulated(20), input)
        });
        world.refuses(scope, |store| {
            store.ph1position_schema_draft_row(&simulated(20), schema("tenant_b", "nurse", "v1", vec![], "x"))
        });
        world.refuses(scope, |store| activate(store, "tenant_b", "v1", "x"));
        for guard in GUARDS {
            holds_rows(&world, guard, "tenant_b", 0);
        }

        // The same names and keys are free for it, and what it does stays its own.
        open_workplace(&world, "tenant_b");
        draft(&world, "tenant_b", "v1");
        let input = company_to("tenant_b", CompanyState::Closed, "closed");
        world.store().ph1position_company_state_commit_row(&simulated(20), input).expect("its own company");
        assert_eq!(company_row(&world, "tenant_a").expect("a company").company_state, CompanyState::Active);
        assert_eq!(active(&world, "tenant_b"), None);
        assert!(active(&world, "tenant_a").is_some());
        world.chains_verify();
    }

    fn at_position_db_02_append_only_enforced(&self) {
        let mut world = World::empty(&self.0);
        open_workplace(&world, "tenant_a");
        draft(&world, "tenant_a", "v1");
        activate(world.store(), "tenant_a", "v1", "k1").expect("it becomes ACTIVE");
        let current = position_row(&world, "tenant_a", "nurse");
        for guard in GUARDS {
            holds_rows(&world, guard, "tenant_a", 2);
        }
        world.reopen();
        assert_eq!(position_row(&world, "tenant_a", "nurse"), current);
        // A version is drafted once, with fields that do not contradict themselves.
        world.refuses(Ph1PositionReasonCode::PositionDuplicateKey, |store| {
            store.ph1position_schema_draft_row(
                &simulated(40),
                schema("tenant_a", "nurse", "v1", vec![], "again"),
            )
        });
        for predicate in [None, Some("jurisdiction"), Some("selector.=DE"), Some("jurisdiction=")] {
            let mut conditional = field("visa", EvidenceMode::DocRequired);
            conditional.required_rule = RequiredRule::Conditional;
            conditional.required_predicate = predicate.map(Into::into);
            world.refuses(Ph1PositionReasonCode::PositionContractValidationFailed, |store| {
                let input = schema("tenant_a", "nurse", "v2", vec![conditional], "bad");
                store.ph1position_schema_draft_row(&simulated(40), input)
            });
        }
        world.refuses(Ph1PositionReasonCode::PositionContractValidationFailed, |store| {
            let fields = vec![field("visa", EvidenceMode::DocRequired); 2];
            store.ph1position_schema_draft_row(
                &simulated(40),
                schema("tenant_a", "nurse", "v2", fields, "bad"),
            )
        });
        world.chains_verify();
    }

    fn at_position_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::empty(&self.0);
        let code = Ph1PositionReasonCode::PositionIdempotencyReplay;
        let mut differing = company("tenant_a", "clinic", "k");
        differing.legal_name = "Another Clinic".into();
        replays(&mut world, code, &company("tenant_a", "clinic", "k"), differing, |store, context, input| {
            store.ph1position_company_insert_row(context, input)
        });
        let first = company_to("tenant_a", CompanyState::Suspended, "k");
        let differing = company_to("tenant_a", CompanyState::Closed, "k");
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph1position_company_state_commit_row(context, input)
        });
        let first = position("tenant_a", "nurse", "clinic", "k");
        let mut differing = first.clone();
        differing.compensation_band_ref = "band_9".into();
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph1position_create_draft_row(context, input)
        });
        // The company is suspended: no position of it becomes ACTIVE, but it may be retired.
        world.refuses(Ph1PositionReasonCode::PositionCompanyNotActive, |store| {
            let input = lifecycle("tenant_a", "nurse", PositionLifecycle::Active, "refused");
            store.ph1position_lifecycle_commit_row(&simulated(60), input)
        });
        let first = schema("tenant_a", "nurse", "v1", vec![field("name", EvidenceMode::UserAnswer)], "k");
        let mut differing = first.clone();
        differing.requirement_fields.clear();
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph1position_schema_draft_row(context, input)
        });
        let first = activation("tenant_a", "nurse", "v1", RolloutScope::NewHiresOnly, "k");
        let differing = activation("tenant_a", "nurse", "v1", RolloutScope::CurrentAndNew, "k");
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph1position_schema_activate_commit_row(context, input)
        });
        let current = active(&world, "tenant_a").expect("a version is ACTIVE");
        assert_eq!(current.rollout_scope, Some(RolloutScope::NewHiresOnly));
        assert_eq!(current.requirement_fields, [field("name", EvidenceMode::UserAnswer)]);
        let first = lifecycle("tenant_a", "nurse", PositionLifecycle::Retired, "k");
        let differing = lifecycle("tenant_a", "nurse", PositionLifecycle::Suspended, "k");
        replays(&mut world, code, &first, differing, |store, context, input| {
            store.ph1position_lifecycle_commit_row(context, input)
        });
        for guard in GUARDS {
            holds_rows(&world, guard, "tenant_a", 2);
        }
    }

    fn at_position_db_04_current_rows_equal_ledger_fold(&self) {
        use PositionLifecycle::{Active, Draft, Retired, Suspended};
        let mut world = World::empty(&self.0);
        open_workplace(&world, "tenant_a");
        let steps = [
            (Draft, false),
            (Suspended, true),
            (Suspended, false),
            (Active, true),
            (Retired, true),
            (Active, false),
        ];
        let (mut count, mut now) = (2, 50);
        for (to, is_allowed) in steps {
            now += 1;
            let input = lifecycle("tenant_a", "nurse", to, &format!("m{now}"));
            if is_allowed {
                let moved =
                    world.store().ph1position_lifecycle_commit_row(&simulated(now), input).expect("a move");
                count += 1;
                assert_eq!(position_row(&world, "tenant_a", "nurse"), Some(moved.value));
            } else {
                world.refuses(Ph1PositionReasonCode::PositionStateInvalid, |store| {
                    store.ph1position_lifecycle_commit_row(&simulated(now), input)
                });
            }
            holds_rows(&world, GUARDS[0], "tenant_a", count);
        }
        let reasons = [Ph1PositionReasonCode::PositionCreateDraft, Ph1PositionReasonCode::PositionLifecycle];
        let moves = payload_values(&world, &reasons, "position_lifecycle");
        assert_eq!(moves, ["DRAFT", "ACTIVE", "SUSPENDED", "ACTIVE", "RETIRED"]);
        let last = position_row(&world, "tenant_a", "nurse").expect("the position").position_lifecycle;
        assert_eq!(moves.last().map(String::as_str), Some(last.as_str()));

        // Two versions: activating the second one retires the first for good, in the same transaction.
        for version in ["v1", "v2"] {
            draft(&world, "tenant_a", version);
        }
        holds_rows(&world, GUARDS[1], "tenant_a", 2);
        let first = activate(world.store(), "tenant_a", "v1", "k1").expect("it becomes ACTIVE").value;
        assert_eq!(
            (active(&world, "tenant_a"), first.schema_state),
            (Some(first.clone()), SchemaState::Active)
        );
        let second = activate(world.store(), "tenant_a", "v2", "k1").expect("it becomes ACTIVE").value;
        world.reopen();
        assert_eq!(active(&world, "tenant_a"), Some(second));
        holds_rows(&world, GUARDS[1], "tenant_a", 5);
        for version in ["v1", "v2"] {
            world.refuses(Ph1PositionReasonCode::PositionStateInvalid, |store| {
                activate(store, "tenant_a", version, "k2")
            });
        }
        world.refuses(Ph1PositionReasonCode::PositionScopeViolation, |store| {
            activate(store, "tenant_a", "v3", "k2")
        });
        holds_rows(&world, GUARDS[1], "tenant_a", 5);
        world.chains_verify();
    }
}
