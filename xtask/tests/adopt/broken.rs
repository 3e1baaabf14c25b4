//! Input that cannot be adopted writes nothing, and the message says what to do.

use std::fs;
use std::path::PathBuf;

use crate::common::{Run, Sandbox};
use crate::pair;

/// Runs with everything accepted, and holds that nothing was written.
fn refused(sandbox: &Sandbox, files: &[PathBuf], words: &[&str]) -> Run {
    let before = sandbox.specs_texts();
    let run = sandbox.adopt(files, &["--accept"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    for words in words {
        assert!(run.stderr.contains(words), "{words} is missing in\n{}", run.stderr);
    }
    assert!(before == sandbox.specs_texts(), "something was written");
    run
}

/// A page in a folder of its own.
fn page(sandbox: &Sandbox, text: &[u8]) -> Vec<PathBuf> {
    let path = sandbox.root().join("page.md");
    fs::write(&path, text).expect("a page");
    vec![path]
}

#[test]
fn pages_without_a_place_are_refused() {
    let sandbox = Sandbox::ten_engines();
    for (text, words) in [
        (&b"\xff"[..], "is not UTF-8"),
        (b"", "`page.md` is no spec, but an empty page"),
        (b"# PH1.X ECM Spec\n\n## Engine Header\n- `purpose`: none\n", "the header of `page.md` names no engine"),
        (
            b"# PH1.X ECM Spec\n\n## Engine Header\n- `engine_id`: `../PH1.X`\n\n## Capability List\n### `X_A`\n",
            "the header of `page.md` names no engine",
        ),
        (
            b"# Old ECM Spec (DEPRECATED)\n\n## Engine Header\n- `engine_id`: `PH1.X`\n",
            "`page.md` is no spec, but a page that is no longer valid",
        ),
        (b"# PH1.X\n\n## Engine Header\n- `engine_id`: `PH1.X`\n", "nothing says whether `page.md` is an ECM or a DB wiring"),
    ] {
        let files = page(&sandbox, text);
        refused(&sandbox, &files, &[words, "help: ", "nothing was written"]);
    }
    refused(&sandbox, &[sandbox.root().join("nowhere.md")], &["`nowhere.md` cannot be read"]);
}

#[test]
fn two_pages_for_one_place_are_refused() {
    let sandbox = Sandbox::ten_engines();
    let text = fs::read(pair("plain")[0].join("notes_ecm.md")).expect("a page");
    let mut files = page(&sandbox, &text);
    files.extend(pair("plain"));
    refused(&sandbox, &files, &["are the same half of `PH1.NOTES`"]);
    fs::write(sandbox.specs().join("ecm/PH1_NOTES.md"), "# PH1.NOTES ECM Spec\n").expect("a page");
    refused(&sandbox, &pair("plain"), &["stands there already and says something else than"]);
}

#[test]
fn files_that_cannot_be_read_or_added_to_are_refused() {
    for (file, text, words) in [
        ("lexicon.yaml", "ambient: [now\n", "a file cannot be read as it is meant"),
        ("lexicon.yaml", "fields: 1\n", "a file cannot be read as it is meant"),
        ("reason_codes.yaml", "engines: [1, 2]\n", "a file cannot be read as it is meant"),
        ("reason_codes.yaml", "engines: {}\n", "nothing can be added to `engines`"),
    ] {
        let sandbox = Sandbox::ten_engines();
        fs::write(sandbox.specs().join(file), text).expect("a file");
        let run = refused(&sandbox, &pair("plain"), &[words]);
        assert_eq!(run.stdout, "");
    }
    let sandbox = Sandbox::ten_engines();
    fs::remove_file(sandbox.specs().join("lexicon.yaml")).expect("a lexicon");
    refused(&sandbox, &pair("plain"), &["lexicon.yaml` is missing"]);
}

#[test]
fn an_entry_in_braces_is_no_place_for_further_ones() {
    let sandbox = Sandbox::ten_engines();
    let path = sandbox.specs().join("lexicon.yaml");
    let text = fs::read_to_string(&path).expect("a lexicon");
    let text = format!("{text}  PH1.NOTES: {{ groups: {{ \"quality fields\": [note_text] }} }}\n");
    fs::write(&path, text).expect("a lexicon");
    refused(
        &sandbox,
        &pair("plain"),
        &["nothing can be added to `engines.PH1.NOTES`", "it is written in braces"],
    );
}
