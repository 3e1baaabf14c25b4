//! What `regenerate` promises about files: which it writes, which it names, and that the place it runs in does not matter.

mod common;

use std::fs;

use common::{Sandbox, generated, workspace, xtask};

#[test]
fn the_second_run_changes_nothing() {
    let sandbox = generated();
    let written = sandbox.written();
    let stamp =
        |name: &str| fs::metadata(sandbox.out().join(name)).and_then(|data| data.modified()).expect("a time");
    let stamps: Vec<_> = written.iter().map(|(name, _)| stamp(name)).collect();
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("nothing changed"), "{}", run.stdout);
    assert_eq!(sandbox.written(), written);
    assert_eq!(
        written.iter().map(|(name, _)| stamp(name)).collect::<Vec<_>>(),
        stamps,
        "a file was written again"
    );
}

#[test]
fn another_folder_and_another_locale_give_the_same_bytes() {
    let (here, there) = (generated(), Sandbox::base());
    let mut command = xtask();
    command.args(["regenerate", "--specs", "../specs", "--out", "../out"]);
    command.current_dir({
        let inside = there.root().join("elsewhere");
        fs::create_dir(&inside).expect("a folder can be made");
        inside
    });
    command
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("LANG", "tr_TR.UTF-8")
        .env("TZ", "Pacific/Apia")
        .env("COLUMNS", "20");
    let run = there.run(&mut command);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(here.written(), there.written());
}

#[test]
fn a_planned_capability_stands_in_the_contract_and_asks_for_no_write() {
    let sandbox = generated();
    let planned = "### `PH1T_NOTE_SHARE_COMMIT_ROW` (planned)\n- `name`: Share one note\n\
                   - `input_schema`: `(user_id, note_seq)`\n- `side_effects`: `DECLARED (DB_WRITE)`\n\n";
    let guard = "### `PH1T_APPEND_ONLY_GUARD`\n";
    sandbox.edit("ecm/PH1_T.md", guard, &format!("{planned}{guard}"));
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("3 and 1 planned"), "{}", run.stdout);
    let contract = fs::read_to_string(sandbox.out().join("contracts/ph1_t.yaml")).expect("the contract");
    assert!(contract.contains("- id: PH1T_NOTE_SHARE_COMMIT_ROW\n  planned: true\n"), "{contract}");
}

#[test]
fn what_acts_outside_of_the_store_can_be_planned_and_a_list_says_what_is_optional() {
    let sandbox = generated();
    let guard = "### `PH1T_APPEND_ONLY_GUARD`\n";
    let send = |state: &str| {
        format!(
            "### `PH1T_NOTE_SEND_COMMIT_ROW`{state}\n- name: Send one note\n- input_schema:\n  - user_id\n  - title?\n  - tags[]\n\
             - side_effects: DECLARED (EXTERNAL_SEND)\n\n{guard}"
        )
    };
    sandbox.edit("ecm/PH1_T.md", guard, &send(""));
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(run.stderr.contains("with `(planned)` behind its id"), "{}", run.stderr);
    sandbox.edit("ecm/PH1_T.md", &send(""), &send(" (planned)"));
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let contract = fs::read_to_string(sandbox.out().join("contracts/ph1_t.yaml")).expect("the contract");
    let (_, capability) = contract.split_once("- id: PH1T_NOTE_SEND_COMMIT_ROW\n").expect("the capability");
    let (capability, _) = capability.split_once("\n- id: ").expect("the next one");
    assert!(capability.starts_with("  planned: true\n"), "{capability}");
    assert!(capability.contains("  - name: title\n    type: Option<"), "{capability}");
    assert!(capability.contains("  - name: tags\n    type: Vec<"), "{capability}");
}

#[test]
fn a_file_that_cannot_be_read_is_the_only_finding_about_what_it_says() {
    for (file, line) in [("lexicon.yaml", "types:\n"), ("reason_codes.yaml", "engines:\n")] {
        let sandbox = generated();
        sandbox.edit(file, line, &format!("{line}\tbroken: by a tab\n"));
        let run = sandbox.lint(&[]);
        assert_eq!(run.code, Some(1), "{file}: {}", run.stderr);
        let printed = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(
            printed.matches("error[").count() + printed.matches("warning[").count(),
            1,
            "{file}: {printed}"
        );
        assert!(printed.contains("error[E0007]"), "{file}: {printed}");
    }
}

#[test]
fn what_has_stored_calls_is_not_planned_again() {
    let sandbox = generated();
    let commit = "### `PH1T_NOTE_COMMIT_ROW`\n";
    sandbox.edit("ecm/PH1_T.md", commit, &format!("{commit}- `status`: `PLANNED`\n"));
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(run.stderr.contains("`PH1T_NOTE_COMMIT_ROW` has stored calls and is gone"), "{}", run.stderr);
}

#[test]
fn a_prose_edit_changes_nothing_that_is_committed() {
    let sandbox = generated();
    let before = sandbox.written();
    sandbox.edit("ecm/PH1_T.md", "## Capability List\n", "\n\n## Capability List\n\n");
    sandbox.edit("lexicon.yaml", "types:\n", "# A comment.\n\ntypes:\n");
    sandbox.edit("reason_codes.yaml", "engines:\n", "# A comment.\nengines:\n");
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    assert_eq!(sandbox.written(), before);
}

#[test]
fn places_are_those_of_the_specs_as_they_stand() {
    let sandbox = generated();
    sandbox.edit("ecm/PH1_T.md", "## Capability List\n", "\n\n## Capability List\n\n");
    sandbox.edit("ecm/PH1_T.md", "`(now, user_id, title?,", "`(now, user_id, title,");
    let run = sandbox.regenerate(&["--check"]);
    let place = "caused by specs/ecm/PH1_T.md:17 (capabilities / PH1T_NOTE_COMMIT_ROW / input / title)";
    assert!(run.stderr.contains(place), "{}", run.stderr);
}

#[test]
fn check_names_every_stale_missing_extra_and_hand_edited_file_at_once() {
    let sandbox = generated();
    sandbox.edit("ecm/PH1_T.md", "`(now, user_id, title?,", "`(now, user_id, title,");
    sandbox.edit("lexicon.yaml", "max_len: 64, doc: \"A person.\"", "max_len: 65, doc: \"A person.\"");
    let out = sandbox.out();
    fs::remove_file(out.join("src/engines.rs")).expect("the file is there");
    fs::write(out.join("contracts/ph1_old.yaml"), "engine: {}\n").expect("a file can be written");
    let shared = fs::read_to_string(out.join("src/shared.rs")).expect("the file is there");
    fs::write(out.join("src/shared.rs"), format!("{shared}// mine\n")).expect("a file can be written");
    let before = sandbox.written();

    let run = sandbox.regenerate(&["--check"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(sandbox.written(), before, "a check must not write");
    for line in [
        "stale       out/contracts/ph1_t.yaml",
        "caused by specs/ecm/PH1_T.md:14 (capabilities / PH1T_NOTE_COMMIT_ROW / input / title)",
        "stale       out/contracts/shared.yaml",
        "caused by specs/lexicon.yaml:20 (types / UserId)",
        "missing     out/src/engines.rs",
        "extra       out/contracts/ph1_old.yaml",
        "hand-edited out/src/shared.rs",
        "-// mine",
        "+  max_len: 65",
        "to mend: cargo xtask regenerate --specs specs --out out",
    ] {
        assert!(run.stderr.contains(line), "{line:?} is missing in\n{}", run.stderr);
    }

    let mended = sandbox.regenerate(&[]);
    assert_eq!(mended.code, Some(0), "{}", mended.stderr);
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(!out.join("contracts/ph1_old.yaml").exists(), "an orphan stays");
}

#[test]
fn a_removed_capability_is_traced_to_what_it_stood_behind() {
    let sandbox = generated();
    let path = sandbox.specs().join("ecm/PH1_T.md");
    let text = fs::read_to_string(&path).expect("the spec is there");
    let (start, end) = (text.find("### `PH1T_APPEND"), text.find("## Failure"));
    let (start, end) = (start.expect("the capability"), end.expect("the section"));
    fs::write(path, format!("{}{}", &text[..start], &text[end..])).expect("the spec can be written");
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!(run.code, Some(1));
    let cause = "caused by specs/ecm/PH1_T.md:23 (capabilities / PH1T_APPEND_ONLY_GUARD is gone; it stood behind \
                 capabilities / PH1T_READ_NOTE_ROWS / output)";
    assert!(run.stderr.contains(cause), "{}", run.stderr);
}

#[test]
fn a_dry_run_lists_what_would_change_and_writes_nothing() {
    let sandbox = Sandbox::base();
    let run = sandbox.regenerate(&["--dry-run"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("missing     out/contracts/ph1_t.yaml"), "{}", run.stdout);
    assert!(!sandbox.out().exists());
}

/// The lexicon or the register without its second engine, and the block of the second engine alone.
struct Joined {
    first: String,
    second: String,
}

impl Joined {
    fn write(&self, sandbox: &Sandbox, file: &str) {
        write(sandbox, file, &format!("{}{}", self.first, self.second));
    }
}

fn read(sandbox: &Sandbox, file: &str) -> String {
    fs::read_to_string(sandbox.specs().join(file)).expect("the file is there")
}

fn write(sandbox: &Sandbox, file: &str, text: &str) {
    fs::write(sandbox.specs().join(file), text).expect("the file can be written");
}

/// Adds PH1.U, which is PH1.T with names and numbers of its own; gives the lexicon and the register.
fn add_second_engine(sandbox: &Sandbox) -> [Joined; 2] {
    for (from, to) in [("ecm/PH1_T.md", "ecm/PH1_U.md"), ("db_wiring/PH1_T.md", "db_wiring/PH1_U.md")] {
        let text = read(sandbox, from)
            .replace("PH1.T", "PH1.U")
            .replace("PH1T_", "PH1U_")
            .replace("`T_", "`U_")
            .replace("=T_", "=U_");
        let text = text.replace("AT-T-", "AT-U-").replace("at_t_", "at_u_").replace("Ph1t", "Ph1u");
        write(sandbox, to, &text.replace("`notes", "`memos").replace("app.notes", "app.memos"));
    }
    let lexicon = read(sandbox, "lexicon.yaml");
    let engines = lexicon.split("engines:\n").nth(1).expect("the engines");
    let second = engines.replace("PH1.T", "PH1.U").replace(": T_", ": U_");
    let lexicon = Joined { second, first: lexicon };
    lexicon.write(sandbox, "lexicon.yaml");
    let register = read(sandbox, "reason_codes.yaml");
    let second = register.replace("engines:\n", "").replace("PH1.T", "PH1.U");
    let second = second.replace(" T_", " U_").replace("0x0001", "0x0002");
    let register = Joined { second, first: register };
    register.write(sandbox, "reason_codes.yaml");
    [lexicon, register]
}

#[test]
fn an_engine_that_is_gone_leaves_the_names_and_numbers_of_its_codes() {
    let sandbox = Sandbox::base();
    let [lexicon, register] = add_second_engine(&sandbox);
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(sandbox.out().join("contracts/ph1_u.yaml").exists());

    for gone in ["ecm/PH1_U.md", "db_wiring/PH1_U.md"] {
        fs::remove_file(sandbox.specs().join(gone)).expect("the spec is there");
    }
    write(&sandbox, "lexicon.yaml", &lexicon.first);
    write(&sandbox, "reason_codes.yaml", &register.first);
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1), "released codes must not vanish with their engine");
    assert!(run.stderr.contains("E0308"), "{}", run.stderr);

    let retired = Joined {
        first: register.first.clone(),
        second: register.second.replace(", source", ", retired: true, source"),
    };
    retired.write(&sandbox, "reason_codes.yaml");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let contract =
        fs::read_to_string(sandbox.out().join("contracts/ph1_u.yaml")).expect("the contract stays");
    assert!(contract.contains("- name: U_NOTE_COMMIT\n  number: 131075"), "{contract}");
    assert!(!contract.contains("capabilities:") && !contract.contains("tables:"), "{contract}");
    let engines = fs::read_to_string(sandbox.out().join("src/engines.rs")).expect("the file is there");
    assert!(engines.contains("pub mod ph1_t") && engines.contains("pub mod ph1_u"), "{engines}");

    // One word for the whole block says the same.
    let retired =
        Joined { second: register.second.replace("    block:", "    retired: true\n    block:"), ..register };
    retired.write(&sandbox, "reason_codes.yaml");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let again = fs::read_to_string(sandbox.out().join("contracts/ph1_u.yaml")).expect("the contract stays");
    assert_eq!(again, contract);
}

#[test]
fn the_report_for_tools_holds_engines_differences_and_findings() {
    let sandbox = generated();
    sandbox.edit("db_wiring/PH1_T.md", "  - append-only\n", "  - append-only, for ever\n");
    let run = sandbox.regenerate(&["--check", "--format", "json"]);
    assert_eq!(run.code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("the report is JSON");
    assert_eq!(report["engines"][0]["engine"], "PH1.T");
    assert_eq!(report["engines"][0]["capabilities"], 3);
    assert_eq!(report["differences"][0]["file"], "out/contracts/ph1_t.yaml");
    assert_eq!(report["differences"][0]["kind"], "stale");
    let cause = "specs/db_wiring/PH1_T.md:19 (tables / app.notes / invariants / 0)";
    assert_eq!(report["differences"][0]["caused_by"][0], cause);
    assert_eq!(report["diagnostics"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_workflow_gets_findings_and_differences_at_their_lines() {
    let sandbox = generated();
    assert_eq!(sandbox.regenerate(&["--check", "--format", "github"]).stdout, "");
    sandbox.edit("db_wiring/PH1_T.md", "  - append-only\n", "  - append-only, for ever\n");
    let run = sandbox.regenerate(&["--check", "--format", "github"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    let contract = fs::read_to_string(sandbox.out().join("contracts/ph1_t.yaml")).expect("the contract");
    let line = contract.lines().position(|line| line.contains("- append-only")).expect("the invariant") + 1;
    let wanted = format!(
        "::error file=out/contracts/ph1_t.yaml,line={line},col=1,title=stale::the file is stale\
         %0Acaused by specs/db_wiring/PH1_T.md:19 (tables / app.notes / invariants / 0)\
         %0Ato mend: cargo xtask regenerate --specs specs --out out\n"
    );
    assert!(run.stdout.starts_with(&wanted), "{}", run.stdout);
    // What was just written is no fault.
    let run = sandbox.regenerate(&["--format", "github"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    sandbox.edit("ecm/PH1_T.md", "title?", "titel?");
    let run = sandbox.regenerate(&["--format", "github"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.starts_with("::error file=specs/ecm/PH1_T.md,line=14,"), "{}", run.stdout);
}

#[test]
fn folders_that_are_missing_empty_or_no_folders_are_named() {
    let sandbox = Sandbox::base();
    let run = |specs: &str| {
        let mut command = xtask();
        command.current_dir(sandbox.root()).args(["regenerate", "--specs", specs, "--out", "out"]);
        sandbox.run(&mut command)
    };
    fs::create_dir(sandbox.root().join("empty")).expect("a folder can be made");
    for (specs, code) in [("nowhere", "E0001"), ("empty", "E0002"), ("specs/lexicon.yaml", "E0001")] {
        let found = run(specs);
        assert_eq!(found.code, Some(1), "{specs}");
        assert!(
            found.stderr.contains(code) && found.stderr.contains(&format!("--> {specs}:1:1")),
            "{}",
            found.stderr
        );
        assert!(found.stderr.contains("= help: "), "{}", found.stderr);
    }
    assert!(!sandbox.out().exists());
}

#[test]
fn a_folder_where_a_file_must_be_is_unreadable() {
    let sandbox = Sandbox::base();
    fs::create_dir(sandbox.specs().join("ecm/PH1_X.md")).expect("a folder can be made");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("error[E0004]") && run.stderr.contains("specs/ecm/PH1_X.md:1:1"),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn symbolic_links_among_the_specs_are_refused() {
    let sandbox = Sandbox::base();
    let link = sandbox.specs().join("ecm/PH1_X.md");
    std::os::unix::fs::symlink(sandbox.specs().join("ecm/PH1_T.md"), link).expect("a link can be made");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("error[E0006]") && run.stderr.contains("specs/ecm/PH1_X.md:1:1"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_output_that_cannot_be_written_is_an_error_that_names_it() {
    let sandbox = Sandbox::base();
    fs::write(sandbox.out(), "a file").expect("a file can be written");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("generated files cannot be written: `out/contracts/"), "{}", run.stderr);
}

#[test]
fn colour_is_for_terminals_only() {
    let sandbox = Sandbox::base();
    sandbox.edit("ecm/PH1_T.md", "title?", "titel?");
    let run = sandbox.regenerate(&[]);
    assert!(!run.stderr.contains('\u{1b}') && !run.stdout.contains('\u{1b}'), "{}", run.stderr);
}

#[test]
fn the_workspace_is_what_its_specs_say_from_any_folder() {
    let outside = Sandbox::base();
    for folder in [workspace(), outside.root().to_path_buf()] {
        let output =
            xtask().args(["regenerate", "--check"]).current_dir(folder).output().expect("xtask starts");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "run `cargo xtask regenerate`:\n{text}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), "generated is what specs say\n");
    }
}
