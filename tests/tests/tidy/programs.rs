//! What proves which promise is seen in ARCHITECTURE.md: its tables name every program of tests.

use std::collections::BTreeSet;
use std::fs;

use super::tree::root;

/// The folders whose tests have a table, by the sentence or the cell at its head.
const TABLES: [(&str, &str); 4] = [
    ("storage/tests", "| folder of `storage/tests` |"),
    ("storage/postgres/tests", "| folder of `storage/postgres/tests` |"),
    ("tests/tests", "| program of `tests/tests` |"),
    ("xtask/tests", "| programs of `xtask/tests` |"),
];

/// The names in the first column of a table.
fn named(text: &str, head: &str) -> BTreeSet<String> {
    let (_, table) = text.split_once(head).unwrap_or_else(|| panic!("ARCHITECTURE.md has no table {head}"));
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect()
}

/// The programs of a folder: a file, or a folder with a `main.rs`.
fn programs(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.join("main.rs").is_file() || path.extension().is_some_and(|end| end == "rs"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_program_of_tests_is_in_the_map() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (folder, head) in TABLES {
        let (named, programs) = (named(&text, head), programs(folder));
        let missing: Vec<_> = programs.difference(&named).collect();
        assert!(missing.is_empty(), "ARCHITECTURE.md, {head}: no row for {missing:?}");
        let is_there = |name: &str| programs.contains(name) || root().join(folder).join(name).is_dir();
        let gone: Vec<_> = named.iter().filter(|name| !is_there(name)).collect();
        assert!(gone.is_empty(), "ARCHITECTURE.md, {head}: {gone:?} is not there");
    }
}
