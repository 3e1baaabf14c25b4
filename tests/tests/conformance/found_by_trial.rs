//! The comparison fails when it should, where only a trial shows it: values at the ends of their types, columns that
//! depend on each other, keys of some rows, locks with conditions, columns that stay.

use selene_codegen::schema::Domain;

use crate::contracts;
use crate::difference::{Difference, Kind, Lacking, listed};
use crate::found::{differences_after, differences_between, schema, statement};
use crate::stated::{At, Stated};

/// There are differences, and all of them are of this kind, side and place.
#[track_caller]
fn assert_all(found: &[Difference], wanted: (Kind, Lacking, &str, &str)) {
    assert!(!found.is_empty(), "nothing is found for {wanted:?}");
    for difference in found {
        let Difference { kind, lacking, table, item, .. } = difference;
        assert_eq!((*kind, *lacking, table.as_str(), item.as_str()), wanted, "\n{}", listed(found));
    }
}

#[track_caller]
fn assert_finds(from: &str, to: &str, wanted: (Kind, Lacking, &str, &str)) {
    assert_all(&differences_after(from, to), wanted);
}

/// The differences of a fresh schema to contracts that say something else.
fn differences_with(alter: impl FnOnce(&mut Stated)) -> Vec<Difference> {
    let mut contracts = contracts();
    alter(&mut contracts);
    differences_between(&contracts, schema())
}

#[test]
fn a_number_has_the_bounds_of_its_type_where_no_other_are_stated() {
    let wanted = (Kind::Bound, Lacking::Schema, "audit_events", "chain_sequence");
    assert_finds(" CHECK (chain_sequence >= 1)", "", wanted);
    let from = "CHECK (attempt_count BETWEEN pass_count AND 4294967295)";
    let wanted = (Kind::Bound, Lacking::Schema, "wake_enrollment_sessions", "attempt_count");
    assert_finds(from, "CHECK (attempt_count >= pass_count)", wanted);
    let to = "CHECK (attempt_count BETWEEN pass_count AND 4294967294)";
    // The most passes need as many attempts, and are tried with the most of them.
    let found = differences_after(from, to);
    let items: Vec<&str> = found.iter().map(|found| found.item.as_str()).collect();
    assert_eq!(items, ["attempt_count", "pass_count"], "{}", listed(&found));
    assert!(found.iter().all(|found| found.lacking == Lacking::Contract));
    // Times use all 64 bits, so half of them look negative.
    let from = "last_seen_at INTEGER NOT NULL,";
    let to = "last_seen_at INTEGER NOT NULL CHECK (last_seen_at >= 0),";
    assert_finds(from, to, (Kind::Bound, Lacking::Contract, "devices", "last_seen_at"));
    let to = "last_seen_at INTEGER NOT NULL CHECK (last_seen_at <> 9223372036854775807),";
    assert_finds(from, to, (Kind::Bound, Lacking::Contract, "devices", "last_seen_at"));
}

#[test]
fn numbers_that_sqlite_gives_to_rows_are_taken() {
    let wanted = (Kind::Bound, Lacking::Contract, "audit_events", "ledger_position");
    let table = statement("CREATE TABLE audit_events");
    let from = " CHECK (ledger_position >= 1)";
    let to = table.replace(from, " CHECK (ledger_position < 9223372036854775807)");
    assert_finds(&table, &to, wanted);
    // Whether others are taken says nothing: nobody writes them.
    assert_eq!(listed(&differences_after(&table, &table.replace(from, ""))), "");
}

#[test]
fn a_bound_that_the_contract_loses_is_found() {
    let table = "wake_enrollment_samples";
    for (name, unbound, ends) in [
        ("vad_coverage", Domain::Real { min: None, max: None }, 2),
        ("sample_duration_ms", Domain::Integer { min: 500, max: u16::MAX.into() }, 1),
    ] {
        let found = differences_with(|contracts| {
            let columns = &mut contracts.tables.get_mut(table).expect("the table").columns;
            let column = columns.iter_mut().find(|column| column.value.name == name).expect("the column");
            column.value.domain = unbound;
        });
        assert_all(&found, (Kind::Bound, Lacking::Contract, table, name));
        assert_eq!(found.len(), ends, "{}", listed(&found));
    }
}

#[test]
fn a_text_that_the_contract_allows_is_never_too_long() {
    let from = "device_type TEXT NOT NULL,";
    let to = "device_type TEXT NOT NULL CHECK (length(device_type) < 64),";
    assert_finds(from, to, (Kind::Bound, Lacking::Contract, "devices", "device_type"));
    let from = "CHECK (length(required_verification_gates) <= 2048)";
    let to = "CHECK (length(required_verification_gates) <= 256)";
    let wanted = (Kind::Bound, Lacking::Contract, "onboarding_sessions", "required_verification_gates");
    assert_finds(from, to, wanted);
}

#[test]
fn an_optional_text_may_be_there() {
    let from = "audio_profile_ref TEXT";
    let to = "audio_profile_ref TEXT CHECK (audio_profile_ref IS NULL)";
    let wanted = (Kind::Bound, Lacking::Schema, "devices", "audio_profile_ref");
    assert_finds(from, to, wanted);
}

#[test]
fn columns_that_depend_on_each_other_are_tried_together() {
    for (from, table, item) in [
        (
            ", CHECK ((session_state = 'CLOSED') = (closed_at IS NOT NULL))",
            "sessions",
            "session_state, closed_at",
        ),
        (
            ", CHECK ((memory_operation = 'STORE') = (memory_value_ref IS NOT NULL))",
            "memory_ledger",
            "memory_operation, memory_value_ref",
        ),
        (" CHECK (chain_id = coalesce(tenant_id, ''))", "audit_events", "tenant_id, chain_id"),
        (
            " CHECK (pass_count BETWEEN 0 AND pass_target)",
            "wake_enrollment_sessions",
            "pass_count, pass_target, attempt_count",
        ),
        (
            ", CHECK ((wake_enroll_status = 'COMPLETE') = (completed_at IS NOT NULL))",
            "wake_enrollment_sessions",
            "wake_enroll_status, completed_at",
        ),
        (
            ", CHECK (wake_profile_id IS NULL OR wake_enroll_status = 'COMPLETE')",
            "wake_enrollment_sessions",
            "wake_enroll_status, wake_profile_id, completed_at",
        ),
        (", CHECK ((active = 1) = (unbound_at IS NULL))", "wake_profile_bindings", "active, unbound_at"),
        (
            ", CHECK (voice_profile_id IS NULL OR voice_enroll_status = 'LOCKED')",
            "voice_enrollment_sessions",
            "voice_enroll_status, voice_profile_id",
        ),
        (
            ", CHECK (result = 'PASS' OR reason_code IS NOT NULL)",
            "voice_enrollment_samples",
            "result, reason_code",
        ),
        (
            ", CHECK (link_status NOT IN ('ACTIVATED', 'CONSUMED') OR device_fingerprint_hash IS NOT NULL)",
            "links",
            "link_status, device_fingerprint_hash",
        ),
        (
            ", CHECK (state <> 'RUNNING' OR total_target_count > 0)",
            "onboarding_backfill_campaigns",
            "state, total_target_count",
        ),
        (
            ", CHECK ((state = 'COMPLETED') = (completed_at IS NOT NULL))",
            "onboarding_backfill_campaigns",
            "state, completed_at",
        ),
    ] {
        let found = differences_after(from, "");
        let of_sentences: Vec<Difference> =
            found.iter().filter(|found| found.kind == Kind::Invariant).cloned().collect();
        assert_all(&of_sentences, (Kind::Invariant, Lacking::Schema, table, item));
        assert!(of_sentences[0].source.contains(".md:"), "{}", of_sentences[0]);
        assert!(
            found.iter().all(|found| found.kind == Kind::Invariant || found.kind == Kind::Bound),
            "{}",
            listed(&found)
        );
    }
}

#[test]
fn one_of_two_tables_with_the_same_sentence_is_distinguished_from_the_other() {
    let check = ", CHECK ((schema_state = 'DRAFT') = (rollout_scope IS NULL))";
    for table in ["requirement_schemas", "requirement_schema_events"] {
        let before = statement(&format!("CREATE TABLE {table} "));
        let wanted = (Kind::Invariant, Lacking::Schema, table, "schema_state, rollout_scope");
        assert_finds(&before, &before.replace(check, ""), wanted);
    }
}

#[test]
fn a_check_of_two_columns_that_no_spec_states_is_found() {
    let from = ", CHECK ((active = 1) = (unbound_at IS NULL))";
    let to = format!("{from}, CHECK (wake_profile_id <> 'none' OR bound_at = 1)");
    let wanted = (Kind::Invariant, Lacking::Contract, "wake_profile_bindings", "wake_profile_id, bound_at");
    assert_finds(from, &to, wanted);
}

#[test]
fn a_sentence_is_known_on_both_sides() {
    let table = "wake_profile_bindings";
    let found = differences_with(|contracts| {
        let source = "specs/db_wiring/PH1_W.md:1".to_owned();
        let sentence = At { value: "a binding is blue".to_owned(), source };
        contracts.tables.get_mut(table).expect("the table").invariants.push(sentence);
    });
    assert_all(&found, (Kind::Invariant, Lacking::Schema, table, ""));
    assert!(found[0].to_string().starts_with("specs/db_wiring/PH1_W.md:1: "), "{}", found[0]);
    let found = differences_with(|contracts| {
        let invariants = &mut contracts.tables.get_mut(table).expect("the table").invariants;
        invariants.retain(|sentence| !sentence.value.contains("exactly when"));
    });
    assert_eq!(found.len(), 2, "the sentence, and the check that it explains:\n{}", listed(&found));
    assert!(found.iter().all(|found| (found.kind, found.lacking) == (Kind::Invariant, Lacking::Contract)));
}

#[test]
fn a_key_of_some_rows_keeps_exactly_those() {
    for (index, from, to, table) in [
        ("wake_profile_bindings_active", "active = 1", "active = 0", "wake_profile_bindings"),
        ("requirement_schemas_active", "= 'ACTIVE'", "<> 'ACTIVE'", "requirement_schemas"),
        (
            "wake_enrollment_sessions_in_progress",
            "= 'IN_PROGRESS'",
            "IN ('PENDING', 'IN_PROGRESS')",
            "wake_enrollment_sessions",
        ),
    ] {
        let before = statement(&format!("CREATE UNIQUE INDEX {index}"));
        let found = differences_after(&before, &before.replace(from, to));
        assert!(
            found.iter().any(|found| (found.lacking, found.table.as_str()) == (Lacking::Contract, table)),
            "{}",
            listed(&found)
        );
        let is_missed = found.iter().any(|found| found.lacking == Lacking::Schema);
        assert_eq!(is_missed, !to.starts_with("IN"), "{}", listed(&found));
        assert!(found.iter().all(|found| found.kind == Kind::UniqueKey), "{}", listed(&found));
    }
    let before = statement("CREATE UNIQUE INDEX wake_profile_bindings_active");
    let wanted = (Kind::UniqueKey, Lacking::Schema, "wake_profile_bindings", "user_id, device_id");
    assert_finds(&before, &before.replace("active = 1", "active = 1 AND bound_at > 5"), wanted);
}

#[test]
fn a_key_refuses_and_does_not_replace() {
    let from = "PRIMARY KEY (user_id, memory_key)";
    let wanted = (Kind::PrimaryKey, Lacking::Schema, "memory_current", "user_id, memory_key");
    for action in ["REPLACE", "IGNORE"] {
        assert_finds(from, &format!("{from} ON CONFLICT {action}"), wanted);
    }
}

#[test]
fn a_reference_has_no_effects_and_is_one() {
    let table = statement("CREATE TABLE wake_profile_bindings");
    let reference = "REFERENCES wake_enrollment_sessions (wake_enrollment_session_id)";
    let wanted = (Kind::ForeignKey, Lacking::Contract, "wake_profile_bindings", "wake_enrollment_session_id");
    for action in ["ON DELETE CASCADE", "ON UPDATE SET NULL", "ON DELETE RESTRICT"] {
        assert_finds(&table, &table.replace(reference, &format!("{reference} {action}")), wanted);
    }
    let table = statement("CREATE TABLE positions ");
    let to = table.replace(
        "FOREIGN KEY (tenant_id, company_id) REFERENCES tenant_companies (tenant_id, company_id)",
        "FOREIGN KEY (tenant_id) REFERENCES tenant_companies (tenant_id), \
         FOREIGN KEY (company_id) REFERENCES tenant_companies (company_id)",
    );
    let item = "company_id, tenant_id";
    assert_finds(&table, &to, (Kind::ForeignKey, Lacking::Schema, "positions", item));
}

#[test]
fn a_lock_with_a_condition_is_found() {
    for condition in ["OLD.accepted = 0", "OLD.session_id IS NULL", "OLD.wake_profile_id IS NULL"] {
        let from = "BEFORE DELETE ON wake_runtime_events BEGIN";
        let to = format!("BEFORE DELETE ON wake_runtime_events WHEN {condition} BEGIN");
        assert_finds(from, &to, (Kind::Lock, Lacking::Schema, "wake_runtime_events", ""));
    }
    let from = "BEFORE UPDATE ON voice_enrollment_samples BEGIN";
    let found = differences_after(from, &from.replace("BEGIN", "WHEN OLD.result = 'PASS' BEGIN"));
    assert!(found.iter().all(|found| found.kind == Kind::Lock && found.table == "voice_enrollment_samples"));
    assert_eq!(found.len(), 7, "every column:\n{}", listed(&found));
}

#[test]
fn a_lock_of_a_part_of_a_table_that_changes_is_found() {
    let head = "CREATE TRIGGER devices_binding_stays";
    let with = |event: &str, when: &str| {
        format!(
            "CREATE TRIGGER more BEFORE {event} ON devices {when} BEGIN SELECT RAISE(ABORT, 'no'); END; {head}"
        )
    };
    let found = |item| (Kind::Lock, Lacking::Contract, "devices", item);
    assert_finds(head, &with("DELETE", ""), found(""));
    assert_finds(head, &with("UPDATE OF last_seen_at", ""), found("last_seen_at"));
    let when = "WHEN NEW.device_type IS NOT OLD.device_type";
    assert_finds(head, &with("UPDATE", when), found("device_type"));
    let when = "WHEN EXISTS (SELECT 1 FROM devices WHERE device_id = NEW.device_id)";
    assert_finds(head, &with("INSERT", when), found(""));
    let when = "WHEN NEW.audio_profile_ref IS NOT NULL AND OLD.audio_profile_ref IS NULL";
    assert_finds(head, &with("UPDATE", when), found("audio_profile_ref"));
}

#[test]
fn every_column_that_stays_is_missed_when_it_changes() {
    let triggers: Vec<&str> = schema()
        .split("CREATE TRIGGER ")
        .skip(1)
        .filter_map(|rest| rest.split(' ').next())
        .filter(|name| name.ends_with("_stays") || name.ends_with("_stay"))
        .collect();
    assert!(triggers.len() >= 13, "{triggers:?}");
    for trigger in triggers {
        let before = statement(&format!("CREATE TRIGGER {trigger} "));
        let found = differences_after(&before, "");
        assert!(!found.is_empty(), "nothing is found without {trigger}");
        assert!(
            found.iter().all(|found| {
                (found.kind, found.lacking) == (Kind::Lock, Lacking::Schema)
                    && trigger.starts_with(&found.table)
            }),
            "{}",
            listed(&found)
        );
    }
    let from = " OR NEW.onboarding_session_id IS NOT OLD.onboarding_session_id OR NEW.created_at IS NOT OLD.created_at";
    let to = " OR NEW.created_at IS NOT OLD.created_at";
    let wanted = (Kind::Lock, Lacking::Schema, "wake_enrollment_sessions", "onboarding_session_id");
    assert_finds(from, to, wanted);
}

#[test]
fn a_default_and_another_order_of_letters_are_found() {
    let from = "device_type TEXT NOT NULL,";
    let to = "device_type TEXT NOT NULL DEFAULT 'phone',";
    assert_finds(from, to, (Kind::Column, Lacking::Contract, "devices", "device_type"));
    for order in ["NOCASE", "RTRIM"] {
        let to = format!("device_type TEXT NOT NULL COLLATE {order},");
        assert_finds(from, &to, (Kind::Column, Lacking::Contract, "devices", "device_type"));
    }
    let index = statement("CREATE INDEX audit_events_by_tenant");
    let to = index.replace("(tenant_id,", "(tenant_id COLLATE NOCASE,");
    let wanted = (Kind::Index, Lacking::Contract, "audit_events", "tenant_id, created_at");
    assert_finds(&index, &to, wanted);
}

#[test]
fn an_index_of_some_rows_is_missed_where_it_is_gone_or_of_others() {
    let index = statement("CREATE INDEX identities_of_tenant");
    let found = |to: &str| -> Vec<(Lacking, String)> {
        let found = differences_after(&index, to).into_iter();
        let indices = found.filter(|found| found.kind == Kind::Index && found.table == "identities");
        indices.map(|found| (found.lacking, found.item)).collect()
    };
    let missed = (Lacking::Schema, "tenant_id, user_id".to_owned());
    for to in [
        String::new(),
        index.replace("'ACTIVE'", "'DISABLED'"),
        index.replace(" WHERE status = 'ACTIVE'", ""),
    ] {
        assert!(found(&to).contains(&missed), "{to}");
    }
}

#[test]
fn what_the_lexicon_keeps_and_what_is_tried_are_the_same() {
    let table = "wake_profile_bindings";
    let sentence = "`unbound_at` is there exactly when the binding is inactive";
    let found = differences_with(|contracts| {
        let table = contracts.tables.get_mut(table).expect("the table");
        assert!(table.checked.remove(sentence), "the lexicon has a check of it");
    });
    assert_all(&found, (Kind::Invariant, Lacking::Schema, table, ""));
    // Without its form, a sentence about columns that stay is kept by nobody.
    let found = differences_with(|contracts| {
        let table = contracts.tables.get_mut("devices").expect("the table");
        assert!(table.kept.remove("a bound device never moves"), "the lexicon has a form of it");
    });
    assert_all(&found, (Kind::Invariant, Lacking::Schema, "devices", ""));
}

#[test]
fn a_private_column_has_its_default() {
    let from = "device_type TEXT NOT NULL,";
    let private = |to: &str| {
        let mut contracts = contracts();
        let columns = &mut contracts.tables.get_mut("devices").expect("the table").columns;
        let column =
            columns.iter_mut().find(|column| column.value.name == "device_type").expect("the column");
        column.value.is_private = true;
        column.value.default = column.value.domain.literal("phone");
        differences_between(&contracts, &schema().replace(from, to))
    };
    assert_eq!(listed(&private("device_type TEXT NOT NULL DEFAULT 'phone',")), "");
    let wanted = (Kind::Column, Lacking::Schema, "devices", "device_type");
    assert_all(&private(from), wanted);
    assert_all(&private("device_type TEXT NOT NULL DEFAULT 'watch',"), wanted);
}
