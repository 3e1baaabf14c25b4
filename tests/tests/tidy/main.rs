//! Keeps the structure of the workspace: which crate depends on which, what each must not know, in which order files and
//! folders import, and how long files and functions may be.
//!
//! A failure names the file and the rule. The rules stand in ARCHITECTURE.md; change them there first.

mod circles;
mod imports;
mod layers;
mod modules;
mod orders;
mod packages;
mod programs;
mod rules;
mod sizes;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use selene_acceptance::place;

use tree::{root, rust_files};

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
        // As is its own for its benchmark.
        ("selene-storage-postgres", &["selene-contracts", "selene-storage", "selene-storage-postgres"][..]),
        ("xtask", &["selene-codegen"][..]),
        (
            "selene-acceptance",
            &[
                "selene-codegen",
                "selene-codegen-macros",
                "selene-contracts",
                "selene-storage",
                "selene-storage-postgres",
                "xtask",
            ][..],
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

/// How statements are spelled: the macro, and the words that one begins with.
const STATEMENTS: &[&str] = &["sql!", "SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"];

/// What a folder must not mention, and why.
const ABSENCES: [(&str, &[&str], &str); 11] = [
    ("storage/src/rules/", &["crate::session", "crate::rows", "crate::commit"], "rules know no session"),
    ("storage/src/rules/", STATEMENTS, "rules know no SQL"),
    ("storage/src/bin/", STATEMENTS, "the library reads for the operator's command"),
    ("storage/src/command/", STATEMENTS, "programs for operators show what others read"),
    ("tests/src/suites/", STATEMENTS, "suites call traits"),
    ("tests/src/model/", STATEMENTS, "models know no database"),
    ("storage/", &["serde_yaml", "saphyr", "pulldown_cmark"], "storage reads neither YAML nor Markdown"),
    ("codegen/src/", &["std::fs", "std::env", "std::process"], "codegen does no I/O"),
    (
        "generated/src/",
        &["rusqlite", "tokio", "std::fs", "std::time"],
        "contracts know no backend and no clock",
    ),
    ("storage/src/", &["SystemTime", "Instant::now", "HashMap", "rand::"], "the store is deterministic"),
    ("xtask/src/", &["HashMap", "HashSet", "SystemTime"], "the tool is deterministic"),
];

/// The files below `storage/src` that may look at a clock: how long a person or a call has waited reaches no row.
const TIMED: [&str; 2] = ["storage/src/command/progress.rs", "storage/src/observe/stopwatch.rs"];

#[test]
fn what_must_be_absent_is_absent() {
    for (file, text) in rust_files() {
        for (place, words, why) in ABSENCES {
            if !file.starts_with(place) {
                continue;
            }
            for (index, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for word in
                    words.iter().filter(|word| !TIMED.contains(&file.as_str()) || **word != "Instant::now")
                {
                    assert!(!code.contains(word), "{file}:{}: `{word}`: {why}", index + 1);
                }
            }
        }
        if file.contains("/src/") && text.contains("serde_yaml::") {
            let is_home = file == "codegen/src/yaml.rs" || file.starts_with("codegen/src/yaml/");
            assert!(is_home, "{file}: serde_yaml stays behind one module");
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
