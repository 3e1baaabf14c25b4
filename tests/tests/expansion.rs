//! One readable outline per engine: what a change of a spec does to the Rust code, small enough to review.
//!
//! `cargo xtask bless outlines` shows what an edit of the specs changes in them, and accepts it. It names a folder in
//! `SELENE_PINNED` and takes the outlines from there.

use std::fs;
use std::path::PathBuf;

use selene_acceptance::place;
use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::{emit, outline, yaml};

/// Compares an outline with the pinned one.
fn assert_outline(name: &str, outline: &str) {
    let mut settings = insta::Settings::clone_current();
    if let Some(stage) = std::env::var_os("SELENE_PINNED") {
        settings.set_snapshot_path(PathBuf::from(stage).join("tests/tests/snapshots"));
    }
    // The words that stand at the head of every pinned outline.
    settings.bind(|| insta::assert_snapshot!(name, outline, "outline::outline(tokens).unwrap()"));
}

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
    assert_outline("shared", &outline::outline(tokens).unwrap());
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
        assert_outline(module, &outline::outline(tokens).unwrap());
    }
}

#[test]
fn no_outline_is_left_of_an_engine_that_is_gone() {
    let stage =
        std::env::var_os("SELENE_PINNED").map(|stage| PathBuf::from(stage).join("tests/tests/snapshots"));
    let folder = stage.unwrap_or_else(|| place::package().join("tests/snapshots"));
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(module) = name.strip_prefix("expansion__").and_then(|name| name.strip_suffix(".snap"))
        else {
            continue;
        };
        assert!(
            module == "shared" || engines().iter().any(|engine| engine == module),
            "tests/tests/snapshots/{name} belongs to no engine; `cargo xtask bless` removes it"
        );
    }
}
