//! The folders of a crate import one way, and a driver is known where it is at home.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::circles::edges_of;
use super::imports::Edges;
use super::orders::{ORDERS, Order};
use super::tree::{Texts, rust_files};

/// The crate of a driver, and the files and folders of sources that may name it. Tests and benchmarks may open a database with it.
struct Driver {
    name: &'static str,
    homes: &'static [&'static str],
}

const DRIVERS: [Driver; 2] = [
    Driver { name: "rusqlite", homes: &["storage/src/sqlite/", "tests/src/harness/sqlite.rs"] },
    // A lane, a queue and the handle know connections and sessions, and no client.
    Driver {
        name: "tokio_postgres",
        homes: &[
            "storage/postgres/src/batch/mod.rs",
            "storage/postgres/src/connection/address.rs",
            "storage/postgres/src/connection/catalog.rs",
            "storage/postgres/src/connection/encryption.rs",
            "storage/postgres/src/connection/mod.rs",
            "storage/postgres/src/connection/round.rs",
            "storage/postgres/src/connection/stream.rs",
            "storage/postgres/src/connection/trouble.rs",
            // Rows are handed over in the binary form of the server.
            "storage/postgres/src/copy/encode.rs",
            "storage/postgres/src/copy/server_target.rs",
            "storage/postgres/src/open_error.rs",
            "storage/postgres/src/schema/migrate.rs",
            "storage/postgres/src/session/guard.rs",
            "storage/postgres/src/session/mod.rs",
            "storage/postgres/src/session/together.rs",
            "storage/postgres/src/session/transaction.rs",
            // An array has the type of its parameter.
            "storage/postgres/src/statement/many.rs",
            "storage/postgres/src/statement/value.rs",
            // Tests ask for as much of a client as another program would.
            "storage/postgres/src/test_support.rs",
        ],
    },
];

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
        let is_base = !folders.contains(to) && !parts.contains_key(to);
        if from == to || is_base {
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

/// Sources that name a driver and must not: each with the first line that does, and the driver.
fn on_a_driver(texts: &Texts) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for (file, text) in texts.iter().filter(|(file, _)| file.contains("/src/")) {
        for Driver { name, homes } in &DRIVERS {
            let is_home = homes.iter().any(|home| file.starts_with(home));
            let line =
                text.lines().position(|line| line.split("//").next().unwrap_or_default().contains(name));
            found.extend(line.filter(|_| !is_home).map(|line| (format!("{file}:{}", line + 1), *name)));
        }
    }
    found
}

#[test]
fn folders_of_a_crate_import_one_way() {
    let texts = rust_files();
    let mut problems = Vec::new();
    for order in ORDERS {
        let Order { folder, root, .. } = order;
        let edges = edges_of(&[&format!("{folder}/{root}")], &texts);
        let found = against(&order, &edges, &texts);
        problems.extend(
            found
                .iter()
                .map(|((from, to), shown)| format!("{folder}: {from} must not import from {to}:\n{shown}")),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn sources_name_a_driver_only_where_it_is_at_home() {
    let found = on_a_driver(&rust_files());
    let problems: Vec<String> =
        found.iter().map(|(line, driver)| format!("{line}: names {driver} outside of its home")).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Small crates within and against their order.
mod tests {
    use super::super::orders::{REGENERATE, STORE};
    use super::*;

    /// The sources of a crate: files by their path from its folder of sources.
    fn sources(order: &Order, files: &[(&str, &str)]) -> Texts {
        files.iter().map(|(name, text)| (format!("{}/{name}", order.folder), (*text).to_owned())).collect()
    }

    fn store(files: &[(&str, &str)]) -> Texts {
        sources(&STORE, files)
    }

    /// Pairs of parts that are against the order.
    fn pairs(order: &Order, texts: &Texts) -> Vec<(String, String)> {
        let edges = edges_of(&[&format!("{}/{}", order.folder, order.root)], texts);
        let found = against(order, &edges, texts);
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
        assert_eq!(pairs(&STORE, &texts), expected);
    }

    #[test]
    fn a_folder_without_a_rule_may_import_none() {
        let texts = store(&[
            ("lib.rs", "mod more; mod rules;"),
            ("more/mod.rs", "use crate::rules::R;"),
            ("rules/mod.rs", "pub struct R;"),
        ]);
        assert_eq!(pairs(&STORE, &texts), [("more".to_owned(), "rules".to_owned())]);
    }

    #[test]
    fn a_file_with_a_place_in_the_order_is_a_part_like_a_folder() {
        let lib = (
            "lib.rs",
            "pub mod source; pub mod check; pub mod emission; pub mod pipeline; pub use pipeline::run;",
        );
        let source = ("source.rs", "pub struct Span;");
        let emission = ("emission.rs", "use crate::source::Span; pub fn try_emission(_: Span) {}");
        let pipeline =
            ("pipeline.rs", "use crate::check::check; use crate::emission::try_emission; pub fn run() {}");
        let ordered = ("check/mod.rs", "use crate::source::Span; pub fn check(_: Span) {}");
        let texts = sources(&REGENERATE, &[lib, source, emission, pipeline, ordered]);
        assert_eq!(pairs(&REGENERATE, &texts), []);
        let early = ("check/mod.rs", "use crate::emission::try_emission; pub fn check() {}");
        let texts = sources(&REGENERATE, &[lib, source, emission, pipeline, early]);
        assert_eq!(pairs(&REGENERATE, &texts), [("check".to_owned(), "emission".to_owned())]);
        let below = ("source.rs", "use crate::pipeline::run; pub struct Span;");
        let texts = sources(&REGENERATE, &[lib, below, emission, pipeline, ordered]);
        assert_eq!(pairs(&REGENERATE, &texts), [("source".to_owned(), "pipeline".to_owned())]);
    }

    #[test]
    fn a_driver_is_found_outside_its_home_and_not_in_comments() {
        let texts = store(&[
            ("lib.rs", "// rusqlite"),
            ("rows/a.rs", "fn a() {}\nuse rusqlite::Row;"),
            ("sqlite/mod.rs", "use rusqlite::Row;\nuse tokio_postgres::Client;"),
        ]);
        let expected =
            [("storage/src/rows/a.rs:2", "rusqlite"), ("storage/src/sqlite/mod.rs:2", "tokio_postgres")];
        assert_eq!(on_a_driver(&texts), expected.map(|(line, name)| (line.to_owned(), name)));
    }
}
