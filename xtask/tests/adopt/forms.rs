//! Pages of other forms are drafted as the same pages in the usual form.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::common::Sandbox;
use crate::{added, adopted, pair};

/// A way to write the same page.
type Form = (&'static str, fn(&str) -> String);

const FORMS: [Form; 5] = [
    ("without marks", |text| {
        by_lines(text, |line| line.trim_start().trim_start_matches(['#', '-']).trim_start().replace('`', ""))
    }),
    ("as an outline", |text| {
        by_lines(text, |line| {
            let words = line.trim_start();
            match (words.strip_prefix("- "), line.len() - words.len()) {
                (Some(words), 0) => format!("• {words}"),
                (Some(words), 2) => format!("o {words}"),
                (Some(words), _) => format!("▪ {words}"),
                (None, _) => line.to_owned(),
            }
        })
    }),
    ("set in", |text| by_lines(text, |line| format!("    {line}"))),
    ("with schemas in blocks of code", |text| {
        by_lines(text, |line| match line.split_once("_schema`: ") {
            Some((key, schema)) => {
                format!("{key}_schema`:\n  ```\n  {}\n  ```", schema.trim_matches('`'))
            }
            None => line.to_owned(),
        })
    }),
    ("with tight headings", |text| text.replace("\n## ", "\n##").replace("\n### ", "\n###")),
];

fn by_lines(text: &str, change: impl Fn(&str) -> String) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { change(line) });
    lines.map(|line| line + "\n").collect()
}

/// The pages of a pair in another form, in a folder of their own.
fn in_form(name: &str, form: fn(&str) -> String) -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().expect("a temporary folder");
    for entry in fs::read_dir(&pair(name)[0]).expect("the pair exists") {
        let path = entry.expect("the entry can be read").path();
        let text = fs::read_to_string(&path).expect("the page can be read");
        let page = folder.path().join(path.file_name().expect("a page has a name"));
        fs::write(page, form(&text)).expect("the page can be written");
    }
    let files = vec![folder.path().to_path_buf()];
    (folder, files)
}

#[test]
fn every_form_is_drafted_as_the_usual_one() {
    let (usual, _) = adopted("plain");
    for (form, change) in FORMS {
        let (_folder, files) = in_form("plain", change);
        let sandbox = Sandbox::ten_engines();
        let run = sandbox.adopt(&files, &["--accept"]);
        assert_eq!(run.code, Some(0), "{form}: {}{}", run.stdout, run.stderr);
        for file in ["lexicon.yaml", "reason_codes.yaml"] {
            assert_eq!(added(&sandbox, file), added(&usual, file), "{form}");
        }
        let run = sandbox.regenerate(&[]);
        assert_eq!(run.code, Some(0), "{form}: {}", run.stderr);
        let before = sandbox.specs_texts();
        let again = sandbox.adopt(&files, &["--accept"]);
        assert!(again.stderr.ends_with("nothing is missing\n"), "{form}: {}", again.stderr);
        assert!(before == sandbox.specs_texts(), "{form}");
    }
}

#[test]
fn a_lettered_pair_without_marks_leaves_nothing_to_a_person() {
    let (form, change) = FORMS[0];
    let (_folder, files) = in_form("lettered", change);
    let sandbox = Sandbox::ten_engines();
    let run = sandbox.adopt(&files, &["--accept"]);
    assert_eq!(run.code, Some(0), "{form}: {}{}", run.stdout, run.stderr);
    let lexicon = added(&sandbox, "lexicon.yaml");
    for record in ["AlarmOrderComputeOk", "AlarmVolumeComputeOk"] {
        assert!(lexicon.contains(record), "{record}: {lexicon}");
    }
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let before = sandbox.specs_texts();
    let again = sandbox.adopt(&files, &["--accept"]);
    assert!(again.stderr.ends_with("nothing is missing\n"), "{}", again.stderr);
    assert!(before == sandbox.specs_texts());
}
