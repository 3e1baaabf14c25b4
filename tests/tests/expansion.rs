//! One readable outline per engine: what a change of a spec does to the Rust code, small enough to review.
//!
//! `INSTA_UPDATE=always cargo test -p selene-acceptance --test expansion` writes the outlines anew.

use std::fs;
use std::path::PathBuf;

use selene_acceptance::place;
use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::{emit, outline, yaml};

fn contracts() -> PathBuf {
    place::workspace().join("generated/contracts")
}

fn shared() -> SharedContract {
    yaml::from_str(&contract_text("shared")).unwrap_or_else(|error| panic!("shared: {error}"))
}

fn contract_text(module: &str) -> String {
    fs::read_to_string(contracts().join(format!("{module}.yaml")))
        .unwrap_or_else(|error| panic!("{module}: {error}"))
}

/// Modules of all engines, sorted.
fn engines() -> Vec<String> {
    let mut modules: Vec<String> = fs::read_dir(contracts())
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".yaml")?.to_owned()))
        .filter(|module| module != "shared")
        .collect();
    modules.sort();
    modules
}

#[test]
fn shared_types_in_outline() {
    let tokens = emit::shared(&shared(), "contracts/shared.yaml").unwrap();
    insta::assert_snapshot!("shared", outline::outline(tokens).unwrap());
}

#[test]
fn every_engine_in_outline() {
    let engines = engines();
    assert!(!engines.is_empty(), "run `cargo xtask regenerate`");
    for module in &engines {
        let contract: Contract =
            yaml::from_str(&contract_text(module)).unwrap_or_else(|error| panic!("{module}: {error}"));
        let tokens = emit::engine(&contract, &shared(), &format!("contracts/{module}.yaml"))
            .unwrap_or_else(|error| panic!("{module}: {error}"));
        insta::assert_snapshot!(module.as_str(), outline::outline(tokens).unwrap());
    }
}

#[test]
fn no_outline_is_left_of_an_engine_that_is_gone() {
    let folder = place::package().join("tests/snapshots");
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(module) = name.strip_prefix("expansion__").and_then(|name| name.strip_suffix(".snap"))
        else {
            continue;
        };
        assert!(
            module == "shared" || engines().iter().any(|engine| engine == module),
            "tests/tests/snapshots/{name} belongs to no engine; remove it"
        );
    }
}
