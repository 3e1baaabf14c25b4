//! Commands that are programs of their own, and words that are no command.

use crate::program::{command, run};

#[test]
fn help_teaches_every_command_and_its_exit_codes() {
    let all = run(&["--help"]).ends_with(0).out;
    let names: Vec<&str> = all
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() > 2, "{all}");
    for name in names.into_iter().filter(|name| *name != "help") {
        let help = run(&[name, "--help"]).ends_with(0).out;
        for part in ["Examples:\n  selene-store ", "Exit codes: 0 "] {
            assert!(help.contains(part), "{name} says no {part:?}: {help}");
        }
    }
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    run(&[""; 0]).ends_with(2);
    run(&["verify"]).ends_with(2).says("<FILE>");
    run(&["verify", "a", "--format", "xml"]).ends_with(2).says("json");
    run(&["verify", "a", "--public-key", "b"]).ends_with(2).says("--heads");
    run(&["verfy", "a"]).ends_with(2).says("'verify'");
    run(&["../verify"]).ends_with(2);
}

/// This program, alone in a folder, and a folder for programs that it may find.
#[cfg(unix)]
fn alone() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("selene-store");
    crate::program::copy_to(&program);
    (folder, program)
}

#[cfg(unix)]
#[test]
fn an_address_is_given_to_the_program_that_knows_servers() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, program) = alone();
    let on = |words: &[&str]| {
        let mut command = std::process::Command::new(&program);
        crate::program::Run::of(&command.args(words).env("PATH", "/usr/bin:/bin").output().unwrap())
    };
    let server = "postgres://u:secret@localhost/d";
    let run = on(&["verify", server]).ends_with(3).says("selene-store-server").says("cargo install");
    assert!(!run.err.contains("secret"), "{}", run.err);
    let other = folder.path().join("selene-store-server");
    std::fs::write(&other, "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 7\n").unwrap();
    std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o755)).unwrap();
    on(&["verify", server, "--heads", "h"]).ends_with(7).says(&format!("<verify><{server}><--heads><h>"));
    on(&["heads", "host=/run dbname=d"]).ends_with(7).says("<heads><host=/run dbname=d>");
    on(&["migrate", server, "--role", "r"]).ends_with(7).says(&format!("<migrate><{server}><--role><r>"));
    on(&["migrate", "a.db", "--role", "r"]).ends_with(2).says("--role is about a server, and a.db is a file");
    // A file may have such a name all the same.
    on(&["verify", "./host=a"]).ends_with(3).says("No such file");
    on(&["verify", "a=b"]).ends_with(3).says("No such file");
}

#[cfg(unix)]
#[test]
fn a_program_in_path_serves_an_unknown_command() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("selene-store-greet");
    std::fs::write(&program, "#!/bin/sh\necho \"hello $1 and $2\"\nexit 7\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut greet = command(&["greet", "--all", "the others"]);
    let path = std::env::join_paths([folder.path(), "/usr/bin".as_ref(), "/bin".as_ref()]).unwrap();
    let output = greet.env("PATH", path).output().unwrap();
    crate::program::Run::of(&output).ends_with(7).says("hello --all and the others");
}
