//! What happens on the disk: foreign files among the contracts, writes that fail, and runs that are ended while they write.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::Instant;

use common::{Sandbox, generated, xtask};

type Files = BTreeMap<String, Vec<u8>>;

fn files(sandbox: &Sandbox) -> Files {
    sandbox.written().into_iter().collect()
}

/// Specs with a second field bound and purpose: every generated file but `src/shared.rs` changes.
fn change_specs(sandbox: &Sandbox) {
    sandbox.edit("lexicon.yaml", "max_len: 64, doc: \"A person.\"", "max_len: 65, doc: \"A person.\"");
    sandbox.edit("lexicon.yaml", "range: [1, 5]", "range: [1, 6]");
    sandbox.edit("ecm/PH1_T.md", "Keep notes of a person", "Keep all notes of a person");
}

/// What the changed specs give where nobody disturbs the run.
fn changed() -> Files {
    let sandbox = generated();
    change_specs(&sandbox);
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    files(&sandbox)
}

/// Every file is as it was or as it is to be; what is not complete yet has a name of its own.
fn assert_whole(found: &Files, old: &Files, new: &Files, context: &str) {
    for (path, bytes) in found.iter().filter(|(path, _)| !path.starts_with("contracts/.regenerate-")) {
        let is_whole = old.get(path) == Some(bytes) || new.get(path) == Some(bytes);
        assert!(is_whole, "{context}: {path} is neither old nor new");
    }
    // The record comes last: it never names files that are not there yet.
    if found.get("sources.json") == new.get("sources.json") {
        assert!(
            new.iter().all(|(path, bytes)| found.get(path) == Some(bytes)),
            "{context}: the record is ahead"
        );
    }
}

fn assert_mended(sandbox: &Sandbox, new: &Files, context: &str) {
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{context}: {}", run.stderr);
    assert_eq!(files(sandbox), *new, "{context}");
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{context}");
}

#[test]
fn a_write_that_fails_at_any_file_leaves_whole_files_and_a_rerun_mends_them() {
    let old = files(&generated());
    let new = changed();
    let touched: Vec<&String> = new.keys().filter(|path| old.get(*path) != new.get(*path)).collect();
    assert!(touched.len() >= 4, "{touched:?}");
    for path in touched {
        let sandbox = generated();
        change_specs(&sandbox);
        // A folder with something in it can be neither overwritten nor replaced.
        let place = sandbox.out().join(path);
        fs::remove_file(&place).expect("the file is there");
        fs::create_dir(&place).expect("a folder can be made");
        fs::write(place.join("mine"), "mine").expect("a file can be written");
        let run = sandbox.regenerate(&[]);
        assert_eq!(run.code, Some(1), "{path}");
        let message = format!("generated files cannot be written: `out/{path}`");
        assert!(run.stderr.contains(&message), "{path}: {}", run.stderr);

        let mine = fs::read_to_string(place.join("mine")).expect("the file in the way is not touched");
        assert_eq!(mine, "mine");
        fs::remove_dir_all(&place).expect("the folder can be removed");
        let found = files(&sandbox);
        assert_whole(&found, &old, &new, path);
        assert!(found.keys().all(|name| new.contains_key(name)), "{path}: something is left over");
        assert_mended(&sandbox, &new, path);
    }
}

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_whole_files_and_a_rerun_mends_them() {
    let old = files(&generated());
    let start = Instant::now();
    let new = changed();
    // Two runs took this long; the kills are spread over the time of one.
    let longest = start.elapsed() / 2;
    for step in 0..20 {
        let sandbox = generated();
        change_specs(&sandbox);
        let mut command = xtask();
        command.arg("regenerate").arg("--specs").arg(sandbox.specs()).arg("--out").arg(sandbox.out());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("xtask starts");
        // However fast the machine is, what is found afterwards must hold.
        std::thread::sleep(longest * step / 20);
        child.kill().expect("the run can be ended");
        child.wait().expect("the run has ended");
        assert_whole(&files(&sandbox), &old, &new, &format!("step {step}"));
        assert_mended(&sandbox, &new, &format!("step {step}"));
    }
}

#[test]
fn whatever_else_lies_among_the_contracts_is_named_and_deleted() {
    let sandbox = generated();
    let before = files(&sandbox);
    let foreign = [".regenerate-Ab12cd", "notes.txt", "ph1_t.yaml.orig", "ph1_t.yml", "no_ending", ".hidden"];
    for name in foreign {
        fs::write(sandbox.out().join("contracts").join(name), "engine: {\n").expect("a file can be written");
    }
    // Outside of the folder nothing is looked at.
    let elsewhere = ["notes.txt", "src/lib.rs"];
    for name in elsewhere {
        fs::write(sandbox.out().join(name), "mine").expect("a file can be written");
    }
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!(run.code, Some(1));
    for name in foreign {
        assert!(
            run.stderr.contains(&format!("extra       out/contracts/{name}\n")),
            "{name}: {}",
            run.stderr
        );
    }
    assert!(run.stderr.contains("caused by a run that was ended before"), "{}", run.stderr);
    assert!(!run.stderr.contains("out/notes.txt") && !run.stderr.contains("lib.rs"), "{}", run.stderr);

    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    for name in elsewhere {
        let mine = sandbox.out().join(name);
        assert_eq!(fs::read_to_string(&mine).expect("it is not touched"), "mine");
        fs::remove_file(mine).expect("it can be removed");
    }
    assert_eq!(files(&sandbox), before);
    assert_eq!(sandbox.regenerate(&["--check"]).code, Some(0));
}

#[test]
fn a_folder_among_the_contracts_is_named_and_stays() {
    let sandbox = generated();
    let folder = sandbox.out().join("contracts/old.yaml");
    fs::create_dir(&folder).expect("a folder can be made");
    fs::write(folder.join("ph1_t.yaml"), "mine").expect("a file can be written");
    sandbox.edit("lexicon.yaml", "range: [1, 5]", "range: [1, 6]");
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("extra       out/contracts/old.yaml\n"), "{}", run.stderr);
    assert!(run.stderr.contains("remove it by hand"), "{}", run.stderr);

    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1), "what stays would fail the next check");
    let message = "error: `out/contracts/old.yaml` is a folder and is not deleted; remove it by hand";
    assert!(run.stderr.contains(message), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.join("ph1_t.yaml")).expect("it is not touched"), "mine");
    fs::remove_dir_all(folder).expect("the folder can be removed");
    assert_eq!(sandbox.regenerate(&["--check"]).code, Some(0), "everything else was written");
}

#[cfg(unix)]
#[test]
fn links_among_the_contracts_are_taken_away_and_never_followed() {
    use std::os::unix::fs::symlink;
    let sandbox = generated();
    let outside = sandbox.root().join("outside");
    fs::create_dir(&outside).expect("a folder can be made");
    fs::write(outside.join("secret.yaml"), "do not show").expect("a file can be written");
    let contracts = sandbox.out().join("contracts");
    symlink(outside.join("secret.yaml"), contracts.join("linked.yaml")).expect("a link can be made");
    symlink(&outside, contracts.join("linked")).expect("a link can be made");
    // A generated file must be a file of its own, even where a link would show the right bytes.
    fs::rename(contracts.join("ph1_t.yaml"), outside.join("ph1_t.yaml")).expect("a file can be moved");
    symlink(outside.join("ph1_t.yaml"), contracts.join("ph1_t.yaml")).expect("a link can be made");
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!(run.code, Some(1));
    for name in ["extra       out/contracts/linked.yaml\n", "extra       out/contracts/linked\n"] {
        assert!(run.stderr.contains(name), "{}", run.stderr);
    }
    assert!(!run.stderr.contains("do not show"), "{}", run.stderr);

    let moved = fs::read(outside.join("ph1_t.yaml")).expect("the file is there");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(fs::read_to_string(outside.join("secret.yaml")).expect("it is not touched"), "do not show");
    assert_eq!(fs::read(outside.join("ph1_t.yaml")).expect("it is not touched"), moved);
    assert!(contracts.join("linked").symlink_metadata().is_err());
    assert!(contracts.join("linked.yaml").symlink_metadata().is_err());
    assert!(contracts.join("ph1_t.yaml").symlink_metadata().is_ok_and(|data| data.is_file()));
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_the_folder_is_refused() {
    let sandbox = generated();
    let contracts = sandbox.out().join("contracts");
    let outside = sandbox.root().join("outside");
    fs::rename(&contracts, &outside).expect("the folder can be moved");
    fs::write(outside.join("mine.txt"), "mine").expect("a file can be written");
    std::os::unix::fs::symlink(&outside, &contracts).expect("a link can be made");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1));
    let place = "--> out/contracts:1:1";
    assert!(run.stderr.contains("error[E0006]") && run.stderr.contains(place), "{}", run.stderr);
    assert_eq!(fs::read_to_string(outside.join("mine.txt")).expect("it is not touched"), "mine");
}
