//! Pictures show every node, and hardly shrink.

use std::collections::BTreeSet;

use selene_codegen::naming::without_schema;

use super::{Own, Specs, own, text};

#[test]
fn every_picture_has_its_nodes() {
    let Own { specs: Specs { run, .. }, machines, files } = own();
    let overview = text(files, "index.html");
    let tables: BTreeSet<&str> = run
        .resolved
        .contracts
        .iter()
        .flat_map(|one| &one.tables)
        .map(|table| without_schema(&table.name))
        .collect();
    for table in tables {
        assert!(
            overview.contains(&format!("href=\"tables/{table}.html\" aria-label=\"{table}\"")),
            "{table}"
        );
    }
    assert!(overview.matches("class=\"edge\"").count() > 20);
    for contract in run.resolved.contracts.iter().filter(|one| !one.tables.is_empty()) {
        let module = contract.engine.id.to_lowercase().replace('.', "_");
        assert!(text(files, &format!("engines/{module}.html")).contains("<svg class=\"graph\""), "{module}");
    }
    let pictures = text(files, "machines.html").matches("<svg class=\"graph\"").count();
    assert_eq!(pictures, machines.len());
}

/// Onboarding leads through nine states: side by side they would be 2,400 wide. A page of a screen of 1,280 has 949 for a picture, so the
/// widest shrinks by a tenth.
#[test]
fn pictures_of_states_hardly_shrink_on_a_screen() {
    let files = &own().files;
    let machines = text(files, "machines.html");
    let widths: Vec<u32> = machines
        .split("<svg class=\"graph\"")
        .skip(1)
        .map(|svg| {
            let width = svg.split(" width=\"").nth(1).and_then(|rest| rest.split('"').next());
            width.and_then(|width| width.parse().ok()).expect("a picture says its width")
        })
        .collect();
    assert!(!widths.is_empty() && widths.iter().all(|width| *width <= 1_050), "{widths:?}");
}
