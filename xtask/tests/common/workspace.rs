//! A small workspace whose tests left records.

use std::collections::BTreeMap;
use std::fs;

use xtask::coverage::record::{self, Outcome, Record, Seen};

use super::{Run, Sandbox, fixtures, xtask};

const STORE: &str = "\
impl WriteRule for Ph1tNoteCommitRow {
    fn decide() {
        Err(Code::TStarsInvalid)
    }
}

impl StoredRead for Ph1tReadNoteRows {
    fn read() {
        selene_contracts::skeleton!(\"PH1T_READ_NOTE_ROWS\")
    }
}
";

const MIGRATION: &str = "\
CREATE TABLE notes (user_id TEXT);
CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes
BEGIN SELECT RAISE(ABORT, 'notes is append-only'); END;
";

const SUITE: &str = "\
impl Ph1TAcceptance for NoteSuite {
    fn at_t_db_01_note_is_kept(&self) {
        assert!(true);
    }

    fn at_t_db_02_note_never_changes(&self) {
        selene_contracts::skeleton!(\"AT-T-DB-02\")
    }
}
";

const OTHERS: &str = "\
#[test]
fn labels_are_kept() {
    assert!(true);
}
";

/// A workspace with two engines, a store and tests, and no record.
pub struct Workspace(pub Sandbox);

impl Workspace {
    pub fn new() -> Self {
        let workspace = Self(Sandbox::of_rule(&fixtures().join("lint/base")));
        for (file, text) in [
            ("Cargo.toml", ""),
            ("storage/src/rules.rs", STORE),
            ("storage/src/migrations/1.sql", MIGRATION),
            ("tests/src/suites/notes.rs", SUITE),
            ("tests/tests/others.rs", OTHERS),
        ] {
            workspace.write(file, text);
        }
        assert_eq!(workspace.run("regenerate", &[]).code, Some(0));
        workspace
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.0.root().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        fs::write(path, text).expect("the file is written");
    }

    pub fn run(&self, command: &str, arguments: &[&str]) -> Run {
        self.0.run(xtask().arg(command).args(arguments).current_dir(self.0.root()))
    }

    /// Writes a record of a test that passed against the contracts as they are.
    pub fn record(&self, test: &str, seen: Seen) {
        self.record_as(test, seen, |_| {});
    }

    pub fn record_as(&self, test: &str, seen: Seen, change: impl FnOnce(&mut Record)) {
        let contracts = record::written_contracts(&self.0.root().join("generated"));
        let mut record =
            Record { program: "acceptance".to_owned(), test: test.to_owned(), passed: true, contracts, seen };
        change(&mut record);
        record.write(&self.0.root().join(record::FOLDER)).expect("the record is written");
    }
}

/// One capability with what came of it, and the codes that it returned.
pub fn called(id: &str, outcomes: &[Outcome], codes: &[&str]) -> Seen {
    let calls = BTreeMap::from([(id.to_owned(), outcomes.iter().copied().collect())]);
    let by = |code: &&str| ((*code).to_owned(), std::iter::once(id.to_owned()).collect());
    Seen { calls, codes: codes.iter().map(by).collect(), ..Seen::default() }
}
