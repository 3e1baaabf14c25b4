//! Specs folders in temporary places, and the program run on them as a person runs it.

#![allow(dead_code, reason = "every test program uses its own part of this")]

pub mod edits;

pub mod workspace;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The folder of this package. Cargo says it when the tests run: a path that was compiled in would lead from a copied
/// checkout back to the original.
fn package() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests"))
}

/// The folder with the fixtures.
pub fn fixtures() -> PathBuf {
    package().join("tests/fixtures")
}

/// Ten engines with their `specs` and what those gave once (`generated`): what pages, lexicon and register of a real size look
/// like. They are a copy that no edit of the workspace's own specs changes.
pub fn ten_engines() -> PathBuf {
    package().join("tests/ten_engines")
}

/// The workspace's own folder.
pub fn workspace() -> PathBuf {
    package().join("..").canonicalize().expect("the workspace exists")
}

/// A specs folder and an output folder of its own.
pub struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// The fixture `base`: one small engine with both halves and no findings.
    pub fn base() -> Self {
        let sandbox = Self { folder: TempDir::new().expect("a temporary folder") };
        copy(&fixtures().join("base/specs"), &sandbox.specs());
        sandbox
    }

    /// Ten engines with what they gave.
    pub fn ten_engines() -> Self {
        let sandbox = Self { folder: TempDir::new().expect("a temporary folder") };
        copy(&ten_engines().join("specs"), &sandbox.specs());
        copy(&ten_engines().join("generated"), &sandbox.out());
        sandbox
    }

    /// The fixture `lint/base` with the files of a fixture below `lint` laid over it: two small engines.
    pub fn of_rule(case: &Path) -> Self {
        let sandbox = Self { folder: TempDir::new().expect("a temporary folder") };
        copy(&fixtures().join("lint/base/specs"), &sandbox.specs());
        if case.join("specs").is_dir() {
            copy(&case.join("specs"), &sandbox.specs());
        }
        sandbox
    }

    /// The fixture `base` with the files of another fixture laid over it, and without those that it removes.
    pub fn of_case(case: &Path) -> Self {
        let sandbox = Self::base();
        if case.join("specs").is_dir() {
            copy(&case.join("specs"), &sandbox.specs());
        }
        let removed = fs::read_to_string(case.join("removed.txt")).unwrap_or_default();
        for name in removed.lines() {
            fs::remove_file(sandbox.specs().join(name)).expect("a removed file is part of the base");
        }
        sandbox
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn specs(&self) -> PathBuf {
        self.root().join("specs")
    }

    pub fn out(&self) -> PathBuf {
        self.root().join("out")
    }

    /// Runs `regenerate` on this folder.
    pub fn regenerate(&self, arguments: &[&str]) -> Run {
        self.run_on_specs("regenerate", arguments)
    }

    /// Runs `lint` on this folder.
    pub fn lint(&self, arguments: &[&str]) -> Run {
        self.run_on_specs("lint", arguments)
    }

    /// Runs `adopt` on this folder.
    pub fn adopt(&self, files: &[PathBuf], arguments: &[&str]) -> Run {
        let mut command = xtask();
        command.arg("adopt").args(files).args(arguments);
        command.arg("--specs").arg(self.specs()).arg("--out").arg(self.out());
        self.run(&mut command)
    }

    /// Every spec with its bytes, by path.
    pub fn specs_texts(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.specs(), &self.specs(), &mut found);
        found.sort();
        found
    }

    fn run_on_specs(&self, name: &str, arguments: &[&str]) -> Run {
        let mut command = xtask();
        command.arg(name).arg("--specs").arg(self.specs()).arg("--out").arg(self.out()).args(arguments);
        self.run(&mut command)
    }

    /// Runs a command and takes this folder's own path out of what it prints.
    pub fn run(&self, command: &mut Command) -> Run {
        let output = command.output().expect("xtask starts");
        Run::of(&output, &self.root().display().to_string())
    }

    /// Replaces one piece of a spec.
    pub fn edit(&self, file: &str, old: &str, new: &str) {
        let path = self.specs().join(file);
        let text = fs::read_to_string(&path).expect("the file exists");
        assert!(text.contains(old), "{file} holds no {old:?}");
        fs::write(path, text.replacen(old, new, 1)).expect("the file can be written");
    }

    /// Every file below the output folder with its bytes, by path.
    pub fn written(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        collect(&self.out(), &self.out(), &mut found);
        found.sort();
        found
    }
}

/// A sandbox whose output is what its specs say.
pub fn generated() -> Sandbox {
    let sandbox = Sandbox::base();
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    sandbox
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn of(output: &Output, root: &str) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&format!("{root}/"), "");
        Self { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }
}

/// A command that runs the built `xtask`.
pub fn xtask() -> Command {
    Command::new(program())
}

/// The built program: it lies in the folder above the tests.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let folder = test.parent().and_then(Path::parent).expect("a folder of built programs");
    folder.join("xtask").with_extension(std::env::consts::EXE_EXTENSION)
}

/// Runs git in a folder, with a name of its own and none of the machine's settings.
pub fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"])
        .args(["-c", "protocol.file.allow=always"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder exists") {
        let entry = entry.expect("the entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path.strip_prefix(root).expect("below the root").display().to_string();
            found.push((name, fs::read(&path).expect("the file can be read")));
        }
    }
}
