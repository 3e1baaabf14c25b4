//! The acceptance suite, with one body for each test of the spec: `tests/src/suites`.

use selene_codegen::contract::AcceptanceTest;
use selene_codegen::naming::engine_stem;

use super::drafted::{Draft, NewFile};
use super::places::SUITES;
use super::registration::Registrations;
use super::subject::Subject;
use super::tree::Tree;

/// Drafts the suite of an engine that has none. What a suite lacks goes to the end of the one place that implements its trait.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    let tests = &subject.contract.acceptance_tests;
    if tests.is_empty() {
        return;
    }
    let (module, stem) = (subject.module(), engine_stem(&subject.contract.engine.id));
    let acceptance = format!("{stem}Acceptance");
    if let Some(path) = tree.file_with(SUITES, &format!("{acceptance} for")) {
        let missing = tests.iter().filter(|test| !tree.contains(SUITES, &format!("fn {}", test.test_fn)));
        let bodies: Vec<String> = missing.map(body).collect();
        if !bodies.is_empty() {
            let is_head =
                |line: &&str| line.starts_with("impl") && line.contains(&format!("{acceptance} for"));
            let head = tree.text(path).and_then(|text| text.lines().find(is_head)).unwrap_or(&acceptance);
            registrations.entry(path, (head, "}"), &format!("\n{}", bodies.join("\n")));
        }
        return;
    }
    let id = &subject.contract.engine.id;
    let bodies: Vec<String> = tests.iter().map(body).collect();
    let text = format!(
        "//! The acceptance tests of {id}.\n\nuse selene_contracts::{module}::{acceptance};\n\n\
         use crate::harness::Harness;\n\n/// The acceptance tests of {id} on the stores of a harness.\n\
         pub struct {stem}Suite<H>(pub H);\n\nimpl<H: Harness> {acceptance} for {stem}Suite<H> {{\n{}}}\n",
        bodies.join("\n")
    );
    draft.files.push(NewFile { path: format!("{SUITES}/{module}.rs"), text });
    let list = format!("{SUITES}/mod.rs");
    registrations.module(&list, &format!("mod {module};"));
    registrations.entry(&list, ("suites! {", "}"), &format!("    {module} => {module}::{stem}Suite,\n"));
}

/// The body of one test, that nobody has written.
fn body(test: &AcceptanceTest) -> String {
    format!(
        "    // {}\n    fn {}(&self) {{\n        selene_contracts::skeleton!({:?})\n    }}\n",
        test.title, test.test_fn, test.id
    )
}
