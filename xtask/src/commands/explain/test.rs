//! An acceptance test: its line, its body, and what it saw when it ran.

use std::collections::BTreeSet;

use selene_codegen::contract::{AcceptanceTest, Contract};

use super::known::{Known, at, contract_file};
use super::page::Page;
use crate::coverage::item::Kind;
use crate::coverage::record::Record;

/// The page of an acceptance test.
pub fn page(known: &Known<'_>, records: &[Record], contract: &Contract, test: &AcceptanceTest) -> Page {
    let engine = contract.engine.id.as_str();
    let seen: Vec<&Record> = records.iter().filter(|record| record.function() == test.test_fn).collect();
    let calls: BTreeSet<&String> = seen.iter().flat_map(|record| record.seen.calls.keys()).collect();
    let codes: BTreeSet<&String> = seen.iter().flat_map(|record| record.seen.codes.keys()).collect();
    let runs = seen.iter().map(|record| {
        let end = if record.passed { "passed" } else { "failed" };
        format!("{}: {} {end}", record.program, record.test)
    });
    Page::new("acceptance test", &test.id, Some(engine))
        .with("spec", known.spec_lines(engine, &[&["acceptance_tests", &test.id]]))
        .with("contract", [contract_file(engine), format!("{}: {}", test.test_fn, test.title)])
        .with("body", known.rust.function(&test.test_fn).into_iter().map(at))
        .with("runs", runs)
        .with("calls that it saw", calls.into_iter().cloned())
        .with("codes that it saw", codes.into_iter().cloned())
        .with("tests", known.tests(Kind::AcceptanceTest, |row| row.name == test.id))
}
