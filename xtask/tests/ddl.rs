//! `cargo xtask ddl`: what it prints for both databases, in which order, and what it refuses.

mod common;

use common::{Run, Sandbox, fixtures, ten_engines, xtask};

fn ddl(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let mut command = xtask();
    command.arg("ddl").arg("--specs").arg(sandbox.specs()).arg("--out").arg(sandbox.out()).args(arguments);
    sandbox.run(&mut command)
}

fn of_ten_engines(arguments: &[&str]) -> Run {
    let mut command = xtask();
    command.arg("ddl").args(arguments).arg("--specs").arg(ten_engines().join("specs"));
    command.arg("--out").arg(ten_engines().join("generated"));
    Sandbox::base().run(&mut command)
}

#[test]
fn everything_that_is_stated_is_printed_for_sqlite() {
    let run = ddl(&Sandbox::of_case(&fixtures().join("constraints")), &["PH1.T"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn everything_that_is_stated_is_printed_for_postgres() {
    let sandbox = Sandbox::of_case(&fixtures().join("constraints"));
    let run = ddl(&sandbox, &["PH1.T", "--dialect", "postgres"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    insta::assert_snapshot!(run.stdout);
    assert_eq!(ddl(&sandbox, &["ph1_t", "--dialect", "postgres"]).stdout, run.stdout);
}

#[test]
fn a_table_stands_behind_those_that_it_refers_to() {
    for dialect in ["sqlite", "postgres"] {
        let run = of_ten_engines(&["--dialect", dialect]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(!run.stdout.contains("To be there before"), "every table is there");
        let mut made: Vec<&str> = Vec::new();
        for line in run.stdout.lines() {
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                made.extend(rest.split(' ').next());
            }
            for reference in line.split("REFERENCES ").skip(1) {
                let table = reference.split(' ').next().unwrap_or_default();
                assert!(made.contains(&table), "{dialect}: `{table}` is not there at: {line}");
            }
        }
        assert!(made.len() >= 26, "{made:?}");
    }
}

#[test]
fn what_postgres_does_not_have_is_not_written_for_it() {
    let text = of_ten_engines(&["--dialect", "postgres"]).stdout;
    for word in
        [") STRICT", "ROWID", "BLOB", "X'", "RAISE(", "DEFERRABLE", "SEQUENCE", "EXTENSION", "boolean"]
    {
        assert!(!text.contains(word), "{word}");
    }
    // PostgreSQL cuts longer names off without a word.
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    assert!(words.all(|word| word.len() <= 63));
}

/// The line of a column, with one space between words.
fn column_of(text: &str, table: &str, column: &str) -> Option<String> {
    let create = text.split("\n\n").find(|part| part.starts_with(&format!("CREATE TABLE {table} (")))?;
    let words = create.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    words.filter(|words| words.first() == Some(&column)).map(|words| words.join(" ")).next()
}

#[test]
fn a_number_over_all_chains_is_the_row_number_of_sqlite_alone() {
    let column = |dialect: &str| {
        let text = of_ten_engines(&["PH1.J", "--dialect", dialect]).stdout;
        column_of(&text, "audit_events", "ledger_position").expect("the column is printed")
    };
    assert_eq!(column("postgres"), "ledger_position bigint,");
    assert_eq!(column("sqlite"), "ledger_position INTEGER NOT NULL PRIMARY KEY,");
    let wake = of_ten_engines(&["PH1.W"]).stdout;
    let create = wake.split("\n\n").find(|part| part.starts_with("CREATE TABLE wake_runtime_events ("));
    let create = create.expect("the table is printed");
    assert!(create.contains("    PRIMARY KEY (chain_id, chain_sequence)"), "{create}");
    assert!(create.ends_with(") STRICT, WITHOUT ROWID;"), "{create}");
}

#[test]
fn current_tables_count_writes_and_ledgers_do_not() {
    for (dialect, ty) in [("sqlite", "INTEGER"), ("postgres", "bigint")] {
        let text = of_ten_engines(&["PH1.F", "--dialect", dialect]).stdout;
        let printed = column_of(&text, "devices", "row_version");
        let wanted = format!("row_version {ty} NOT NULL DEFAULT 0 CHECK (row_version >= 0)");
        assert_eq!(printed.as_deref().map(|line| line.trim_end_matches(',')), Some(wanted.as_str()));
        for ledger in ["memory_ledger", "conversation_ledger", "idempotency_records"] {
            assert!(text.contains(&format!("CREATE TABLE {ledger} (")));
            assert_eq!(column_of(&text, ledger, "row_version"), None, "{dialect}: {ledger}");
        }
    }
}

#[test]
fn tables_of_others_are_named_first() {
    let text = of_ten_engines(&["PH1.LINK"]).stdout;
    assert!(text.contains("-- To be there before: identities of PH1.F.\n"), "{text}");
    let text = of_ten_engines(&["PH1.PERSONA"]).stdout;
    assert!(text.ends_with("-- No table of its own.\n"), "{text}");
}

#[test]
fn an_engine_that_is_not_there_is_reported_with_the_nearest_one() {
    let run = of_ten_engines(&["PH1.WRIT"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.starts_with("error: there is no engine `PH1.WRIT`\n"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `PH1.WRITE`?"), "{}", run.stderr);
}

#[test]
fn specs_with_an_error_bring_their_findings_and_nothing_else() {
    let run = ddl(&Sandbox::of_case(&fixtures().join("unfit_constraints")), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("error[E0222]"), "{}", run.stderr);
}

#[test]
fn a_wrong_command_line_is_another_failure() {
    assert_eq!(of_ten_engines(&["PH1.W", "--dialect", "oracle"]).code, Some(2));
}

#[test]
fn help_teaches_with_examples() {
    let mut command = xtask();
    let help = Sandbox::base().run(command.args(["ddl", "--help"])).stdout;
    for words in ["cargo xtask ddl PH1.W --dialect postgres", "Exit codes:"] {
        assert!(help.contains(words), "{help}");
    }
}
