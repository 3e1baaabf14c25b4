//! Output that cannot be written: its reader went away, or its disk is full. The exit code still says what was done.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;

use crate::common::{World, dump, populate};
use crate::program::{command, text};
use crate::run::Run;

/// A pipe whose reader is gone.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

fn run(words: &[&str], out: Stdio) -> Run {
    Run::of(&command(words).stdout(out).output().unwrap())
}

/// A store in which something is wrong.
fn damaged() -> World {
    let world = World::new();
    populate(&world.open());
    world.tamper("UPDATE identities SET primary_language = 'fr' WHERE user_id = 'ada'");
    world
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_wrong_stays_wrong_though_nobody_reads_it() {
    let world = damaged();
    let file = world.path();
    for format in ["text", "json"] {
        let words = ["verify", text(&file), "--format", format];
        assert_eq!(run(&words, closed()).ends_with(1).err, "");
        run(&words, full()).ends_with(1).says("the result could not be written").says("No space left");
        let mut deaf = command(&words);
        assert_eq!(deaf.stdout(closed()).stderr(closed()).status().unwrap().code(), Some(1));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_may_have_seen_enough_but_a_lost_result_was_not_shown() {
    let world = World::new();
    populate(&world.open());
    let file = world.path();
    for more in [&["verify"][..], &["inspect"], &["trail", "--user", "ada"]] {
        let words = [&more[..1], &[text(&file)], &more[1..]].concat();
        assert_eq!(run(&words, closed()).ends_with(0).err, "");
        run(&words, full()).ends_with(3).says("the output cannot be written");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn heads_and_exports_that_were_cut_off_are_none() {
    let world = World::new();
    populate(&world.open());
    let file = world.path();
    for name in ["heads", "export"] {
        for out in [closed(), full()] {
            run(&[name, text(&file)], out).ends_with(3).says("the output cannot be written");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn work_that_is_done_keeps_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { folder.path().join(name) };
    let (intact, damaged) = (World::new(), damaged());
    populate(&intact.open());
    for (name, out, says) in [("a.db", closed(), ""), ("b.db", full(), "the result could not be written")] {
        run(&["backup", text(&intact.path()), text(&at(name))], out).ends_with(0).says(says);
        assert_eq!(dump(&at(name)), dump(&intact.path()));
    }
    for (name, out) in [("c.db", closed()), ("d.db", full())] {
        run(&["backup", text(&damaged.path()), text(&at(name))], out).ends_with(1);
        assert!(!at(name).exists());
    }
    let old = format!("{}/tests/migrations/released/v5/store.db", env!("CARGO_MANIFEST_DIR"));
    for (name, out) in [("e.db", closed()), ("f.db", full())] {
        std::fs::copy(&old, at(name)).unwrap();
        run(&["migrate", text(&at(name))], out).ends_with(0);
        run(&["verify", text(&at(name))], Stdio::piped()).ends_with(0).says("intact");
        run(&["compact", text(&at(name))], full()).ends_with(0).says("the result could not be written");
    }
}

#[test]
fn an_address_is_refused_where_only_files_are_taken_and_its_password_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let new = folder.path().join("new.db");
    let address = "postgres://selene:secret@db.example.org/selene";
    for words in [
        &["backup", address, text(&new)][..],
        &["backup", text(&new), address],
        &["restore", address, text(&new)],
        &["compact", "host=h password=secret"],
        &["verify-export", address],
    ] {
        let run = run(words, Stdio::piped()).ends_with(2).says("this command is about files");
        assert!(!format!("{}{}", run.out, run.err).contains("secret"), "{}", run.err);
    }
}
