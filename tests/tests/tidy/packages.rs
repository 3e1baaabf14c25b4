//! What is published is whole: a package has no file outside of its folder, and says what a registry asks for.

use serde_json::Value;

use super::modules;
use super::tree::{root, rust_files};

/// The packages that may be published, in the order in which they are.
const PUBLISHED: [&str; 5] = [
    "selene-codegen",
    "selene-codegen-macros",
    "selene-contracts",
    "selene-storage",
    "selene-storage-postgres",
];

fn packages() -> Vec<Value> {
    let metadata = super::cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let mut metadata: Value = serde_json::from_str(&metadata).unwrap();
    metadata["packages"].as_array_mut().map(std::mem::take).expect("packages")
}

/// A path below the workspace.
fn shown(path: &Value) -> String {
    let path = std::path::Path::new(path.as_str().unwrap());
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

#[test]
fn a_published_crate_lies_in_its_own_folder_and_depends_by_version() {
    let texts = rust_files();
    let mut published = Vec::new();
    for package in packages().iter().filter(|package| package["publish"].is_null()) {
        let name = package["name"].as_str().unwrap();
        let manifest = shown(&package["manifest_path"]);
        let folder = manifest.strip_suffix("Cargo.toml").unwrap();
        for target in package["targets"].as_array().unwrap() {
            let kind = target["kind"][0].as_str().unwrap();
            if !["lib", "proc-macro", "bin"].contains(&kind) {
                continue;
            }
            let files = modules::read(&shown(&target["src_path"]), &texts);
            assert!(!files.is_empty(), "{name}: {target}");
            for module in files {
                assert!(
                    module.file.starts_with(folder),
                    "{name} needs {}, which no package of it has",
                    module.file
                );
            }
        }
        for key in ["description", "license", "rust_version"] {
            assert!(package[key].is_string(), "{name} has no {key}");
        }
        for dependency in package["dependencies"].as_array().unwrap() {
            let needs_version = dependency["kind"] != "dev";
            assert!(!needs_version || dependency["req"] != "*", "{name}: {}", dependency["name"]);
        }
        published.push(name.to_owned());
    }
    published.sort();
    assert_eq!(published, PUBLISHED);
}
