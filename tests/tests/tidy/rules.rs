//! Every rule of `cargo xtask lint` has what the list promises: a purpose, a reason, a fixture that is broken, a contradiction
//! that is planted.

use std::collections::BTreeSet;
use std::fs;

use xtask::lint::list;

use super::tree::root;

#[test]
fn every_rule_is_data_with_a_fixture() {
    let fixtures = root().join("xtask/tests/fixtures");
    let planted =
        fs::read_to_string(root().join("xtask/tests/planted.txt")).expect("the table of contradictions");
    let mut used = BTreeSet::from(["lint/base", "lint/malformed_silence", "lint/unused_silence"]);
    let mut ids = BTreeSet::new();
    for rule in list::all() {
        let id = rule.code.id;
        assert!(ids.insert(id), "{id} stands in the list twice");
        assert!(rule.code.purpose.ends_with('.') && !rule.code.purpose.contains(". "), "{id}: one sentence");
        assert!(rule.explain.ends_with('.'), "{id}: why it is there, in sentences");
        let expected =
            fs::read_to_string(fixtures.join(rule.fixture).join("expected.txt")).unwrap_or_default();
        assert!(
            expected.contains(&format!("[{id}]")),
            "{id}: xtask/tests/fixtures/{} does not break it",
            rule.fixture
        );
        let is_planted = planted.lines().any(|line| line.starts_with(id));
        assert!(
            is_planted || !rule.can_be_silenced(),
            "{id}: xtask/tests/planted.txt has no contradiction for it"
        );
        used.insert(rule.fixture);
    }
    for entry in fs::read_dir(fixtures.join("lint")).expect("the fixtures of rules") {
        let name = entry.expect("an entry").file_name();
        let fixture = format!("lint/{}", name.to_string_lossy());
        assert!(used.contains(fixture.as_str()), "xtask/tests/fixtures/{fixture} is the fixture of no rule");
    }
}
