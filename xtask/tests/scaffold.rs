//! `cargo xtask scaffold`: what a small contract gives, what a second run adds, and what is never touched. That a drafted engine
//! compiles and fails clearly is tried on a copy of the workspace, by `tests/tests/worked_examples`.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::{Run, Sandbox, program, workspace};

/// The files of a workspace that a draft goes into, each as small as it can be.
const FILES: [(&str, &str); 12] = [
    ("Cargo.toml", "[workspace]\n"),
    ("rustfmt.toml", "max_width = 110\nuse_small_heuristics = \"Max\"\n"),
    ("storage/src/rules/mod.rs", "//! Rules.\n\npub(crate) mod ph1_s;\n#[cfg(test)]\nmod trial;\n"),
    ("storage/src/rows/mod.rs", "//! Rows.\n\nmod ph1_s;\nmod stored;\n"),
    (
        "storage/src/sqlite/schema.rs",
        "const MIGRATIONS: &[(i32, &str)] = &[\n    (1, include_str!(\"migrations/0001_first.sql\")),\n];\n",
    ),
    (
        "storage/src/sqlite/migrations/0001_first.sql",
        "CREATE TABLE people (\n    user_id TEXT NOT NULL\n);\n",
    ),
    (
        "storage/src/check/folds/answers/tables.rs",
        "//! Answers.\n\nuse std::sync::LazyLock;\n\nconst OF_ENGINES: &[&[Table]] = &[\n    OF_FIRST_ENGINES,\n];\n",
    ),
    (
        "storage/tests/migrations/released/scenario.jsonl",
        "{\"name\": \"ada\", \"capability\": \"PH1S_PERSON_INSERT_ROW\", \"now_ns\": 2000, \"chain\": 7, \"turn\": 1, \"input\": {\"user_id\": \"ada\"}}\n",
    ),
    (
        "tests/src/suites/mod.rs",
        "//! Suites.\n\nmod small;\n\nsuites! {\n    ph1_s => small::SmallSuite,\n}\n",
    ),
    ("tests/src/model/listed.rs", "//! Models.\n\nconst BY_HAND: &[&str] = &[\n    \"PH1.S\",\n];\n"),
    (
        "tests/src/model/engines.rs",
        "//! Models of engines.\n\nmod answering;\n\n#[rustfmt::skip]\npub const ALL: &[&EngineModel] = &[\n];\n",
    ),
    (
        "tests/tests/every_call/inputs.rs",
        "const BOUNDS_ONLY: &[&str] = &[\n    \"PH1S_PERSON_INSERT_ROW\",\n];\n",
    ),
];

const SENTENCES: &str = "tests/tests/conformance/invariants/sentences.rs";

/// A small workspace with the engine PH1.T of the fixture `base`.
struct Workspace(Sandbox);

impl Workspace {
    fn new() -> Self {
        let workspace = Self(Sandbox::base());
        for (file, text) in FILES {
            workspace.write(file, text);
        }
        workspace.write(
            SENTENCES,
            "pub(super) const SENTENCES: &[Sentence] = sentences! {\n    [] \"append-only\" => Compared;\n};\n",
        );
        workspace
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.root().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn scaffold(&self, arguments: &[&str]) -> Run {
        let mut command = std::process::Command::new(program());
        command.arg("scaffold").args(arguments).current_dir(self.0.root());
        self.0.run(command.env_remove("CARGO_MANIFEST_DIR"))
    }

    fn accepted(&self) -> Run {
        let run = self.scaffold(&["PH1.T", "--accept"]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        run
    }

    /// Every file beside the specs, by path.
    fn files(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        collect(self.0.root(), self.0.root(), &mut found);
        found.retain(|file, _| !file.starts_with("specs/"));
        found
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path.strip_prefix(root).expect("below the root").display().to_string();
            found.insert(name, fs::read_to_string(&path).expect("a text"));
        }
    }
}

#[test]
fn a_small_contract_gives_these_files() {
    let workspace = Workspace::new();
    let before = workspace.files();
    workspace.accepted();
    let mut shown = String::new();
    for (file, text) in workspace.files() {
        if before.get(&file) != Some(&text) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "===== {file}\n{text}");
        }
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn without_accept_all_of_it_is_shown_and_nothing_written() {
    let workspace = Workspace::new();
    let before = workspace.files();
    let run = workspace.scaffold(&["ph1_t"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.stderr, "nothing was written; to write it: cargo xtask scaffold PH1.T --accept\n");
    assert!(run.stdout.contains("new      tests/src/suites/ph1_t.rs"), "{}", run.stdout);
    assert!(run.stdout.contains("    +    ph1_t => ph1_t::Ph1TSuite,"), "{}", run.stdout);
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_second_run_writes_nothing() {
    let workspace = Workspace::new();
    workspace.accepted();
    let first = workspace.files();
    let run = workspace.accepted();
    assert_eq!(run.stdout, "nothing is missing for PH1.T\n");
    assert_eq!(workspace.files(), first);
}

#[test]
fn what_a_person_wrote_stays_and_what_a_page_adds_comes_beside_it() {
    let workspace = Workspace::new();
    let rule = "//! Rules of PH1.T.\n\nimpl WriteRule for Ph1tNoteCommitRow {}\n";
    workspace.write("storage/src/rules/ph1_t.rs", rule);
    workspace.accepted();
    let first = workspace.files();
    assert_eq!(first["storage/src/rules/ph1_t.rs"], rule);
    assert!(!first.keys().any(|file| file.starts_with("storage/src/rules/ph1_t/")), "the rule is there");

    let read = "### `PH1T_READ_STAR_ROWS`\n- `name`: Read the notes with so many stars\n- `input_schema`: `(user_id, stars)`\n\
                - `output_schema`: `NoteRecord[]`\n- `allowed_callers`: `SELENE_OS_ONLY`\n- `side_effects`: `NONE`\n\n";
    workspace.0.edit(
        "ecm/PH1_T.md",
        "### `PH1T_APPEND_ONLY_GUARD`",
        &format!("{read}### `PH1T_APPEND_ONLY_GUARD`"),
    );
    let test = "- `AT-T-DB-01` a note is kept";
    let another = "- `AT-T-DB-02` another note\n  - `at_t_db_02_another_note`\n";
    workspace.0.edit("db_wiring/PH1_T.md", test, &format!("{another}{test}"));
    let run = workspace.accepted();
    let second = workspace.files();
    let changed: Vec<&String> =
        second.iter().filter(|(file, text)| first.get(*file) != Some(text)).map(|(file, _)| file).collect();
    assert_eq!(
        changed,
        [
            "storage/src/rows/ph1_t/mod.rs",
            "storage/src/rows/ph1_t/read_star_rows.rs",
            "tests/src/model/engines/ph1_t.rs",
            "tests/src/suites/ph1_t.rs"
        ]
    );
    assert!(second["storage/src/rows/ph1_t/mod.rs"].contains("mod read_note_rows;\nmod read_star_rows;\n"));
    let model = &second["tests/src/model/engines/ph1_t.rs"];
    let entry = "        crate::model::engines::model::ReadEntry::of::<selene_contracts::ph1_t::Ph1tReadStarRows>(),\n    ],\n";
    assert!(model.contains(entry), "{model}");
    let read =
        "impl crate::model::engines::model::ReadModel for selene_contracts::ph1_t::Ph1tReadStarRows {\n";
    assert_eq!(model.matches(read).count(), 1, "{model}");
    let suite = &second["tests/src/suites/ph1_t.rs"];
    let body = "\n    // another note\n    fn at_t_db_02_another_note(&self) {\n        selene_contracts::skeleton!(\"AT-T-DB-02\")\n    }\n}\n";
    assert!(suite.ends_with(body), "{suite}");
    assert!(suite.starts_with(first["tests/src/suites/ph1_t.rs"].trim_end_matches("}\n")), "{suite}");
    assert!(run.stdout.contains("tests/src/suites/ph1_t.rs"), "{}", run.stdout);
}

#[test]
fn a_further_column_becomes_a_migration_and_one_without_values_is_to_do() {
    let workspace = Workspace::new();
    workspace.accepted();
    let first = workspace.files();
    workspace.0.edit("db_wiring/PH1_T.md", "stars, tags[])", "stars, tags[], mood?, weight)");
    workspace.0.edit(
        "lexicon.yaml",
        "      title: {",
        "      mood: { type: u8, range: [1, 5], doc: \"How it felt.\" }\n      weight: { type: u8, doc: \"How heavy it is.\" }\n      title: {",
    );
    let run = workspace.accepted();
    let second = workspace.files();
    let name = "storage/src/sqlite/migrations/0003_ph1_t.sql";
    assert!(!first.contains_key(name));
    assert_eq!(
        second[name],
        "-- Further columns of PH1.T.\n\nALTER TABLE notes ADD COLUMN mood INTEGER CHECK (mood BETWEEN 1 AND 5);\n"
    );
    assert!(
        second["storage/src/sqlite/schema.rs"]
            .contains("(3, include_str!(\"migrations/0003_ph1_t.sql\")),\n")
    );
    assert!(run.stdout.contains("`notes.weight` must have a value"), "{}", run.stdout);
    let run = workspace.scaffold(&["PH1.T"]);
    assert!(!run.stdout.contains("mood"), "{}", run.stdout);
}

#[test]
fn a_list_that_is_not_recognised_is_left_alone_and_to_do() {
    let workspace = Workspace::new();
    workspace.write("storage/src/sqlite/schema.rs", "fn migrations() {}\n");
    let run = workspace.accepted();
    assert_eq!(workspace.files()["storage/src/sqlite/schema.rs"], "fn migrations() {}\n");
    let to_do = "to do    add to storage/src/sqlite/schema.rs, whose list is not recognised:";
    assert!(run.stdout.contains(to_do), "{}", run.stdout);
}

#[test]
fn what_cannot_be_drafted_is_reported() {
    let workspace = Workspace::new();
    let before = workspace.files();
    let run = workspace.scaffold(&["PH1.X"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.starts_with("error: there is no engine `PH1.X`\nhelp: "), "{}", run.stderr);
    workspace.0.edit("lexicon.yaml", "title: { type: Title", "heading: { type: Title");
    let run = workspace.scaffold(&["PH1.T", "--accept"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("`title`"), "{}", run.stderr);
    assert_eq!(workspace.files(), before);
}

/// The engines that are there were written by hand; a draft that would add to them would not know its places.
#[test]
fn the_workspace_has_all_that_a_draft_would_give() {
    let engines = fs::read_dir(workspace().join("specs/ecm")).expect("the pages");
    for page in engines.map(|entry| entry.expect("an entry").path()) {
        let module = page.file_stem().expect("a name").to_string_lossy().to_lowercase();
        let mut command = std::process::Command::new(program());
        command.args(["scaffold", module.as_str()]).current_dir(workspace());
        let output = command.output().expect("xtask starts");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{module}: {text}{}", String::from_utf8_lossy(&output.stderr));
    }
}
