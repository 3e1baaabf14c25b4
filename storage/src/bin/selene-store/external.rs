//! Commands that are programs of their own: `selene-store copy` runs `selene-store-copy`, and a command about a database on a server runs
//! `selene-store-server`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use selene_storage::command::failure::{Ending, Failure};

/// Runs the program of an unknown command, beside this one or in `PATH`, and takes its exit code. Where there is none, `refusal` says
/// so and the process ends with code 2.
pub fn run(words: &[OsString], refusal: impl FnOnce() -> clap::Error) -> Result<Ending, Failure> {
    let Some((name, arguments)) = words.split_first() else { refusal().exit() };
    let Some(program) = program(name) else { refusal().exit() };
    run_program(program, arguments)
}

/// Runs the program for databases on servers with the words of this command line.
pub fn on_server() -> Result<Ending, Failure> {
    let program = program("server".as_ref()).ok_or(Failure::NoServerProgram)?;
    run_program(program, &std::env::args_os().skip(1).collect::<Vec<_>>())
}

fn run_program(program: PathBuf, arguments: &[OsString]) -> Result<Ending, Failure> {
    let status = Command::new(&program)
        .args(arguments)
        .status()
        .map_err(|source| Failure::Program { path: program, source })?;
    // A program that was killed has no code of its own.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Ending::Other(code.unwrap_or(Failure::EXIT_CODE)))
}

fn program(name: &OsStr) -> Option<PathBuf> {
    // A name with a separator would leave the folders that are looked through.
    let name = name.to_str()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_plain) {
        return None;
    }
    let file = format!("selene-store-{name}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.to_owned()));
    let in_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let folders = beside.into_iter().chain(in_path.into_iter().flatten());
    folders.map(|folder| folder.join(&file)).find(|program| program.is_file())
}
