//! What a failing acceptance test proves: the line of the specs that names it, looked up when the test fails.

use std::sync::OnceLock;

use selene_contracts::engines;
use xtask::coverage::place::Places;

use crate::place;

/// Says on the error output which line of which page a test proves, where it is an acceptance test.
pub fn name_what_failed(test: &str) {
    for line in what_it_proves(test) {
        eprintln!("{line}");
    }
}

/// One sentence for every acceptance test of the specs that goes by the name of this one.
fn what_it_proves(test: &str) -> Vec<String> {
    let function = test.rsplit("::").next().unwrap_or_default();
    let stated = engines::ALL.iter().flat_map(|engine| {
        engine
            .acceptance_tests
            .iter()
            .filter(|stated| stated.test_fn == function)
            .map(|test| (engine.id, test))
    });
    let mut lines = Vec::new();
    for (engine, stated) in stated {
        let line = places().find(engine, &["acceptance_tests", stated.id]);
        let shown = line.map_or_else(|| "no page names it any more".to_owned(), |line| line.to_string());
        lines.push(format!("`{function}` proves {} of {engine}: {shown}", stated.id));
    }
    lines
}

/// The specs as they stood when the first test of this program failed.
fn places() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        let workspace = place::workspace();
        Places::read(&workspace.join("specs"), &workspace.join("generated"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_acceptance_test_of_the_workspace_knows_the_line_that_it_proves() {
        for engine in engines::ALL {
            let Some(stated) = engine.acceptance_tests.first() else { continue };
            let lines = what_it_proves(&format!("on_disk::{}", stated.test_fn));
            let [line] = &lines[..] else { panic!("{lines:?}") };
            let start = format!("`{}` proves {} of {}: specs/", stated.test_fn, stated.id, engine.id);
            assert!(line.starts_with(&start), "{line}");
            assert_eq!(line.matches(stated.id).count(), 2, "the line of the page names the test: {line}");
        }
        assert_eq!(what_it_proves("on_disk::no_acceptance_test"), [""; 0]);
    }
}
