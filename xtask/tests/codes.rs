//! Everything that the tool can say has something that makes it say so: every code of the table, every class of changes, every
//! state of `coverage`. One that nothing leads to fails here, by its id. Rules are asked for in `lint.rs`, kinds of changes in `diff.rs`.

mod common;

use std::fs;
use std::path::Path;

use common::{fixtures, workspace};
use xtask::coverage::report::State;
use xtask::diagnostics::codes;
use xtask::diff::{Class, kinds};

/// Every text below a folder whose name ends so.
fn texts(folder: &Path, is_wanted: &dyn Fn(&str) -> bool, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            texts(&path, is_wanted, found);
        } else if is_wanted(&name) {
            found.push(fs::read_to_string(&path).expect("the text can be read"));
        }
    }
}

fn all(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    texts(folder, &is_wanted, &mut found);
    found
}

fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

/// What fixtures expect, and what is read from small pages.
fn expected() -> Vec<String> {
    let mut found = all(&fixtures(), |name| name == "expected.txt");
    found.extend(all(&fixtures().join("../forms"), |name| has_extension(name, "txt")));
    found
}

/// What tests ask for, in their programs and beside what they test.
fn tests() -> Vec<String> {
    let mut found =
        all(&workspace().join("xtask/tests"), |name| has_extension(name, "rs") && name != "codes.rs");
    let beside = all(&workspace().join("xtask/src"), |name| has_extension(name, "rs"));
    found.extend(
        beside.iter().filter_map(|text| text.split_once("#[cfg(test)]")).map(|(_, test)| test.to_owned()),
    );
    found
}

fn missing<'a>(ids: impl Iterator<Item = &'a str>, is_led_to: impl Fn(&str) -> bool) -> Vec<&'a str> {
    ids.filter(|id| !is_led_to(id)).collect()
}

#[test]
fn every_code_is_found_in_a_fixture_or_by_a_test() {
    let (expected, tests) = (expected(), tests());
    let missing = missing(codes::ALL.iter().map(|code| code.id), |id| {
        let (in_text, in_form) = (format!("[{id}]"), format!("{id} at "));
        expected.iter().any(|text| text.contains(&in_text) || text.contains(&in_form))
            || tests.iter().any(|text| text.contains(&format!("\"{id}\"")) || text.contains(&in_text))
    });
    assert!(missing.is_empty(), "nothing leads to {missing:?}");
}

#[test]
fn every_class_of_change_is_that_of_a_change_in_a_fixture() {
    let expected = expected();
    let is_shown = |id: &str| {
        let line = format!("{id}  ");
        expected.iter().any(|text| text.lines().any(|shown| shown.starts_with(&line)))
    };
    let is_found = |class: &Class| kinds::ALL.iter().any(|kind| kind.class == *class && is_shown(kind.id));
    let missing: Vec<&str> =
        Class::ALL.iter().filter(|class| !is_found(class)).map(|class| class.as_str()).collect();
    assert!(missing.is_empty(), "no change of a fixture is of the classes {missing:?}");
}

#[test]
fn every_state_of_coverage_is_asked_for() {
    let text =
        fs::read_to_string(workspace().join("xtask/tests/coverage.rs")).expect("the tests of coverage");
    let missing = missing(State::ALL.iter().map(|state| state.as_str()), |state| {
        text.contains(&format!(", \"{state}\")"))
    });
    assert!(missing.is_empty(), "xtask/tests/coverage.rs gives nothing the states {missing:?}");
}
