//! Editing a contract file rebuilds the crate that expands it, with no build script and no other edit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use selene_acceptance::place;

/// A type that one contract declares, in the words of a contract file.
const PROBE_TYPE: &str = "- name: AddedByTheTest\n  kind: text\n  min_len: 1\n  max_len: 8\n";

/// Code that compiles only while the type is there.
const PROBE_CODE: &str = "\nconst _: fn(shared::AddedByTheTest) = |_| ();\n";

/// A workspace of the expanding crates alone, copied into the target folder so that a second run finds it built.
struct Workspace {
    root: PathBuf,
}

impl Workspace {
    fn copied() -> Self {
        let source = place::workspace();
        let root = place::scratch("rebuild");
        for folder in ["codegen", "generated"] {
            let copy = root.join(folder);
            if copy.exists() {
                fs::remove_dir_all(&copy).unwrap();
            }
            copy_folder(&source.join(folder), &copy);
        }
        fs::copy(source.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
        fs::write(root.join("Cargo.toml"), manifest(&source)).unwrap();
        Self { root }
    }

    fn contract(&self) -> PathBuf {
        self.root.join("generated/contracts/shared.yaml")
    }

    /// Adds the probe to the contract, or takes it out again.
    fn declare_probe(&self, is_declared: bool) {
        let text = fs::read_to_string(self.contract()).unwrap().replace(PROBE_TYPE, "");
        let probe = if is_declared { format!("types:\n{PROBE_TYPE}") } else { "types:\n".to_owned() };
        assert!(text.contains("types:\n"), "the shared contract declares types");
        fs::write(self.contract(), text.replacen("types:\n", &probe, 1)).unwrap();
    }

    /// Compiles the contracts; on failure gives the compiler's output.
    fn check(&self) -> Result<(), String> {
        let output = Command::new(place::cargo())
            .args(["check", "--offline", "--quiet", "--package", "selene-contracts"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// The workspace manifest with the members that are there.
fn manifest(source: &Path) -> String {
    let text = fs::read_to_string(source.join("Cargo.toml")).unwrap();
    text.lines()
        .filter(|line| !line.starts_with("default-members"))
        .map(|line| {
            if line.starts_with("members") {
                "members = [\"codegen\", \"codegen/macros\", \"generated\"]"
            } else {
                line
            }
        })
        .take_while(|line| !line.starts_with("[profile"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn editing_a_contract_file_rebuilds_the_contracts() {
    let workspace = Workspace::copied();
    let library = workspace.root.join("generated/src/lib.rs");
    let code = fs::read_to_string(&library).unwrap() + PROBE_CODE;
    fs::write(&library, code).unwrap();

    workspace.declare_probe(true);
    assert_eq!(workspace.check(), Ok(()));

    // From here on only the contract file changes.
    workspace.declare_probe(false);
    let refused = workspace.check().expect_err("the type is gone, so the code that names it cannot compile");
    assert!(refused.contains("AddedByTheTest"), "{refused}");

    workspace.declare_probe(true);
    assert_eq!(workspace.check(), Ok(()));

    fs::write(workspace.contract(), "types: nonsense\n").unwrap();
    let refused = workspace.check().expect_err("a contract file that cannot be read");
    assert!(refused.contains("contracts/shared.yaml"), "{refused}");
    assert!(refused.contains("run `cargo xtask regenerate`"), "{refused}");
}
