//! The demo runs to its end, prints the same on every fresh file, and may be run again on a used one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

/// The demo, which `cargo test` builds beside the tests.
fn demo() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap().join("examples/demo");
    assert!(built.exists(), "{} is not built: {BUILD}", built.display());
    // A test that is asked for by name does not build it anew.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    let sources = Path::new(&package).join("examples/demo");
    let course = sources.join("course");
    for source in sources.read_dir().unwrap().chain(course.read_dir().unwrap()) {
        let source = source.unwrap().path();
        assert!(changed(&source) <= changed(&built), "{} was edited since: {BUILD}", source.display());
    }
    built
}

const BUILD: &str = "run `cargo build -p selene-storage --example demo`";

fn changed(path: &Path) -> SystemTime {
    path.metadata().and_then(|metadata| metadata.modified()).unwrap()
}

fn run(arguments: &[&str]) -> Output {
    let output = Command::new(demo()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<&str> {
    line.split(['│', '┆']).map(str::trim).filter(|cell| !cell.is_empty()).collect()
}

/// The lines of the table under a title.
fn table<'a>(printed: &'a str, title: &str) -> Vec<Vec<&'a str>> {
    let from = printed.lines().skip_while(|line| *line != title).skip(1);
    let lines: Vec<_> = from.take_while(|line| !line.is_empty()).map(cells).collect();
    assert!(lines.len() > 2, "the demo shows nothing under {title:?}");
    lines
}

/// What a table says of a call: its line, behind the call.
fn of<'a>(table: &[Vec<&'a str>], call: &str) -> Vec<&'a str> {
    let line = table.iter().find(|line| line[0] == call);
    line.unwrap_or_else(|| panic!("the demo does not show {call:?}"))[1..].to_vec()
}

#[test]
fn the_demo_prints_the_same_on_every_fresh_file() {
    let first = run(&[]);
    assert_eq!(run(&[]).stdout, first.stdout);
}

#[test]
fn the_demo_enrolls_a_wake_word_and_listens() {
    let printed = text(&run(&[]));
    let enrollment = table(&printed, "W: Ada enrolls a wake word on her phone");
    let late = of(&enrollment, "a good one after 180 seconds: too late");
    assert!(late.contains(&"W_ENROLL_TIMEOUT"), "{late:?}");
    assert_eq!(of(&enrollment, "one more after the end"), ["refused: W_ENROLL_SAMPLE_SESSION_CLOSED"]);
    assert!(printed.contains("\nActive wake profile: hey-selene\n"), "{printed}");
    let heard = table(&printed, "What the wake ledger holds");
    let verdicts: Vec<_> =
        heard.iter().filter(|line| line[0].starts_with("wake-")).map(|line| line[1]).collect();
    assert_eq!(verdicts, ["accepted", "rejected", "suppressed"]);
}

/// One for each thing that a step of an onboarding, or of a campaign, asks for.
const SHORTCUTS: [(&str, &str); 17] = [
    ("a campaign that asks nobody but newcomers", "ONB_BACKFILL_SCOPE_INVALID"),
    ("acme would end it, Grace not asked yet", "ONB_BACKFILL_NOT_TERMINAL"),
    ("somebody is asked who is not there", "ONB_SCOPE_MISMATCH"),
    ("Ida starts by a link that nobody opened", "ONB_LINK_NOT_ACTIVATED"),
    ("Linus starts on another device", "ONB_FINGERPRINT_MISMATCH"),
    ("Linus shows his licence before the terms", "ONB_GATE_TERMS_REQUIRED"),
    ("Linus proves a device before the terms", "ONB_GATE_TERMS_REQUIRED"),
    ("Uma thinks better of it, too late", "ONB_STATE_INVALID"),
    ("Uma proves a device all the same", "ONB_GATE_TERMS_REQUIRED"),
    ("Maria wants access before a device", "ONB_GATE_DEVICE_REQUIRED"),
    ("Ken wants access before Ada saw his licence", "ONB_GATE_VERIFICATION_REQUIRED"),
    ("Grace confirms it in Ada's place", "ONB_SCOPE_MISMATCH"),
    ("Tim completes without access", "ONB_GATE_ACCESS_REQUIRED"),
    ("Tim wants access without a simulation", "F_SIMULATION_REQUIRED"),
    ("Ola wants access to a position of band-3", "ONB_POSITION_PREREQ_FAILED"),
    ("Zoe shows a licence that nobody asked for", "ONB_GATE_NOT_APPLICABLE"),
    ("Ada confirms what nobody asked Zoe for", "ONB_GATE_NOT_APPLICABLE"),
];

#[test]
fn the_demo_refuses_a_shortcut_at_each_gate() {
    let printed = text(&run(&[]));
    let mut steps = table(&printed, "POSITION, ONB: acme wants more, of everybody");
    steps.extend(table(&printed, "ONB: others try shortcuts"));
    for (shortcut, code) in SHORTCUTS {
        assert_eq!(of(&steps, shortcut), ["refused", code], "{shortcut}");
    }
}

#[test]
fn the_demo_takes_a_newcomer_to_the_end_and_verifies_what_it_left() {
    let printed = text(&run(&[]));
    let journey = table(&printed, "LINK, ONB: Grace becomes a nurse at acme");
    assert_eq!(
        of(&journey, "she is there; the link is used up"),
        ["applied", "COMPLETE", "ONB_COMPLETE_COMMIT"]
    );
    assert!(printed.contains("\nGrace is pinned to v1.\nLinus is pinned to v2.\n"), "{printed}");
    let (_, closing) = printed.split_once("\nWhat verification says: ").expect("the chains are verified");
    let chains: Vec<_> = closing.lines().map(cells).filter(|line| line.len() == 4).collect();
    assert!(chains.len() >= 3, "{closing}");
    assert!(chains[1..].iter().all(|chain| chain[3] == "intact"), "{closing}");
    let rows = closing.lines().rev().nth(1).unwrap_or_default();
    assert!(rows.starts_with("Rows, compared with the events that sealed them: "), "{closing}");
    assert!(rows.ends_with(": intact"), "{closing}");
    let folds = closing.lines().last().unwrap_or_default();
    assert!(folds.starts_with("Current rows, compared with their ledgers: "), "{closing}");
    assert!(folds.ends_with(": intact"), "{closing}");
}

#[test]
fn the_demo_may_be_run_again_on_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demo.db");
    let file = file.to_str().unwrap();
    let first = text(&run(&["--db", file]));
    let again = text(&run(&["--db", file]));
    assert!(again.contains("replayed"), "a used file answers as before");
    // Nothing was applied again, so the ledger is what it was.
    let trail = "What the audit ledger holds (payloads without the ids of person, device and enrollment)";
    assert_eq!(table(&again, trail), table(&first, trail));
}
