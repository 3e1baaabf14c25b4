//! Runs the worked example of README.md on a copy of the workspace: what the README shows is what happens.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use selene_acceptance::place;

fn root() -> PathBuf {
    place::workspace()
}

/// The fenced blocks of the section `## Worked example`, in order, as (language, text).
fn example_blocks() -> Vec<(String, String)> {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let section = readme.split("\n## Worked example").nth(1).expect("the README has a worked example");
    let section = section.split("\n## ").next().unwrap_or(section);
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in section.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// Copies the files of the workspace, without what is built and what git keeps.
fn copy_workspace(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("a readable entry");
        let name = entry.file_name();
        if name == "target" || name == ".git" {
            continue;
        }
        let target = to.join(&name);
        if entry.path().is_dir() {
            copy_workspace(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copied file");
        }
    }
}

fn run(program: &str, arguments: &[&str], folder: &Path, input: Option<&str>) -> (Output, String) {
    use std::io::Write as _;
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", place::scratch("worked-example"))
        .env("CARGO_TERM_COLOR", "never")
        .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
    if let Some(input) = input {
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the input is taken");
    }
    let output = child.wait_with_output().expect("an exit");
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output, text)
}

/// A line without the blanks at its ends.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Checks that every line that the README shows is among the lines that were printed.
fn shows(printed: &str, promised: &str) {
    for line in lines(promised) {
        assert!(
            lines(printed).any(|other| other == line),
            "the README shows\n{line}\nbut this was printed:\n{printed}"
        );
    }
}

#[test]
fn the_worked_example_of_the_readme_is_true() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy_workspace(&root(), folder.path());
    let cargo = place::cargo();
    let cargo = cargo.to_str().expect("UTF-8");
    let blocks = example_blocks();
    let texts = |language: &str| {
        blocks.iter().filter(|(name, _)| name == language).map(|(_, text)| text.as_str()).collect::<Vec<_>>()
    };

    let diffs = texts("diff");
    assert_eq!(diffs.len(), 2, "one edit of a spec, one of the registry");
    for diff in diffs {
        let (output, text) = run("git", &["apply", "-"], folder.path(), Some(diff));
        assert!(output.status.success(), "the edit of the README does not apply: {text}");
    }

    let [regenerated, refused] = texts("text")[..] else { panic!("the README shows two outputs") };
    let (output, text) = run(cargo, &["xtask", "regenerate"], folder.path(), None);
    assert!(output.status.success(), "{text}");
    shows(&text, regenerated);

    // A SQLite that nobody runs needs no optimizer.
    let unoptimized = "profile.dev.package.libsqlite3-sys.opt-level=0";
    let check = ["check", "--offline", "--package", "selene-storage", "--config", unoptimized];
    let (output, text) = run(cargo, &check, folder.path(), None);
    assert!(!output.status.success(), "a capability that no backend serves must not compile");
    shows(&text, refused);
}
