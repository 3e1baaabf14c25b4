//! What is shown of a file.

use selene_contracts::ph1_position::Ph1PositionRepo as _;
use selene_storage::test_support::inputs;
use serde_json::json;

use crate::common::{World, count, populate, simulated};
use crate::program::on;

#[test]
fn rows_sizes_and_events_are_those_of_the_file() {
    let world = World::new();
    let store = world.open();
    populate(&store);
    let run = on("inspect", &world.path(), &["--format", "json"]).ends_with(0);
    let shown = run.json();
    assert_eq!(shown["schema_version"], shown["newest_version"]);
    assert_eq!(shown["chains"], 1);
    assert_eq!(shown["log_bytes"], store.log_bytes().unwrap());
    assert!(shown["log_bytes"].as_u64().unwrap() > 0);
    assert_eq!(shown["file_bytes"], std::fs::metadata(world.path()).unwrap().len());
    let tables = shown["tables"].as_array().unwrap();
    assert!(tables.len() > 20);
    for table in tables {
        let name = table["table"].as_str().unwrap();
        assert_eq!(table["rows"], count(&world.path(), name), "{name}");
        assert_eq!(table["is_ledger"], selene_storage::backend::ledgers().contains(&name), "{name}");
    }
    assert_eq!(shown["oldest_event"]["chain_sequence"], 1);
    assert_eq!(shown["newest_event"]["chain_sequence"], 6);
    assert_eq!(shown["newest_event"]["tenant_id"], json!(null));
    let text = on("inspect", &world.path(), &[]).ends_with(0).out;
    for line in [
        "  schema    version 6, that of this build\n",
        "  chains    1 chain\n",
        "number 6 of the chain without a tenant",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let row = text.lines().find(|line| line.contains("audit_events")).unwrap();
    assert_eq!(row.split_whitespace().collect::<Vec<_>>(), ["audit_events", "6", "ledger"]);
}

#[test]
fn the_oldest_and_the_newest_event_are_ends_of_chains_by_time() {
    let world = World::new();
    let store = world.open();
    // Neither the first and the last row, nor the earliest and the latest time of all events.
    for (tenant, company, now) in [("acme", "a", 9), ("zoo", "a", 5), ("zoo", "b", 7), ("acme", "b", 1)] {
        let company = inputs::company(tenant, company, company);
        store.ph1position_company_insert_row(&simulated(now), company).unwrap();
    }
    let shown = on("inspect", &world.path(), &["--format", "json"]).ends_with(0).json();
    let place = |event: &str| (shown[event]["tenant_id"].clone(), shown[event]["chain_sequence"].clone());
    assert_eq!(shown["chains"], 2);
    assert_eq!(place("oldest_event"), (json!("zoo"), json!(1)));
    assert_eq!(place("newest_event"), (json!("zoo"), json!(2)));
}

#[test]
fn an_empty_store_and_an_earlier_version_are_shown_too() {
    let world = World::new();
    drop(world.open());
    on("inspect", &world.path(), &[]).ends_with(0).says("oldest    no event");
    let released = World::new();
    std::fs::copy(
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/migrations/released/v4/store.db"),
        released.path(),
    )
    .unwrap();
    let run = on("inspect", &released.path(), &[]).ends_with(0);
    run.says("version 4, this build has 6: `selene-store migrate`").says("idempotency_records");
}
