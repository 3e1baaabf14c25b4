//! Keeps the house in order: who depends on whom, what each crate must not know, and how large a room may grow.
//!
//! A failure names the file and the rule. The rules stand in ARCHITECTURE.md; change them there first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use selene_acceptance::place;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// Lines that a file may have; a rule to think about, so a few more are allowed than the aim of about 400.
const MAX_FILE_LINES: usize = 420;
/// Lines that a function may have, its signature included; the aim is about 70.
const MAX_FUNCTION_LINES: usize = 80;

fn root() -> PathBuf {
    place::workspace()
}

/// Every Rust file of the workspace with its path from the root, `/` between folders.
fn rust_files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a readable folder") {
            let path = entry.expect("a readable entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                files.push((shown, fs::read_to_string(&path).expect("UTF-8")));
            }
        }
    }
    files.sort();
    files
}

fn cargo(arguments: &[&str]) -> String {
    let output =
        Command::new(place::cargo()).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn dependencies_go_one_way() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("selene-codegen", &[][..]),
        ("selene-codegen-macros", &["selene-codegen"][..]),
        ("selene-contracts", &["selene-codegen-macros"][..]),
        // Its own tests enable its test support.
        ("selene-storage", &["selene-contracts", "selene-storage"][..]),
        ("xtask", &["selene-codegen"][..]),
        (
            "selene-acceptance",
            &["selene-codegen", "selene-codegen-macros", "selene-contracts", "selene-storage", "xtask"][..],
        ),
    ]);
    let metadata: serde_json::Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]))
            .unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: BTreeSet<&str> = packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    assert_eq!(ours, allowed.keys().copied().collect(), "every crate of the workspace has its rule");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let dependency = dependency["name"].as_str().unwrap();
            assert!(
                !ours.contains(dependency) || allowed[name].contains(&dependency),
                "{name} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn regenerate_builds_no_c_code() {
    let tree =
        cargo(&["tree", "--offline", "--package", "xtask", "--edges", "normal,build", "--prefix", "none"]);
    for line in tree.lines() {
        let name = line.split_whitespace().next().unwrap_or_default();
        let builds_c = ["cc", "cmake", "bindgen", "pkg-config", "vcpkg"].contains(&name);
        assert!(!builds_c, "xtask must not build C: {line}");
    }
}

/// What a part of the house must not mention, and why.
const ABSENCES: [(&str, &[&str], &str); 6] = [
    ("storage/src/rules/", &["rusqlite", "crate::sqlite", "super::super::sqlite"], "rules know no SQL"),
    ("storage/", &["serde_yaml", "saphyr", "pulldown_cmark"], "storage reads neither YAML nor Markdown"),
    ("codegen/src/", &["std::fs", "std::env", "std::process"], "codegen does no I/O"),
    ("generated/src/", &["rusqlite", "std::fs", "std::time"], "contracts know no backend and no clock"),
    ("storage/src/", &["SystemTime", "Instant::now", "HashMap", "rand::"], "the store is deterministic"),
    ("xtask/src/", &["HashMap", "HashSet", "SystemTime"], "the tool is deterministic"),
];

#[test]
fn what_must_be_absent_is_absent() {
    for (file, text) in rust_files() {
        for (place, words, why) in ABSENCES {
            if !file.starts_with(place) {
                continue;
            }
            for (index, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in words {
                    assert!(!code.contains(word), "{file}:{}: `{word}`: {why}", index + 1);
                }
            }
        }
        if file.contains("/src/") && text.contains("serde_yaml::") {
            assert_eq!(file, "codegen/src/yaml.rs", "serde_yaml stays behind one module");
        }
    }
}

#[test]
fn every_module_says_what_it_is() {
    for (file, text) in rust_files() {
        let is_fixture = file.contains("/ui/") || file.contains("/fixtures/") || file.contains("/snapshots/");
        assert!(is_fixture || text.starts_with("//!"), "{file}: opens without a module comment");
    }
}

/// Collects functions that are longer than the bound.
struct LongFunctions {
    found: Vec<(String, usize, usize)>,
}

impl LongFunctions {
    fn look_at(&mut self, name: &syn::Ident, whole: proc_macro2::Span) {
        let lines = whole.end().line - whole.start().line + 1;
        if lines > MAX_FUNCTION_LINES {
            self.found.push((name.to_string(), whole.start().line, lines));
        }
    }
}

impl<'ast> Visit<'ast> for LongFunctions {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.look_at(&item.sig.ident, item.block.span());
        syn::visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.look_at(&item.sig.ident, item.block.span());
        syn::visit::visit_impl_item_fn(self, item);
    }
}

#[test]
fn rooms_and_functions_are_small() {
    let mut problems = Vec::new();
    for (file, text) in rust_files() {
        let lines = text.lines().count();
        if lines > MAX_FILE_LINES {
            problems.push(format!("{file}: {lines} lines, at most {MAX_FILE_LINES}"));
        }
        if file.contains("/ui/") {
            continue;
        }
        let mut visitor = LongFunctions { found: Vec::new() };
        visitor.visit_file(&syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}")));
        for (name, line, lines) in visitor.found {
            problems.push(format!("{file}:{line}: `{name}` has {lines} lines, at most {MAX_FUNCTION_LINES}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
