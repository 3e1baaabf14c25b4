//! Any text as a contract that the macro is given: it is expanded or refused, and never ends in a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::{emit, yaml};

/// What all engines share; the engine's contract is what is thrown.
const SHARED: &str = include_str!("../../generated/contracts/shared.yaml");

fuzz_target!(|text: &str| {
    let shared: SharedContract = yaml::from_str(SHARED).expect("the shared contract can be read");
    if let Ok(contract) = yaml::from_str::<Contract>(text) {
        let _ = emit::engine(&contract, &shared, "contracts/x.yaml");
    }
    if let Ok(contract) = yaml::from_str::<SharedContract>(text) {
        let _ = emit::shared(&contract, "contracts/shared.yaml");
    }
});
