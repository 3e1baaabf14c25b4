//! Two readable outlines per engine: what a change of a spec does to the Rust code that callers and backends name, and to the rows of
//! its tables, each small enough to review.
//!
//! `cargo xtask bless outlines` shows what an edit of the specs changes in them, and accepts it. It names a folder in
//! `SELENE_PINNED` and takes the outlines from there.

use std::fs;
use std::path::PathBuf;

use proc_macro2::TokenStream;
use selene_acceptance::place;
use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::{emit, outline, yaml};

/// What an outline shows of an engine, as the names of its files begin.
#[derive(Clone, Copy)]
enum Part {
    /// What callers and backends name.
    Surface,
    /// Rows of tables and their keys.
    Rows,
}

impl Part {
    const ALL: [Self; 2] = [Self::Surface, Self::Rows];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Surface => "expansion__",
            Self::Rows => "rows__",
        }
    }
}

/// Compares an outline with the pinned one.
fn assert_outline(part: Part, module: &str, tokens: TokenStream) {
    let outline = outline::outline(tokens).unwrap();
    let name = format!("{}{module}", part.prefix());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
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

fn contract(module: &str) -> Contract {
    yaml::from_str(&contract_text(module)).unwrap_or_else(|error| panic!("{module}: {error}"))
}

/// Engines whose contracts list a table column by column.
fn engines_with_rows() -> Vec<String> {
    let has_rows = |module: &String| !emit::rows(&contract(module), &shared()).unwrap().is_empty();
    engines().into_iter().filter(has_rows).collect()
}

#[test]
fn shared_types_in_outline() {
    let tokens = emit::shared(&shared(), "contracts/shared.yaml").unwrap();
    assert_outline(Part::Surface, "shared", tokens);
}

#[test]
fn every_engine_in_outline() {
    let engines = engines();
    assert!(!engines.is_empty(), "run `cargo xtask regenerate`");
    for module in &engines {
        let contract = contract(module);
        let tokens = emit::surface(&contract, &shared(), &format!("contracts/{module}.yaml"))
            .unwrap_or_else(|error| panic!("{module}: {error}"));
        assert_outline(Part::Surface, module, tokens);
    }
}

#[test]
fn rows_of_every_engine_in_outline() {
    for module in engines_with_rows() {
        let tokens = emit::rows(&contract(&module), &shared()).unwrap();
        assert_outline(Part::Rows, &module, tokens);
    }
}

#[test]
fn no_outline_is_left_of_an_engine_that_is_gone() {
    let stage =
        std::env::var_os("SELENE_PINNED").map(|stage| PathBuf::from(stage).join("tests/tests/snapshots"));
    let folder = stage.unwrap_or_else(|| place::package().join("tests/snapshots"));
    let engines = engines();
    let with_rows = engines_with_rows();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        for part in Part::ALL {
            let Some(module) = name.strip_prefix(part.prefix()).and_then(|name| name.strip_suffix(".snap"))
            else {
                continue;
            };
            let is_of_an_engine = match part {
                Part::Surface => module == "shared" || engines.iter().any(|engine| engine == module),
                Part::Rows => with_rows.iter().any(|engine| engine == module),
            };
            assert!(
                is_of_an_engine,
                "tests/tests/snapshots/{name} belongs to no engine; `cargo xtask bless` removes it"
            );
        }
    }
}
