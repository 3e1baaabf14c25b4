//! Contradictions between and within the pages, lexicon and register of ten engines, each planted alone: `planted.txt` says
//! what is put in and which rule has to name it. None may pass in silence.
//!
//! The ten engines are a copy (`ten_engines`), so that an edit of the workspace's own specs turns nothing red here. Of those it is
//! only asked that no rule finds anything in them.

mod common;

use std::fs;
use std::path::Path;

use common::{copy, ten_engines, workspace};
use tempfile::TempDir;
use xtask::lint::list;
use xtask::pipeline;

/// What is put into one file.
struct Edit {
    file: String,
    /// What is taken out and what is put in, piece by piece.
    pieces: Vec<(String, String)>,
}

/// A contradiction that is planted into a copy of the specs.
struct Planted {
    /// The line of `planted.txt` that it begins at.
    line: usize,
    /// The rule that has to name it.
    rule: String,
    edits: Vec<Edit>,
}

fn planted() -> Vec<Planted> {
    let text = include_str!("planted.txt");
    let mut all: Vec<Planted> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let piece = |rest: &str| rest.replace("\\n", "\n");
        let is_rule = line.starts_with(['E', 'W']);
        if is_rule || line.starts_with("  ") {
            let (rule, file) = line.split_once(' ').expect("a rule and a file");
            if is_rule {
                all.push(Planted { line: index + 1, rule: rule.to_owned(), edits: Vec::new() });
            }
            let edits = &mut all.last_mut().expect("a rule stands first").edits;
            edits.push(Edit { file: file.trim().to_owned(), pieces: Vec::new() });
        } else if let Some(old) = line.strip_prefix("- ") {
            let edits = &mut all.last_mut().expect("a rule stands first").edits;
            let edit = edits.last_mut().expect("a file stands first");
            edit.pieces.push((piece(old), String::new()));
        } else if let Some(new) = line.strip_prefix('+') {
            let edits = &mut all.last_mut().expect("a rule stands first").edits;
            let pieces = &mut edits.last_mut().expect("a file stands first").pieces;
            pieces.last_mut().expect("what is taken out stands first").1 =
                piece(new.strip_prefix(' ').unwrap_or(new));
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "line {}: {line}", index + 1);
        }
    }
    all
}

/// The ids of everything that is found, each with how many places it names.
fn found(specs: &Path, out: &Path) -> Vec<(&'static str, usize)> {
    let run = pipeline::run_rules(specs, out, &|_| true);
    run.diagnostics.iter().map(|one| (one.code.id, one.labels.len())).collect()
}

/// Rules that compare with what was released. Reading it takes longer than all other rules, so only they are given it.
const OF_RELEASED: [&str; 3] = ["E0307", "E0650", "W0651"];

/// Whether the rule names a contradiction that was planted into a copy of the specs.
fn is_named(planted: &Planted, released: &Path) -> Result<(), String> {
    let folder = TempDir::new().expect("a temporary folder");
    let specs = folder.path().join("specs");
    copy(&ten_engines().join("specs"), &specs);
    for Edit { file, pieces } in &planted.edits {
        let path = specs.join(file);
        let mut text = fs::read_to_string(&path).expect("the file exists");
        for (old, new) in pieces {
            assert!(text.contains(old.as_str()), "planted.txt:{}: {file} holds no {old:?}", planted.line);
            text = text.replacen(old.as_str(), new, 1);
        }
        fs::write(&path, text).expect("the file can be written");
    }
    let nothing = folder.path().join("out");
    let is_compared = OF_RELEASED.contains(&planted.rule.as_str());
    let found = found(&specs, if is_compared { released } else { &nothing });
    let ids: Vec<&str> = found.iter().map(|(id, _)| *id).collect();
    if ids.contains(&planted.rule.as_str()) {
        return Ok(());
    }
    Err(format!("planted.txt:{}: {} is not found, but {ids:?}", planted.line, planted.rule))
}

#[test]
fn no_planted_contradiction_passes_in_silence() {
    let planted = planted();
    assert!(planted.len() >= 60, "{} are planted", planted.len());
    let released = ten_engines().join("generated");
    let cut = planted.len() / 2;
    let look = |some: &[Planted]| -> Vec<String> {
        some.iter().filter_map(|one| is_named(one, &released).err()).collect()
    };
    let silent = std::thread::scope(|scope| {
        let first = scope.spawn(|| look(&planted[..cut]));
        let mut silent = look(&planted[cut..]);
        silent.extend(first.join().expect("the other half is looked at"));
        silent
    });
    assert!(silent.is_empty(), "{} of {}:\n{}", silent.len(), planted.len(), silent.join("\n"));
}

#[test]
fn every_rule_of_the_list_has_a_planted_contradiction() {
    let planted = planted();
    let own = list::all().filter(|rule| rule.can_be_silenced());
    let missing: Vec<&str> =
        own.map(|rule| rule.code.id).filter(|id| !planted.iter().any(|one| one.rule == *id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_ten_engines_say_nothing_against_themselves() {
    let found = found(&ten_engines().join("specs"), &ten_engines().join("generated"));
    assert_eq!(found, [], "what is planted into them could not be told from this");
}

#[test]
fn the_workspace_says_nothing_against_itself() {
    let found = found(&workspace().join("specs"), &workspace().join("generated"));
    assert_eq!(found, [], "`cargo xtask lint` shows where");
}
