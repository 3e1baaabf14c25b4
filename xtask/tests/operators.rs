//! The operators of `cargo xtask mutate` on the contracts of ten engines.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::ten_engines;
use xtask::mutate::{Mutant, mutants, operators, texts};
use xtask::pipeline;
use xtask::resolve::Resolved;

fn resolved() -> Resolved {
    let run = pipeline::run(&ten_engines().join("specs"), &ten_engines().join("generated"));
    assert!(!run.diagnostics.has_errors());
    run.resolved
}

#[test]
fn every_operator_finds_something_in_ten_engines() {
    let found: BTreeSet<&str> = mutants(&resolved()).iter().map(Mutant::operator).collect();
    let names: BTreeSet<&str> = operators().iter().map(|operator| operator.name).collect();
    assert_eq!(names.len(), operators().len(), "names are unique");
    assert!(operators().iter().all(|operator| operator.purpose.ends_with('.')));
    let idle: Vec<&&str> = names.difference(&found).collect();
    assert!(idle.is_empty(), "{idle:?}");
}

#[test]
fn every_mutant_differs_from_the_contract_and_has_an_id_and_a_place_of_its_own() {
    let resolved = resolved();
    let mut ids = BTreeSet::new();
    let mut originals: BTreeMap<String, String> = BTreeMap::new();
    for mutant in mutants(&resolved) {
        let (id, file) = (mutant.id(), mutant.file());
        let place = resolved.provenance.find(&file, mutant.item());
        assert!(place.is_some(), "{id} has no line in the specs");
        // Texts are made of the types that all share and of two engines: they take most of the time.
        if ["shared", "ph1_write", "ph1_link"].contains(&file.as_str()) {
            let original = originals.entry(file.clone()).or_insert_with(|| {
                let path = ten_engines().join(format!("generated/contracts/{file}.yaml"));
                let text = fs::read_to_string(path).expect("a contract");
                text.split_once('\n').expect("a comment at the head").1.to_owned()
            });
            let text = mutant.into_text().expect("it is YAML");
            assert_ne!(text, *original, "{id}");
        }
        assert!(!ids.contains(&id), "{id} twice");
        ids.insert(id);
    }
    assert!(ids.len() > 1_000, "{}", ids.len());
}

#[test]
fn several_mutants_stand_in_one_contract() {
    let resolved = resolved();
    let of_event = |mutant: &Mutant| {
        mutant.operator() == "event-field-dropped"
            && mutant.item().ends_with(&["PH1W_ENROLL_START_DRAFT_ROW".to_owned(), "audit".to_owned()])
    };
    let dropped: Vec<Mutant> = mutants(&resolved).into_iter().filter(of_event).collect();
    assert!(dropped.len() > 3);
    let texts = texts(dropped).expect("it is YAML");
    let contract =
        texts["ph1_w"].split("- id: ").find(|part| part.starts_with("PH1W_ENROLL_START_DRAFT_ROW"));
    assert!(!contract.expect("the capability").contains("required_fields"), "all of them are gone");
}

#[test]
fn a_mutant_says_what_is_changed() {
    let of_target = |id: &String| id.contains("/pass_target");
    let ids: Vec<String> = mutants(&resolved()).iter().map(Mutant::id).filter(of_target).collect();
    let input = "capabilities/PH1W_ENROLL_START_DRAFT_ROW/input/pass_target";
    let column = "tables/os_core.wake_enrollment_sessions/columns/pass_target";
    assert_eq!(
        ids,
        [
            format!("PH1.W/range-low-down/{input}: 3..=8 becomes 2..=8"),
            format!("PH1.W/range-low-up/{input}: 3..=8 becomes 4..=8"),
            format!("PH1.W/range-high-down/{input}: 3..=8 becomes 3..=7"),
            format!("PH1.W/range-high-up/{input}: 3..=8 becomes 3..=9"),
            format!("PH1.W/range-dropped/{input}: without 3..=8"),
            format!("PH1.W/input-made-optional/{input}: u8 becomes Option<u8>"),
            format!("PH1.W/column-made-optional/{column}: u8 becomes Option<u8>"),
            format!("PH1.W/violation-dropped/{input}: without W_ENROLL_INVALID_BOUNDS"),
        ]
    );
}
