//! What a failing acceptance test proves: the line of the specs that names it, looked up when the test fails.

use selene_contracts::engines;
use xtask::coverage::place::Places;

use crate::place;

/// Says on the error output which line of which page a test proves, where it is an acceptance test.
pub fn name_what_failed(test: &str) {
    let function = test.rsplit("::").next().unwrap_or_default();
    let stated =
        engines::ALL.iter().flat_map(|engine| engine.acceptance_tests.iter().map(move |test| (engine, test)));
    for (engine, proven) in stated.filter(|(_, proven)| proven.test_fn == function) {
        let workspace = place::workspace();
        let places = Places::read(&workspace.join("specs"), &workspace.join("generated"));
        let line = places.find(engine.id, &["acceptance_tests", proven.id]);
        let shown = line.map_or_else(|| "no page names it any more".to_owned(), |line| line.to_string());
        eprintln!("`{function}` proves {} of {}: {shown}", proven.id, engine.id);
    }
}
