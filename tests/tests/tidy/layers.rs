//! The folders of a crate import one way, and one folder of the store knows the driver.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::circles::edges_of;
use super::imports::Edges;
use super::tree::{Texts, rust_files};

/// The order of the parts of a crate. A part is a folder, or a file beside the folders, by its name without `.rs`.
struct Order {
    /// The sources of the crate.
    folder: &'static str,
    /// A part, and the folders that it may import from. Parts that are not named are the base: every part may import them,
    /// and they import no folder, except files that only declare modules and re-export.
    parts: &'static [(&'static str, &'static [&'static str])],
    /// Imports against the order that are still there, as (from, to). One that is gone must leave this list.
    still_against: &'static [(&'static str, &'static str)],
}

const ORDERS: [Order; 2] = [STORE, REGENERATE];

const STORE: Order = Order {
    folder: "storage/src",
    parts: &[
        ("rules", &[]),
        ("rows", &["rules"]),
        ("commit", &["rules", "rows"]),
        ("check", &["rules", "rows", "commit"]),
        ("sqlite", &["rules", "rows", "commit", "check"]),
    ],
    still_against: &[],
};

/// The phases, then what runs them. A phase needs the trees of the first one for their places and words.
const REGENERATE: Order = Order {
    folder: "xtask/src",
    parts: &[
        ("diagnostics", &[]),
        ("written", &["diagnostics"]),
        ("read", &["diagnostics"]),
        ("parse", &["diagnostics", "read"]),
        ("resolve", &["diagnostics", "read", "parse"]),
        ("check", &["diagnostics", "read", "parse", "resolve", "written"]),
        ("lint", &["diagnostics", "read", "parse", "resolve", "written"]),
        ("emission", &["diagnostics", "resolve"]),
        ("write", &["diagnostics", "parse", "resolve", "written"]),
        ("pipeline", &["diagnostics", "read", "parse", "resolve", "check", "lint", "write", "written"]),
        // Schemas name what the readers know; they read nothing.
        ("editors", &[]),
        ("cli", &["diagnostics"]),
        (
            "commands",
            &["cli", "diagnostics", "editors", "read", "parse", "resolve", "lint", "write", "written"],
        ),
    ],
    still_against: &[],
};

/// The driver's crate, and the folder that may name it.
const DRIVER: (&str, &str) = ("rusqlite", "sqlite");

/// Parts of the store that still name the driver. One that does not any more must leave this list.
const STILL_ON_THE_DRIVER: &[&str] = &[];

/// The first name below a crate's sources: a folder, or a file beside the folders without `.rs`.
fn part<'a>(file: &'a str, folder: &str) -> Option<&'a str> {
    let rest = file.strip_prefix(folder)?.strip_prefix('/')?;
    rest.split('/').next().map(|name| name.trim_end_matches(".rs"))
}

/// Whether a file only declares modules and re-exports.
fn is_facade(items: &[syn::Item]) -> bool {
    items.iter().all(|item| match item {
        syn::Item::Mod(item) => item.content.as_ref().is_none_or(|(_, items)| is_facade(items)),
        syn::Item::Use(_) | syn::Item::ExternCrate(_) => true,
        _ => false,
    })
}

/// Imports against the order: (from, to) with the edges of files.
fn against<'a>(order: &Order, edges: &'a Edges, texts: &Texts) -> BTreeMap<(&'a str, &'a str), String> {
    let folders: BTreeSet<&str> = texts
        .keys()
        .filter_map(|file| file.strip_prefix(order.folder)?.strip_prefix('/')?.split_once('/'))
        .map(|(folder, _)| folder)
        .collect();
    let parts: BTreeMap<&str, &[&str]> = order.parts.iter().copied().collect();
    let mut found: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for ((from_file, to_file), names) in edges {
        let (Some(from), Some(to)) = (part(from_file, order.folder), part(to_file, order.folder)) else {
            continue;
        };
        if from == to || !folders.contains(to) {
            continue;
        }
        let is_allowed = match parts.get(from) {
            Some(allowed) => allowed.contains(&to),
            // A file beside the folders, or a folder without a rule.
            None => {
                !folders.contains(from) && is_facade(&syn::parse_file(&texts[from_file]).expect("Rust").items)
            }
        };
        if !is_allowed {
            let names: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
            let shown = found.entry((from, to)).or_default();
            let _ = writeln!(shown, "  {from_file} -> {to_file}: {}", names.join(", "));
        }
    }
    found
}

/// Parts of the crate that name the driver and must not, each with the first line that does.
fn on_the_driver(texts: &Texts) -> BTreeMap<&str, String> {
    let (driver, home) = DRIVER;
    let mut found = BTreeMap::new();
    for (file, text) in texts {
        let Some(part) = part(file, STORE.folder).filter(|part| *part != home) else { continue };
        let line = text.lines().position(|line| line.split("//").next().unwrap_or_default().contains(driver));
        if let Some(line) = line {
            found.entry(part).or_insert_with(|| format!("{file}:{}", line + 1));
        }
    }
    found
}

#[test]
fn folders_of_a_crate_import_one_way() {
    let texts = rust_files();
    let mut problems = Vec::new();
    for order in ORDERS {
        let folder = order.folder;
        let edges = edges_of(&[&format!("{folder}/lib.rs")], &texts);
        let found = against(&order, &edges, &texts);
        let mended = order.still_against.iter().filter(|pair| !found.contains_key(*pair));
        problems.extend(mended.map(|(from, to)| {
            format!("{folder}: {from} imports nothing from {to} any more: take it out of the list")
        }));
        let unexpected = found.iter().filter(|(pair, _)| !order.still_against.contains(pair));
        problems.extend(
            unexpected
                .map(|((from, to), shown)| format!("{folder}: {from} must not import from {to}:\n{shown}")),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn one_folder_of_the_store_knows_the_driver() {
    let texts = rust_files();
    let found = on_the_driver(&texts);
    let mut problems: Vec<String> = STILL_ON_THE_DRIVER
        .iter()
        .filter(|part| !found.contains_key(*part))
        .map(|part| format!("{part} does not name the driver any more: take it out of the list"))
        .collect();
    let unexpected = found.iter().filter(|(part, _)| !STILL_ON_THE_DRIVER.contains(part));
    problems.extend(
        unexpected
            .map(|(_, line)| format!("{line}: only {}/{} may name {}", STORE.folder, DRIVER.1, DRIVER.0)),
    );
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Small stores within and against the order.
mod tests {
    use super::*;

    fn store(files: &[(&str, &str)]) -> Texts {
        files.iter().map(|(name, text)| (format!("{}/{name}", STORE.folder), (*text).to_owned())).collect()
    }

    /// Pairs of parts that are against the order.
    fn pairs(texts: &Texts) -> Vec<(String, String)> {
        let edges = edges_of(&["storage/src/lib.rs"], texts);
        let found = against(&STORE, &edges, texts);
        found.keys().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
    }

    #[test]
    fn an_import_against_the_order_is_found() {
        let texts = store(&[
            ("lib.rs", "mod chain; mod rules; mod rows; mod sqlite; pub use sqlite::Store; use rules::R;"),
            ("chain.rs", "use crate::rules::R; pub struct Chain;"),
            ("rules.rs", "mod deep; pub use deep::R;"),
            ("rules/deep.rs", "use crate::rows::Row; use crate::chain::Chain; pub struct R;"),
            ("rows/mod.rs", "use crate::rules::R; pub struct Row;"),
            ("sqlite/mod.rs", "use crate::rules::R; use crate::rows::Row; pub struct Store;"),
        ]);
        let expected = [("chain", "rules"), ("rules", "rows")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(pairs(&texts), expected);
    }

    #[test]
    fn a_folder_without_a_rule_may_import_none() {
        let texts = store(&[
            ("lib.rs", "mod more; mod rules;"),
            ("more/mod.rs", "use crate::rules::R;"),
            ("rules/mod.rs", "pub struct R;"),
        ]);
        assert_eq!(pairs(&texts), [("more".to_owned(), "rules".to_owned())]);
    }

    #[test]
    fn the_driver_is_found_outside_its_folder_and_not_in_comments() {
        let texts = store(&[
            ("lib.rs", "// rusqlite"),
            ("rows/a.rs", "fn a() {}\nuse rusqlite::Row;"),
            ("sqlite/mod.rs", "use rusqlite::Row;"),
        ]);
        let found = on_the_driver(&texts);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [("rows", "storage/src/rows/a.rs:2".to_owned())]);
    }
}
