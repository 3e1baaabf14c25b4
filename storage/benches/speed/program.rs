//! How a program that measures is started, and what it ends with.

use std::process::ExitCode;

/// Measures, or says how to ask for it.
pub fn run<A>(
    asked: Result<Option<A>, String>,
    help: &str,
    measure: impl FnOnce(&A) -> std::io::Result<()>,
) -> ExitCode {
    let done = match asked {
        Ok(None) => {
            println!("{help}");
            Ok(())
        }
        Ok(Some(arguments)) => measure(&arguments).map_err(|error| error.to_string()),
        Err(error) => Err(format!("{error}\n\n{help}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The value behind a word of the command line.
pub type Value<'a> = &'a mut dyn FnMut() -> Result<String, String>;

/// Reads a command line word by word; `take` says whether it knows a word. None where somebody asks for help.
///
/// # Errors
/// A word that is not understood.
pub fn read<A>(
    mut arguments: A,
    mut take: impl FnMut(&mut A, &str, Value<'_>) -> Result<bool, String>,
) -> Result<Option<A>, String> {
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            // Cargo says what it runs.
            "--bench" => {}
            "--help" | "-h" => return Ok(None),
            known if take(&mut arguments, known, &mut value)? => {}
            other => return Err(format!("{other} is not understood")),
        }
    }
    Ok(Some(arguments))
}

/// How many of something.
///
/// # Errors
/// There must be one at least.
pub fn number(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| format!("{text} is no number of things"))
}
