//! The tool acts on the tree in which it is run, and branches that touch different engines merge.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Sandbox, copy, fixtures, git, program};

/// A checkout of its own: a manifest and specs, with what they give.
fn checkout(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder can be made");
    fs::write(folder.join("Cargo.toml"), "[workspace]\n").expect("the manifest can be written");
    copy(&fixtures().join("base/specs"), &folder.join("specs"));
    second_engine(folder);
}

/// A second engine beside that of the fixture.
fn second_engine(folder: &Path) {
    for file in ["ecm/PH1_T.md", "db_wiring/PH1_T.md"] {
        let text = fs::read_to_string(folder.join("specs").join(file)).expect("the page is there");
        let text = text
            .replace("PH1.T", "PH1.U")
            .replace("PH1T", "PH1U")
            .replace("Ph1t", "Ph1u")
            .replace("app.notes", "app.memos")
            .replace("`notes`", "`memos`")
            .replace("`notes.", "`memos.")
            .replace("AT-T-", "AT-U-")
            .replace("at_t_", "at_u_")
            .replace("`T_", "`U_")
            .replace("=T_", "=U_");
        fs::write(folder.join("specs").join(file.replace("_T", "_U")), text)
            .expect("the page can be written");
    }
    let register = folder.join("specs/reason_codes.yaml");
    let text = fs::read_to_string(&register).expect("the register is there");
    let own = text.split_once("engines:\n").expect("engines").1;
    let other = own.replace("PH1.T", "PH1.U").replace(" T_", " U_").replace("0x0001", "0x0002");
    fs::write(&register, format!("{}\n{other}", text.trim_end())).expect("the register can be written");
    let lexicon = folder.join("specs/lexicon.yaml");
    let text = fs::read_to_string(&lexicon).expect("the lexicon is there");
    let own = text.split_once("\nengines:\n").expect("engines").1;
    let other = own.replace("PH1.T", "PH1.U").replace("PH1T", "PH1U").replace(" T_", " U_");
    fs::write(&lexicon, format!("{}\n{other}", text.trim_end())).expect("the lexicon can be written");
}

/// Runs a built program in a folder, without what cargo says of the tests that run now.
fn run(program: &Path, folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .expect("the program starts");
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

fn regenerate(folder: &Path) {
    let (ok, text) = run(&program(), folder, &["regenerate"]);
    assert!(ok, "{text}");
}

fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(open) = folders.pop() {
        for entry in fs::read_dir(open).expect("a readable folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.clone(), fs::read(path).expect("bytes")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_copied_build_works_on_the_copy_and_on_any_folder_of_it() {
    let sandbox = Sandbox::base();
    let original = sandbox.root().join("original");
    checkout(&original);
    fs::create_dir_all(original.join("target/debug")).expect("a folder can be made");
    let built = original.join("target/debug/xtask");
    fs::copy(program(), &built).expect("the program can be copied");
    assert!(run(&built, &original, &["regenerate"]).0);
    let moved = sandbox.root().join("copied");
    copy(&original, &moved);

    let before = files_below(&original);
    let page = moved.join("specs/ecm/PH1_T.md");
    let text = fs::read_to_string(&page).expect("the page is there");
    fs::write(&page, text.replace("Keep notes of a person", "Keep all notes of a person")).expect("an edit");
    let copied = moved.join("target/debug/xtask");
    for folder in [moved.clone(), moved.join("specs/ecm")] {
        let (ok, text) = run(&copied, &folder, &["regenerate", "--check"]);
        assert!(!ok && text.contains("stale       generated/contracts/ph1_t.yaml"), "{text}");
        assert!(text.contains("caused by specs/ecm/PH1_T.md:"), "{text}");
    }
    assert!(run(&copied, &moved, &["regenerate"]).0);
    assert!(run(&copied, &moved, &["regenerate", "--check"]).0);
    assert_eq!(files_below(&original), before, "the original is not touched");
    let contract = fs::read_to_string(moved.join("generated/contracts/ph1_t.yaml")).expect("the contract");
    assert!(contract.contains("Keep all notes of a person"), "{contract}");
}

#[test]
fn outside_of_any_checkout_the_folders_must_be_named() {
    let sandbox = Sandbox::base();
    let outside = sandbox.root().join("outside");
    fs::create_dir(&outside).expect("a folder can be made");
    let (ok, text) = run(&program(), &outside, &["regenerate", "--check"]);
    assert!(!ok && text.contains("help: run it inside a checkout, or name both folders"), "{text}");
    let (ok, text) = run(&program(), &outside, &["regenerate", "--specs", "../specs", "--out", "../out"]);
    assert!(ok, "{text}");
}

fn edit(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join("specs").join(file);
    let text = fs::read_to_string(&path).expect("the file is there");
    assert!(text.contains(old), "{file} holds no {old:?}");
    fs::write(path, text.replacen(old, new, 1)).expect("the file can be written");
}

/// Two branches, each with its edit and a regeneration, merged by git.
fn merged(one: impl Fn(&Path), other: impl Fn(&Path)) -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::base();
    let folder = sandbox.root().join("checkout");
    checkout(&folder);
    regenerate(&folder);
    git(&folder, &["init", "-q", "-b", "main"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-qm", "both engines"]);
    for (branch, change) in [("one", &one as &dyn Fn(&Path)), ("other", &other)] {
        git(&folder, &["checkout", "-q", "-b", branch, "main"]);
        change(&folder);
        regenerate(&folder);
        git(&folder, &["add", "-A"]);
        git(&folder, &["commit", "-qm", branch]);
    }
    git(&folder, &["merge", "-q", "--no-edit", "one"]);
    let (ok, text) = run(&program(), &folder, &["regenerate", "--check"]);
    assert!(ok, "after the merge: {text}");
    (sandbox, folder)
}

/// A change of one engine in every file that states it: page, purpose, lexicon, a new reason code.
fn change_engine(folder: &Path, letter: char) {
    edit(folder, &format!("ecm/PH1_{letter}.md"), "Keep notes of a person", "Keep all notes of a person");
    let (number, high) = (if letter == 'T' { 1 } else { 2 }, letter);
    let register = folder.join("specs/reason_codes.yaml");
    let text = fs::read_to_string(&register).expect("the register is there");
    let last = text
        .lines()
        .rfind(|line| line.contains(&format!(" {high}_")) && line.contains("number:"))
        .expect("a code")
        .to_owned();
    let name = last.trim().split(':').next().expect("a name");
    let code = last.split("number: ").nth(1).and_then(|rest| rest.split(',').next()).expect("a number");
    let added = last
        .replace(name, &format!("{high}_ADDED"))
        .replace(code, &format!("0x000{number}00F0"))
        .replace("was committed", "was added");
    fs::write(&register, text.replace(&last, &format!("{last}\n{added}"))).expect("an edit");
    let page = format!("ecm/PH1_{letter}.md");
    edit(folder, &page, &format!("`{name}`"), &format!("`{name}`, `{high}_ADDED`"));
}

#[test]
fn branches_that_touch_different_engines_merge_without_a_conflict() {
    let (_sandbox, folder) = merged(|folder| change_engine(folder, 'T'), |folder| change_engine(folder, 'U'));
    for module in ["ph1_t", "ph1_u"] {
        let path = folder.join(format!("generated/contracts/{module}.yaml"));
        let contract = fs::read_to_string(path).expect("the contract is there");
        assert!(contract.contains("_ADDED") && contract.contains("Keep all notes"), "{contract}");
    }
}

#[test]
fn branches_that_each_add_a_comment_to_the_lexicon_merge_without_a_conflict() {
    merged(
        |folder| edit(folder, "lexicon.yaml", "types:\n", "# One comment.\ntypes:\n"),
        |folder| edit(folder, "lexicon.yaml", "engines:\n", "# Another comment.\nengines:\n"),
    );
}
