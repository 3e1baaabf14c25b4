//! Current rows that another program changes are named by the checks of a store, whichever database they lie in.

use selene_acceptance::{Backend as _, Harness};
use selene_contracts::{TableSpec, TruthType, engines};

use crate::scene::Scene;

/// Changes that a ledger contradicts, each with the table that it is about.
const CONTRADICTED: [(&str, &str); 3] = [
    (
        "memory_current",
        "UPDATE memory_current SET memory_value_ref = 'other' WHERE memory_value_ref IS NOT NULL",
    ),
    ("positions", "UPDATE positions SET position_lifecycle = 'RETIRED' WHERE position_lifecycle = 'ACTIVE'"),
    ("wake_enrollment_sessions", "UPDATE wake_enrollment_sessions SET attempt_count = attempt_count + 1"),
];

/// The tables whose rows may change, in the order of the contracts.
fn current_tables() -> impl Iterator<Item = &'static str> {
    let tables = engines::ALL.iter().flat_map(|engine| engine.tables);
    tables.filter(|table| table.truth_type == TruthType::Current).map(TableSpec::bare_name)
}

pub fn a_current_row_that_another_program_changes_is_named(lasting: &impl Harness) {
    let scene = Scene::new(lasting);
    let store = scene.store();
    let mut changed = 0;
    for table in current_tables() {
        if scene.execute(&format!("UPDATE {table} SET row_version = row_version + 1")) == 0 {
            continue;
        }
        changed += 1;
        let found = store.verify_rows().unwrap();
        assert!(!found.is_intact(), "{table}");
        assert!(found.faults.iter().all(|fault| fault.table == table), "{table}: {found:?}");
        scene.execute(&format!("UPDATE {table} SET row_version = row_version - 1"));
    }
    assert!(changed > 10, "{changed} tables have rows");
    assert!(store.verify_rows().unwrap().is_intact());
    assert!(store.verify_folds().unwrap().is_intact());
    for (table, change) in CONTRADICTED {
        assert!(scene.execute(change) > 0, "{change}");
        let (rows, folds) = (store.verify_rows().unwrap(), store.verify_folds().unwrap());
        assert!(rows.faults.iter().any(|fault| fault.table == table), "{change}: {rows:?}");
        assert!(folds.faults.iter().any(|fault| fault.table == table), "{change}: {folds:?}");
    }
}
