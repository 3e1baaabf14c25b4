//! Building the copy, and which mutants do not compile.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::listed::Mutant;
use crate::rewrite::{self, LeftOut};

/// The files of a tree as they were, and the package that they belong to.
pub struct Copy {
    pub tree: PathBuf,
    pub package: String,
    pub originals: BTreeMap<String, String>,
}

/// A program of tests.
pub struct Program {
    pub name: String,
    pub path: PathBuf,
    /// Where cargo would run it.
    pub folder: PathBuf,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    message: Option<Diagnostic>,
    executable: Option<PathBuf>,
    target: Option<Target>,
    manifest_path: Option<PathBuf>,
    profile: Option<Profile>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    code: Option<Code>,
    spans: Vec<DiagnosticSpan>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct DiagnosticSpan {
    file_name: String,
    byte_start: usize,
    is_primary: bool,
}

impl Copy {
    /// Reads the files that have mutants, and puts the switch into the package.
    ///
    /// # Errors
    /// A file cannot be read or written, or the copy was rewritten before.
    pub fn open(tree: &Path, package: &str, folder: &str, mutants: &[Mutant]) -> Result<Self, String> {
        let folder = tree.join(folder);
        let mut originals = BTreeMap::new();
        for mutant in mutants {
            if !originals.contains_key(&mutant.file) {
                originals.insert(mutant.file.clone(), read(&tree.join(&mutant.file))?);
            }
        }
        let root = folder.join("src/lib.rs");
        let text = read(&root)?;
        if text.contains("mod mutant;") {
            return Err(format!("{} was rewritten before; make another copy", tree.display()));
        }
        write(&folder.join("src/mutant.rs"), include_str!("../fixtures/mutant.rs"))?;
        write(&root, &(text + "\nmod mutant;\n"))?;
        Ok(Self { tree: tree.to_owned(), package: package.to_owned(), originals })
    }

    /// Writes all files with the mutants that are not left out.
    fn rewrite(
        &self,
        mutants: &[Mutant],
        left_out: &mut LeftOut,
    ) -> Result<BTreeMap<String, String>, String> {
        let mut rewritten = BTreeMap::new();
        for (file, text) in &self.originals {
            let text = rewrite::rewrite(file, text, mutants, left_out)?;
            write(&self.tree.join(file), &text)?;
            rewritten.insert(file.clone(), text);
        }
        Ok(rewritten)
    }

    /// Leaves mutants out until the package compiles.
    ///
    /// # Errors
    /// Cargo cannot be run, or an error belongs to no mutant.
    pub fn compile(
        &self,
        cargo: &[String],
        mutants: &[Mutant],
        left_out: &mut LeftOut,
    ) -> Result<(), String> {
        loop {
            let rewritten = self.rewrite(mutants, left_out)?;
            let mut arguments = vec!["check".to_owned(), "-p".to_owned(), self.package.clone()];
            arguments.extend(["--lib", "--message-format", "json"].map(str::to_owned));
            arguments.extend_from_slice(cargo);
            let (messages, is_success) = self.cargo(&arguments)?;
            if is_success {
                return Ok(());
            }
            let before = left_out.len();
            let mut strangers = Vec::new();
            for error in messages.into_iter().filter_map(|message| message.message) {
                if error.level != "error" || error.spans.is_empty() {
                    continue;
                }
                let code = error.code.map(|code| code.code).unwrap_or_default();
                match mutant_of(&error.spans, &rewritten) {
                    Some(number) => {
                        left_out
                            .entry(number)
                            .or_insert(format!("does not compile: {code} {}", error.message));
                    }
                    None => strangers.push(format!("{}: {}", error.spans[0].file_name, error.message)),
                }
            }
            eprintln!("{} mutants do not compile or have no switch", left_out.len());
            if left_out.len() == before {
                return Err(format!("errors that belong to no mutant:\n{}", strangers.join("\n")));
            }
        }
    }

    /// Builds the programs of tests.
    ///
    /// # Errors
    /// They do not compile.
    pub fn programs(&self, cargo: &[String], chosen: &[String]) -> Result<Vec<Program>, String> {
        let mut arguments = ["test", "--no-run", "--message-format", "json"].map(str::to_owned).to_vec();
        arguments.extend_from_slice(cargo);
        arguments.extend_from_slice(chosen);
        let (messages, is_success) = self.cargo(&arguments)?;
        if !is_success {
            let errors = messages.into_iter().filter_map(|message| message.message);
            let errors: Vec<_> =
                errors.filter(|error| error.level == "error").map(|error| error.message).collect();
            return Err(errors.join("\n"));
        }
        let mut programs = Vec::new();
        for message in messages {
            if message.profile.is_some_and(|profile| profile.test)
                && let (Some(path), Some(target), Some(manifest)) =
                    (message.executable, message.target, message.manifest_path)
            {
                let folder = manifest.parent().unwrap_or(&self.tree).to_owned();
                programs.push(Program { name: target.name, path, folder });
            }
        }
        Ok(programs)
    }

    fn cargo(&self, arguments: &[String]) -> Result<(Vec<Message>, bool), String> {
        let output = Command::new("cargo")
            .args(arguments)
            .current_dir(&self.tree)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        let messages = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .filter(|message: &Message| {
                matches!(message.reason.as_str(), "compiler-message" | "compiler-artifact")
            })
            .collect();
        Ok((messages, output.status.success()))
    }
}

/// The mutant that an error is of: the innermost one around a place that it names, primary places first.
fn mutant_of(spans: &[DiagnosticSpan], rewritten: &BTreeMap<String, String>) -> Option<usize> {
    for is_primary in [true, false] {
        for span in spans.iter().filter(|span| span.is_primary == is_primary) {
            let text = rewritten.get(&span.file_name);
            let around = text.map(|text| rewrite::around(text, span.byte_start)).unwrap_or_default();
            if let Some(number) = around.last() {
                return Some(*number);
            }
        }
    }
    None
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes what differs, so that what did not change is not compiled again.
fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
